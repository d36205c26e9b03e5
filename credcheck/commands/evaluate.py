"""`credcheck evaluate` and `credcheck preannotate`: how good it is on your own articles, and tasks
for the tools in which people label them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from credcheck.batch import find_inputs, read_inputs
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
)
from credcheck.evaluation.labelled_sets import READERS
from credcheck.evaluation.mapping import read_mapping
from credcheck.evaluation.page import REPORT, write_page
from credcheck.evaluation.preannotations import WRITERS
from credcheck.evaluation.results import RESULTS, read_results, write_results
from credcheck.evaluation.run import LabelledSet, evaluate, evaluate_predictions, read_sets
from credcheck.records import Article, Failure, Result
from credcheck.structured import Fields
from credcheck.terminal import evaluation_table

_FORMATS = ", ".join(READERS)


def run_evaluate(
    sets: Annotated[
        list[Path] | None,
        typer.Argument(metavar="SET...", help="Labelled sets: files or folders; see --format."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for results.json and report.html.")
    ] = Path("evaluation"),
    predictions: Annotated[
        Path | None,
        typer.Option(
            help="Measure these predictions instead of a model: a profiles.jsonl, or labels in any "
            "format of labelled sets, by the same article ids."
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Compare with an older results.json, or with another model folder."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="TOML or JSON file that turns other status names into ours."),
    ] = None,
    format: Annotated[
        str, typer.Option(help=f"Format of the sets, found when not given: {_FORMATS}.")
    ] = "",
    redraw: Annotated[
        Path | None,
        typer.Option(help="Draw the report again from this results.json; no set, no model."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the resampling.")] = 1,
    model: ModelOption = "",
    threads: ThreadsOption = 0,
    quiet: QuietOption = False,
) -> int:
    """Measure statuses against labelled sets: OUT/results.json (everything) and OUT/report.html.

    Articles are scored as a user would score them; labels and predictions are aligned by their
    places in the text. Every figure has a 95 % interval that resamples articles.
    Exit code: 0 all articles measured, 1 some could not be scored (they count as wrong), 2 nothing
    could be done.

    Example: credcheck evaluate labels.jsonl --out evaluation
    """
    console = Console(stderr=True)
    if redraw is not None:
        results = read_results(redraw)
    else:
        if not sets:
            complain("name a labelled set, or --redraw results.json; see credcheck evaluate --help")
            return NOTHING_DONE
        names = read_mapping(mapping) if mapping else None
        read = read_sets(sets, names=names, format=format)
        older = None
        if against is not None:
            is_model = (against / "manifest.json").is_file()
            if is_model:
                older = _measure(read, Checker(against, threads=threads), "old model", seed, quiet)
            else:
                older = read_results(against)
        if predictions is not None:
            results = evaluate_predictions(read, predictions, names=names, against=older, seed=seed)
        else:
            checker = Checker(model or None, threads=threads)
            results = _measure(read, checker, "scoring", seed, quiet, older)
        write_results(out / RESULTS, results)
    write_page(out / REPORT, results)
    if not quiet:
        console.print(evaluation_table(results["scores"], results.get("comparison"), out / REPORT))
    for failure in results["failures"][:20]:
        complain(f"article {failure['article']}: {failure['message']} (counts as wrong)")
    return SOME_FAILED if results["failures"] else ALL_DONE


def run_preannotate(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders and globs of articles.")
    ],
    to: Annotated[str, typer.Option(help=f"Tool: {', '.join(WRITERS)}.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the tasks.")],
    language: LanguageOption = "",
    text_field: TextFieldOption = "",
    id_field: IdFieldOption = "",
    model: ModelOption = "",
    threads: ThreadsOption = 0,
) -> int:
    """Write statuses and evidence as pre-annotations, to be corrected in an annotation tool.

    What people corrected there is read by `credcheck evaluate`.

    Example: credcheck preannotate articles/ --to label-studio --out tasks
    """
    if to not in WRITERS:
        raise typer.BadParameter(f"{to!r} is no tool that is known: {', '.join(WRITERS)}")
    checker = Checker(model or None, threads=threads)
    fields = Fields(text_field, id_field)
    entries = read_inputs(find_inputs(paths, leave_out=out), language=language, fields=fields)
    results: list[Result] = []
    n_failed = 0
    for entry in checker.check_many(_with_own_ids(entries)):
        if isinstance(entry, Failure):
            n_failed += 1
            complain(entry.message)
        else:
            results.append(entry)
    if not results:
        complain("no article was scored")
        return NOTHING_DONE
    count = WRITERS[to](results, out)
    complain(f"{count} articles for {to} in {out}")
    return SOME_FAILED if n_failed else ALL_DONE


def _with_own_ids(entries: Iterable[Article | Failure]) -> Iterator[Article | Failure]:
    """Articles with ids of their own: files of one name in two folders come back as two."""
    taken: Counter[str] = Counter()
    for entry in entries:
        taken[entry.id] += 1
        if isinstance(entry, Article) and taken[entry.id] > 1:
            entry = replace(entry, id=f"{entry.id} ({taken[entry.id]})")
        yield entry


def _measure(
    sets: list[LabelledSet],
    checker: Checker,
    task: str,
    seed: int,
    quiet: bool,
    older: dict[str, Any] | None = None,
) -> dict[str, Any]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bars:
        bar = bars.add_task(task, total=sum(len(one.articles) for one in sets))
        return evaluate(
            sets, checker, against=older, seed=seed, on_article=lambda: bars.advance(bar)
        )
