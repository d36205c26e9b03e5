"""The held-back contrast set → does the model read the difference? `python -m eval.contrast`.

A group is one passage in three or four variants that differ in a name, a role, a verb, a particle
or a clause; one target sentence in each has its own label. What counts is whether a whole group is
right: the best constant answer to each passage gets two fifths of the targets for nothing.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from credcheck import Checker
from credcheck.evaluation.metrics import measure, share, to_plain
from eval.shipped_sets import SETS, judge_row, read_rows

CONTRAST = SETS / "contrast.jsonl"


def main(argv: Sequence[str] | None = None) -> int:
    """Score and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="", help="model folder; else the shipped one")
    parser.add_argument("--set", type=Path, default=CONTRAST, help="a contrast set (JSON lines)")
    arguments = parser.parse_args(argv)
    checker = Checker(arguments.model or None)
    print(json.dumps(score_contrast(checker, read_rows(arguments.set)), indent=1))
    return 0


def score_contrast(checker: Checker, rows: Sequence[dict]) -> dict[str, object]:  # type: ignore[type-arg]
    """Share of targets and of whole groups that are right, and by what was changed."""
    groups: dict[str, list[bool]] = defaultdict(list)
    changes: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        outcome = judge_row(checker, row)[row["target"]]
        is_right = outcome.given is outcome.expected
        groups[row["group"]].append(is_right)
        changes[row["remark"]].append(is_right)
    targets = np.array([[sum(right), len(right)] for right in groups.values()], dtype=float)
    whole = np.array([[all(right), 1] for right in groups.values()], dtype=float)
    return {
        "n_groups": len(groups),
        "n_targets": len(rows),
        "targets_right": to_plain(measure(targets, share)),
        "groups_right": to_plain(measure(whole, share)),
        "by_change": {
            change: {"right": round(sum(right) / len(right), 3), "n": len(right)}
            for change, right in sorted(changes.items())
        },
    }


if __name__ == "__main__":
    sys.exit(main())
