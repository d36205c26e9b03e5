"""Annotated and predicted spans → how well sources and cues are found.

A predicted span *overlaps* when it shares a character with the annotated one, and is *exact* when
both ends agree.
"""

import numpy as np

from credcheck.evaluation.metrics import Values, f1
from credcheck.records import Span

EXACT, OVERLAP, PREDICTED, ANNOTATED = range(4)


def count_span(annotated: Span | None, predicted: Span | None) -> Values:
    """(4,) one sentence's exact match, overlap, prediction and annotation, each 0 or 1."""
    counts = np.zeros(4)
    counts[PREDICTED] = predicted is not None
    counts[ANNOTATED] = annotated is not None
    if annotated is not None and predicted is not None:
        ends = (annotated.start, annotated.end)
        counts[EXACT] = ends == (predicted.start, predicted.end)
        counts[OVERLAP] = predicted.start < ends[1] and ends[0] < predicted.end
    return counts


def span_figures(sums: Values) -> dict[str, Values]:
    """F1 of (..., 4) summed counts, exact and by overlap."""
    sizes = sums[..., [PREDICTED, ANNOTATED]]

    def f1_of(matches: int) -> Values:
        return f1(np.concatenate([sums[..., [matches]], sizes], axis=-1))

    return {"exact_f1": f1_of(EXACT), "overlap_f1": f1_of(OVERLAP)}
