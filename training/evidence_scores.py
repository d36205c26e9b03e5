"""Judged documents → how well sources and cues are found, and types told.

Spans are scored as in use: a sentence judged `unattributed` or `boilerplate` shows none. A
predicted span *overlaps* when it shares a character with the annotated one, and is *exact* when
both ends agree. Translations, whose spans were not annotated, stay out.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from credcheck.evaluation.metrics import Values, measure_all, share, to_plain
from credcheck.evaluation.spans import ANNOTATED, OVERLAP, PREDICTED, count_span, span_figures
from credcheck.records import Span
from training.examples import find_words
from training.judged import JudgedDocument


def score_evidence(judged: Iterable[JudgedDocument]) -> dict[str, Any]:
    """F1 of source and cue spans (exact, overlap), accuracy of the type where a source is found;
    shares 0 to 1, with 95 % intervals over articles."""
    spans = {"source": [], "cue": []}  # type: dict[str, list[Values]]
    types = []
    for entry in judged:
        counts = {kind: np.zeros(4) for kind in spans}
        typed = np.zeros(2)
        pairs = zip(entry.document.sentences, entry.judgements, strict=True)
        for labelled, judgement in pairs:
            if not labelled.status or not labelled.has_evidence:
                continue
            for kind, words, span in (
                ("source", labelled.source, judgement.evidence.source),
                ("cue", labelled.cue, judgement.evidence.cue),
            ):
                found = _compare(labelled.text, words, span, judgement.sentence.start)
                counts[kind] += found
                if kind == "source" and found[OVERLAP]:
                    typed += [judgement.evidence.source_type == labelled.source_type, 1]
        for kind, part in counts.items():
            spans[kind].append(part)
        types.append(typed)
    results: dict[str, Any] = {}
    for kind, parts in spans.items():
        table = np.array(parts)
        figures = measure_all(table, span_figures)
        results[kind] = {name: to_plain(figure) for name, figure in figures.items()}
        results[kind]["n_annotated"] = int(table[:, ANNOTATED].sum())
        results[kind]["n_predicted"] = int(table[:, PREDICTED].sum())
    table = np.array(types)
    results["source_type"] = to_plain(measure_all(table, lambda s: {"": share(s)})[""])
    results["source_type"]["n"] = int(table[:, 1].sum())
    return results


def _compare(text: str, words: str, span: Span | None, offset: int) -> Values:
    """What `count_span` counts of one sentence."""
    start = find_words(text, words)
    annotated = Span(offset + start, offset + start + len(words), words) if start >= 0 else None
    return count_span(annotated, span)
