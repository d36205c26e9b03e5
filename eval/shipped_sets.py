"""The shipped evaluation sets → scores of a model: `python -m eval.shipped_sets [--model FOLDER]`.

Articles are scored as a user would score them, as text. A labelled sentence gets the status of the
judged sentence that shares most characters with it.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credcheck import Checker, Result, Status
from credcheck.evaluation.metrics import (
    accuracy,
    confusion_by_article,
    f1_by_status,
    macro_f1,
    measure,
    precision_by_status,
    recall_by_status,
    to_plain,
)

SETS = Path(__file__).parent / "sets"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A labelled sentence and what the model says of it."""

    article: str
    language: str
    expected: Status
    given: Status


def main(argv: Sequence[str] | None = None) -> int:
    """Score and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="", help="model folder; else the shipped one")
    arguments = parser.parse_args(argv)
    print(json.dumps(summarize(judge_sets(Checker(arguments.model or None))), indent=1))
    return 0


def judge_sets(checker: Checker) -> list[Verdict]:
    """The verdicts on every article of the shipped sets."""
    return [
        verdict
        for path in sorted(SETS.glob("written-*.jsonl"))
        for row in read_rows(path)
        for verdict in judge_article(checker, row)
    ]


def read_rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    """The articles of a set, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judge_article(checker: Checker, row: dict) -> Iterator[Verdict]:  # type: ignore[type-arg]
    """The verdict on each labelled sentence of one article, laid out in paragraphs."""
    text, places = "", []
    for sentence in row["sentences"]:
        text += ("\n" if sentence["starts_paragraph"] else " ") if text else ""
        places.append((len(text), len(text) + len(sentence["text"])))
        text += sentence["text"]
    result = checker.check_text(text, language=row["language"], id=row["id"])
    for sentence, (start, end) in zip(row["sentences"], places, strict=True):
        given = _status_at(result, start, end)
        yield Verdict(row["id"], row["language"], Status(sentence["status"]), given)


def summarize(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """Accuracy and macro-F1 with intervals over articles; precision, recall, F1 by status."""
    columns = {status: column for column, status in enumerate(Status)}
    counts = confusion_by_article(
        np.array([columns[verdict.expected] for verdict in verdicts]),
        np.array([columns[verdict.given] for verdict in verdicts]),
        [verdict.article for verdict in verdicts],
    )
    total = counts.sum(axis=0)
    precision, recall = precision_by_status(total), recall_by_status(total)
    f1 = f1_by_status(total)
    return {
        "n_articles": len(counts),
        "n_sentences": len(verdicts),
        "accuracy": to_plain(measure(counts, accuracy)),
        "macro_f1": to_plain(measure(counts, macro_f1)),
        "by_status": {
            str(status): {
                "precision": _rounded(precision[column]),
                "recall": _rounded(recall[column]),
                "f1": _rounded(f1[column]),
                "support": int(total[column].sum()),
            }
            for status, column in columns.items()
        },
    }


def _rounded(value: float) -> float | None:
    """None where there is nothing to divide by: JSON has no such number."""
    return round(float(value), 3) if np.isfinite(value) else None


def _status_at(result: Result, start: int, end: int) -> Status:
    def shared(index: int) -> int:
        sentence = result.judgements[index].sentence
        return min(sentence.end, end) - max(sentence.start, start)

    return result.judgements[max(range(len(result.judgements)), key=shared)].status


if __name__ == "__main__":
    sys.exit(main())
