"""Labelled articles and their judgements → one `Outcome` for each labelled sentence.

An outcome is all that scores and reports need: whatever is drawn later is drawn from these, without
a model.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from credcheck.articles import build_article
from credcheck.checker import Checker
from credcheck.evaluation.alignment import Fit, Pair, align
from credcheck.evaluation.labelled import LabelledArticle, LabelledSentence
from credcheck.labels import SourceType, Status
from credcheck.records import Judgement, Result, Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled sentence and what was said of it."""

    article: str
    number: int
    """Of the labelled sentence in its article, from 0."""
    text: str
    expected: Status
    given: Status | None
    """None where no judged sentence touches the labelled one: it scores as wrong."""
    fit: Fit
    probabilities: Mapping[Status, float] = field(default_factory=dict)
    """Empty for predictions that came without them."""
    is_decided: bool = True
    has_evidence: bool = False
    expected_source: Span | None = None
    expected_source_type: SourceType | None = None
    expected_cue: Span | None = None
    given_source: Span | None = None
    given_source_type: SourceType | None = None
    given_cue: Span | None = None
    language: str = ""
    outlet: str = ""
    year: str = ""
    set: str = ""
    """Name of the labelled set; article ids are unique within one."""
    other_labels: tuple[Status, ...] = ()
    """What further annotators said of the same stretch of text."""

    @property
    def cluster(self) -> tuple[str, str]:
        """The article, among all sets: what intervals resample."""
        return self.set, self.article


def judge_labelled(checker: Checker, articles: Iterable[LabelledArticle]) -> Iterator[Outcome]:
    """Score each article as a user would, and pair its labels with the judgements."""
    for article in articles:
        yield from pair_outcomes(article, check_labelled(checker, article))


def check_labelled(checker: Checker, article: LabelledArticle) -> Result:
    """The result of a labelled article: its text alone, so that its labels keep their places."""
    # A title apart from the text is context that a label cannot point into: it goes before it.
    return checker.check_article(
        build_article(
            article.text,
            id=article.id,
            title=article.title,
            language=article.language,
            place=article.place,
        )
    )


def pair_outcomes(article: LabelledArticle, result: Result) -> Iterator[Outcome]:
    """The outcome of each labelled sentence of one article."""
    text, offset = result.article.text, result.article.body_start
    return pair_judgements(
        article, result.judgements, text=text, offset=offset, language=result.profile.language
    )


def pair_judgements(
    article: LabelledArticle,
    judgements: Sequence[Judgement],
    *,
    text: str,
    offset: int = 0,
    language: str = "",
) -> Iterator[Outcome]:
    """The outcome of each labelled sentence, whoever judged the text.

    text: what the judgements point into; offset: where the article's own text begins in it.
    """
    moved = [_move(sentence, offset) for sentence in article.sentences]
    pairs = align(text, moved, judgements)
    for number, (sentence, pair) in enumerate(zip(article.sentences, pairs, strict=True)):
        yield _outcome(article, number, sentence, pair, language)


def _outcome(
    article: LabelledArticle, number: int, sentence: LabelledSentence, pair: Pair, language: str
) -> Outcome:
    judgement: Judgement | None = pair.judgement
    evidence = judgement.evidence if judgement else None
    return Outcome(
        article=article.id,
        number=number,
        text=article.text[sentence.start : sentence.end],
        expected=sentence.status,
        given=judgement.status if judgement else None,
        fit=pair.fit,
        probabilities=dict(judgement.probabilities) if judgement else {},
        is_decided=judgement.is_decided if judgement else False,
        has_evidence=sentence.has_evidence,
        expected_source=pair.labelled.source,
        expected_source_type=sentence.source_type,
        expected_cue=pair.labelled.cue,
        given_source=evidence.source if evidence else None,
        given_source_type=evidence.source_type if evidence else None,
        given_cue=evidence.cue if evidence else None,
        language=article.language or language,
        outlet=article.outlet,
        year=article.date[:4],
        other_labels=_other_labels(article, sentence),
    )


def _other_labels(article: LabelledArticle, sentence: LabelledSentence) -> tuple[Status, ...]:
    """Of each further annotator the label that shares at least half of the characters of both: a
    blank more or less at an end is no other sentence."""
    found = []
    for sentences in article.others.values():
        for other in sentences:
            shared = min(other.end, sentence.end) - max(other.start, sentence.start)
            if 2 * shared >= max(other.end - other.start, sentence.end - sentence.start):
                found.append(other.status)
                break
    return tuple(found)


def _move(sentence: LabelledSentence, offset: int) -> LabelledSentence:
    """The label in the article's text, where a headline may stand before the labelled text."""

    def moved(span: Span | None) -> Span | None:
        return Span(span.start + offset, span.end + offset, span.text) if span else None

    return LabelledSentence(
        sentence.start + offset,
        sentence.end + offset,
        sentence.status,
        source=moved(sentence.source),
        source_type=sentence.source_type,
        cue=moved(sentence.cue),
        has_evidence=sentence.has_evidence,
    )
