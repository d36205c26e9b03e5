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
