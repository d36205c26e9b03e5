"""A recipe → a trained network: `python -m training.train training/configs/base.toml --out DIR`.

The folder holds `config.json`, `split.json` (the documents kept for development), `log.jsonl` (a
line an epoch), `log.svg` (its plot), `checkpoint.pt` while it runs and `network.safetensors` when
it is done. Started again on the same folder, a run that was killed goes on from its checkpoint.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from credcheck.windows import JsonTokenizer
from training.averaging import WeightAverage
from training.base import Base, load_base
from training.config import TrainConfig, read_config
from training.examples import Example, to_examples
from training.network import (
    StatusNetwork,
    learned_state,
    use_feature_dropout,
    use_plain_attention,
)
from training.optimization import (
    choose_bfloat16,
    class_weights,
    compute_loss,
    learning_rate_schedule,
    parameter_groups,
)
from training.predictions import load_weights
from training.progress import StepBar
from training.run import CHECKPOINT, LEARNED, SPLIT, Run, is_same_run
from training.sampling import Corpus, Sampler, development_sets, load_corpus

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the network was trained and saved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, help="recipe, for example training/configs/base.toml")
    parser.add_argument("--out", type=Path, default=Path("runs/base"), help="folder of the run")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(read_config(arguments.config), arguments.out)
    return 0


def train(config: TrainConfig, out: Path) -> Path:
    """Train one network; returns the file of its weights."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    base = load_base(config.base)
    corpus = load_corpus(config)
    path = out / "network.safetensors"
    if is_same_run(out, config.to_dict(), corpus.describe_split()) and path.is_file():
        _log.info("%s is trained already", out)
        return path
    tokenizer = JsonTokenizer(base.tokenizer_path)
    network = build_network(base, config, device)
    learned: set[str] = set()
    if config.start_from:
        learned = read_learned(Path(config.start_from))
        start_from(network, Path(config.start_from), learned, corpus)
    lesson = Lesson(
        sampler=Sampler(corpus, tokenizer, config, learned),
        weights=class_weights(corpus.training, config.class_balance).to(device),
        development={
            name: [e for d in documents for e in to_examples(d, tokenizer, config.window)]
            for name, documents in development_sets(corpus.development).items()
        },
        use_bfloat16=choose_bfloat16(config.precision, device),
    )
    _learn(network, lesson, config, out)
    state = {name: tensor.contiguous().cpu() for name, tensor in learned_state(network).items()}
    learned |= {document.group for document in corpus.training}
    (out / LEARNED).write_text(json.dumps(sorted(learned), indent=1) + "\n", encoding="utf-8")
    save_file(state, path)
    (out / CHECKPOINT).unlink(missing_ok=True)
    return path


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a network learns from, and how it is measured."""

    sampler: Sampler
    weights: Tensor
    """(n_statuses,) weight of each status in the loss"""
    development: dict[str, list[Example]]
    use_bfloat16: bool


def _learn(network: StatusNetwork, lesson: Lesson, config: TrainConfig, out: Path) -> None:
    """Take every step of the plan that a checkpoint has not taken yet."""
    device = next(network.parameters()).device
    plan = lesson.sampler.plan()
    n_steps = sum(len(epoch) for epoch in plan)
    n_steps = min(n_steps, config.max_steps or n_steps)
    optimizer = torch.optim.AdamW(
        parameter_groups(network, config), weight_decay=config.weight_decay, fused=True
    )
    schedule = learning_rate_schedule(optimizer, config, n_steps)
    average = WeightAverage(n_steps - int(config.average_share * n_steps) + 1, config.average_every)
    run = Run(out, network, optimizer, schedule, average, config.checkpoint_minutes)
    done, step = run.resume(), 0
    with StepBar(n_steps, done) as bar:
        for epoch, batches in enumerate(plan, start=1):
            losses = []
            for keys in batches[: n_steps - step]:
                step += 1
                if step <= done:
                    continue
                # Seeded by step: a run that was killed goes on as if it had not been.
                torch.manual_seed(config.seed * 1_000_003 + step)
                examples = lesson.sampler.load(keys)
                loss = compute_loss(
                    network, examples, lesson.weights, config, device, lesson.use_bfloat16
                )
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                optimizer.zero_grad(set_to_none=True)
                average.add(network, step)
                losses.append(float(loss.detach()))
                bar.advance(losses)
                if keys is not batches[-1] and step < n_steps:
                    run.save_if_due(step)
            if step >= n_steps:
                average.apply(network)
            if losses:
                run.log(epoch, step, losses, lesson.development, lesson.use_bfloat16)
                run.save(step)


def build_network(base: Base, config: TrainConfig, device: torch.device) -> StatusNetwork:
    """A fresh network on the base's encoder."""
    if device.type == "cpu":
        use_plain_attention(base.encoder)
    if config.feature_dropout:
        use_feature_dropout(base.encoder, config.feature_dropout)
    return StatusNetwork(base.encoder, config.head_dropout).to(device)


def read_learned(run: Path) -> set[str]:
    """The groups of documents that a finished run, or one that it went on from, learned from."""
    path = run / LEARNED
    if path.is_file():
        return set(json.loads(path.read_text(encoding="utf-8")))
    return set(json.loads((run / SPLIT).read_text(encoding="utf-8"))["training"])


def start_from(network: StatusNetwork, run: Path, learned: set[str], corpus: Corpus) -> None:
    """Take over the weights of a finished run, which learned from these groups of documents.

    Raises ValueError when one of them is development here.
    """
    both = learned & {document.group for document in corpus.development}
    if both:
        raise ValueError(f"{run} learned from development documents: {sorted(both)[:5]}")
    load_weights(network, run)


if __name__ == "__main__":
    sys.exit(main())
