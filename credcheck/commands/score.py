"""`credcheck score`: files of articles → a folder of results."""

from collections import Counter
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

from credcheck.batch import FAILURES, find_inputs, read_inputs, score_articles
from credcheck.checker import Checker
from credcheck.commands.options import (
    ALL_DONE,
    NOTHING_DONE,
    SOME_FAILED,
    IdFieldOption,
    LanguageOption,
    ModelOption,
    QuietOption,
    TextFieldOption,
    ThreadsOption,
    complain,
    read_stdin,
)
from credcheck.readers import READERS
from credcheck.records import Failure, Result
from credcheck.structured import Fields
from credcheck.terminal import status_table

_ONE_ARTICLE = {suffix for suffix in READERS if suffix in (".txt", ".md", ".html", ".htm")}
_MAX_LISTED = 20


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
        piped = [read_stdin(language)] if "-" in paths else []
        if all(path.suffix.lower() in _ONE_ARTICLE for path in inputs.files):
            total = len(inputs.files) + len(inputs.failures) + len(piped)
            progress.update(bar, total=total)
        entries = chain(piped, read_inputs(inputs, language=language, fields=fields))
        report = score_articles(entries, out, checker, skipped=inputs.skipped, on_result=on_result)
    if not quiet and report.n_scored:
        console.print(status_table(counts, languages, report.n_scored, out))
    for failure in report.failures[:_MAX_LISTED]:
        complain(failure.message)
    if len(report.failures) > _MAX_LISTED:
        complain(f"and {len(report.failures) - _MAX_LISTED} more")
    if report.failures:
        complain(f"failed articles are listed in {out / FAILURES}")
    if report.skipped:
        suffixes = ", ".join(sorted({path.suffix or path.name for path in report.skipped})[:8])
        complain(f"{len(report.skipped)} file(s) of other formats skipped ({suffixes})")
    if not report.n_scored:
        complain("no article was scored")
        return NOTHING_DONE
    return SOME_FAILED if report.failures else ALL_DONE
