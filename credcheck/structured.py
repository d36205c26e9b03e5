"""Files with named fields (JSON, JSONL, CSV, Parquet) → their articles.

A record that holds no usable article comes out as a `Failure` with its place; the rest goes on.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credcheck.articles import MAX_ARTICLE_CHARACTERS, build_article, to_failure
from credcheck.decoding import decode_text, read_bytes, repair_mojibake
from credcheck.errors import ArticleReadError, EmptyArticleError, InputError
from credcheck.records import Article, Failure

_TEXT_FIELDS = ("text", "body", "content", "article", "article_text", "maintext", "isi", "konten")
_TITLE_FIELDS = ("title", "headline", "judul")
_ID_FIELDS = ("id", "doc_id", "article_id", "uuid", "guid", "url", "link")
_LANGUAGE_FIELDS = ("language", "lang")
_BYLINE_FIELDS = ("byline", "author", "authors", "penulis")
_DATE_FIELDS = ("date", "published", "published_at", "date_published", "publish_date", "tanggal")
_SITE_FIELDS = ("site", "sitename", "outlet", "publisher", "source")


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
        yield _from_row(row, path, place, default_id, fields)


def read_jsonl(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """An article a line, read one by one: the file may be of any size."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            place, default_id = f"{path}, line {number}", f"{path.stem}-{number}"
            try:
                row = json.loads(decode_text(line, place).text)
            except InputError as error:
                yield to_failure(error, id=default_id, path=str(path))
                continue
            except (ValueError, RecursionError) as error:
                broken = ArticleReadError(f"{place} is not JSON: {error}")
                yield to_failure(broken, id=default_id, path=str(path))
                continue
            yield _from_row(row, path, place, default_id, fields)


def read_csv(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """An article a row below a header; comma, semicolon or tab."""
    with path.open("rb") as file:
        encoding = decode_text(file.read(100_000).rpartition(b"\n")[0] or b" ", str(path)).encoding
    csv.field_size_limit(MAX_ARTICLE_CHARACTERS)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = file.readline()
        if not header.strip():
            raise EmptyArticleError(f"{path} holds no text")
        delimiter = max("\t;,", key=header.count)
        file.seek(0)
        rows = csv.DictReader((line.replace("\x00", " ") for line in file), delimiter=delimiter)
        _require_text_field(rows.fieldnames or (), path, fields)
        try:
            for number, row in enumerate(rows, start=1):
                yield _from_row(row, path, f"{path}, row {number}", f"{path.stem}-{number}", fields)
        except csv.Error as error:
            raise ArticleReadError(f"{path}, line {rows.line_num}: {error}") from error


def read_parquet(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    """An article a row, read in batches."""
    # Imported here: a large library that only this format needs.
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        _require_text_field(file.schema_arrow.names, path, fields)
        number = 0
        for batch in file.iter_batches(batch_size=256):
            for row in batch.to_pylist():
                number += 1
                yield _from_row(row, path, f"{path}, row {number}", f"{path.stem}-{number}", fields)
    except pyarrow.ArrowException as error:
        raise ArticleReadError(f"{path} is not readable as Parquet: {error}") from error


def _require_text_field(names: Any, path: Path, fields: Fields) -> None:
    wanted = (fields.text,) if fields.text else (*_TEXT_FIELDS, "sentences")
    if not set(wanted) & set(names):
        raise ArticleReadError(
            f"{path} has no column {' or '.join(wanted)}; its columns are "
            f"{', '.join(map(str, names))}: name the one with the text (--text-field)"
        )


def _from_row(
    row: Any, path: Path, place: str, default_id: str, fields: Fields
) -> Article | Failure:
    """One record of a structured file → an article, or why not."""
    try:
        if not isinstance(row, Mapping):
            raise ArticleReadError(f"{place} is no object with named fields")
        text = _text_of(row, place, fields)
        if fields.id and fields.id not in row:
            raise ArticleReadError(f"{place} has no field {fields.id} (named as the id)")
        return build_article(
            repair_mojibake(text.replace("\x00", " ")),
            id=_first(row, (fields.id,) if fields.id else _ID_FIELDS) or default_id,
            title=_first(row, _TITLE_FIELDS),
            path=str(path),
            language=_first(row, _LANGUAGE_FIELDS),
            byline=_first(row, _BYLINE_FIELDS),
            date=_first(row, _DATE_FIELDS),
            site=_first(row, _SITE_FIELDS),
            place=place,
        )
    except InputError as error:
        known_id = _first(row, _ID_FIELDS) if isinstance(row, Mapping) else ""
        return to_failure(error, id=known_id or default_id, path=str(path))


def _text_of(row: Mapping[str, Any], place: str, fields: Fields) -> str:
    wanted = (fields.text,) if fields.text else _TEXT_FIELDS
    name = next((name for name in wanted if row.get(name) is not None), "")
    if not name and not fields.text and isinstance(row.get("sentences"), list):
        sentences = [
            entry.get("text", "") if isinstance(entry, Mapping) else entry
            for entry in row["sentences"]
        ]
        # A list of sentences: line ends keep them apart.
        return "\n".join(" ".join(str(sentence).split("\n")) for sentence in sentences)
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
            return str(value).strip()
    return ""
