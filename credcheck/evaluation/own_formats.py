"""Our own ways to write a labelled set: JSONL with offsets or with sentences, CSV and TSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import LabelledSetError
from credcheck.evaluation.json_rows import Row, read_field, read_rows
from credcheck.evaluation.labelled import (
    LabelledArticle,
    LabelledSentence,
    LabelNames,
    check_sentences,
    find_source_type,
)
from credcheck.labels import Status
from credcheck.records import Span


def read_ours(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """Articles with `labels` (offsets into `text`), or with `sentences` that are joined."""
    return from_rows(read_rows(path), names)


def from_rows(rows: Iterable[tuple[str, Row]], names: LabelNames) -> Iterator[LabelledArticle]:
    """The articles of records, each given with its place.

    Sentences are joined by line ends, or by a blank where `starts_paragraph` is false.
    """
    for place, row in rows:
        if "profile" in row and "model" in row:
            raise LabelledSetError(
                f"{place}: this is what `credcheck score` wrote: predictions, not labels. Name the "
                "labelled set, and give this file with --predictions"
            )
        if not {"labels", "sentences"} & set(row):
            raise LabelledSetError(
                f"{place}: an article has 'sentences', or 'text' and 'labels'; found "
                f"{', '.join(map(repr, row)) or 'nothing'}"
            )
        if "labels" in row:
            article_text = read_field(row, "text", str, place)
            entries = read_field(row, "labels", list, place)
            sentences = [
                _from_offsets(label, article_text, f"{place}, label {number}", names)
                for number, label in enumerate(entries, start=1)
            ]
        else:
            entries = read_field(row, "sentences", list, place)
            places = [f"{place}, sentence {number}" for number in range(1, len(entries) + 1)]
            article_text, sentences = join_sentences(entries, places, names)
        others = _read_others(entries, sentences, place, names)
        yield to_article(row, article_text, [s for s in sentences if s], place, others)


def read_csv(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """A sentence a row: `id` (of the article), `text`, `status`; the others are optional."""
    text = decode_text(read_bytes(path), str(path), repair=False).text
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text),
        delimiter=max(",;\t", key=head.count),
        # Without it a quotation mark that is not closed swallows the rest of the file.
        strict=True,
    )
    rows = []
    try:
        for row in reader:
            place = f"{path}, line {reader.line_num}"
            for name in ("id", "text", "status"):
                if name in (reader.fieldnames or ()) and row[name] is None:
                    raise LabelledSetError(f"{place}: the row ends before column {name!r}")
            if "id" in row and not row["id"].strip():
                raise LabelledSetError(f"{place}: field 'id' is empty")
            rows.append((place, row))
    except csv.Error as error:
        raise LabelledSetError(f"{path}, line {reader.line_num}: {error}") from error
    check_columns(reader.fieldnames or (), str(path))
    return from_sentence_rows(rows, names)


def check_columns(columns: Sequence[str], path: str) -> None:
    """Raises LabelledSetError when a table of sentences lacks a column that it needs."""
    for name in ("id", "text", "status"):
        if name not in columns:
            raise LabelledSetError(
                f"{path}: no column {name!r}; found {', '.join(columns) or 'none'}"
            )


def from_sentence_rows(
    rows: Iterable[tuple[str, Row]], names: LabelNames
) -> Iterator[LabelledArticle]:
    """The articles of sentences with `id` (of the article), `text` and `status`, each given with
    its place; an article's sentences need not lie together."""
    groups: dict[str, list[Row]] = {}
    places: dict[str, list[str]] = {}
    for place, row in rows:
        groups.setdefault(str(row["id"]), []).append(row)
        places.setdefault(str(row["id"]), []).append(place)
    for id, entries in groups.items():
        text, sentences = join_sentences(entries, places[id], names)
        others = _read_others(entries, sentences, places[id][0], names)
        yield to_article(entries[0], text, [s for s in sentences if s], places[id][0], others)


def to_article(
    row: Row,
    text: str,
    sentences: Sequence[LabelledSentence],
    place: str,
    others: Mapping[str, tuple[LabelledSentence, ...]] | None = None,
) -> LabelledArticle:
    """A record's fields with the text and labels that were found in it."""
    if not text.strip():
        raise LabelledSetError(f"{place}: the article holds no text")
    return LabelledArticle(
        id=_first(row, "id", "doc_id") or _record(place),
        text=text,
        sentences=check_sentences(sentences, text, place),
        place=place,
        title=str(row.get("title") or ""),
        language=_first(row, "language", "lang"),
        outlet=_first(row, "outlet", "source_name", "site"),
        date=_first(row, "date", "year"),
        labels_by=str(row.get("labels_by") or ""),
        others=others or {},
    )


def _record(place: str) -> str:
    """`line 3` of `folder/set.jsonl, line 3`: the same wherever the file lies."""
    return place.rsplit(", ", 1)[-1]


def _first(row: Row, *names: str) -> str:
    """The first of these fields that says something; a number counts, 0 too."""
    found = (row[name] for name in names if row.get(name) is not None and row[name] != "")
    return str(next(found, ""))


def join_sentences(
    entries: Sequence[Any], places: Sequence[str], names: LabelNames
) -> tuple[str, list[LabelledSentence | None]]:
    """The text of an article given as sentences, each with its place, and their labels in it."""
    text, sentences = "", list[LabelledSentence | None]()
    for here, entry in zip(places, entries, strict=True):
        if not isinstance(entry, dict):
            raise LabelledSetError(f"{here}: a sentence is an object, not {type(entry).__name__}")
        words = read_field(entry, "text", str, here)
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
                probabilities=read_probabilities(entry, here),
            )
        )  # fmt: skip
    return text, sentences


def _read_others(
    entries: Sequence[Any],
    sentences: Sequence[LabelledSentence | None],
    place: str,
    names: LabelNames,
) -> dict[str, tuple[LabelledSentence, ...]]:
    """What further annotators said: `annotators` (name → status), or `second_status`."""
    others: dict[str, list[LabelledSentence]] = {}
    for number, (entry, sentence) in enumerate(zip(entries, sentences, strict=True), start=1):
        here = f"{place}, sentence {number}, annotators"
        given = entry.get("annotators") or {}
        if not isinstance(given, dict):
            raise LabelledSetError(f"{here}: an object of name and status is needed")
        if entry.get("second_status"):
            given = {**given, "second": entry["second_status"]}
        for name, label in given.items():
            status = names.find(label, here)
            if sentence is not None and status is not None:
                others.setdefault(name, []).append(
                    LabelledSentence(sentence.start, sentence.end, status)
                )
    return {name: tuple(labels) for name, labels in others.items()}


def read_probabilities(entry: Row, place: str) -> dict[Status, float]:
    """The probabilities of a prediction by status, empty where it has none; raises
    LabelledSetError."""
    given = entry.get("probabilities") or {}
    if not isinstance(given, dict) or not set(given) <= set(Status):
        known = ", ".join(Status)
        raise LabelledSetError(f"{place}: probabilities is an object with {known}")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise LabelledSetError(f"{place}: the probability of {name} is {value!r}, not 0 to 1")
    if not given:
        return {}
    shares = {status: float(given.get(status, 0)) for status in Status}
    if not 0.98 <= sum(shares.values()) <= 1.02:
        raise LabelledSetError(f"{place}: the probabilities sum to {sum(shares.values()):.3f}")
    if shares.get(entry["status"], max(shares.values())) < max(shares.values()):
        raise LabelledSetError(f"{place}: {entry['status']!r} is not the most probable status")
    return shares


def _find_span(text: str, words: Any, offset: int, place: str) -> Span | None:
    if not words:
        return None
    if not isinstance(words, str):
        raise LabelledSetError(f"{place}: source and cue are words of the sentence, not {words!r}")
    # "he" is not in "The minister": whole words go before parts of words.
    whole = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    start = whole.start() if whole else text.find(words)
    if start < 0:
        raise LabelledSetError(f"{place}: {words!r} does not occur in the sentence")
    return Span(offset + start, offset + start + len(words), words)


def _from_offsets(label: Any, text: str, place: str, names: LabelNames) -> LabelledSentence | None:
    if not isinstance(label, dict):
        raise LabelledSetError(f"{place}: a label is an object, not {type(label).__name__}")
    start, end = (read_field(label, key, int, place) for key in ("start", "end"))
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
        probabilities=read_probabilities(label, place),
    )  # fmt: skip


def _is_span(ends: Any, length: int) -> bool:
    is_pair = isinstance(ends, list) and len(ends) == 2
    return is_pair and all(type(end) is int for end in ends) and 0 <= ends[0] < ends[1] <= length
