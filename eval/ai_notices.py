"""Articles with an AI notice, and articles where AI is only the topic: `python -m eval.ai_notices`.

Every language has as many of one as of the other, by a writer whose articles never train. No real
disclosure lies in the public corpora, so these are made up too.
"""

import argparse
import json
import sys
from collections.abc import Sequence

import numpy as np

from credcheck import Checker, Status
from credcheck.evaluation.metrics import measure, share, to_plain
from eval.shipped_sets import SETS, judge_row, read_rows

NOTICES = SETS / "ai-notices.jsonl"


def main(argv: Sequence[str] | None = None) -> int:
    """Score and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="", help="model folder; else the shipped one")
    arguments = parser.parse_args(argv)
    checker = Checker(arguments.model or None)
    print(json.dumps(score_notices(checker, read_rows(NOTICES)), indent=1))
    return 0


def score_notices(checker: Checker, rows: Sequence[dict]) -> dict[str, object]:  # type: ignore[type-arg]
    """Recall of notices; false alarms among articles without one; precision. Intervals resample
    articles."""
    recall, alarms, precision = [], [], []
    for row in rows:
        outcomes = judge_row(checker, row)
        notices = [o for o in outcomes if o.expected is Status.AI_ENHANCED]
        given = [o for o in outcomes if o.given is Status.AI_ENHANCED]
        found = sum(o.given is Status.AI_ENHANCED for o in notices)
        precision.append([found, len(given)])
        if notices:
            recall.append([found, len(notices)])
        else:
            alarms.append([bool(given), 1])
    parts = {
        "recall": recall,
        "articles_with_false_alarm": alarms,
        "precision": precision,
    }
    return {
        "n_articles": len(rows),
        "n_without_notice": len(alarms),
        **{
            name: to_plain(measure(np.array(part, dtype=float), share))
            for name, part in parts.items()
        },
    }


if __name__ == "__main__":
    sys.exit(main())
