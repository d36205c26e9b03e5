"""A text and what is known of it → `Article`; a reason → `Failure`."""

import re

from credcheck.errors import ArticleReadError, EmptyArticleError
from credcheck.records import Article, Failure

MAX_ARTICLE_CHARACTERS = 20_000_000
"""Length of one article: a book has one million."""

_SENTENCE_END = re.compile(r"[.!?。！？।॥။።؟۔…:;,][\"'”’»」』)\]]*$")
_LINE_END = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_MAX_HEADLINE_CHARACTERS = 200


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
    place: str = "",
) -> Article:
    """Put a headline before its body, unless the body begins with it; find one if none is given.

    place: what messages call the article. Raises EmptyArticleError or ArticleReadError (too long).
    """
    if not body.strip():
        raise EmptyArticleError(f"{place or path or id} holds no text")
    if len(body) > MAX_ARTICLE_CHARACTERS:
        raise ArticleReadError(
            f"{place or path or id} has {len(body):,} characters; one article may have "
            f"{MAX_ARTICLE_CHARACTERS:,}: split it, or give many articles as JSONL"
        )
    title = " ".join(title.split())
    text, body_start, headline_end = body, 0, 0
    if not title:
        headline_end = _headline_end(body)
        title = body[:headline_end].strip()
    elif " ".join(_first_line(body).split()) == title:
        headline_end = len(body) - len(body.lstrip()) + len(_first_line(body))
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


def _first_line(text: str) -> str:
    return _LINE_END.split(text.lstrip(), maxsplit=1)[0].rstrip()


def _headline_end(text: str) -> int:
    """Where a first line ends that looks like a headline: short, no full stop, text below it."""
    start = len(text) - len(text.lstrip())
    line = _first_line(text)
    if not text[start + len(line) :].strip():
        return 0
    if len(line) > _MAX_HEADLINE_CHARACTERS or _SENTENCE_END.search(line):
        return 0
    return start + len(line)
