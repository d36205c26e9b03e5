"""What several commands share: their options, exit codes, complaints, and standard input."""

import sys
from typing import Annotated

import typer

from credcheck.articles import build_article, to_failure
from credcheck.decoding import MAX_FILE_BYTES, decode_text
from credcheck.errors import ArticleReadError, InputError
from credcheck.languages import to_language_tag
from credcheck.records import Article, Failure
from credcheck.terminal import plain

ALL_DONE, SOME_FAILED, NOTHING_DONE = 0, 1, 2
"""Exit codes."""


def complain(message: str) -> None:
    """A line on standard error."""
    print(f"credcheck: {plain(message)}", file=sys.stderr)


def check_language(language: str) -> str:
    """The tag as given; raises typer.BadParameter when it is none."""
    if language and not to_language_tag(language):
        raise typer.BadParameter(f"{language} is no language tag such as id, pt-BR or sr-Latn")
    return language


ModelOption = Annotated[
    str,
    typer.Option("--model", help="Model folder; else CREDCHECK_MODEL, else the shipped one."),
]
LanguageOption = Annotated[
    str,
    typer.Option(
        "--language",
        help="Language of all articles (BCP 47: id, pt-BR); else found.",
        callback=check_language,
    ),
]
TextFieldOption = Annotated[
    str, typer.Option(help="Field or column that holds the text (JSON, JSONL, CSV, Parquet).")
]
IdFieldOption = Annotated[str, typer.Option(help="Field or column that holds the article's id.")]
ThreadsOption = Annotated[int, typer.Option(min=0, help="Processor threads; 0 for all cores.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no table.")]


def read_stdin(language: str) -> Article | Failure:
    """The article on standard input, or why there is none."""
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    try:
        if len(data) > MAX_FILE_BYTES:
            raise ArticleReadError(f"standard input is longer than {MAX_FILE_BYTES / 1e6:.0f} MB")
        decoded = decode_text(data, "standard input")
        return build_article(
            decoded.text,
            id="stdin",
            language=language,
            encoding=decoded.encoding,
            notes=decoded.notes,
            place="standard input",
        )
    except InputError as error:
        return to_failure(error, id="stdin", path="")
