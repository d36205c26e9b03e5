"""Outcomes → how well the numbers of whole articles are met: shares of the profile, AI flag."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from credcheck.evaluation.metrics import (
    Values,
    draw_weights,
    f1,
    interval,
    measure,
    measure_all,
    share,
    to_plain,
)
from credcheck.evaluation.outcomes import Outcome
from credcheck.labels import STATUSES, Status

CONTENT = tuple(status for status in STATUSES if status.is_content)


def score_articles(outcomes: Sequence[Outcome], *, seed: int = 1) -> dict[str, Any]:
    """Error and rank correlation of the status shares, and the AI flag, over articles.

    Shares are of an article's labelled content sentences, annotated against predicted, so that
    articles labelled in part count too. Where nothing of an article was predicted as content, its
    predicted shares are 0, as they are in a profile; without annotated content it is left out.
    """
    by_article: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_article[outcome.cluster].append(outcome)
    articles = list(by_article.values())
    nothing = [0.0] * len(CONTENT)
    kept = [
        (shares, _shares([o.given for o in part]) or nothing)
        for part in articles
        if (shares := _shares([o.expected for o in part])) is not None
    ]
    results: dict[str, Any] = {"n_articles": len(kept), "by_status": {}}
    if kept:
        expected, given = (np.array(side) for side in zip(*kept, strict=True))
        errors = np.abs(expected - given)
        ones = np.ones(len(kept))
        total = np.stack([errors.mean(axis=1), ones], axis=1)
        results["mean_absolute_error"] = to_plain(measure(total, share, seed=seed))
        for column, status in enumerate(CONTENT):
            part = np.stack([errors[:, column], ones], axis=1)
            results["by_status"][str(status)] = {
                "mean_absolute_error": to_plain(measure(part, share, seed=seed)),
                "rank_correlation": to_plain(
                    interval(
                        rank_correlation(expected[:, column], given[:, column], ones[None])[0],
                        rank_correlation(
                            expected[:, column],
                            given[:, column],
                            draw_weights(len(kept), seed=seed),
                        ),
                        n_articles=len(kept),
                    )
                ),
            }
    results["ai_flag"] = _ai_flag(articles, seed)
    return results


def rank_correlation(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], weights: Values
) -> Values:
    """Spearman's rho with average ranks for ties, for every row of weights (n, n_articles).

    A weight is how often an article was drawn. Not a number where one side is constant.
    """
    ranks = [_average_ranks(values, weights) for values in (one, other)]
    totals = weights.sum(axis=1, keepdims=True)
    centred = [part - (part * weights).sum(axis=1, keepdims=True) / totals for part in ranks]
    covariance = (centred[0] * centred[1] * weights).sum(axis=1)
    variances = [(part**2 * weights).sum(axis=1) for part in centred]
    product = variances[0] * variances[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        # Rounding leaves a constant side a variance that is not quite nothing.
        rho: Values = np.where(product > 1e-12, covariance / np.sqrt(product), np.nan)
    return rho


def _average_ranks(values: npt.NDArray[np.float64], weights: Values) -> Values:
    _, group = np.unique(values, return_inverse=True)
    is_member = np.eye(group.max() + 1)[group]
    sizes = weights @ is_member
    ranks = sizes.cumsum(axis=1) - sizes + (sizes + 1) / 2
    found: Values = ranks[:, group]
    return found


def _shares(statuses: Sequence[Status | None]) -> list[float] | None:
    content = [status for status in statuses if status is not None and status.is_content]
    if not content:
        return None
    return [sum(found is status for found in content) / len(content) for status in CONTENT]


def _ai_flag(articles: Sequence[Sequence[Outcome]], seed: int) -> dict[str, Any]:
    """An article is flagged when any of its sentences discloses AI."""
    rows = []
    for part in articles:
        expected = any(o.expected is Status.AI_ENHANCED for o in part)
        given = any(o.given is Status.AI_ENHANCED for o in part)
        rows.append([expected and given, given, expected])
    counts = np.array(rows, dtype=np.float64)

    def statistics(sums: Values) -> dict[str, Values]:
        return {
            "precision": share(sums[..., [0, 1]]),
            "recall": share(sums[..., [0, 2]]),
            "f1": f1(sums),
        }

    figures = measure_all(counts, statistics, seed=seed)
    return {
        "n_annotated": int(counts[:, 2].sum()),
        "n_predicted": int(counts[:, 1].sum()),
        **{name: to_plain(figure) for name, figure in figures.items()},
    }
