"""Somebody's predictions on disk → outcomes on a labelled set, without running a model.

Read are the `profiles.jsonl` that `credcheck score` writes, and every format of labelled sets (an
LLM's or another tool's labels saved like a human's). Our own JSONL may give `probabilities` too.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credcheck.errors import LabelledSetError
from credcheck.evaluation.json_rows import Row, read_field, read_rows
from credcheck.evaluation.labelled import (
    LabelledArticle,
    LabelledSentence,
    LabelNames,
    find_source_type,
)
from credcheck.evaluation.labelled_sets import find_format, read_labelled_set
from credcheck.evaluation.outcomes import Outcome, pair_judgements
from credcheck.evaluation.own_formats import read_probabilities
from credcheck.records import Evidence, Judgement, Sentence, Span


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was predicted of one article."""

    text: str
    offset: int
    """Where the labelled text begins in `text`: a headline may stand before it."""
    judgements: Sequence[Judgement]
    language: str = ""


def read_predictions(path: Path, names: LabelNames | None = None) -> dict[str, Prediction]:
    """Predictions by article id; raises LabelledSetError with the place of the first fault."""
    if not path.exists():
        raise LabelledSetError(f"{path} does not exist")
    if not path.is_dir() and path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        first = next(read_rows(path), ("", {}))[1]
        if "profile" in first and "sentences" in first:
            return _read_profiles(path)
    articles = read_labelled_set(path, names=names, format=find_format(path))
    return {
        article.id: Prediction(article.text, 0, [_judgement(article, s) for s in article.sentences])
        for article in articles
    }


def _read_profiles(path: Path) -> dict[str, Prediction]:
    found: dict[str, Prediction] = {}
    for place, row in read_rows(path):
        id = read_field(row, "id", str, place)
        if id in found:
            raise LabelledSetError(
                f"{place}: a second prediction for {id!r}: were files of one name scored together?"
            )
        found[id] = _of_profile(row, place)
    return found


def pair_predictions(
    article: LabelledArticle, predictions: Mapping[str, Prediction]
) -> Iterator[Outcome]:
    """The outcome of each labelled sentence; all are unanswered where no prediction has the id.

    Raises LabelledSetError when the prediction is of another text.
    """
    found = predictions.get(article.id)
    if found is None:
        yield from pair_judgements(article, [], text=article.text)
        return
    if found.text[found.offset :].rstrip() != article.text.rstrip():
        raise LabelledSetError(
            f"the prediction of article {article.id!r} is of another text than the labels at "
            f"{article.place}: offsets would not mean the same"
        )
    yield from pair_judgements(
        article, found.judgements, text=found.text, offset=found.offset, language=found.language
    )


def _judgement(article: LabelledArticle, sentence: LabelledSentence) -> Judgement:
    text = article.text[sentence.start : sentence.end]
    return Judgement(
        sentence=Sentence(sentence.start, sentence.end, text),
        status=sentence.status,
        probabilities=sentence.probabilities,
        is_decided=True,
        candidates=(sentence.status,),
        evidence=Evidence(sentence.source, sentence.source_type, sentence.cue),
    )


def _of_profile(row: Row, place: str) -> Prediction:
    text = read_field(row, "text", str, place)
    judgements = []
    for number, entry in enumerate(read_field(row, "sentences", list, place), start=1):
        here = f"{place}, sentence {number}"
        if not isinstance(entry, dict):
            raise LabelledSetError(f"{here}: a sentence is an object")
        start, end = (read_field(entry, key, int, here) for key in ("start", "end"))
        status = LabelNames().find(entry.get("status"), here)
        if status is None or not 0 <= start < end <= len(text):
            raise LabelledSetError(f"{here}: {start} to {end} does not lie in the text")
        evidence = entry.get("evidence") or {}
        if not isinstance(evidence, dict):
            raise LabelledSetError(f"{here}: field 'evidence' is an object")
        source = evidence.get("source")
        judgements.append(
            Judgement(
                sentence=Sentence(start, end, text[start:end]),
                status=status,
                probabilities=read_probabilities(entry, here),
                is_decided=bool(entry.get("is_decided", True)),
                candidates=(status,),
                evidence=Evidence(
                    _span(source, text, here),
                    find_source_type(source.get("type") if isinstance(source, dict) else "", here),
                    _span(evidence.get("cue"), text, here),
                ),
            )
        )
    # Alignment takes them in the order of the text.
    judgements.sort(key=lambda judgement: judgement.sentence.start)
    for one, other in itertools.pairwise(judgements):
        if other.sentence.start < one.sentence.end:
            raise LabelledSetError(f"{place}: two sentences overlap at {other.sentence.start}")
    offset = read_field(row, "body_start", int, place)
    return Prediction(text, offset, judgements, str(row.get("language") or ""))


def _span(entry: Any, text: str, place: str) -> Span | None:
    if not entry:
        return None
    if not isinstance(entry, dict):
        raise LabelledSetError(f"{place}: source and cue are objects with start and end")
    start, end = (read_field(entry, key, int, place) for key in ("start", "end"))
    return Span(start, end, text[start:end])
