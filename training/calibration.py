"""Logits of the exported network on development documents → temperature, and how good it is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from credcheck.evaluation.confidence import bin_by_article, calibration_error
from credcheck.judgements import probabilities
from credcheck.model_folder import Calibration

THRESHOLD = 0.5
"""Below it the calibrated model itself holds its status for more likely wrong than right."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the threshold costs and gives; shares 0 to 1."""

    decided_share: float
    decided_accuracy: float
    undecided_accuracy: float
    either_candidate_accuracy: float
    """Share of undecided sentences whose status is one of the two candidates."""


def fit_temperature(logits: npt.NDArray[np.float32], gold: npt.NDArray[np.int64]) -> float:
    """The temperature with the least negative log likelihood (Guo et al. 2017)."""

    def loss(log_temperature: float) -> float:
        rows = probabilities(logits, Calibration(temperature=float(np.exp(log_temperature))))
        return float(-np.log(rows[np.arange(len(gold)), gold] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def expected_calibration_error(rows: npt.NDArray[np.float64], gold: npt.NDArray[np.int64]) -> float:
    """Mean distance of confidence and accuracy over equal bins, weighted by their sentences."""
    bins = bin_by_article(rows.max(axis=1), rows.argmax(axis=1) == gold, [""] * len(gold))
    return float(calibration_error(bins.sum(axis=0)))


def cross_fitted_error(
    logits: npt.NDArray[np.float32], gold: npt.NDArray[np.int64], documents: list[str]
) -> float:
    """Calibration error with the temperature fitted on one half of the documents and measured on
    the other, both ways."""
    names = sorted(set(documents))
    first = {name for number, name in enumerate(names) if number % 2}
    side = np.array([name in first for name in documents])
    rows = np.empty(logits.shape, dtype=np.float64)
    for half in (side, ~side):
        temperature = fit_temperature(logits[~half], gold[~half])
        rows[half] = probabilities(logits[half], Calibration(temperature=temperature))
    return expected_calibration_error(rows, gold)


def measure_coverage(
    rows: npt.NDArray[np.float64], gold: npt.NDArray[np.int64], threshold: float
) -> Coverage:
    """Accuracy on both sides of the threshold."""
    order = np.argsort(-rows, axis=1)
    correct = order[:, 0] == gold
    decided = rows.max(axis=1) >= threshold
    either = correct | (order[:, 1] == gold)

    def share(values: npt.NDArray[np.bool_]) -> float:
        return float(values.mean()) if len(values) else 0.0

    return Coverage(
        decided_share=share(decided),
        decided_accuracy=share(correct[decided]),
        undecided_accuracy=share(correct[~decided]),
        either_candidate_accuracy=share(either[~decided]),
    )
