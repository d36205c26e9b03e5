"""Files and folders of articles → a folder of results, failures collected."""

import glob
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
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


def find_inputs(paths: Sequence[str], *, leave_out: Path | None = None) -> Inputs:
    """Expand folders (all that is below them, hidden files apart) and globs, without doubles.

    A path that stands for nothing is a failure, and so is a folder that cannot be looked into; a
    file of an unknown format inside a folder is skipped and listed, since folders hold pictures
    beside articles. leave_out: a folder that is not looked into: earlier results are no articles.
    """
    finder = _Finder(os.path.realpath(leave_out) if leave_out else "")
    for name in paths:
        matches = [name] if os.path.lexists(name) else sorted(glob.glob(name, recursive=True))
        if not matches:
            finder.fail(name, "does not exist")
        for path in map(Path, matches):
            if path.is_dir():
                finder.walk(path)
            else:
                finder.add(path)
    return Inputs(tuple(finder.files.values()), tuple(finder.failures), tuple(finder.skipped))


def read_inputs(
    inputs: Inputs, *, language: str = "", fields: Fields | None = None
) -> Iterator[Article | Failure]:
    """Every article of every file; a language given goes before what the files say."""
    yield from inputs.failures
    for file in inputs.files:
        for entry in read_articles(file, fields):
            if language and isinstance(entry, Article):
                entry = replace(entry, language=language)
            yield entry


def score_articles(
    entries: Iterable[Article | Failure],
    out: Path,
    checker: Checker,
    *,
    skipped: tuple[Path, ...] = (),
    on_result: Callable[[Result | Failure], None] | None = None,
) -> BatchReport:
    """Score every article into `profiles.jsonl`, `summary.csv` and `failures.csv`.

    The files get their names when they are complete. on_result is told each result as it comes.
    Raises OutputError when the folder cannot be written, ModelError when the model gives out.
    """
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


class _Finder:
    """Collects files, each once, whatever the paths that lead to it."""

    def __init__(self, leave_out: str) -> None:
        self.files: dict[str, Path] = {}
        self.failures: list[Failure] = []
        self.skipped: list[Path] = []
        self._walked = {leave_out}

    def add(self, path: Path) -> None:
        self.files.setdefault(os.path.realpath(path), path)

    def fail(self, name: str, reason: str) -> None:
        self.failures.append(to_failure(ArticleReadError(f"{name} {reason}"), id=name, path=name))

    def walk(self, folder: Path) -> None:
        def on_error(error: OSError) -> None:
            self.fail(str(error.filename), f"cannot be looked into: {error.strerror}")

        for parent, folders, names in os.walk(folder, onerror=on_error, followlinks=True):
            # Links may lead back up: every real folder is walked once.
            place = os.path.realpath(parent)
            if place in self._walked:
                folders.clear()
                continue
            self._walked.add(place)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent, name)
                if name.startswith("."):
                    continue
                if path.suffix.lower() in READERS:
                    self.add(path)
                else:
                    self.skipped.append(path)


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
