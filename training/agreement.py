"""First and second pass over the same public sentences → how often two annotators agree."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from credcheck.labels import STATUSES
from training.corpora import SETS


def measure_agreement(folder: Path = SETS / "public") -> dict[str, Any]:
    """Share of equal statuses, Cohen's kappa, and F1 by status of one pass against the other.

    The files in `second-pass/` repeat whole documents of the files beside it, read without them.
    Cohen 1960, doi:10.1177/001316446002000104.
    """
    first, second = _read(folder), _read(folder / "second-pass")
    pairs = [(first[key], status) for key, status in second.items() if key in first]
    if not pairs:
        return {"n_sentences": 0}
    n_equal = sum(one == other for one, other in pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(ones[status] * others[status] for status in STATUSES) / len(pairs) ** 2
    share = n_equal / len(pairs)
    both = Counter(one for one, other in pairs if one == other)
    return {
        "n_sentences": len(pairs),
        "n_first_pass": len(first),
        "agreement": share,
        "kappa": (share - by_chance) / (1 - by_chance),
        "by_status": {
            str(status): {
                "f1": 2 * both[status] / (ones[status] + others[status]),
                "first": ones[status],
                "second": others[status],
            }
            for status in STATUSES
            if ones[status] + others[status]
        },
    }


def _read(folder: Path) -> dict[tuple[str, int], str]:
    """Status by document and sentence number."""
    return {
        (row["id"], number): entry["status"]
        for path in sorted(folder.glob("*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for number, entry in enumerate(row["sentences"])
        if entry and not row.get("projected", False)
    }
