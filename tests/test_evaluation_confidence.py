"""Calibration, coverage and agreement against values worked out by hand."""

import numpy as np
import pytest

from credcheck.evaluation.annotators import nominal_alpha
from credcheck.evaluation.confidence import (
    THRESHOLDS,
    bin_by_article,
    calibration_error,
    coverage_by_article,
    reliability,
)
from credcheck.labels import STATUSES


def rows(*confidences: float) -> np.ndarray:
    """Sentences whose first status has the given probability."""
    shares = np.zeros((len(confidences), len(STATUSES)))
    shares[:, 0] = confidences
    shares[:, 1] = 1 - np.array(confidences)
    return shares


def test_calibration_error_is_the_weighted_gap_of_the_bins() -> None:
    shares = rows(0.9, 0.9, 0.9, 0.9, 0.6)
    gold = np.array([0, 0, 0, 1, 0])
    bins = bin_by_article(shares, gold, list("aabbc"))
    assert bins.shape[0] == 3
    expected = (4 * abs(0.9 - 0.75) + 1 * abs(0.6 - 1)) / 5
    assert calibration_error(bins.sum(axis=0)) == pytest.approx(expected, abs=1e-12)
    assert reliability(bins.sum(axis=0)) == [
        (pytest.approx(0.6), 1.0, 1), (pytest.approx(0.9), 0.75, 4),
    ]  # fmt: skip


def test_coverage_counts_what_is_decided_and_right() -> None:
    counts = coverage_by_article(rows(0.9, 0.6), np.array([0, 1]), ["a", "b"]).sum(axis=0)
    at_half = counts[np.argmin(np.abs(THRESHOLDS - 0.5))]
    at_three_quarters = counts[np.argmin(np.abs(THRESHOLDS - 0.75))]
    assert at_half.tolist() == [2, 1, 2]
    assert at_three_quarters.tolist() == [1, 1, 2]


def test_alpha_of_krippendorffs_worked_example() -> None:
    # Four observers, twelve units, missing data: Krippendorff 2011, example C, nominal .743.
    observers = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    columns = zip(*(line.split() for line in observers), strict=True)
    units = [[value for value in column if value != "."] for column in columns]
    assert nominal_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_alpha_needs_two_labels_and_two_kinds() -> None:
    assert nominal_alpha([["a"], ["b"]]) is None
    assert nominal_alpha([["a", "a"], ["a", "a"]]) is None
    assert nominal_alpha([["a", "a"], ["b", "b"]]) == pytest.approx(1)
