"""Probabilities and annotated statuses → calibration and coverage, as counts by article.

Expected calibration error: Guo et al. 2017, arXiv:1706.04599. Every figure is a function of counts
that add up over articles, so `metrics.measure` can resample them.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from credcheck.evaluation.metrics import Counts, Values

N_BINS = 15
THRESHOLDS = np.linspace(0, 0.95, 20)
"""Confidences below which a status would be left undecided."""

_N, _CONFIDENCE, _RIGHT = range(3)


def bin_by_article(
    confidence: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    articles: Sequence[Hashable],
) -> Counts:
    """(n_articles, N_BINS, 3): sentences, sum of their confidences, how many are right, by bin.

    confidence: (n_sentences,) probability of the status that was given; right: whether it is.
    """
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    rows = _rows(articles)
    counts = np.zeros((rows.max(initial=-1) + 1, N_BINS, 3))
    values = np.stack([np.ones_like(confidence), confidence, right], axis=1)
    np.add.at(counts, (rows, bins), values)
    return counts


def calibration_error(bins: Values) -> Values:
    """Distance of confidence and accuracy over (..., N_BINS, 3) bins, weighted by sentences."""
    gaps = np.abs(bins[..., _CONFIDENCE] - bins[..., _RIGHT]).sum(axis=-1)
    error: Values = gaps / bins[..., _N].sum(axis=-1)
    return error


def reliability(bins: Values) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and number of sentences of each bin of (N_BINS, 3) that has any."""
    return [(float(confidence / n), float(right / n), int(n)) for n, confidence, right in bins if n]


def coverage_by_article(
    confidence: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    articles: Sequence[Hashable],
) -> Counts:
    """(n_articles, n_thresholds, 3): decided sentences, how many of them are right, all.

    A sentence without an answer has the confidence -1: it is never decided.
    """
    decided = confidence[:, None] >= THRESHOLDS
    rows = _rows(articles)
    counts = np.zeros((rows.max(initial=-1) + 1, len(THRESHOLDS), 3))
    values = np.stack([decided, decided & right[:, None], np.ones_like(decided)], axis=2)
    np.add.at(counts, rows, values.astype(np.float64))
    return counts


def _rows(articles: Sequence[Hashable]) -> npt.NDArray[np.int64]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in articles], dtype=np.int64)
