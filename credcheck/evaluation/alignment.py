"""Labelled and judged sentences of one text → which judgement answers which label.

Two ways of splitting a text need not agree. A labelled sentence is answered by the judged sentence
that shares most characters with it; how well the two fit is counted, and a labelled sentence that
no judged one touches stays unanswered, which scores as wrong.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from credcheck.evaluation.labelled import LabelledSentence
from credcheck.records import Judgement

Fit = Literal["same", "split", "merged", "crossed", "missed"]
"""same: equal but for white space; split: the judged sentence is a part of the labelled one;
merged: it holds the labelled one and more; crossed: each holds something of its own; missed: no
judged sentence touches it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled sentence and the judgement that answers it."""

    labelled: LabelledSentence
    judgement: Judgement | None
    fit: Fit


def align(
    text: str, labelled: Sequence[LabelledSentence], judgements: Sequence[Judgement]
) -> list[Pair]:
    """A pair for each labelled sentence, in order; both sides lie in the order of the text."""
    starts = [judgement.sentence.start for judgement in judgements]
    pairs = []
    for sentence in labelled:
        best, most = None, 0
        first = max(bisect_right(starts, sentence.start) - 1, 0)
        for judgement in judgements[first:]:
            if judgement.sentence.start >= sentence.end:
                break
            ends = min(judgement.sentence.end, sentence.end)
            shared = ends - max(judgement.sentence.start, sentence.start)
            if shared > most:
                best, most = judgement, shared
        pairs.append(Pair(sentence, best, _fit(text, sentence, best)))
    return pairs


def _fit(text: str, labelled: LabelledSentence, judgement: Judgement | None) -> Fit:
    if judgement is None:
        return "missed"
    judged = judgement.sentence

    def has_words(start: int, end: int) -> bool:
        return bool(text[start:end].strip())

    lacks = has_words(labelled.start, judged.start) or has_words(judged.end, labelled.end)
    exceeds = has_words(judged.start, labelled.start) or has_words(labelled.end, judged.end)
    if lacks and exceeds:
        return "crossed"
    if lacks:
        return "split"
    return "merged" if exceeds else "same"
