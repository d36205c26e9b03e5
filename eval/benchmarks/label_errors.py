"""How well wrong labels are found: `python -m eval.benchmarks.label_errors RESULTS`.

Takes the results.json of a labelled set (`credcheck evaluate eval/sets/written-*.jsonl`) and plants
errors in a share of its labels, drawn evenly, or by how often the model confuses the statuses (an
annotator's slip is rarely a random status). Counted is how many of the labels listed first are
planted ones. Labels that were wrong before count as false alarms: the precision is a lower bound.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from credcheck.evaluation.outcomes import Outcome
from credcheck.evaluation.results import read_outcomes, read_results
from credcheck.evaluation.suspects import find_suspects
from credcheck.labels import STATUSES

REPEATS = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--share", type=float, default=0.05, help="of the labels that is planted")
    arguments = parser.parse_args(argv)
    results = read_results(arguments.results)
    outcomes = read_outcomes(results["outcomes"])
    confusion = np.array(results["scores"]["confusion"], dtype=float)[:, : len(STATUSES)]
    np.fill_diagonal(confusion, 0)
    even = np.ones_like(confusion) - np.eye(len(STATUSES))
    figures = {
        "sentences": len(outcomes),
        "planted": int(arguments.share * len(outcomes)),
        "even": measure(outcomes, even, arguments.share),
        "as_the_model_confuses": measure(outcomes, confusion + 0.1 * even, arguments.share),
    }
    print(json.dumps(figures, indent=1))
    return 0


def measure(outcomes: Sequence[Outcome], chances: np.ndarray, share: float) -> dict[str, float]:
    """Mean precision of the labels listed first, and the share of planted errors that is listed."""
    generator = np.random.default_rng(1)
    n_planted = int(share * len(outcomes))
    rows = []
    for _ in range(REPEATS):
        planted = set(generator.choice(len(outcomes), n_planted, replace=False).tolist())
        changed = [
            _with_error(outcome, chances, generator) if position in planted else outcome
            for position, outcome in enumerate(outcomes)
        ]
        listed = find_suspects(changed)
        hits = [position in planted for position in listed]
        rows.append(
            [
                np.mean(hits[:10]), np.mean(hits[:n_planted]), np.mean(hits), sum(hits) / n_planted,
            ]
        )  # fmt: skip
    names = ("precision_of_first_10", "precision_of_as_many_as_planted", "precision", "recall")
    return {k: round(float(v), 3) for k, v in zip(names, np.mean(rows, axis=0), strict=True)}


def _with_error(outcome: Outcome, chances: np.ndarray, generator: np.random.Generator) -> Outcome:
    row = chances[STATUSES.index(outcome.expected)]
    drawn = generator.choice(len(STATUSES), p=row / row.sum())
    return dataclasses.replace(outcome, expected=STATUSES[int(drawn)])


if __name__ == "__main__":
    sys.exit(main())
