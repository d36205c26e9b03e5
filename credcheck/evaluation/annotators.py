"""Labels of several annotators → how far they agree, as counts by article.

Krippendorff's alpha for nominal data: Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability"; any number of annotators, missing labels allowed. It is a function of the
coincidences of labels, which add up over articles, so `metrics.measure` can resample them.
"""

from collections.abc import Hashable, Sequence

import numpy as np

from credcheck.evaluation.metrics import Counts, Values


def coincidences_by_article(
    units: Sequence[Sequence[int]], articles: Sequence[Hashable], *, n_labels: int
) -> Counts:
    """(n_articles, n_labels, n_labels): how often two annotators gave one sentence these labels.

    units: for each sentence the labels that it was given, as columns; a single one says nothing.
    """
    numbers: dict[Hashable, int] = {}
    rows = [numbers.setdefault(article, len(numbers)) for article in articles]
    counts = np.zeros((len(numbers), n_labels, n_labels))
    for row, labels in zip(rows, units, strict=True):
        for i, one in enumerate(labels):
            for j, other in enumerate(labels):
                if i != j:
                    counts[row, one, other] += 1 / (len(labels) - 1)
    return counts


def nominal_alpha(coincidences: Values) -> Values:
    """Alpha of summed coincidences (..., n_labels, n_labels): 1 is perfect agreement, 0 chance.

    Not a number where no sentence has two labels, or one label is all there is.
    """
    totals = coincidences.sum(axis=-1)
    n = totals.sum(axis=-1)
    observed = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = n**2 - (totals**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha: Values = 1 - (n - 1) * observed / np.where(expected > 0, expected, np.nan)
    return alpha


def one_against_rest(coincidences: Values, label: int) -> Values:
    """(..., 2, 2) coincidences of one label with all the others taken together."""
    both = coincidences[..., label, label]
    one = coincidences[..., label, :].sum(axis=-1) - both
    rest = coincidences.sum(axis=(-2, -1)) - both - 2 * one
    rows = [np.stack([both, one], axis=-1), np.stack([one, rest], axis=-1)]
    return np.stack(rows, axis=-2)
