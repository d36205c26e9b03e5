"""Labels of several annotators → how far they agree.

Krippendorff's alpha for nominal data: Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability"; any number of annotators, missing labels allowed.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def nominal_alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Alpha of units (sentences), each with the labels that it was given.

    1 is perfect agreement, 0 what chance gives; None when no unit has two labels, or one label is
    all there is.
    """
    coincidences: Counter[tuple[Hashable, Hashable]] = Counter()
    for labels in units:
        if len(labels) < 2:
            continue
        share = 1 / (len(labels) - 1)
        for i, one in enumerate(labels):
            for j, other in enumerate(labels):
                if i != j:
                    coincidences[one, other] += share  # type: ignore[assignment]
    totals: Counter[Hashable] = Counter()
    for (one, _), weight in coincidences.items():
        totals[one] += weight
    n = sum(totals.values())
    observed = sum(weight for (one, other), weight in coincidences.items() if one != other)
    expected = sum(
        totals[one] * totals[other] for one in totals for other in totals if one != other
    )
    return 1 - (n - 1) * observed / expected if expected else None
