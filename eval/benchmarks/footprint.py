"""What credcheck costs to start: import, a cold start, and peak memory.

`python -m eval.benchmarks.footprint [FILE...]`: medians over fresh processes; the files (default:
the examples) are scored in one process for the peak.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ARTICLE = (
    "Banjir rendam tiga desa\nSungai meluap pada Senin malam. Kepala desa mengatakan bantuan sudah "
    "dikirim. Dinas Sosial membantah kabar bahwa bantuan terlambat.\n"
)
EXAMPLES = Path(__file__).parents[2] / "examples"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print JSON: seconds and megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=[str(EXAMPLES)], help="articles for the peak")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder, "article.txt")
        article.write_text(ARTICLE, encoding="utf-8")
        out = str(Path(folder, "out"))
        score = ["-m", "credcheck", "score", "--quiet", "--out", out]
        figures = {
            "import_seconds": _median(["-c", "import credcheck"], arguments.repeats)
            - _median(["-c", ""], arguments.repeats),
            "cold_start_seconds": _median([*score, str(article)], arguments.repeats),
        }
        # The children so far were small: the peak of all children is that of this one.
        _run([*score, *arguments.files])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    figures["peak_megabytes"] = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps({key: round(value, 3) for key, value in figures.items()}, indent=1))
    return 0


def _median(command: list[str], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        _run(command)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _run(command: list[str]) -> None:
    subprocess.run([sys.executable, *command], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
