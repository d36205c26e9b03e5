"""Files with named fields (JSON, JSONL, CSV, Parquet) → their articles.

A record that holds no usable article comes out as a `Failure` with its place; the rest goes on.
"""

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credcheck.articles import MAX_ARTICLE_CHARACTERS, build_article, to_failure
from credcheck.decoding import (
    DecodedText,
    decode_text,
    find_file_encoding,
    find_wide_encoding,
    read_bytes,
    repair_mojibake,
)
from credcheck.errors import ArticleReadError, EmptyArticleError, InputError
from credcheck.records import Article, Failure

_TEXT_FIELDS = ("text", "body", "content", "article", "article_text", "maintext", "isi", "konten")
_TITLE_FIELDS = ("title", "headline", "judul")
_ID_FIELDS = ("id", "doc_id", "article_id", "uuid", "guid", "url", "link")
_LANGUAGE_FIELDS = ("language", "lang")
_BYLINE_FIELDS = ("byline", "author", "authors", "penulis")
_DATE_FIELDS = ("date", "published", "published_at", "date_published", "publish_date", "tanggal")
_SITE_FIELDS = ("site", "sitename", "outlet", "publisher", "source")
_KNOWN_FIELDS = (
    *_TEXT_FIELDS,
    *_TITLE_FIELDS,
    *_ID_FIELDS,
    *_LANGUAGE_FIELDS,
    *_BYLINE_FIELDS,
    *_DATE_FIELDS,
    *_SITE_FIELDS,
    "sentences",
)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of structured files hold the text and the id; empty: the usual names."""

    text: str = ""
    id: str = ""


def read_json(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """One article, or a list of them."""
    decoded = decode_text(read_bytes(path), str(path))
    try:
        value = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        raise ArticleReadError(f"{path} is not JSON: {error}") from error
    rows = value if isinstance(value, list) else [value]
    if not rows:
        raise EmptyArticleError(f"{path} holds an empty list")
    for number, row in enumerate(rows, start=1):
        place = f"{path}, article {number}" if len(rows) > 1 else str(path)
        default_id = f"{path.stem}-{number}" if len(rows) > 1 else path.stem
        yield _from_row(row, _Place(path, place, default_id, decoded.encoding), fields)


def read_jsonl(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """An article a line, read one by one: the file may be of any size."""
    with path.open("rb") as binary:
        wide = find_wide_encoding(binary.read(4_096))
        binary.seek(0)
        # Other lines are decoded one by one, so that a damaged one fails alone.
        lines: Iterable[str | bytes] = binary
        if wide:
            lines = io.TextIOWrapper(binary, wide, errors="replace")
        is_empty = True
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            is_empty = False
            name, default_id = f"{path}, line {number}", f"{path.stem}-{number}"
            try:
                decoded = (
                    DecodedText(line, wide) if isinstance(line, str) else decode_text(line, name)
                )
                row = json.loads(decoded.text)
            except InputError as error:
                yield to_failure(error, id=default_id, path=str(path))
            except (ValueError, RecursionError) as error:
                broken = ArticleReadError(f"{name} is not JSON: {error}")
                yield to_failure(broken, id=default_id, path=str(path))
            else:
                yield _from_row(row, _Place(path, name, default_id, decoded.encoding), fields)
    if is_empty:
        raise EmptyArticleError(f"{path} holds no article")


def read_csv(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """An article a row below a header; comma, semicolon or tab."""
    encoding = find_file_encoding(path)
    # A setting of the whole process, hence only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ARTICLE_CHARACTERS))
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = file.readline()
        if not header.strip():
            raise EmptyArticleError(f"{path} holds no text")
        delimiter = max("\t;,", key=header.count)
        file.seek(0)
        lines = (line.replace("\x00", " ") for line in file)
        # Strict: a quotation mark that is never closed must not swallow the rest unseen.
        rows = csv.DictReader(lines, delimiter=delimiter, strict=True)
        _require_text_field(rows.fieldnames or (), path, fields)
        for number in itertools.count(1):
            name, default_id = f"{path}, row {number}", f"{path.stem}-{number}"
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                broken = ArticleReadError(f"{name} (line {rows.line_num}): {error}")
                yield to_failure(broken, id=default_id, path=str(path))
            else:
                yield _from_row(row, _Place(path, name, default_id, encoding), fields)
    if number == 1:
        raise EmptyArticleError(f"{path} holds a header and no article")


def read_parquet(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """An article a row, read in batches."""
    # Imported here: a large library that only this format needs.
    import pyarrow
    import pyarrow.parquet

    number = 0
    try:
        file = pyarrow.parquet.ParquetFile(path)
        names = file.schema_arrow.names
        _require_text_field(names, path, fields)
        known = [name for name in names if name in {*_KNOWN_FIELDS, fields.text, fields.id}]
        for batch in file.iter_batches(batch_size=64, columns=known):
            for index in range(batch.num_rows):
                number += 1
                place = _Place(path, f"{path}, row {number}", f"{path.stem}-{number}")
                yield _from_parquet(batch, index, place, fields)
    except (pyarrow.ArrowException, OSError) as error:
        raise ArticleReadError(f"{path} is not readable as Parquet: {error}") from error
    if number == 0:
        raise EmptyArticleError(f"{path} holds no row")


def _from_parquet(batch: Any, index: int, place: "_Place", fields: Fields) -> Article | Failure:
    try:
        (row,) = batch.slice(index, 1).to_pylist()
    # A cell that its column's type does not allow: text that is not UTF-8, a date without end.
    except (ValueError, OverflowError) as error:
        broken = ArticleReadError(f"{place.name}: {error}")
        return to_failure(broken, id=place.default_id, path=str(place.path))
    return _from_row(row, place, fields)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands."""

    path: Path
    name: str
    """What messages call it."""
    default_id: str
    encoding: str = ""


def _require_text_field(names: Any, path: Path, fields: Fields) -> None:
    wanted = (fields.text,) if fields.text else (*_TEXT_FIELDS, "sentences")
    if not set(wanted) & set(names):
        raise ArticleReadError(
            f"{path} has no column {' or '.join(wanted)}; its columns are "
            f"{', '.join(map(str, names))}: name the one with the text (--text-field)"
        )


def _from_row(row: Any, place: _Place, fields: Fields) -> Article | Failure:
    """One record of a structured file → an article, or why not."""
    id_fields = (fields.id,) if fields.id else _ID_FIELDS
    known_id = _first(row, id_fields) if isinstance(row, Mapping) else ""
    try:
        if not isinstance(row, Mapping):
            raise ArticleReadError(f"{place.name} is no object with named fields")
        if fields.id and fields.id not in row:
            raise ArticleReadError(f"{place.name} has no field {fields.id} (named as the id)")
        return build_article(
            repair_mojibake(_text_of(row, place.name, fields).replace("\x00", " ")),
            id=known_id or place.default_id,
            title=_first(row, _TITLE_FIELDS),
            path=str(place.path),
            language=_first(row, _LANGUAGE_FIELDS),
            byline=_first(row, _BYLINE_FIELDS),
            date=_first(row, _DATE_FIELDS),
            site=_first(row, _SITE_FIELDS),
            encoding=place.encoding,
            place=place.name,
        )
    except InputError as error:
        return to_failure(error, id=known_id or place.default_id, path=str(place.path))


def _text_of(row: Mapping[str, Any], place: str, fields: Fields) -> str:
    wanted = (fields.text,) if fields.text else _TEXT_FIELDS
    name = next((name for name in wanted if row.get(name) is not None), "")
    if not name and not fields.text and isinstance(row.get("sentences"), list):
        sentences = [
            entry.get("text") if isinstance(entry, Mapping) else entry for entry in row["sentences"]
        ]
        if not all(isinstance(sentence, str | None) for sentence in sentences):
            raise ArticleReadError(f"{place}: not every one of its sentences is text")
        # A list of sentences: line ends keep them apart.
        return "\n".join(" ".join(sentence.split("\n")) for sentence in sentences if sentence)
    if not name:
        raise ArticleReadError(
            f"{place} has no field {' or '.join(wanted)}; it has "
            f"{', '.join(map(str, row)) or 'none'}: name the one with the text (--text-field)"
        )
    if not isinstance(row[name], str):
        raise ArticleReadError(f"{place}: field {name} is {type(row[name]).__name__}, not text")
    return str(row[name])


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of the fields that says something, as text; several authors are joined."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            value = ", ".join(value)
        if value is not None and not isinstance(value, Mapping | list) and str(value).strip():
            return repair_mojibake(str(value).strip().replace("\x00", " "))
    return ""
