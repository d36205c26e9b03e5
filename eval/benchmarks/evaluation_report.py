"""What a report costs on many sentences: `python -m eval.benchmarks.evaluation_report`.

20,000 random outcomes of 1,000 articles: seconds for all figures with 2,000 resamples, seconds to
draw the page from results, and its size.
"""

import json
import sys
import time
from collections.abc import Sequence

import numpy as np

from credcheck.evaluation.outcomes import Outcome
from credcheck.evaluation.page import draw_page
from credcheck.evaluation.results import build_results
from credcheck.labels import STATUSES

N_SENTENCES, N_ARTICLES = 20_000, 1_000


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print JSON."""
    del argv
    outcomes = make_outcomes()
    start = time.perf_counter()
    results = build_results(outcomes, signature={"model": "random", "sets": []})
    scored = time.perf_counter()
    text = json.dumps(results)
    written = time.perf_counter()
    page = draw_page(json.loads(text))
    figures = {
        "sentences": N_SENTENCES,
        "articles": N_ARTICLES,
        "score_seconds": round(scored - start, 2),
        "redraw_seconds": round(time.perf_counter() - written, 2),
        "results_megabytes": round(len(text) / 1e6, 1),
        "page_megabytes": round(len(page.encode()) / 1e6, 2),
    }
    print(json.dumps(figures, indent=1))
    return 0


def make_outcomes(seed: int = 1) -> list[Outcome]:
    """Random labels and predictions in 40 languages and 60 outlets, right in three of four."""
    generator = np.random.default_rng(seed)
    outcomes = []
    for number in range(N_SENTENCES):
        shares = generator.dirichlet(np.full(len(STATUSES), 0.4))
        given = STATUSES[int(shares.argmax())]
        is_right = generator.random() < 0.75
        expected = given if is_right else STATUSES[generator.integers(len(STATUSES))]
        article = number * N_ARTICLES // N_SENTENCES
        outcomes.append(
            Outcome(
                f"a{article}", number, "Kalimat contoh yang cukup panjang. " * 4, expected, given,
                "same", dict(zip(STATUSES, shares.tolist(), strict=True)),
                language=f"x{article % 40}", outlet=f"outlet {article % 60}",
                year=str(2015 + article % 10),
            )
        )  # fmt: skip
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
