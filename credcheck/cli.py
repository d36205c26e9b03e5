"""The command line: parse, call, print, exit code."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from credcheck import __version__
from credcheck.articles import build_article, to_failure
from credcheck.batch import FAILURES, find_inputs, read_inputs, score_articles
from credcheck.checker import Checker
from credcheck.decoding import MAX_FILE_BYTES, decode_text
from credcheck.errors import ArticleReadError, CredcheckError, InputError
from credcheck.labels import REQUESTED_STATUSES, STATUSES, SourceType
from credcheck.languages import to_language_tag
from credcheck.model_folder import find_model_folder, open_model_folder
from credcheck.readers import READERS
from credcheck.records import Article, Failure, Result
from credcheck.structured import Fields
from credcheck.terminal import article_in_colour, labels_table, plain, status_table
from credcheck.writers import to_dict

ALL_SCORED, SOME_FAILED, NOTHING_DONE = 0, 1, 2

app = typer.Typer(
    help="Give every sentence of news articles its attribution status, and each article a profile.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ModelOption = Annotated[
    str,
    typer.Option("--model", help="Model folder; else CREDCHECK_MODEL, else the shipped one."),
]
LanguageOption = Annotated[
    str,
    typer.Option(
        "--language",
        help="Language of all articles (BCP 47: id, pt-BR); else found.",
        callback=lambda language: _check_language(language),
    ),
]
TextFieldOption = Annotated[
    str, typer.Option(help="Field or column that holds the text (JSON, JSONL, CSV, Parquet).")
]
IdFieldOption = Annotated[str, typer.Option(help="Field or column that holds the article's id.")]
ThreadsOption = Annotated[int, typer.Option(min=0, help="Processor threads; 0 for all cores.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no table.")]


@app.command("score")
def run_score(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...", help="Files, folders, globs; - for an article on standard input."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")],
    language: LanguageOption = "",
    text_field: TextFieldOption = "",
    id_field: IdFieldOption = "",
    model: ModelOption = "",
    threads: ThreadsOption = 0,
    quiet: QuietOption = False,
) -> int:
    """Score articles into OUT/profiles.jsonl (everything), summary.csv and failures.csv.

    Reads .txt .md .html .json .jsonl .csv .tsv .parquet; folders are searched to the bottom.
    Text and id fields are found by their usual names, or named. Exit code: 0 all articles scored,
    1 some failed (listed), 2 nothing could be done.

    Example: credcheck score articles/ more.jsonl --out results
    """
    console = Console(stderr=True)
    checker = Checker(model or None, threads=threads)
    fields = Fields(text_field, id_field)
    counts: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=quiet, transient=True) as progress:
        bar = progress.add_task("scoring", total=None)

        def on_result(result: Result | Failure) -> None:
            progress.advance(bar)
            if isinstance(result, Result):
                counts.update(judgement.status for judgement in result.judgements)
                languages[result.profile.language] += 1

        inputs = find_inputs([path for path in paths if path != "-"], leave_out=out)
        piped = [_read_stdin(language)] if "-" in paths else []
        if all(path.suffix.lower() in _ONE_ARTICLE for path in inputs.files):
            total = len(inputs.files) + len(inputs.failures) + len(piped)
            progress.update(bar, total=total)
        entries = chain(piped, read_inputs(inputs, language=language, fields=fields))
        report = score_articles(entries, out, checker, skipped=inputs.skipped, on_result=on_result)
    if not quiet and report.n_scored:
        console.print(status_table(counts, languages, report.n_scored, out))
    for failure in report.failures[:_MAX_LISTED]:
        _complain(failure.message)
    if len(report.failures) > _MAX_LISTED:
        _complain(f"and {len(report.failures) - _MAX_LISTED} more")
    if report.failures:
        _complain(f"failed articles are listed in {out / FAILURES}")
    if report.skipped:
        suffixes = ", ".join(sorted({path.suffix or path.name for path in report.skipped})[:8])
        _complain(f"{len(report.skipped)} file(s) of other formats skipped ({suffixes})")
    if not report.n_scored:
        _complain("no article was scored")
        return NOTHING_DONE
    return SOME_FAILED if report.failures else ALL_SCORED


@app.command("show")
def run_show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file; - for standard input.")],
    language: LanguageOption = "",
    text_field: TextFieldOption = "",
    id_field: IdFieldOption = "",
    model: ModelOption = "",
    threads: ThreadsOption = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines instead.")] = False,
) -> int:
    """Print the article(s) of a file with the status of every sentence, in colour.

    Source words are underlined, cue words are italic; ? marks a sentence that stays undecided.
    """
    checker = Checker(model or None, threads=threads)
    console = Console(soft_wrap=True)
    inputs = find_inputs([file] if file != "-" else [])
    piped = [_read_stdin(language)] if file == "-" else []
    fields = Fields(text_field, id_field)
    entries = chain(piped, read_inputs(inputs, language=language, fields=fields))
    n_scored = n_failed = 0
    for result in checker.check_many(entries):
        if isinstance(result, Failure):
            n_failed += 1
            _complain(result.message)
        elif as_json:
            n_scored += 1
            print(json.dumps(to_dict(result), ensure_ascii=False))
        else:
            n_scored += 1
            console.print(article_in_colour(result))
    if not n_scored:
        return NOTHING_DONE
    return SOME_FAILED if n_failed else ALL_SCORED


@app.command("labels")
def run_labels(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> int:
    """List the statuses and source types with what they mean."""
    if as_json:
        statuses = [
            {"name": str(status), "meaning": status.meaning, "is_content": status.is_content}
            for status in STATUSES
        ]
        print(json.dumps({"statuses": statuses, "source_types": list(map(str, SourceType))}))
    else:
        Console().print(labels_table(REQUESTED_STATUSES))
    return ALL_SCORED


@app.command("model")
def run_model(
    model: ModelOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> int:
    """Say which model is used, where it lies, and whether its files are whole."""
    folder = open_model_folder(find_model_folder(model or None))
    folder.check_files()
    manifest = folder.manifest
    if as_json:
        print(json.dumps({"path": str(folder.path), **manifest.to_dict()}))
        return ALL_SCORED
    calibration = manifest.calibration
    lines = {
        "model": manifest.model_id,
        "folder": str(folder.path),
        "base": manifest.base,
        "licence": manifest.licence,
        "window": f"{manifest.window.max_tokens} tokens",
        "calibration": f"temperature {calibration.temperature:.3f}, "
        f"undecided below {calibration.threshold:.2f}",
        "languages of the base": " ".join(manifest.languages),
        "files": "whole (SHA-256 checked)",
    }
    for name, value in lines.items():
        print(f"{name:>22}  {value}")
    return ALL_SCORED


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        command = typer.main.get_command(app)
        code = command.main(
            args=list(argv) if argv is not None else None,
            prog_name="credcheck",
            standalone_mode=False,
        )
        if code == _INTERRUPTED:
            _complain("stopped; no results were written")
        return int(code or 0)
    except typer.Exit as error:
        return int(error.exit_code)
    except CredcheckError as error:
        _complain(str(error))
        return NOTHING_DONE
    except Exception as error:
        # Wrong usage comes as an error that prints itself; everything else is a bug of ours.
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return NOTHING_DONE


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(f"credcheck {__version__}")
        raise typer.Exit


_ONE_ARTICLE = {suffix for suffix in READERS if suffix in (".txt", ".md", ".html", ".htm")}
_MAX_LISTED = 20


_INTERRUPTED = 130
"""What a shell calls a program that was stopped by Ctrl-C."""


def _complain(message: str) -> None:
    print(f"credcheck: {plain(message)}", file=sys.stderr)


def _check_language(language: str) -> str:
    if language and not to_language_tag(language):
        raise typer.BadParameter(f"{language} is no language tag such as id, pt-BR or sr-Latn")
    return language


def _read_stdin(language: str) -> Article | Failure:
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


if __name__ == "__main__":
    sys.exit(main())
