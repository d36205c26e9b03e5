"""A labelled set in a file → its `LabelledArticle`s; READERS: format → function.

Every reader says the file, the line or record, and the field of what it cannot use: a measure on
half a set is no measure, so the first fault stops the reading.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import LabelledSetError
from credcheck.evaluation.labelled import (
    LabelledArticle,
    LabelledSentence,
    LabelNames,
    check_ids,
    check_sentences,
    find_source_type,
)
from credcheck.evaluation.offsets import find_unit
from credcheck.records import Span

Row = dict[str, Any]
T = TypeVar("T")

_LABEL_STUDIO_STATUS = ("labels", "hypertextlabels", "paragraphlabels")


def read_labelled_set(
    path: Path, *, names: LabelNames | None = None, format: str = ""
) -> list[LabelledArticle]:
    """Read a labelled set; the format is found by suffix and content unless it is named.

    Raises LabelledSetError with the place of the first fault, ArticleReadError when the file
    cannot be read.
    """
    text = decode_text(read_bytes(path), str(path)).text
    format = format or find_format(path, text)
    if format not in READERS:
        raise LabelledSetError(f"unknown format {format!r}; known: {', '.join(READERS)}")
    articles = list(READERS[format](text, str(path), names or LabelNames()))
    check_ids(articles)
    return articles


def find_format(path: Path, text: str) -> str:
    """The name of a file's format; raises LabelledSetError when none fits."""
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return "csv"
    if suffix not in (".json", ".jsonl", ".ndjson"):
        raise LabelledSetError(f"{path}: no reader for {suffix!r}; known: {', '.join(READERS)}")
    rows = _json_rows(text, str(path))
    first = next(rows, ("", {}))[1]
    if "annotations" in first and "data" in first:
        return "label-studio"
    if "text" in first and "sentences" not in first and _is_doccano(first):
        return "doccano"
    return "jsonl"


def read_ours(text: str, path: str, names: LabelNames) -> Iterator[LabelledArticle]:
    """Articles with `labels` (offsets into `text`), or with `sentences` that are joined.

    Sentences are joined by line ends, or by a blank where `starts_paragraph` is false.
    """
    for place, row in _json_rows(text, path):
        if "labels" in row:
            article_text = _field(row, "text", str, place)
            sentences = [
                _from_offsets(label, article_text, f"{place}, label {number}", names)
                for number, label in enumerate(_field(row, "labels", list, place), start=1)
            ]
        else:
            entries = _field(row, "sentences", list, place)
            article_text, sentences = _join(entries, place, names)
        yield _article(row, article_text, [s for s in sentences if s], place)


def read_csv(text: str, path: str, names: LabelNames) -> Iterator[LabelledArticle]:
    """A sentence a row: `id` (of the article), `text`, `status`; the others are optional."""
    lines = io.StringIO(text)
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(lines, delimiter="\t" if head.count("\t") > head.count(",") else ",")
    for name in ("id", "text", "status"):
        if name not in (reader.fieldnames or ()):
            raise LabelledSetError(
                f"{path}: no column {name!r}; found {', '.join(reader.fieldnames or ('none',))}"
            )
    groups: dict[str, list[Row]] = {}
    first_line: dict[str, int] = {}
    try:
        for row in reader:
            groups.setdefault(row["id"], []).append(row)
            first_line.setdefault(row["id"], reader.line_num)
    except csv.Error as error:
        raise LabelledSetError(f"{path}, line {reader.line_num}: {error}") from error
    for id, rows in groups.items():
        place = f"{path}, line {first_line[id]}"
        article_text, sentences = _join(rows, place, names)
        yield _article(rows[0], article_text, [s for s in sentences if s], place)


def read_label_studio(text: str, path: str, names: LabelNames) -> Iterator[LabelledArticle]:
    """Label Studio's JSON export: regions of type `labels` over `data.text`.

    Older versions count UTF-16 units, newer ones code points: the region's own `text` decides.
    """
    for place, task in _json_rows(text, path):
        data = _field(task, "data", dict, place)
        article_text = _field(data, "text", str, place)
        by_annotator: dict[str, list[LabelledSentence]] = {}
        for number, annotation in enumerate(_field(task, "annotations", list, place), start=1):
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
        yield _article(row, article_text, first[1], place, others)


def read_doccano(text: str, path: str, names: LabelNames) -> Iterator[LabelledArticle]:
    """doccano's JSONL: `label` (or `labels`) as [start, end, name], or `entities`; code points."""
    for place, row in _json_rows(text, path):
        article_text = _field(row, "text", str, place)
        spans = []
        for label in row.get("label") or row.get("labels") or row.get("entities") or []:
            if isinstance(label, dict):
                label = [label.get("start_offset"), label.get("end_offset"), label.get("label")]
            if len(label) != 3:
                raise LabelledSetError(f"{place}: a label is [start, end, name], not {label!r}")
            spans.append((*label, None))
        yield _article(row, article_text, _from_spans(spans, article_text, place, names), place)


READERS: Mapping[str, Callable[[str, str, LabelNames], Iterator[LabelledArticle]]] = {
    "jsonl": read_ours,
    "csv": read_csv,
    "label-studio": read_label_studio,
    "doccano": read_doccano,
}


def _json_rows(text: str, path: str) -> Iterator[tuple[str, Row]]:
    """Place and object of each record: a list, or one a line."""
    if text.lstrip().startswith("["):
        try:
            rows = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise LabelledSetError(f"{path} is not JSON: {error}") from error
        numbered = [(f"{path}, record {number}", row) for number, row in enumerate(rows, start=1)]
    else:
        numbered = []
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                try:
                    numbered.append((f"{path}, line {number}", json.loads(line)))
                except (ValueError, RecursionError) as error:
                    raise LabelledSetError(f"{path}, line {number}: not JSON: {error}") from error
    for place, row in numbered:
        if not isinstance(row, dict):
            raise LabelledSetError(f"{place}: an article is an object, not {type(row).__name__}")
        yield place, row


def _field(row: Row, name: str, kind: type[T], place: str) -> T:
    value = row.get(name)
    if not isinstance(value, kind):
        found = "is missing" if value is None else f"is {type(value).__name__}"
        raise LabelledSetError(f"{place}: field {name!r} {found}, {kind.__name__} is needed")
    return value


def _article(
    row: Row,
    text: str,
    sentences: Sequence[LabelledSentence],
    place: str,
    others: Mapping[str, tuple[LabelledSentence, ...]] | None = None,
) -> LabelledArticle:
    if not text.strip():
        raise LabelledSetError(f"{place}: the article holds no text")
    return LabelledArticle(
        id=str(row.get("id") or row.get("doc_id") or place),
        text=text,
        sentences=check_sentences(sentences, text, place),
        place=place,
        title=str(row.get("title") or ""),
        language=str(row.get("language") or row.get("lang") or ""),
        outlet=str(row.get("outlet") or row.get("source_name") or row.get("site") or ""),
        date=str(row.get("date") or row.get("year") or ""),
        others=others or {},
    )


def _join(
    entries: Sequence[Any], place: str, names: LabelNames
) -> tuple[str, list[LabelledSentence | None]]:
    """The text of an article given as sentences, and their labels in it."""
    text, sentences = "", list[LabelledSentence | None]()
    for number, entry in enumerate(entries, start=1):
        here = f"{place}, sentence {number}"
        if not isinstance(entry, dict):
            raise LabelledSetError(f"{here}: a sentence is an object, not {type(entry).__name__}")
        words = _field(entry, "text", str, here)
        if not words.strip():
            raise LabelledSetError(f"{here}: field 'text' is empty")
        text += (
            (" " if str(entry.get("starts_paragraph")).lower() == "false" else "\n") if text else ""
        )
        start = len(text)
        text += words
        # A sentence without a label is context.
        status = names.find(entry["status"], here) if entry.get("status") else None
        if status is None:
            sentences.append(None)
            continue
        spans = {key: _find_span(words, entry.get(key), start, here) for key in ("source", "cue")}
        sentences.append(
            LabelledSentence(
                start, len(text), status,
                source=spans["source"],
                source_type=find_source_type(entry.get("source_type"), here),
                cue=spans["cue"],
                has_evidence="source" in entry or "cue" in entry,
            )
        )  # fmt: skip
    return text, sentences


def _find_span(text: str, words: str | None, offset: int, place: str) -> Span | None:
    if not words:
        return None
    start = text.find(words)
    if start < 0:
        raise LabelledSetError(f"{place}: {words!r} does not occur in the sentence")
    return Span(offset + start, offset + start + len(words), words)


def _from_offsets(label: Any, text: str, place: str, names: LabelNames) -> LabelledSentence | None:
    if not isinstance(label, dict):
        raise LabelledSetError(f"{place}: a label is an object, not {type(label).__name__}")
    start, end = (_field(label, key, int, place) for key in ("start", "end"))
    status = names.find(label.get("status"), place)
    if status is None:
        return None
    spans = {}
    for key in ("source", "cue"):
        ends = label.get(key)
        if ends and not _is_span(ends, len(text)):
            raise LabelledSetError(f"{place}: {key} {ends!r} is no [start, end] within the text")
        spans[key] = Span(ends[0], ends[1], text[ends[0] : ends[1]]) if ends else None
    return LabelledSentence(
        start, end, status,
        source=spans["source"],
        source_type=find_source_type(label.get("source_type"), place),
        cue=spans["cue"],
        has_evidence="source" in label or "cue" in label,
    )  # fmt: skip


def _is_span(ends: Any, length: int) -> bool:
    is_pair = isinstance(ends, list) and len(ends) == 2
    return (
        is_pair and all(isinstance(end, int) for end in ends) and 0 <= ends[0] < ends[1] <= length
    )


def _from_spans(
    spans: Sequence[tuple[Any, Any, Any, str | None]], text: str, place: str, names: LabelNames
) -> list[LabelledSentence]:
    """Labels of a tool's regions, whatever unit it counts in."""
    for start, end, name, _ in spans:
        if not isinstance(start, int) or not isinstance(end, int):
            raise LabelledSetError(f"{place}: label {name!r} has no whole start and end")
    to_code_points = find_unit(text, [(start, end, words) for start, end, _, words in spans])
    sentences = []
    for start, end, name, _ in spans:
        status = names.find(name, place)
        if status is not None:
            sentences.append(LabelledSentence(to_code_points(start), to_code_points(end), status))
    return sentences


def _regions(annotation: Row, place: str) -> Iterator[tuple[Row, str]]:
    for region in annotation.get("result", []):
        kind = region.get("type", "")
        if kind in _LABEL_STUDIO_STATUS:
            value = _field(region, "value", dict, place)
            if "start" not in value or "end" not in value:
                raise LabelledSetError(f"{place}: a region has no start and end")
            yield value, kind


def _annotator(completed_by: Any, number: int) -> str:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return str(completed_by or f"annotator {number}")


def _is_doccano(row: Row) -> bool:
    labels = row.get("label") or row.get("entities")
    if labels is None:
        labels = row.get("labels")
        # Ours are objects with a status.
        return isinstance(labels, list) and all(isinstance(label, list) for label in labels)
    return isinstance(labels, list)
