"""Outcomes → every figure of an evaluation, with 95 % intervals that resample articles."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from credcheck.evaluation.annotators import (
    coincidences_by_article,
    nominal_alpha,
    one_against_rest,
)
from credcheck.evaluation.article_scores import score_articles
from credcheck.evaluation.confidence import (
    THRESHOLDS,
    bin_by_article,
    calibration_error,
    coverage_by_article,
    reliability,
)
from credcheck.evaluation.metrics import (
    Counts,
    Values,
    accuracy,
    confusion_by_article,
    f1_by_status,
    macro_f1,
    measure,
    measure_all,
    measure_error,
    measure_macro_f1,
    precision_by_status,
    recall_by_status,
    share,
    to_plain,
    weighted_f1,
)
from credcheck.evaluation.outcomes import Outcome
from credcheck.evaluation.spans import ANNOTATED, OVERLAP, count_span, span_figures
from credcheck.labels import STATUSES, Status

_MISSED = len(STATUSES)
_COLUMN: dict[Status | None, int] = {status: column for column, status in enumerate(STATUSES)}
_COLUMN[None] = _MISSED
LENGTHS = (50, 100, 200)
"""Characters that part short, middling, long and very long sentences."""


def score_outcomes(outcomes: Sequence[Outcome], *, seed: int = 1) -> dict[str, Any]:
    """All figures of a labelled set, as plain values; shares are 0 to 1."""
    confusion = count_confusion(outcomes)
    return {
        "n_articles": len(confusion),
        "n_sentences": len(outcomes),
        "fits": dict(Counter(outcome.fit for outcome in outcomes)),
        **_headline(confusion, seed),
        "by_status": _by_status(confusion, seed),
        "confusion": confusion.sum(axis=0)[:_MISSED].astype(int).tolist(),
        "groups": {
            "set": _groups(outcomes, lambda o: o.set, seed),
            "language": _groups(outcomes, lambda o: o.language, seed),
            "outlet": _groups(outcomes, lambda o: o.outlet, seed),
            "year": _groups(outcomes, lambda o: o.year, seed),
            "length": _groups(outcomes, _length, seed),
        },
        "calibration": _calibration(outcomes, seed),
        "coverage": _coverage(outcomes),
        "evidence": _evidence(outcomes, seed),
        "articles": score_articles(outcomes, seed=seed),
        "agreement": _agreement(outcomes, seed),
    }


def count_confusion(outcomes: Sequence[Outcome]) -> Counts:
    """(n_articles, n_statuses + 1, n_statuses + 1); the last column is of unanswered sentences."""
    return confusion_by_article(
        np.array([_COLUMN[outcome.expected] for outcome in outcomes], dtype=np.int64),
        np.array([_COLUMN[outcome.given] for outcome in outcomes], dtype=np.int64),
        [outcome.cluster for outcome in outcomes],
        n_labels=_MISSED + 1,
    )


def _headline(confusion: Counts, seed: int) -> dict[str, Any]:
    """Micro-F1 is accuracy where every sentence has one label and one prediction."""

    whole = confusion.sum(axis=0)

    def statistics(sums: Values) -> dict[str, Values]:
        return {
            "accuracy": accuracy(sums),
            "macro_f1": macro_f1(sums, whole),
            "weighted_f1": weighted_f1(sums),
        }

    return {name: to_plain(f) for name, f in measure_all(confusion, statistics, seed=seed).items()}


def _by_status(confusion: Counts, seed: int) -> dict[str, Any]:
    parts = {"precision": precision_by_status, "recall": recall_by_status, "f1": f1_by_status}

    def statistics(sums: Values) -> dict[str, Values]:
        return {
            f"{column} {name}": function(sums)[..., column]
            for name, function in parts.items()
            for column in range(_MISSED)
        }

    figures = measure_all(confusion, statistics, seed=seed)
    total = confusion.sum(axis=0)
    return {
        str(status): {
            **{name: to_plain(figures[f"{column} {name}"]) for name in parts},
            "n_annotated": int(total[column].sum()),
            "n_predicted": int(total[:, column].sum()),
        }
        for column, status in enumerate(STATUSES)
    }


def _groups(
    outcomes: Sequence[Outcome], key: Callable[[Outcome], str], seed: int
) -> dict[str, Any]:
    """Accuracy and macro-F1 of each group; nothing when no outcome says which it is of."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    if set(groups) <= {""}:
        return {}
    rows = {}
    for name, part in sorted(groups.items()):
        confusion = count_confusion(part)
        rows[name or "not given"] = {
            "n_articles": len(confusion),
            "n_sentences": len(part),
            "accuracy": to_plain(measure(confusion, accuracy, seed=seed)),
            "macro_f1": to_plain(measure_macro_f1(confusion, seed=seed)),
        }
    return rows


def _length(outcome: Outcome) -> str:
    """Named so that sorted names are sorted lengths."""
    lower = 0
    for limit in LENGTHS:
        if len(outcome.text) < limit:
            return f"{lower:3d} to {limit - 1} characters"
        lower = limit
    return f"{lower:3d} characters or more"


def _confidences(outcomes: Sequence[Outcome]) -> tuple[Any, Any, list[tuple[str, str]]]:
    """Probability of what was said, -1 where nothing was; whether it is right; the articles."""
    chosen = [outcome for outcome in outcomes if outcome.probabilities or outcome.given is None]
    confidence = [o.probabilities[o.given] if o.given is not None else -1.0 for o in chosen]
    right = [o.given is o.expected for o in chosen]
    return np.array(confidence), np.array(right), [outcome.cluster for outcome in chosen]


def _calibration(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any] | None:
    answered = [outcome for outcome in outcomes if outcome.probabilities]
    if not answered:
        return None
    bins = bin_by_article(*_confidences(answered))
    return {
        "expected_calibration_error": to_plain(measure_error(bins, calibration_error, seed=seed)),
        "bins": [
            {"confidence": confidence, "accuracy": right, "n": n}
            for confidence, right, n in reliability(bins.sum(axis=0))
        ],
    }


def _coverage(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    if not any(outcome.probabilities for outcome in outcomes):
        return []
    counts = coverage_by_article(*_confidences(outcomes)).sum(axis=0)
    return [
        {
            "threshold": round(float(threshold), 2),
            "coverage": float(decided / total),
            "accuracy": float(right / decided) if decided else None,
        }
        for threshold, (decided, right, total) in zip(THRESHOLDS, counts, strict=True)
    ]


def _evidence(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any] | None:
    counts: dict[str, dict[tuple[str, str], Values]] = {"source": {}, "cue": {}}
    typed: dict[tuple[str, str], Values] = {}
    for outcome in outcomes:
        if not outcome.has_evidence:
            continue
        name = outcome.cluster
        source = count_span(outcome.expected_source, outcome.given_source)
        cue = count_span(outcome.expected_cue, outcome.given_cue)
        counts["source"][name] = counts["source"].get(name, np.zeros(4)) + source
        counts["cue"][name] = counts["cue"].get(name, np.zeros(4)) + cue
        is_typed = source[OVERLAP] and outcome.expected_source_type is not None
        right = is_typed and outcome.expected_source_type is outcome.given_source_type
        typed[name] = typed.get(name, np.zeros(2)) + np.array([right, is_typed], dtype=float)
    if not typed:
        return None
    results: dict[str, Any] = {}
    for kind, parts in counts.items():
        table = np.array(list(parts.values()))
        figures = measure_all(table, span_figures, seed=seed)
        results[kind] = {name: to_plain(figure) for name, figure in figures.items()}
        results[kind]["n_annotated"] = int(table[:, ANNOTATED].sum())
    results["source_type"] = to_plain(measure(np.array(list(typed.values())), share, seed=seed))
    return results


def _agreement(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any] | None:
    """Nominal alpha of the annotators: the ceiling beside the model's own figures."""
    chosen = [outcome for outcome in outcomes if outcome.other_labels]
    if not chosen:
        return None
    counts = coincidences_by_article(
        [[_COLUMN[label] for label in (o.expected, *o.other_labels)] for o in chosen],
        [outcome.cluster for outcome in chosen],
        n_labels=_MISSED,
    )

    def statistics(sums: Values) -> dict[str, Values]:
        by_status = {
            str(status): nominal_alpha(one_against_rest(sums, column))
            for column, status in enumerate(STATUSES)
        }
        return {"alpha": nominal_alpha(sums), "agreed": accuracy(sums), **by_status}

    # Alpha needs more than one article to be a number: an article carries a status's alpha when
    # somebody gave it there.
    carrying = {str(s): int((counts[:, i].sum(axis=1) > 0).sum()) for i, s in enumerate(STATUSES)}
    figures = measure_all(
        counts, statistics, seed=seed, n_carrying={"alpha": len(counts), **carrying}
    )
    return {
        "n_sentences": len(chosen),
        "agreed": to_plain(figures["agreed"]),
        "alpha": to_plain(figures["alpha"]),
        "by_status": {str(status): to_plain(figures[str(status)]) for status in STATUSES},
    }
