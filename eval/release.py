"""What a release is measured on beside its development documents:
`python -m eval.release models/NAME [--outside FOLDER]`.

Runs the shipped sets, the AI notices, the contrast set and, where a folder holds them, the corpora
with other people's labels; writes `evaluations.json` into the model folder, from which the card is
drawn (`python -m training.model_card models/NAME`).
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from credcheck import Checker, __version__
from eval.ai_notices import NOTICES, score_notices
from eval.contrast import CONTRAST, score_contrast
from eval.outside import score_outside
from eval.shipped_sets import read_rows, score_shipped_sets

RESULTS = "evaluations.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Run everything; 0 when the results were written."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path, help="model folder")
    parser.add_argument("--outside", type=Path, help="folder of PolNeAR and the German quotations")
    arguments = parser.parse_args(argv)
    checker = Checker(arguments.model)
    results: dict[str, object] = {
        "network": checker.manifest.files["model.onnx"],
        "credcheck": __version__,
        "shipped_sets": score_shipped_sets(checker),
        "ai_notices": score_notices(checker, read_rows(NOTICES)),
        "contrast": score_contrast(checker, read_rows(CONTRAST)),
    }
    if arguments.outside:
        results["outside"] = score_outside(checker, arguments.outside, "test")
    path = arguments.model / RESULTS
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
