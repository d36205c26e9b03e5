"""The shipped sets → pass or fail: `python -m eval.gate`.

Fails when the model falls below the floors that `baseline.json` pins, or when the sets are no
longer those that the floors were pinned on. Floors are a margin below what a release reached, since
another processor rounds otherwise. They rise with a release (`--raise`) and never fall silently:
`--lower REASON` writes the reason down beside the old floors.
"""

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credcheck import Checker
from credcheck.evaluation.run import evaluate
from credcheck.files import write_whole
from eval.shipped_sets import read_shipped_sets

BASELINE = Path(__file__).parent / "baseline.json"
MARGIN = 0.01
STATUS_MARGIN = 0.03
"""A status has fewer sentences: a single one weighs more."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when every floor holds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="", help="model folder; else the shipped one")
    parser.add_argument("--results", type=Path, help="results.json of the sets, if there is one")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--raise", dest="raises", action="store_true", help="raise the floors")
    group.add_argument("--lower", metavar="REASON", default="", help="pin anew, lower ones too")
    arguments = parser.parse_args(argv)
    if arguments.results:
        results = json.loads(arguments.results.read_text(encoding="utf-8"))
    else:
        results = evaluate(read_shipped_sets(), Checker(arguments.model or None))
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.is_file() else {}
    # What fails is never pinned, unless a reason is written down.
    faults = find_faults(baseline, results)
    if arguments.lower or (arguments.raises and not faults):
        changed = pin(baseline, results, reason=arguments.lower)
        write_whole(BASELINE, json.dumps(changed, indent=1) + "\n")
        print(f"pinned in {BASELINE.name}")
        return 0
    for fault in faults:
        print(f"gate: {fault}")
    reached = measured(results)
    print(f"{results['signature']['model']}: accuracy {reached['accuracy']:.3f}, macro-F1 "
          f"{reached['macro_f1']:.3f}; {'failed' if faults else 'every floor holds'}")  # fmt: skip
    return 1 if faults else 0


def measured(results: dict[str, Any]) -> dict[str, float]:
    """The figures that have floors; one that could not be divided is 0."""
    scores = results["scores"]
    figures = {name: scores[name]["value"] or 0.0 for name in ("accuracy", "macro_f1")}
    for status, entry in scores["by_status"].items():
        figures[f"f1 {status}"] = entry["f1"]["value"] or 0.0
    figures["ai_flag_f1"] = scores["articles"]["ai_flag"]["f1"]["value"] or 0.0
    return figures


def find_faults(baseline: dict[str, Any], results: dict[str, Any]) -> list[str]:
    """What does not hold, in words."""
    if not baseline:
        return [f"{BASELINE.name} is missing: pin floors with --lower REASON"]
    faults = []
    if baseline["sets"] != digests(results):
        faults.append("the sets are not those that the floors were pinned on: pin with --lower")
    for failure in results["failures"]:
        faults.append(f"article {failure['article']} could not be scored: {failure['message']}")
    reached = measured(results)
    for name, floor in baseline["floors"].items():
        if name not in reached:
            faults.append(f"{name} has a floor but was not measured")
        elif reached[name] < floor:
            faults.append(f"{name} is {reached[name]:.3f}, its floor {floor:.3f}")
    return faults


def pin(baseline: dict[str, Any], results: dict[str, Any], *, reason: str = "") -> dict[str, Any]:
    """New floors; without a reason none of them falls."""
    old = baseline.get("floors", {})
    floors = {}
    for name, value in measured(results).items():
        floor = round(value - (STATUS_MARGIN if name.startswith("f1 ") else MARGIN), 3)
        floors[name] = floor if reason else max(floor, old.get(name, 0.0))
    entry = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "model": results["signature"]["model"],
        "reason": reason or "raised with a release",
        "before": old,
    }
    return {
        "sets": digests(results),
        "floors": floors,
        "history": [*baseline.get("history", []), entry],
    }


def digests(results: dict[str, Any]) -> dict[str, str]:
    """Which sets were measured, by name."""
    return {one["name"]: one["sha256"] for one in results["signature"]["sets"]}


if __name__ == "__main__":
    sys.exit(main())
