"""Counts by article become figures with intervals."""

import numpy as np
import pytest

from credcheck.evaluation.metrics import (
    accuracy,
    confusion_by_article,
    f1,
    f1_by_status,
    macro_f1,
    measure,
    measure_error,
    measure_macro_f1,
    recall_by_status,
    share,
)
from credcheck.labels import STATUSES


def test_confusion_counts_each_article_by_itself() -> None:
    counts = confusion_by_article(np.array([0, 1, 1]), np.array([0, 1, 2]), ["a", "b", "b"])
    assert counts.shape == (2, len(STATUSES), len(STATUSES))
    assert counts[0, 0, 0] == counts[1, 1, 1] == counts[1, 1, 2] == 1
    assert counts.sum() == 3


def test_macro_f1_is_the_mean_over_annotated_statuses() -> None:
    confusion = np.zeros((len(STATUSES), len(STATUSES)))
    confusion[0, 0], confusion[1, 1], confusion[1, 5] = 2, 1, 1
    assert accuracy(confusion) == 0.75
    assert f1_by_status(confusion)[:2].tolist() == [1, pytest.approx(2 / 3)]
    assert macro_f1(confusion) == pytest.approx((1 + 2 / 3) / 2)
    assert np.isnan(f1_by_status(confusion)[2])


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    hits = 0
    for trial in range(60):
        # Articles differ: intervals over sentences would be far too narrow here.
        rates = generator.beta(4, 2, 80)
        counts = np.stack([generator.binomial(20, rates), np.full(80, 20)], axis=1).astype(float)
        figure = measure(counts, share, seed=trial)
        assert figure.low is not None and figure.high is not None
        hits += figure.low <= 4 / 6 <= figure.high
    assert 51 <= hits <= 60


def test_two_articles_have_no_interval() -> None:
    figure = measure(np.array([[1.0, 2.0], [2.0, 2.0]]), share)
    assert (figure.value, figure.low, figure.high) == (0.75, None, None)


def test_f1_of_counts() -> None:
    assert f1(np.array([2.0, 4.0, 2.0])) == pytest.approx(2 / 3)


def test_a_rare_status_that_is_missed_does_not_leave_the_macro_mean() -> None:
    confusion = np.zeros((40, len(STATUSES), len(STATUSES)))
    confusion[:, 0, 0], confusion[:, 1, 1] = 5, 5
    # One sentence of a third status, in one article, taken for the first.
    confusion[0, 2, 0] = 1
    figure = measure_macro_f1(confusion)
    assert figure.value == pytest.approx((2 * 200 / 401 + 1 + 0) / 3)
    assert figure.high is not None and figure.high < 0.67


def test_a_figure_that_two_articles_carry_has_no_interval() -> None:
    confusion = np.zeros((100, len(STATUSES), len(STATUSES)))
    confusion[:, 6, 6] = 10
    confusion[:2, 2, 2], confusion[:2, 2, 3] = 3, 1
    denied = measure(confusion, lambda sums: recall_by_status(sums)[..., 2])
    plain = measure(confusion, lambda sums: recall_by_status(sums)[..., 6])
    assert (denied.value, denied.low, denied.high) == (0.75, None, None)
    assert plain.low == 1


def test_the_interval_of_an_error_takes_off_what_chance_adds() -> None:
    generator = np.random.default_rng(2)
    # Two coins, both right: distance from one half is chance alone.
    counts = generator.binomial(10, 0.5, (40, 2)).astype(float)

    def distance(sums: np.ndarray) -> np.ndarray:
        return np.abs(sums / (10 * 40) - 0.5).sum(axis=-1)

    figure = measure_error(counts, distance)
    assert figure.low is not None and figure.high is not None
    assert figure.low <= 0.02
    assert figure.low <= figure.high
