"""The shipped evaluation sets → scores of a model: `python -m eval.shipped_sets [--model FOLDER]`.

Articles are scored as a user would score them, as text. A labelled sentence gets the status of the
judged sentence that shares most characters with it.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from credcheck import Checker, Result, Status

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
    checker = Checker(arguments.model or None)
    verdicts = [
        verdict
        for path in sorted(SETS.glob("written-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for verdict in judge_article(checker, json.loads(line))
    ]
    print(json.dumps(summarize(verdicts), indent=1))
    return 0


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
    """Accuracy, macro-F1, precision, recall and F1 by status."""
    by_status, f1s = {}, []
    expected = Counter(verdict.expected for verdict in verdicts)
    given = Counter(verdict.given for verdict in verdicts)
    right = Counter(verdict.expected for verdict in verdicts if verdict.expected is verdict.given)
    for status in Status:
        f1 = 2 * right[status] / max(expected[status] + given[status], 1)
        f1s.append(f1)
        by_status[str(status)] = {
            "precision": round(right[status] / max(given[status], 1), 3),
            "recall": round(right[status] / max(expected[status], 1), 3),
            "f1": round(f1, 3),
            "support": expected[status],
        }
    return {
        "n_articles": len({verdict.article for verdict in verdicts}),
        "n_sentences": len(verdicts),
        "accuracy": round(right.total() / len(verdicts), 3),
        "macro_f1": round(sum(f1s) / len(f1s), 3),
        "by_status": by_status,
    }


def _status_at(result: Result, start: int, end: int) -> Status:
    def shared(index: int) -> int:
        sentence = result.judgements[index].sentence
        return min(sentence.end, end) - max(sentence.start, start)

    return result.judgements[max(range(len(result.judgements)), key=shared)].status


if __name__ == "__main__":
    sys.exit(main())
