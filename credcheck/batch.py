"""Files and folders of articles → a folder of results, failures collected."""

import glob
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO

from credcheck.articles import to_failure
from credcheck.checker import Checker
from credcheck.errors import ArticleReadError, OutputError
from credcheck.readers import READERS, read_articles
from credcheck.records import Article, Failure, Result
from credcheck.structured import Fields
from credcheck.writers import FailureWriter, SummaryWriter, to_json

PROFILES = "profiles.jsonl"
SUMMARY = "summary.csv"
FAILURES = "failures.csv"


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a batch did."""

    n_scored: int
    failures: tuple[Failure, ...]
    skipped: tuple[Path, ...]
    """Files in folders whose suffix has no reader."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a command line's paths stand for."""

    files: tuple[Path, ...]
    failures: tuple[Failure, ...]
    skipped: tuple[Path, ...]


def find_inputs(paths: Sequence[str]) -> Inputs:
    """Expand folders (all that is below them, hidden files apart) and globs, without doubles.

    A path that stands for nothing is a failure; a file of an unknown format inside a folder is
    skipped and listed, since folders hold pictures beside articles.
    """
    files: dict[Path, None] = {}
    skipped: dict[Path, None] = {}
    failures = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for found in _walk(path):
                (files if found.suffix.lower() in READERS else skipped)[found] = None
        elif path.exists():
            files[path] = None
        elif matches := sorted(glob.glob(name, recursive=True)):
            files.update(dict.fromkeys(Path(match) for match in matches if os.path.isfile(match)))
        else:
            error = ArticleReadError(f"{name} does not exist")
            failures.append(to_failure(error, id=name, path=name))
    return Inputs(tuple(files), tuple(failures), tuple(skipped))


def score_files(
    inputs: Inputs,
    out: Path,
    checker: Checker,
    *,
    language: str = "",
    fields: Fields | None = None,
    on_result: Callable[[Result | Failure], None] | None = None,
) -> BatchReport:
    """Score every article of every file into `profiles.jsonl`, `summary.csv`, `failures.csv`.

    The files get their names when they are complete. on_result is told each result as it comes.
    Raises OutputError when the folder cannot be written, ModelError when the model gives out.
    """
    read = (entry for file in inputs.files for entry in read_articles(file, fields))
    entries: Iterator[Article | Failure] = chain(inputs.failures, read)
    if language:
        entries = (_with_language(entry, language) for entry in entries)
    return score_articles(entries, out, checker, skipped=inputs.skipped, on_result=on_result)


def score_articles(
    entries: Iterator[Article | Failure],
    out: Path,
    checker: Checker,
    *,
    skipped: tuple[Path, ...] = (),
    on_result: Callable[[Result | Failure], None] | None = None,
) -> BatchReport:
    """Score a stream of articles into a folder; see `score_files`."""
    n_scored, failures = 0, []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            profiles, summary_file, failure_file = (
                stack.enter_context(_NewFile(out / name)) for name in (PROFILES, SUMMARY, FAILURES)
            )
            summary, failure_rows = SummaryWriter(summary_file), FailureWriter(failure_file)
            for result in checker.check_many(entries):
                if isinstance(result, Failure):
                    failures.append(result)
                    failure_rows.write(result)
                else:
                    n_scored += 1
                    profiles.write(to_json(result) + "\n")
                    summary.write(result)
                if on_result:
                    on_result(result)
    except OSError as error:
        raise OutputError(
            f"results cannot be written to {out}: {error.strerror or error}"
        ) from error
    return BatchReport(n_scored, tuple(failures), skipped)


def _with_language(entry: Article | Failure, language: str) -> Article | Failure:
    return entry if isinstance(entry, Failure) else replace(entry, language=language)


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


class _NewFile:
    """A text file written under a temporary name and renamed when all went well."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> IO[str]:
        handle, self._temporary = tempfile.mkstemp(
            dir=self._path.parent, prefix=f".{self._path.name}.", text=True
        )
        self._file = open(handle, "w", encoding="utf-8", newline="")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._file.close()
        if kind is None:
            # mkstemp makes files that only their owner may read; results are ordinary files.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(self._temporary, 0o666 & ~mask)
            os.replace(self._temporary, self._path)
        else:
            os.unlink(self._temporary)
