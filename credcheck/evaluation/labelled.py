"""`LabelledArticle`: an article with its sentences' labels, by one annotator or several."""

import difflib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from credcheck.errors import LabelledSetError
from credcheck.labels import SourceType, Status
from credcheck.records import Span


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A stretch of an article's text with its status; offsets are code points."""

    start: int
    end: int
    status: Status
    source: Span | None = None
    source_type: SourceType | None = None
    cue: Span | None = None
    has_evidence: bool = False
    """Whether source and cue were annotated: without it a missing span says nothing."""
    probabilities: Mapping[Status, float] = field(default_factory=dict)
    """Of predictions that give them; empty else."""


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """One article of a labelled set."""

    id: str
    text: str
    sentences: tuple[LabelledSentence, ...]
    """In the order of the text, not overlapping; by the first annotator."""
    place: str
    """File and line, for messages."""
    title: str = ""
    language: str = ""
    """BCP 47; empty when the set does not say."""
    outlet: str = ""
    date: str = ""
    labels_by: str = ""
    """The annotator whose labels these are, where a set has several."""
    others: Mapping[str, tuple[LabelledSentence, ...]] = field(default_factory=dict)
    """What further annotators said, by name."""


class LabelNames:
    """The status names of a labelled set: ours, or others that a mapping turns into ours.

    mapping: their name → our status, or `source`, `source:official` (or another type), `cue` for
    the labels of evidence; a name mapped to an empty string is left out of the set.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._names: dict[str, Status | None] = {str(status): status for status in Status}
        ours = LabelNames() if mapping else self
        self._evidence: dict[str, tuple[str, SourceType | None]] = {}
        for name, status in (mapping or {}).items():
            if evidence := _evidence_kind(status, f"mapping of {name!r}"):
                self._evidence[_plain(name)] = evidence
                continue
            found = ours.find(status, f"mapping of {name!r}") if status else None
            self._names[_plain(name)] = found

    def find(self, name: object, place: str) -> Status | None:
        """The status of a name, None when it is to be left out; raises LabelledSetError."""
        if isinstance(name, str) and _plain(name) in self._names:
            return self._names[_plain(name)]
        near = difflib.get_close_matches(_plain(str(name)), self._names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise LabelledSetError(
            f"{place}: unknown status {name!r}{hint or '.'} Known: {', '.join(self._names)}. "
            "Other names are turned into these by a mapping file"
        )

    def find_evidence(self, name: object, place: str) -> tuple[str, SourceType | None] | None:
        """What `source`, `source:official` and `cue`, or names mapped to them, stand for; None for
        other labels."""
        if isinstance(name, str) and _plain(name) in self._evidence:
            return self._evidence[_plain(name)]
        return _evidence_kind(name, place)


def find_source_type(name: object, place: str) -> SourceType | None:
    """The source type of a name, None for an empty one; raises LabelledSetError."""
    if not name:
        return None
    try:
        return SourceType(str(name))
    except ValueError as error:
        known = ", ".join(SourceType)
        raise LabelledSetError(f"{place}: unknown source_type {name!r}; known: {known}") from error


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """A source or cue that an annotation tool marks apart from the sentences."""

    kind: str
    """`source` or `cue`"""
    span: Span
    source_type: SourceType | None = None


def attach_evidence(
    sentences: Iterable[LabelledSentence], evidence: Sequence[EvidenceSpan]
) -> list[LabelledSentence]:
    """The sentences with the first source and the first cue that lie in each; as they are where a
    set marks no evidence at all."""
    if not evidence:
        return list(sentences)
    found = []
    for sentence in sentences:
        inside = {
            entry.kind: entry
            for entry in reversed(evidence)
            if sentence.start <= entry.span.start and entry.span.end <= sentence.end
        }
        source, cue = inside.get("source"), inside.get("cue")
        found.append(
            replace(
                sentence,
                source=source.span if source else None,
                source_type=source.source_type if source else None,
                cue=cue.span if cue else None,
                has_evidence=True,
            )
        )
    return found


def check_sentences(
    sentences: Iterable[LabelledSentence], text: str, place: str
) -> tuple[LabelledSentence, ...]:
    """The sentences in the order of the text; raises LabelledSetError when one lies outside of it
    or two overlap."""
    ordered = sorted(sentences, key=lambda sentence: (sentence.start, sentence.end))
    for sentence in ordered:
        if not 0 <= sentence.start < sentence.end <= len(text):
            raise LabelledSetError(
                f"{place}: a label from {sentence.start} to {sentence.end} does not lie in the "
                f"text of {len(text)} characters"
            )
    for one, other in itertools.pairwise(ordered):
        if other.start < one.end:
            raise LabelledSetError(
                f"{place}: the labels at {one.start}-{one.end} and {other.start}-{other.end} "
                "overlap; a sentence has one status"
            )
    return tuple(ordered)


def check_ids(articles: Sequence[LabelledArticle], path: str) -> None:
    """Raises LabelledSetError when the set is empty or two articles have one id."""
    if not articles:
        raise LabelledSetError(f"{path} holds no article")
    seen: dict[str, str] = {}
    for article in articles:
        if article.id in seen:
            raise LabelledSetError(
                f"{article.place}: the id {article.id!r} was given before, at {seen[article.id]}"
            )
        seen[article.id] = article.place


def _evidence_kind(name: object, place: str) -> tuple[str, SourceType | None] | None:
    if not isinstance(name, str):
        return None
    kind, _, source_type = name.strip().lower().partition(":")
    return (kind, find_source_type(source_type, place)) if kind in ("source", "cue") else None


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")
