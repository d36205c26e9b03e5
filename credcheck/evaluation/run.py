"""Labelled sets and a checker, or a file of predictions → signed results."""

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from credcheck.checker import Checker
from credcheck.errors import InputError, LabelledSetError
from credcheck.evaluation.labelled import LabelledArticle, LabelNames
from credcheck.evaluation.labelled_sets import find_format, read_labelled_set
from credcheck.evaluation.outcomes import Outcome, judge_labelled, pair_judgements
from credcheck.evaluation.predictions import pair_predictions, read_predictions
from credcheck.evaluation.results import build_results
from credcheck.model_folder import file_hash
from credcheck.version import __version__

SPLITTER = f"credcheck {__version__}"
"""What cut the texts into sentences; predictions of others bring their own."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A labelled set that was read."""

    name: str
    path: Path
    format: str
    articles: Sequence[LabelledArticle]
    digest: str
    """SHA-256 over everything that was read: two files with one digest measure the same."""

    @property
    def n_sentences(self) -> int:
        """Labelled sentences."""
        return sum(len(article.sentences) for article in self.articles)


def read_sets(
    paths: Sequence[Path], *, names: LabelNames | None = None, format: str = ""
) -> list[LabelledSet]:
    """Read labelled sets, named by their files; raises LabelledSetError."""
    sets: list[LabelledSet] = []
    for path in paths:
        found = format or find_format(path) if path.exists() else format
        articles = read_labelled_set(path, names=names, format=found)
        one = LabelledSet(_free_name(path.stem, sets), path, found, articles, _digest(articles))
        same = next((other.name for other in sets if other.digest == one.digest), None)
        if same:
            raise LabelledSetError(
                f"{path} holds the same articles and labels as {same!r}: each would count twice"
            )
        sets.append(one)
    return sets


def _free_name(stem: str, sets: Sequence[LabelledSet]) -> str:
    taken = {one.name for one in sets}
    names = (stem, *(f"{stem} ({number})" for number in range(2, len(sets) + 3)))
    return next(name for name in names if name not in taken)


def evaluate(
    sets: Sequence[LabelledSet],
    checker: Checker,
    *,
    against: dict[str, Any] | None = None,
    seed: int = 1,
    on_article: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Score every article as a user would, and measure; returns what `results.json` holds.

    An article that cannot be scored counts as wrong in every sentence and is listed.
    """
    failures: list[dict[str, str]] = []

    def judge(article: LabelledArticle) -> Iterator[Outcome]:
        try:
            yield from judge_labelled(checker, [article])
        except InputError as error:
            failures.append({"article": article.id, "message": str(error)})
            yield from pair_judgements(article, [], text=article.text)

    outcomes = _collect(sets, judge, on_article)
    manifest = checker.manifest
    signature = {
        "credcheck": __version__,
        "model": manifest.model_id,
        "network_sha256": manifest.files["model.onnx"],
        "calibration": {
            "temperature": manifest.calibration.temperature,
            "threshold": manifest.calibration.threshold,
        },
        "splitter": SPLITTER,
        "sets": [_describe(one) for one in sets],
    }
    return build_results(
        outcomes, signature=signature, failures=failures, against=against, seed=seed
    )


def evaluate_predictions(
    sets: Sequence[LabelledSet],
    path: Path,
    *,
    names: LabelNames | None = None,
    against: dict[str, Any] | None = None,
    seed: int = 1,
) -> dict[str, Any]:
    """Measure somebody's predictions, given by article id; returns what `results.json` holds.

    Raises LabelledSetError when no article of the sets was predicted.
    """
    if any(path.exists() and path.samefile(one.path) for one in sets):
        raise LabelledSetError(f"{path} is the labelled set itself: it would agree with itself")
    predictions = read_predictions(path, names)
    wanted = {article.id for one in sets for article in one.articles}
    if not wanted & set(predictions):
        raise LabelledSetError(
            f"{path} predicts none of the {len(wanted)} labelled articles: it has ids such as "
            f"{next(iter(predictions), 'none')!r}, the set has {min(wanted)!r}"
        )
    outcomes = _collect(sets, lambda article: pair_predictions(article, predictions))
    failures = [
        {"article": article, "message": "not predicted"}
        for article in sorted(wanted - set(predictions))
    ]
    signature = {
        "credcheck": __version__,
        "predictions": path.name,
        "predictions_sha256": file_hash(path) if path.is_file() else "",
        "splitter": "of the predictions",
        "n_predicted_beside_the_sets": len(set(predictions) - wanted),
        "sets": [_describe(one) for one in sets],
    }
    return build_results(
        outcomes, signature=signature, failures=failures, against=against, seed=seed
    )


def _collect(
    sets: Sequence[LabelledSet],
    judge: Callable[[LabelledArticle], Iterator[Outcome]],
    on_article: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for one in sets:
        for article in one.articles:
            outcomes += (replace(outcome, set=one.name) for outcome in judge(article))
            on_article()
    return outcomes


def _describe(one: LabelledSet) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "format": one.format,
        "sha256": one.digest,
        "n_articles": len(one.articles),
        "n_articles_without_labels": sum(not article.sentences for article in one.articles),
        "n_sentences": one.n_sentences,
        "labels_by": dict(Counter(a.labels_by for a in one.articles if a.labels_by)),
    }


def _digest(articles: Sequence[LabelledArticle]) -> str:
    total = hashlib.sha256()
    for article in sorted(articles, key=lambda article: article.id):
        # The place differs between copies of a file, and says nothing of what is measured.
        known = dataclasses.replace(article, place="")
        total.update(repr(known).encode("utf-8", "replace"))
    return total.hexdigest()
