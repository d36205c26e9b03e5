"""Outcomes → `results.json`: everything that was measured, signed; and back.

Whatever is shown later is drawn from this file alone, without a model.
"""

import dataclasses
import datetime
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from credcheck.errors import LabelledSetError
from credcheck.evaluation.comparison import compare
from credcheck.evaluation.metrics import FEWEST_ARTICLES, N_RESAMPLES
from credcheck.evaluation.outcomes import Outcome
from credcheck.evaluation.scores import score_outcomes
from credcheck.evaluation.suspects import find_suspects
from credcheck.files import write_whole
from credcheck.labels import STATUSES, SourceType, Status
from credcheck.records import Span

RESULTS = "results.json"
SCHEMA = "credcheck.evaluation/1"
"""Its number changes with a key's meaning."""
_DECIMALS = 4
_STATUS_FIELDS = ("expected", "given")
_SPAN_FIELDS = ("expected_source", "expected_cue", "given_source", "given_cue")
_TYPE_FIELDS = ("expected_source_type", "given_source_type")


def build_results(
    outcomes: Sequence[Outcome],
    *,
    signature: dict[str, Any],
    failures: Sequence[dict[str, str]] = (),
    against: dict[str, Any] | None = None,
    seed: int = 1,
) -> dict[str, Any]:
    """Score the outcomes and sign the whole; with `against` (older results), compare too.

    Raises LabelledSetError when there is nothing to score.
    """
    if not outcomes:
        raise LabelledSetError("the labelled sets hold no labelled sentence")
    results: dict[str, Any] = {
        "schema": SCHEMA,
        "signature": {
            **signature,
            "seed": seed,
            "resamples": N_RESAMPLES,
            "fewest_articles_for_an_interval": FEWEST_ARTICLES,
            "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        },
        "scores": score_outcomes(outcomes, seed=seed),
        "failures": list(failures),
        "suspects": find_suspects(outcomes),
        "outcomes": [outcome_to_dict(outcome) for outcome in outcomes],
    }
    if against is not None:
        results["comparison"] = {
            "against": against["signature"],
            "scores": {
                name: against["scores"][name] for name in ("accuracy", "macro_f1", "by_status")
            },
            **compare(outcomes, read_outcomes(against["outcomes"]), seed=seed),
        }
    return results


def write_results(path: Path, results: dict[str, Any]) -> None:
    """Write the file whole or not at all; raises OutputError."""
    write_whole(path, json.dumps(results, ensure_ascii=False, allow_nan=False) + "\n")


def read_results(path: Path) -> dict[str, Any]:
    """Read results; raises LabelledSetError when the file is not of this version's form."""
    if path.is_dir():
        path = path / RESULTS
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LabelledSetError(f"{path} cannot be read as results: {error}") from error
    found = results.get("schema") if isinstance(results, dict) else None
    if found != SCHEMA:
        raise LabelledSetError(f"{path} is of schema {found!r}, not {SCHEMA!r}: evaluate again")
    missing = {"signature", "scores", "outcomes", "suspects", "failures"} - set(results)
    if missing:
        raise LabelledSetError(f"{path} lacks {', '.join(sorted(missing))}: evaluate again")
    return dict(results)


def outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    """Plain values, defaults left out; probabilities as a list in Status order."""
    row: dict[str, Any] = {}
    for field in dataclasses.fields(Outcome):
        value = getattr(outcome, field.name)
        if field.default is not dataclasses.MISSING and value == field.default:
            continue
        if isinstance(value, Span):
            value = [value.start, value.end, value.text]
        elif field.name == "probabilities":
            if not value:
                continue
            value = [round(value[status], _DECIMALS) for status in STATUSES]
        elif field.name == "other_labels":
            value = [str(status) for status in value]
        elif isinstance(value, Status | SourceType):
            value = str(value)
        row[field.name] = value
    return row


def read_outcomes(rows: Iterable[dict[str, Any]]) -> list[Outcome]:
    """The inverse of `outcome_to_dict`; raises LabelledSetError on rows of another form."""
    try:
        return [_outcome(dict(row)) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise LabelledSetError(f"the results hold an outcome that is none: {error}") from error


def _outcome(row: dict[str, Any]) -> Outcome:
    for name in _STATUS_FIELDS:
        row[name] = Status(row[name]) if row[name] is not None else None
    for name in _SPAN_FIELDS:
        if name in row:
            row[name] = Span(*row[name])
    for name in _TYPE_FIELDS:
        if name in row:
            row[name] = SourceType(row[name])
    if "probabilities" in row:
        row["probabilities"] = dict(zip(STATUSES, row["probabilities"], strict=True))
    if "other_labels" in row:
        row["other_labels"] = tuple(map(Status, row["other_labels"]))
    return Outcome(**row)
