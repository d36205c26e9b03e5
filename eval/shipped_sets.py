"""The shipped evaluation sets → scores of a model: `python -m eval.shipped_sets [--model FOLDER]`.

They go through the same evaluation as `credcheck evaluate eval/sets/written-*.jsonl`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credcheck import Checker
from credcheck.evaluation.labelled import LabelNames
from credcheck.evaluation.outcomes import Outcome, judge_labelled
from credcheck.evaluation.own_formats import from_rows
from credcheck.evaluation.run import LabelledSet, evaluate, read_sets

SETS = Path(__file__).parent / "sets"


def main(argv: Sequence[str] | None = None) -> int:
    """Score and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="model folder; else the shipped one")
    arguments = parser.parse_args(argv)
    print(json.dumps(score_shipped_sets(Checker(arguments.model or None)), indent=1))
    return 0


def read_shipped_sets() -> list[LabelledSet]:
    """The sets that guard against regress."""
    return read_sets(sorted(SETS.glob("written-*.jsonl")))


def score_shipped_sets(checker: Checker) -> dict[str, Any]:
    """What a model card says of them."""
    scores = evaluate(read_shipped_sets(), checker)["scores"]
    return {
        **{name: scores[name] for name in ("n_articles", "n_sentences", "accuracy", "macro_f1")},
        "by_status": {
            status: {
                "precision": _rounded(entry["precision"]["value"]),
                "recall": _rounded(entry["recall"]["value"]),
                "f1": _rounded(entry["f1"]["value"]),
                "support": entry["n_annotated"],
            }
            for status, entry in scores["by_status"].items()
        },
    }


def read_rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    """The articles of a set, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def judge_row(checker: Checker, row: dict) -> list[Outcome]:  # type: ignore[type-arg]
    """The outcome of each labelled sentence of one article."""
    return list(judge_labelled(checker, from_rows([(row["id"], row)], LabelNames())))


def _rounded(value: float | None) -> float | None:
    """None where there is nothing to divide by: JSON has no such number."""
    return None if value is None else round(value, 3)


if __name__ == "__main__":
    sys.exit(main())
