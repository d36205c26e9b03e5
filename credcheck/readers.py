"""Files → `Article` records, one reader a format (`READERS`: suffix → function).

A file may hold one article or many. What cannot be read of a file of many comes out as a `Failure`
with its place, and the rest goes on.
"""

import html
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from credcheck.articles import build_article, to_failure
from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import ArticleReadError, EmptyArticleError, InputError, UnknownFormatError
from credcheck.records import Article, Failure
from credcheck.structured import Fields, read_csv, read_json, read_jsonl, read_parquet

_DATE_EVIDENCE = re.compile(
    r"datePublished|article:published_time|<time[^>]+datetime|name=[\"'](?:pub)?date", re.IGNORECASE
)
_PAGE_LANGUAGE = re.compile(
    r"<html[^>]*\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)", re.IGNORECASE
)


Reader = Callable[[Path, Fields], Iterator[Article | Failure]]


def read_articles(
    path: str | os.PathLike[str], fields: Fields | None = None
) -> Iterator[Article | Failure]:
    """Every article of a file, in its order; a failure stands where its article would.

    Raises nothing: a file that cannot be read at all is one failure.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise ArticleReadError(f"{path} is no ordinary file")
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
        raise _ERRORS[first.error](first.message)
    if next(entries, None) is not None:
        raise ArticleReadError(f"{path} holds several articles; read it with read_articles")
    return first


def _reader_of(path: Path) -> Reader:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = " ".join(sorted(READERS))
        raise UnknownFormatError(f"{path} has no known suffix; known are: {known}")
    return reader


def _read_text(path: Path, _fields: Fields) -> Iterator[Article]:
    decoded = decode_text(read_bytes(path), str(path))
    yield build_article(
        decoded.text, id=path.stem, path=str(path), encoding=decoded.encoding, notes=decoded.notes
    )


def _read_markdown(path: Path, _fields: Fields) -> Iterator[Article]:
    from markdown_it import MarkdownIt

    decoded = decode_text(read_bytes(path), str(path))
    source = "\n".join(decoded.text.splitlines()) + "\n"
    source = re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.DOTALL)
    paragraphs: list[str] = []
    title, in_title = "", False
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        in_title = token.tag == "h1" if token.type == "heading_open" else in_title
        if token.type == "html_block":
            paragraphs.append(" ".join(re.sub(r"<[^>]*>", " ", token.content).split()))
        if token.type != "inline":
            continue
        words = "".join(_inline_text(child) for child in token.children or ())
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


def _inline_text(token: Any) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    # Marks of HTML inside Markdown are no words; neither is what a picture is called.
    return "" if token.type in ("html_inline", "image") else str(token.content)


def _read_html(path: Path, _fields: Fields) -> Iterator[Article]:
    # Imported here: it takes as long to import as everything else together.
    import trafilatura

    decoded = decode_text(read_bytes(path), str(path), is_markup=True)
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
_JOINER_ENTITIES = re.compile(r"&(?:zwn?j|#820[45]|#x200[cd]);", re.IGNORECASE)
_JOINERS = {"\u200c": "\U00012000", "\u200d": "\U00012001"}


def _hide_joiners(page: str) -> str:
    page = _JOINER_ENTITIES.sub(lambda entity: html.unescape(entity.group()), page)
    for joiner, sign in _JOINERS.items():
        page = page.replace(joiner, sign)
    return page


def _show_joiners(text: str) -> str:
    for joiner, sign in _JOINERS.items():
        text = text.replace(sign, joiner)
    return text


def _page_language(page: str) -> str:
    found = _PAGE_LANGUAGE.search(page[:5_000])
    return found.group(1) if found else ""


_ERRORS = {
    kind.__name__: kind for kind in (ArticleReadError, EmptyArticleError, UnknownFormatError)
}

READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}
"""The reader of each file suffix."""
