"""Exports of annotation tools → labelled articles: Label Studio, doccano and brat."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from credcheck.errors import LabelledSetError
from credcheck.evaluation.json_rows import Row, read_field, read_rows
from credcheck.evaluation.labelled import (
    EvidenceSpan,
    LabelledArticle,
    LabelledSentence,
    LabelNames,
    attach_evidence,
    check_sentences,
)
from credcheck.evaluation.offsets import find_unit
from credcheck.evaluation.own_formats import to_article
from credcheck.records import Span

_OTHER_LABELS = ("hypertextlabels", "paragraphlabels")


def read_label_studio(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """Label Studio's JSON export: regions of type `labels` over `data.text`, named by status, and
    `cue`, `source` or `source:official` (or another type) within them.

    Older versions count UTF-16 units, newer ones code points: the region's own `text` decides. Of
    several annotators, the one who labelled the most articles is measured on, in all articles that
    this one labelled; the order within a task says nothing.
    """
    tasks = []
    n_labelled: Counter[str] = Counter()
    for place, task in read_rows(path):
        data = read_field(task, "data", dict, place)
        place = f"{place} (task {task['id']})" if "id" in task else place
        article_text = read_field(data, "text", str, place)
        by_annotator: dict[str, list[LabelledSentence]] = {}
        for number, annotation in enumerate(read_field(task, "annotations", list, place), start=1):
            if not isinstance(annotation, dict):
                raise LabelledSetError(f"{place}: annotation {number} is no object")
            if annotation.get("was_cancelled"):
                continue
            name = _annotator(annotation.get("completed_by"), number)
            if name in by_annotator:
                raise LabelledSetError(f"{place}: two annotations by {name}; keep one of them")
            here = f"{place}, annotator {name}"
            found = _from_spans(list(_regions(annotation, here)), article_text, here, names)
            # An annotator who submitted nothing has not said that there is nothing.
            if found:
                by_annotator[name] = found
        n_labelled.update(by_annotator.keys())
        row = {"id": task.get("id", ""), **{k: v for k, v in data.items() if k != "text"}}
        tasks.append((place, row, article_text, by_annotator))
    # Of equals the one who comes first in the file.
    rank = [name for name, _ in n_labelled.most_common()]
    for place, row, article_text, by_annotator in tasks:
        ordered = [(name, by_annotator[name]) for name in rank if name in by_annotator]
        first, *rest = ordered or [("", [])]
        others = {name: check_sentences(sentences, article_text, place) for name, sentences in rest}
        yield to_article({**row, "labels_by": first[0]}, article_text, first[1], place, others)


def read_doccano(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """doccano's JSONL: `label` (or `labels`) as [start, end, name], or `entities`; code points."""
    for place, row in read_rows(path):
        article_text = read_field(row, "text", str, place)
        spans = []
        labels = row.get("label") or row.get("labels") or row.get("entities") or []
        if not isinstance(labels, list):
            raise LabelledSetError(f"{place}: labels are a list, not {labels!r}")
        for label in labels:
            if isinstance(label, dict):
                label = [label.get("start_offset"), label.get("end_offset"), label.get("label")]
            if not isinstance(label, list) or len(label) != 3:
                raise LabelledSetError(f"{place}: a label is [start, end, name], not {label!r}")
            spans.append((*label, None))
        yield to_article(row, article_text, _from_spans(spans, article_text, place, names), place)


def read_brat(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """A folder of `NAME.txt` and `NAME.ann`: text-bound annotations named by status, and `source`
    and `cue` within them. brat counts code points."""
    for annotations in sorted(path.glob("*.ann")):
        text_path = annotations.with_suffix(".txt")
        if not text_path.is_file():
            raise LabelledSetError(f"{annotations}: no {text_path.name} beside it")
        # Not decoded by guess, and line ends kept: brat's offsets count them.
        text = _read_utf8(text_path)
        sentences, evidence = [], list[EvidenceSpan]()
        lines = _read_utf8(annotations).split("\n")
        for number, line in enumerate(lines, start=1):
            if not line.startswith("T"):
                continue
            place = f"{annotations}, line {number}"
            name, start, end, words = _text_bound(line, place)
            if 0 <= start < end <= len(text):
                _check_words(text, start, end, words, place)
            if kind := names.find_evidence(name, place):
                evidence.append(EvidenceSpan(kind[0], Span(start, end, text[start:end]), kind[1]))
            elif (status := names.find(name, place)) is not None:
                sentences.append(LabelledSentence(start, end, status))
        sentences = attach_evidence(sentences, evidence)
        yield to_article({"id": annotations.stem}, text, sentences, str(annotations))


def _read_utf8(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise LabelledSetError(f"{path}: brat writes UTF-8, this is not: {error}") from error


def _text_bound(line: str, place: str) -> tuple[str, int, int, str | None]:
    found = re.fullmatch(r"T\d+\t(\S+) (\d+) (\d+)(?:\t(.*?))?\r?", line)
    if not found:
        raise LabelledSetError(
            f"{place}: not `T1<tab>status start end<tab>text`; a sentence is one stretch of text"
        )
    return found[1], int(found[2]), int(found[3]), found[4]


def _from_spans(
    spans: Sequence[tuple[Any, Any, Any, str | None]], text: str, place: str, names: LabelNames
) -> list[LabelledSentence]:
    """Labels of a tool's regions, whatever unit it counts in."""
    for start, end, name, _ in spans:
        if not isinstance(start, int) or not isinstance(end, int):
            raise LabelledSetError(f"{place}: label {name!r} has no whole start and end")
    to_code_points = find_unit(text, [(start, end, words) for start, end, _, words in spans])
    sentences, evidence = [], list[EvidenceSpan]()
    for start, end, name, words in spans:
        start, end = to_code_points(start), to_code_points(end)
        _check_words(text, start, end, words, place)
        if kind := names.find_evidence(name, place):
            evidence.append(EvidenceSpan(kind[0], Span(start, end, text[start:end]), kind[1]))
        elif (status := names.find(name, place)) is not None:
            sentences.append(LabelledSentence(start, end, status))
    return attach_evidence(sentences, evidence)


def _check_words(text: str, start: int, end: int, words: str | None, place: str) -> None:
    """Raises LabelledSetError when a label is not where the tool says that its words are."""
    if words is None:
        return
    # Tools print line ends in their own ways.
    found, said = ("".join(part.replace("\\n", "").split()) for part in (text[start:end], words))
    if found != said:
        raise LabelledSetError(
            f"{place}: the label from {start} to {end} is on {words[:60]!r}, there the text is "
            f"{text[start:end][:60]!r}: was the text changed after labelling (line ends, say)?"
        )


def _regions(annotation: Row, place: str) -> Iterator[tuple[Any, Any, Any, str | None]]:
    """Start, end, label and words of the regions of type `labels`; others are left out."""
    regions = annotation.get("result") or []
    if not isinstance(regions, list):
        raise LabelledSetError(f"{place}: field 'result' is a list, not {regions!r}")
    for region in regions:
        if not isinstance(region, dict):
            raise LabelledSetError(f"{place}: a region is an object, not {region!r}")
        if region.get("type") in _OTHER_LABELS:
            raise LabelledSetError(
                f"{place}: regions of type {region['type']!r} count from markup, not from the "
                "text: label with <Text> in the labelling interface"
            )
        if region.get("type") != "labels":
            continue
        value = read_field(region, "value", dict, place)
        labels = value.get("labels")
        if not isinstance(labels, list) or len(labels) != 1:
            raise LabelledSetError(f"{place}: a region has one label, not {labels!r}")
        if "start" not in value or "end" not in value:
            raise LabelledSetError(f"{place}: a region has no start and end")
        words = value.get("text")
        yield value["start"], value["end"], labels[0], words if isinstance(words, str) else None


def _annotator(completed_by: Any, number: int) -> str:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return str(completed_by or f"annotator {number}")


def is_doccano(row: Row) -> bool:
    """Whether a record looks like doccano's: its labels are lists or entities with offsets."""
    if isinstance(row.get("label"), list) or isinstance(row.get("entities"), list):
        return True
    labels = row.get("labels")
    # Ours are objects with a status; an empty list says nothing.
    return isinstance(labels, list) and bool(labels) and isinstance(labels[0], list)
