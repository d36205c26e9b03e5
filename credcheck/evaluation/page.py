"""`results.json` → `report.html`: one self-contained page, drawn without a model.

Article text is hostile: everything goes through autoescaping, and the page's policy lets no other
script run than its own filter.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from credcheck.evaluation import pictures
from credcheck.files import write_whole
from credcheck.labels import STATUSES
from credcheck.languages import to_language_tag
from credcheck.version import __version__

REPORT = "report.html"
MOST_ERRORS = 300
"""Errors on the page, the surest first: `results.json` has them all."""
MOST_CHANGES = 200
MOST_SUSPECTS = 100
MOST_GROUPS = 60
"""Rows of a table of outlets or years."""
FEW_SENTENCES = 30
"""Below it a cell is greyed and said to be small."""
_MOST_CHARACTERS = 600
_TEMPLATES = files("credcheck.evaluation") / "templates"
_UNANSWERED = "unanswered"


def draw_page(results: dict[str, Any]) -> str:
    """The page as HTML."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(figure=_figure, percent=_percent, shown_count="{:,}".format)
    environment.tests["small"] = lambda row: row["n_sentences"] < FEW_SENTENCES
    style = (_TEMPLATES / "evaluation.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "evaluation.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = environment.from_string((_TEMPLATES / "evaluation.html").read_text(encoding="utf-8"))
    scores, outcomes = results["scores"], results["outcomes"]
    page: str = template.render(
        style=Markup(style),  # ours, not the set's
        script=Markup(script),
        script_digest=digest,
        version=__version__,
        statuses=[(str(status), status.meaning) for status in STATUSES],
        signature=results["signature"],
        scores=scores,
        comparison=results.get("comparison"),
        failures=results["failures"],
        pictures=_draw(scores),
        groups=_groups(scores),
        small_bar=pictures.small_bar,
        errors=_errors(outcomes),
        n_errors=sum(row["given"] != row["expected"] for row in outcomes),
        languages=sorted({row.get("language", "") for row in outcomes} - {""}),
        suspects=[_shown(outcomes, p) for p in results["suspects"][:MOST_SUSPECTS]],
        n_suspects=len(results["suspects"]),
        changes=_changes(results),
        few_sentences=FEW_SENTENCES,
    )
    return page.lstrip()


def write_page(path: Path, results: dict[str, Any]) -> None:
    """Write the page whole or not at all; raises OutputError."""
    write_whole(path, draw_page(results))


def _draw(scores: dict[str, Any]) -> dict[str, Markup]:
    by_status = scores["by_status"]
    drawn = {
        "statuses": pictures.bars(
            "F1 of each status with its 95 % interval",
            [
                (name, entry["f1"], entry["n_annotated"] < FEW_SENTENCES)
                for name, entry in by_status.items()
            ],
        ),
        "confusion": pictures.heat_map(
            "Confusion matrix: rows annotated, columns predicted",
            list(by_status),
            [row[: len(by_status)] for row in scores["confusion"]],
        ),
    }
    if scores["calibration"]:
        bins = scores["calibration"]["bins"]
        most = max(entry["n"] for entry in bins)
        drawn["reliability"] = pictures.curve(
            "Reliability: how often the model is right, by how sure it is",
            [
                (
                    entry["confidence"],
                    entry["accuracy"],
                    f"sure to {entry['confidence']:.0%}: right in {entry['accuracy']:.0%} "
                    f"of {entry['n']} sentences",
                )
                for entry in bins
            ],
            x_name="confidence",
            y_name="share that is right",
            has_diagonal=True,
            sizes=[2.5 + 5 * (entry["n"] / most) ** 0.5 for entry in bins],
        )
        drawn["coverage"] = pictures.curve(
            "Coverage: accuracy of what is decided, by the share that is decided",
            [
                (
                    entry["coverage"],
                    entry["accuracy"],
                    f"threshold {entry['threshold']:.2f}: {entry['coverage']:.0%} decided, "
                    f"{entry['accuracy']:.0%} of them right",
                )
                for entry in scores["coverage"]
                if entry["accuracy"] is not None
            ],
            x_name="share of sentences decided",
            y_name="share of these that is right",
        )
    return drawn


def _groups(scores: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables of parts: by size, but years and lengths in their order."""
    tables = []
    for kind, rows in scores["groups"].items():
        ordered = sorted(rows.items())
        if kind in ("set", "language", "outlet"):
            ordered.sort(key=lambda item: -item[1]["n_sentences"])
        if len(ordered) > 1:
            tables.append(
                {
                    "name": kind,
                    "rows": ordered[:MOST_GROUPS],
                    "n_left_out": max(0, len(ordered) - MOST_GROUPS),
                }
            )
    return tables


def _errors(outcomes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Wrong sentences in context, those first that the model is surest of."""
    wrong = [position for position, row in enumerate(outcomes) if row["given"] != row["expected"]]
    wrong.sort(key=lambda position: -max(outcomes[position].get("probabilities") or [0.0]))
    return [_shown(outcomes, position) for position in wrong[:MOST_ERRORS]]


def _changes(results: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {"better": [], "worse": [], "otherwise": []}
    for change in results.get("comparison", {}).get("changed", ()):
        row = results["outcomes"][change["position"]]
        if row["given"] == row["expected"]:
            kind = "better"
        else:
            kind = "worse" if change["before"] == row["expected"] else "otherwise"
        if len(groups[kind]) < MOST_CHANGES:
            shown = _shown(results["outcomes"], change["position"])
            groups[kind].append({**shown, "was": change["before"] or _UNANSWERED})
    return groups


def _shown(outcomes: Sequence[dict[str, Any]], position: int) -> dict[str, Any]:
    """One sentence with its neighbours, probabilities and evidence, ready to print."""
    row = outcomes[position]
    around = []
    for other in (position - 1, position + 1):
        known = 0 <= other < len(outcomes) and all(
            outcomes[other].get(key) == row.get(key) for key in ("set", "article")
        )
        around.append(_cut(outcomes[other]["text"]) if known else "")
    names = [str(status) for status in STATUSES]
    probabilities = sorted(zip(row.get("probabilities", ()), names, strict=False), reverse=True)
    evidence = [
        (kind, side, row[f"{side}_{kind}"][2])
        for kind in ("source", "cue")
        for side in ("expected", "given")
        if row.get(f"{side}_{kind}")
    ]
    return {
        "article": row["article"],
        "set": row.get("set", ""),
        "number": row["number"] + 1,
        "language": row.get("language", ""),
        # A set may call its languages what it likes; a page may not.
        "tag": to_language_tag(row.get("language", "")),
        "text": _cut(row["text"]),
        "before": around[0],
        "after": around[1],
        "expected": row["expected"],
        "given": row["given"] or _UNANSWERED,
        "fit": row["fit"],
        "probabilities": [(name, value) for value, name in probabilities[:3] if value >= 0.01],
        "evidence": evidence,
    }


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + " …"


def _figure(entry: dict[str, float | None] | None) -> Markup:
    """A value with its interval; a dash where there is none."""
    if not entry or entry["value"] is None:
        return Markup('<span class="faint">none</span>')
    value = Markup("{:.3f}").format(entry["value"])
    if entry["low"] is None or entry["high"] is None:
        return value
    ends = Markup(' <span class="interval">[{:.3f}, {:.3f}]</span>')
    return value + ends.format(entry["low"], entry["high"])


def _percent(value: float) -> str:
    return f"{value:.0%}"
