"""Files → `Article` records, one reader a format (`READERS`: suffix → function).

A file may hold one article or many. What cannot be read of a file of many comes out as a `Failure`
with its place, and the rest goes on.
"""

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credcheck.decoding import decode_text, repair_mojibake
from credcheck.errors import ArticleReadError, EmptyArticleError, InputError, UnknownFormatError
from credcheck.records import Article, Failure

MAX_FILE_BYTES = 64_000_000
"""Size of a file that is read whole (every format but JSONL, CSV and Parquet)."""

MAX_ARTICLE_CHARACTERS = 20_000_000
"""Length of one article: a book has one million."""

_TEXT_FIELDS = ("text", "body", "content", "article", "article_text", "maintext", "isi", "konten")
_TITLE_FIELDS = ("title", "headline", "judul")
_ID_FIELDS = ("id", "doc_id", "article_id", "uuid", "guid", "url", "link")
_LANGUAGE_FIELDS = ("language", "lang")
_BYLINE_FIELDS = ("byline", "author", "authors", "penulis")
_DATE_FIELDS = ("date", "published", "published_at", "date_published", "publish_date", "tanggal")
_SITE_FIELDS = ("site", "sitename", "outlet", "publisher", "source")

_SENTENCE_END = re.compile(r"[.!?。！？।॥။።؟۔…:;,][\"'”’»」』)\]]*$")
_MAX_HEADLINE_CHARACTERS = 200
_DATE_EVIDENCE = re.compile(
    r"datePublished|article:published_time|<time[^>]+datetime|name=[\"'](?:pub)?date", re.IGNORECASE
)
_PAGE_LANGUAGE = re.compile(
    r"<html[^>]*\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of structured files hold the text and the id; empty: the usual names."""

    text: str = ""
    id: str = ""


Reader = Callable[[Path, Fields], Iterator[Article | Failure]]


def read_articles(
    path: str | os.PathLike[str], fields: Fields | None = None
) -> Iterator[Article | Failure]:
    """Every article of a file, in its order; a failure stands where its article would.

    Raises nothing: a file that cannot be read at all is one failure.
    """
    path = Path(path)
    try:
        yield from _reader_of(path)(path, fields or Fields())
    except InputError as error:
        yield to_failure(error, id=str(path), path=str(path))
    except OSError as error:
        reason = ArticleReadError(f"{path} cannot be read: {error.strerror or error}")
        yield to_failure(reason, id=str(path), path=str(path))


def read_file(path: str | os.PathLike[str], fields: Fields | None = None) -> Article:
    """The only article of a file.

    Raises InputError when it cannot be read, or holds none or several.
    """
    entries = read_articles(path, fields)
    first = next(entries, None)
    if first is None:
        raise EmptyArticleError(f"{path} holds no article")
    if isinstance(first, Failure):
        raise ArticleReadError(first.message)
    if next(entries, None) is not None:
        raise ArticleReadError(f"{path} holds several articles; read it with read_articles")
    return first


def build_article(
    body: str,
    *,
    id: str,
    title: str = "",
    path: str = "",
    language: str = "",
    byline: str = "",
    date: str = "",
    site: str = "",
    encoding: str = "",
    notes: tuple[str, ...] = (),
) -> Article:
    """Put a headline before its body, unless the body begins with it; find one if none is given.

    Raises EmptyArticleError or ArticleReadError (too long).
    """
    if not body.strip() and not title.strip():
        raise EmptyArticleError(f"{path or id} holds no text")
    if len(body) > MAX_ARTICLE_CHARACTERS:
        raise ArticleReadError(
            f"{path or id} has {len(body):,} characters; one article may have "
            f"{MAX_ARTICLE_CHARACTERS:,}: split it, or give many articles as JSONL"
        )
    title = " ".join(title.split())
    text, body_start, headline_end = body, 0, 0
    if not title:
        headline_end = _headline_end(body)
        title = body[:headline_end].strip()
    elif body.lstrip().startswith(title):
        headline_end = body.index(title) + len(title)
    else:
        text = f"{title}\n\n{body}"
        body_start, headline_end = len(title) + 2, len(title)
    return Article(
        id=id,
        text=text,
        path=path,
        title=title,
        headline_end=headline_end,
        body_start=body_start,
        language=language,
        byline=" ".join(byline.split()),
        date=date,
        site=site,
        encoding=encoding,
        notes=notes,
    )


def to_failure(error: Exception, *, id: str, path: str) -> Failure:
    """The record of an article that could not be scored."""
    return Failure(id=id, path=path, error=type(error).__name__, message=str(error))


def _headline_end(text: str) -> int:
    """Where a first line ends that looks like a headline: short, no full stop, text below it."""
    start = len(text) - len(text.lstrip())
    line_end = text.find("\n", start)
    if line_end < 0 or not text[line_end:].strip():
        return 0
    line = text[start:line_end].strip()
    if len(line) > _MAX_HEADLINE_CHARACTERS or _SENTENCE_END.search(line):
        return 0
    return start + len(line)


def _reader_of(path: Path) -> Reader:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = " ".join(sorted(READERS))
        raise UnknownFormatError(f"{path} has no known suffix; known are: {known}")
    return reader


def _read_bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ArticleReadError(
            f"{path} has {size / 1e6:.0f} MB; one article may have {MAX_FILE_BYTES / 1e6:.0f} MB: "
            "split it, or give many articles as JSONL"
        )
    return path.read_bytes()


def _read_text(path: Path, _fields: Fields) -> Iterator[Article]:
    decoded = decode_text(_read_bytes(path), str(path))
    yield build_article(
        decoded.text, id=path.stem, path=str(path), encoding=decoded.encoding, notes=decoded.notes
    )


def _read_markdown(path: Path, _fields: Fields) -> Iterator[Article]:
    from markdown_it import MarkdownIt

    decoded = decode_text(_read_bytes(path), str(path))
    source = re.sub(r"\A---\n.*?\n---\n", "", decoded.text, flags=re.DOTALL)
    paragraphs: list[str] = []
    title, in_title = "", False
    for token in MarkdownIt("commonmark").parse(source):
        in_title = token.tag == "h1" if token.type == "heading_open" else in_title
        if token.type != "inline":
            continue
        words = "".join(
            "\n" if child.type in ("softbreak", "hardbreak") else child.content
            for child in token.children or ()
        )
        if in_title and not title and not paragraphs:
            title = words
        paragraphs.append(" ".join(words.split("\n")))
        in_title = False
    yield build_article(
        "\n\n".join(paragraphs),
        id=path.stem,
        title=title,
        path=str(path),
        encoding=decoded.encoding,
        notes=decoded.notes,
    )


def _read_html(path: Path, _fields: Fields) -> Iterator[Article]:
    # Imported here: it takes as long to import as everything else together.
    import trafilatura

    decoded = decode_text(_read_bytes(path), str(path), is_markup=True)
    try:
        page = trafilatura.bare_extraction(
            _hide_joiners(decoded.text), with_metadata=True, fast=True, include_comments=False
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise ArticleReadError(f"{path} is HTML that cannot be parsed: {error}") from error
    values = page if isinstance(page, dict) or page is None else page.as_dict()
    if values:
        values = {
            key: _show_joiners(value) if isinstance(value, str) else value
            for key, value in values.items()
        }
    if not values or not (values.get("text") or "").strip():
        raise EmptyArticleError(f"{path} is HTML in which no article was found")
    # The extractor always fills the date; without evidence in the page it is a guess.
    has_date = _DATE_EVIDENCE.search(decoded.text) is not None
    yield build_article(
        values["text"],
        id=path.stem,
        title=values.get("title") or "",
        path=str(path),
        language=_page_language(decoded.text),
        byline=values.get("author") or "",
        date=(values.get("date") or "") if has_date else "",
        site=values.get("sitename") or "",
        encoding=decoded.encoding,
        notes=decoded.notes,
    )


# The extractor drops characters that do not print, and with them the joiners that Persian, Kurdish
# and Indic words are spelled with. Two cuneiform signs stand in for them while it works.
_JOINERS = {"\u200c": "\U00012000", "\u200d": "\U00012001"}


def _hide_joiners(page: str) -> str:
    for joiner, sign in _JOINERS.items():
        page = page.replace(joiner, sign)
    return page


def _show_joiners(text: str) -> str:
    for joiner, sign in _JOINERS.items():
        text = text.replace(sign, joiner)
    return text


def _page_language(page: str) -> str:
    found = re.search(
        r"<html[^>]*\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)", page[:5000]
    )
    return found.group(1) if found else ""


def _read_json(path: Path, fields: Fields) -> Iterator[Article | Failure]:
    decoded = decode_text(_read_bytes(path), str(path))
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


def _read_jsonl(path: Path, fields: Fields) -> Iterator[Article | Failure]:
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


def _read_csv(path: Path, fields: Fields) -> Iterator[Article | Failure]:
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


def _read_parquet(path: Path, fields: Fields) -> Iterator[Article | Failure]:
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
        )
    except InputError as error:
        known_id = _first(row, _ID_FIELDS) if isinstance(row, Mapping) else ""
        message = str(error) if str(error).startswith(str(path)) else f"{place}: {error}"
        return Failure(known_id or default_id, str(path), type(error).__name__, message)


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


READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".json": _read_json,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
}
"""The reader of each file suffix."""
