"""Calibration, coverage and agreement against values worked out by hand."""

import numpy as np
import pytest

from credcheck.evaluation.annotators import (
    coincidences_by_article,
    nominal_alpha,
    one_against_rest,
)
from credcheck.evaluation.confidence import (
    THRESHOLDS,
    bin_by_article,
    calibration_error,
    coverage_by_article,
    reliability,
)


def test_calibration_error_is_the_weighted_gap_of_the_bins() -> None:
    confidence = np.array([0.9, 0.9, 0.9, 0.9, 0.6])
    right = np.array([True, True, True, False, True])
    bins = bin_by_article(confidence, right, list("aabbc"))
    assert bins.shape[0] == 3
    expected = (4 * abs(0.9 - 0.75) + 1 * abs(0.6 - 1)) / 5
    assert calibration_error(bins.sum(axis=0)) == pytest.approx(expected, abs=1e-12)
    assert reliability(bins.sum(axis=0)) == [
        (pytest.approx(0.6), 1.0, 1), (pytest.approx(0.9), 0.75, 4),
    ]  # fmt: skip


def test_coverage_counts_what_is_decided_and_right() -> None:
    confidence, right = np.array([0.9, 0.6]), np.array([True, False])
    counts = coverage_by_article(confidence, right, ["a", "b"]).sum(axis=0)
    at_half = counts[np.argmin(np.abs(THRESHOLDS - 0.5))]
    at_three_quarters = counts[np.argmin(np.abs(THRESHOLDS - 0.75))]
    assert at_half.tolist() == [2, 1, 2]
    assert at_three_quarters.tolist() == [1, 1, 2]


def alpha_of(units: list[list[int]]) -> float:
    counts = coincidences_by_article(units, range(len(units)), n_labels=6)
    return float(nominal_alpha(counts.sum(axis=0)))


def test_alpha_of_krippendorffs_worked_example() -> None:
    # Four observers, twelve units, missing data: Krippendorff 2011, example C, nominal .743.
    observers = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    columns = zip(*(line.split() for line in observers), strict=True)
    units = [[int(value) for value in column if value != "."] for column in columns]
    assert alpha_of(units) == pytest.approx(0.743, abs=5e-4)


def test_alpha_needs_two_labels_and_two_kinds() -> None:
    assert np.isnan(alpha_of([[0], [1]]))
    assert np.isnan(alpha_of([[0, 0], [0, 0]]))
    assert alpha_of([[0, 0], [1, 1]]) == pytest.approx(1)


def test_alpha_of_one_label_is_that_of_two_labels() -> None:
    units = [[0, 0], [0, 1], [2, 1], [2, 2], [1, 1], [0, 2]]
    counts = coincidences_by_article(units, range(6), n_labels=3).sum(axis=0)
    for label in range(3):
        collapsed = [[int(value == label) for value in unit] for unit in units]
        assert nominal_alpha(one_against_rest(counts, label)) == pytest.approx(alpha_of(collapsed))


def test_an_unanswered_sentence_is_never_decided() -> None:
    counts = coverage_by_article(np.array([0.9, -1.0]), np.array([True, False]), ["a", "b"])
    assert counts.sum(axis=0)[0].tolist() == [1, 1, 2]
