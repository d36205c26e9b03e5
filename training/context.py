"""What context is worth: `python -m training.context RUN`.

Scores the development documents of a finished run under several window sizes, and tells sentences
at a window's border from those inside: the first target has at most `before_tokens` of what came
before it, the last at most `after_tokens` of what follows.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from credcheck.model_folder import WindowSize
from credcheck.windows import JsonTokenizer
from training.base import load_base
from training.config import read_saved_config
from training.corpora import Document
from training.examples import IGNORED, Example, to_examples
from training.network import StatusNetwork
from training.optimization import choose_bfloat16
from training.predictions import load_network, predict
from training.sampling import development_sets, load_corpus
from training.scores import score

WINDOW_SIZES = (
    WindowSize(),
    WindowSize(256, 0, 0, 0),
    WindowSize(256, 32, 24, 8),
    WindowSize(256, 32, 96, 48),
    WindowSize(384, 32, 24, 8),
    WindowSize(384, 32, 64, 32),
    WindowSize(512, 32, 64, 32),
)
"""Tokens in all, of the headline, before and after: the default, none, less and more."""

_HEAD = (
    "| tokens: window, headline, before, after | tokens read a sentence | accuracy | macro-F1 "
    "| first target of a later window | last target before another window | inside |"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each window size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of a finished training run")
    parser.add_argument("--set", default="native", help="development set (default: native)")
    arguments = parser.parse_args(argv)
    config = read_saved_config(arguments.run / "config.json")
    base = load_base(config.base)
    tokenizer = JsonTokenizer(base.tokenizer_path)
    network = load_network(arguments.run, base, config)
    documents = development_sets(load_corpus(config).development)[arguments.set]
    lines = [_HEAD, "|---|---|---|---|---|---|---|"]
    lines += [
        measure(network, documents, tokenizer, size)
        for size in track(WINDOW_SIZES, "measuring", transient=True)
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def measure(
    network: StatusNetwork,
    documents: Sequence[Document],
    tokenizer: JsonTokenizer,
    size: WindowSize,
) -> str:
    """One row of the table: scores with windows of this size, and at their borders."""
    use_bfloat16 = choose_bfloat16("auto", torch.device("cpu"))
    examples: list[Example] = []
    places: list[str] = []
    for document in documents:
        windows = to_examples(document, tokenizer, size)
        for example in windows:
            targets = example.window.targets
            last_of_document = len(document.sentences) - 1
            for number, target in enumerate(targets):
                if number == 0 and target.sentence > 0:
                    places.append("first")
                elif number == len(targets) - 1 and target.sentence < last_of_document:
                    places.append("last")
                else:
                    places.append("inside")
        examples += windows
    gold = np.concatenate([example.statuses for example in examples])
    predicted = predict(network, examples, use_bfloat16=use_bfloat16).argmax(1)
    keep = gold != IGNORED
    owners = [example.document for example in examples for _ in example.statuses]
    articles = [name for name, kept in zip(owners, keep, strict=True) if kept]
    total = score(gold[keep], predicted[keep], articles)
    by_place = []
    for place in ("first", "last", "inside"):
        chosen = keep & (np.array(places) == place)
        right = (gold[chosen] == predicted[chosen]).mean() if chosen.any() else float("nan")
        by_place.append(f"{right:.3f} of {chosen.sum():,}")
    n_tokens = sum(len(example.window.token_ids) for example in examples)
    name = f"{size.max_tokens}, {size.headline_tokens}, {size.before_tokens}, {size.after_tokens}"
    return (
        f"| {name} | {n_tokens / keep.sum():.0f} | {total.accuracy:.3f} | {total.macro_f1:.3f} | "
        + " | ".join(by_place)
        + " |"
    )


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    sys.exit(main())
