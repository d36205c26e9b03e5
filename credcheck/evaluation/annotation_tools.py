"""Exports of annotation tools → labelled articles: Label Studio, doccano and brat."""

import re
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
    find_evidence_kind,
)
from credcheck.evaluation.offsets import find_unit
from credcheck.evaluation.own_formats import to_article
from credcheck.records import Span

_LABEL_STUDIO_STATUS = ("labels", "hypertextlabels", "paragraphlabels")


def read_label_studio(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """Label Studio's JSON export: regions of type `labels` over `data.text`, named by status, and
    `cue`, `source` or `source:official` (or another type) within them.

    Older versions count UTF-16 units, newer ones code points: the region's own `text` decides.
    """
    for place, task in read_rows(path):
        data = read_field(task, "data", dict, place)
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
            spans = [
                (value["start"], value["end"], (value.get(kind) or [""])[0], value.get("text"))
                for value, kind in _regions(annotation, place)
            ]
            by_annotator[name] = _from_spans(spans, article_text, f"{place}, {name}", names)
        row = {"id": task.get("id", place), **{k: v for k, v in data.items() if k != "text"}}
        first, *rest = by_annotator.items() or [("", [])]
        others = {name: check_sentences(sentences, article_text, place) for name, sentences in rest}
        yield to_article(row, article_text, first[1], place, others)


def read_doccano(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """doccano's JSONL: `label` (or `labels`) as [start, end, name], or `entities`; code points."""
    for place, row in read_rows(path):
        article_text = read_field(row, "text", str, place)
        spans = []
        for label in row.get("label") or row.get("labels") or row.get("entities") or []:
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
            name, start, end = _text_bound(line, place)
            if kind := find_evidence_kind(name, place):
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


def _text_bound(line: str, place: str) -> tuple[str, int, int]:
    found = re.fullmatch(r"T\d+\t(\S+) (\d+) (\d+)(?:\t.*)?\r?", line)
    if not found:
        raise LabelledSetError(
            f"{place}: not `T1<tab>status start end<tab>text`; a sentence is one stretch of text"
        )
    return found[1], int(found[2]), int(found[3])


def _from_spans(
    spans: Sequence[tuple[Any, Any, Any, str | None]], text: str, place: str, names: LabelNames
) -> list[LabelledSentence]:
    """Labels of a tool's regions, whatever unit it counts in."""
    for start, end, name, _ in spans:
        if not isinstance(start, int) or not isinstance(end, int):
            raise LabelledSetError(f"{place}: label {name!r} has no whole start and end")
    to_code_points = find_unit(text, [(start, end, words) for start, end, _, words in spans])
    sentences, evidence = [], list[EvidenceSpan]()
    for start, end, name, _ in spans:
        start, end = to_code_points(start), to_code_points(end)
        if kind := find_evidence_kind(name, place):
            evidence.append(EvidenceSpan(kind[0], Span(start, end, text[start:end]), kind[1]))
        elif (status := names.find(name, place)) is not None:
            sentences.append(LabelledSentence(start, end, status))
    return attach_evidence(sentences, evidence)


def _regions(annotation: Row, place: str) -> Iterator[tuple[Row, str]]:
    for region in annotation.get("result", []):
        if not isinstance(region, dict):
            raise LabelledSetError(f"{place}: a region is an object, not {region!r}")
        kind = region.get("type", "")
        if kind in _LABEL_STUDIO_STATUS:
            value = read_field(region, "value", dict, place)
            if "start" not in value or "end" not in value:
                raise LabelledSetError(f"{place}: a region has no start and end")
            yield value, kind


def _annotator(completed_by: Any, number: int) -> str:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return str(completed_by or f"annotator {number}")


def is_doccano(row: Row) -> bool:
    """Whether a record looks like doccano's: its labels are lists or entities with offsets."""
    labels = row.get("label") or row.get("entities")
    if labels is None:
        labels = row.get("labels")
        # Ours are objects with a status.
        return isinstance(labels, list) and all(isinstance(label, list) for label in labels)
    return isinstance(labels, list)
