"""Outcomes of two models on one set → what changed, and whether it is more than chance.

Both are resampled together (paired bootstrap over articles; Efron & Tibshirani 1993, chapter 16),
and McNemar's test asks whether as many sentences became right as became wrong (McNemar 1947). The
test takes sentences for independent, which those of one article are not: where the two disagree,
believe the interval.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from credcheck.errors import LabelledSetError
from credcheck.evaluation.metrics import Values, accuracy, f1_by_status, macro_f1, measure_all
from credcheck.evaluation.metrics import to_plain as plain
from credcheck.evaluation.outcomes import Outcome
from credcheck.evaluation.scores import count_confusion
from credcheck.labels import STATUSES

_EXACT_BELOW = 1_000


def compare(
    outcomes: Sequence[Outcome], against: Sequence[Outcome], *, seed: int = 1
) -> dict[str, Any]:
    """Differences (new less old) with 95 % intervals, McNemar's test and the changed sentences.

    `changed` gives positions in `outcomes` and the status that was said before. Raises
    LabelledSetError when the two were not measured on the same labels.
    """
    old_by_key = dict(zip(_keys(against), against, strict=True))
    pairs = [(new, old_by_key.get(key)) for key, new in zip(_keys(outcomes), outcomes, strict=True)]
    known = [(new, old) for new, old in pairs if old is not None]
    if len(known) < len(outcomes) or len(known) < len(against):
        raise LabelledSetError(
            f"the two evaluations are not of the same sentences: {len(outcomes)} and "
            f"{len(against)}, of which {len(known)} are in both"
        )
    relabelled = [new for new, old in known if new.expected is not old.expected]
    if relabelled:
        first = relabelled[0]
        raise LabelledSetError(
            f"the labels changed between the two evaluations in {len(relabelled)} sentences, the "
            f"first in article {first.article!r}, sentence {first.number + 1}: evaluate the old "
            "model again"
        )
    olds = [old for _, old in known]
    stacked = np.stack([count_confusion(outcomes), count_confusion(olds)], axis=1)

    whole = stacked.sum(axis=0)

    def differences(sums: Values) -> dict[str, Values]:
        new, old = sums[..., 0, :, :], sums[..., 1, :, :]
        by_status = f1_by_status(new) - f1_by_status(old)
        return {
            "accuracy": accuracy(new) - accuracy(old),
            "macro_f1": macro_f1(new, whole[0]) - macro_f1(old, whole[1]),
            **{str(status): by_status[..., i] for i, status in enumerate(STATUSES)},
        }

    figures = {k: plain(v) for k, v in measure_all(stacked, differences, seed=seed).items()}
    changed = [
        {"position": position, "before": str(old.given) if old.given else None}
        for position, (new, old) in enumerate(known)
        if new.given is not old.given
    ]
    better = sum(new.given is new.expected is not old.given for new, old in known)
    worse = sum(old.given is new.expected is not new.given for new, old in known)
    return {
        "accuracy": figures["accuracy"],
        "macro_f1": figures["macro_f1"],
        "f1_by_status": {str(status): figures[str(status)] for status in STATUSES},
        "n_better": better,
        "n_worse": worse,
        "mcnemar_p": mcnemar(better, worse),
        "changed": changed,
    }


def mcnemar(better: int, worse: int) -> float:
    """Two-sided p-value: exact binomial, or chi-squared with continuity correction for many."""
    n, fewer = better + worse, min(better, worse)
    if not n or better == worse:
        return 1.0
    if n < _EXACT_BELOW:
        tail = sum(math.comb(n, k) for k in range(fewer + 1))
        return float(min(1.0, 2 * tail / 2**n))
    statistic = (abs(better - worse) - 1) ** 2 / n
    return math.erfc(math.sqrt(statistic / 2))


def _keys(outcomes: Sequence[Outcome]) -> list[tuple[Hashable, ...]]:
    """What a sentence is known by in two evaluations: its article, place and words. A set that was
    renamed is the same set; articles of one id in two sets are told apart by their order."""
    seen: Counter[tuple[Hashable, ...]] = Counter()
    keys: list[tuple[Hashable, ...]] = []
    for outcome in outcomes:
        key = (outcome.article, outcome.number, outcome.text)
        keys.append((*key, seen[key]))
        seen[key] += 1
    return keys
