"""Annotated and predicted statuses → the scores that trainings are chosen by, with intervals."""

from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from credcheck.evaluation.metrics import (
    Values,
    accuracy,
    confusion_by_article,
    f1_by_status,
    macro_f1,
    measure_all,
    precision_by_status,
    recall_by_status,
)
from credcheck.labels import STATUSES

Interval = tuple[float | None, float | None]
"""Low and high end of 95 %, resampling articles; None where articles are too few."""


@dataclass(frozen=True, slots=True)
class StatusScore:
    """One status: shares 0 to 1, support in sentences."""

    precision: float
    recall: float
    f1: float
    f1_interval: Interval
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """A set of sentences scored."""

    n_sentences: int
    n_articles: int
    accuracy: float
    accuracy_interval: Interval
    macro_f1: float
    """Mean F1 over the statuses that occur in the annotation."""
    macro_f1_interval: Interval
    by_status: dict[str, StatusScore]
    confusion: list[list[int]]
    """Rows are annotated, columns predicted statuses, in Status order."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def score(
    gold: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], articles: Sequence[Hashable]
) -> Scores:
    """Score predictions; gold and predicted are (n_sentences,) columns of Status, articles says
    which one each sentence is of."""
    counts = confusion_by_article(gold, predicted, articles)
    total = counts.sum(axis=0)
    figures = measure_all(counts, lambda sums: _figures(sums, total))
    precision, recall = precision_by_status(total), recall_by_status(total)
    support = total.sum(axis=1)
    by_status = {}
    for column in np.flatnonzero(support):
        f1 = figures[str(column)]
        by_status[str(STATUSES[column])] = StatusScore(
            precision=float(np.nan_to_num(precision[column])),
            recall=float(recall[column]),
            f1=f1.value,
            f1_interval=(f1.low, f1.high),
            support=int(support[column]),
        )
    right, mean = figures["accuracy"], figures["macro_f1"]
    return Scores(
        n_sentences=len(gold),
        n_articles=len(counts),
        accuracy=right.value,
        accuracy_interval=(right.low, right.high),
        macro_f1=mean.value,
        macro_f1_interval=(mean.low, mean.high),
        by_status=by_status,
        confusion=total.astype(int).tolist(),
    )


def score_groups(
    gold: npt.NDArray[np.int64],
    predicted: npt.NDArray[np.int64],
    articles: Sequence[Hashable],
    groups: Sequence[str],
) -> dict[str, Scores]:
    """Scores of each group (a language, a corpus) by itself."""
    names, of = np.array(groups), np.array(articles)
    return {
        str(name): score(gold[names == name], predicted[names == name], of[names == name].tolist())
        for name in sorted(set(groups))
    }


def _figures(sums: Values, whole: Values) -> dict[str, Values]:
    f1 = f1_by_status(sums)
    figures = {"accuracy": accuracy(sums), "macro_f1": macro_f1(sums, whole)}
    return figures | {str(column): f1[..., column] for column in range(len(STATUSES))}
