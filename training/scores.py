"""Predicted and annotated statuses → the scores that trainings are chosen by (scikit-learn)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from credcheck.labels import STATUSES


@dataclass(frozen=True, slots=True)
class StatusScore:
    """One status: shares 0 to 1, support in sentences."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """A set of sentences scored."""

    n_sentences: int
    accuracy: float
    macro_f1: float
    """Mean F1 over the statuses that occur in the annotation."""
    by_status: dict[str, StatusScore]

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def score(gold: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]) -> Scores:
    """Score predictions; both are (n_sentences,) columns of Status."""
    present = sorted(set(gold.tolist()))
    precision, recall, f1, support = precision_recall_fscore_support(
        gold, predicted, labels=present, zero_division=0.0
    )
    by_status = {
        str(STATUSES[column]): StatusScore(
            float(precision[i]), float(recall[i]), float(f1[i]), int(support[i])
        )
        for i, column in enumerate(present)
    }
    return Scores(
        n_sentences=len(gold),
        accuracy=float(accuracy_score(gold, predicted)),
        macro_f1=float(np.mean(f1)),
        by_status=by_status,
    )


def score_groups(
    gold: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], groups: Sequence[str]
) -> dict[str, Scores]:
    """Scores of each group (a language, a corpus) by itself."""
    names = np.array(groups)
    return {
        str(name): score(gold[names == name], predicted[names == name])
        for name in sorted(set(groups))
    }
