"""Other people's labels → how well attribution is told from none: `python -m eval.outside FOLDER`.

Two corpora that never train, on their own test splits, read from a folder that the user names:

- `en_polnear_sentences.jsonl`: PolNeAR (Newell et al. 2018), US political news, English. A sentence
  *carries attributed content* when an attribution (source, cue, content) overlaps it.
- `german_quotes.jsonl`: quotations in German Wikinews. A sentence carries attributed content when a
  quotation of any type (direct, indirect, free indirect, reported) overlaps it.

Ours: `confirmed_official`, `single_source`, `multi_source`, `denied` and `unverified` are
attributed; `unattributed`, `boilerplate` and `ai_enhanced` are not. The notions differ: we call a
body's completed act ("the court ruled") and the outlet's own hedge attributed or flagged, PolNeAR
counts beliefs and intentions that we leave to the narrator. So neither figure can reach 1.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from credcheck import Checker, Status
from credcheck.evaluation.metrics import Values, f1, measure_all, to_plain
from eval.shipped_sets import read_rows

CORPORA = {"en_polnear_sentences": "attributions", "german_quotes": "quotes"}
"""File, and the key of its annotation."""
ATTRIBUTED = frozenset(Status) - {Status.UNATTRIBUTED, Status.BOILERPLATE, Status.AI_ENHANCED}


def main(argv: Sequence[str] | None = None) -> int:
    """Score and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="folder that holds the two files")
    parser.add_argument("--model", default="", help="model folder; else the shipped one")
    parser.add_argument("--split", default="test", help="split of the corpus (default: test)")
    arguments = parser.parse_args(argv)
    checker = Checker(arguments.model or None)
    print(json.dumps(score_outside(checker, arguments.folder, arguments.split), indent=1))
    return 0


def score_outside(checker: Checker, folder: Path, split: str) -> dict[str, object]:
    """Both corpora's scores on one of their splits."""
    results: dict[str, object] = {}
    for name, key in CORPORA.items():
        rows = read_rows(folder / f"{name}.jsonl")
        chosen = [row for row in rows if row["split"] == split]
        results[name] = score_corpus(checker, chosen, key)
    return results


def score_corpus(checker: Checker, rows: Sequence[dict], key: str) -> dict[str, object]:  # type: ignore[type-arg]
    """Precision, recall and F1 of "carries attributed content", with intervals over articles."""
    counts = []
    for row in rows:
        given = list(_given(checker, row))
        gold = [bool(found) for found in row[key]]
        both = sum(a and b for a, b in zip(given, gold, strict=True))
        counts.append([both, sum(given), sum(gold)])
    figures = measure_all(np.array(counts, dtype=float), _figures)
    return {
        "n_articles": len(rows),
        "n_sentences": sum(len(row["sentences"]) for row in rows),
        **{name: to_plain(figure) for name, figure in figures.items()},
    }


def _figures(sums: Values) -> dict[str, Values]:
    both, given, gold = np.moveaxis(sums, -1, 0)
    return {"f1": f1(sums), "precision": both / given, "recall": both / gold}


def _given(checker: Checker, row: dict) -> Iterator[bool]:  # type: ignore[type-arg]
    """For each annotated sentence, whether a judged sentence within it is attributed."""
    text, places = "", []
    for sentence in row["sentences"]:
        text += "\n" if text else ""
        places.append((len(text), len(text) + len(sentence)))
        text += sentence
    result = checker.check_text(text, language=row["lang"], id=row["doc_id"])
    attributed = [
        judgement.sentence for judgement in result.judgements if judgement.status in ATTRIBUTED
    ]
    for start, end in places:
        yield any(entry.start < end and start < entry.end for entry in attributed)


if __name__ == "__main__":
    sys.exit(main())
