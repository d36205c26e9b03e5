"""A recipe → a trained network: `python -m training.train training/configs/base.toml --out DIR`.

The folder holds `config.json`, `split.json` (the documents kept for development), `log.jsonl` (a
line an epoch), `log.svg` (its plot), `checkpoint.pt` while it runs and `network.safetensors` when
it is done. Started again on the same folder, a run that was killed goes on from its checkpoint.
"""

import argparse
import json
import logging
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import save_file
from torch import Tensor
from transformers import get_linear_schedule_with_warmup

from credcheck.labels import STATUSES
from credcheck.windows import JsonTokenizer
from training.base import Base, load_base
from training.config import TrainConfig, read_config
from training.dataset import (
    IGNORED,
    Document,
    Example,
    digest,
    read_documents,
    split_documents,
    to_examples,
)
from training.network import Batch, StatusNetwork, make_batch, use_plain_attention
from training.plots import plot_log
from training.scores import Scores, score, score_groups

_log = logging.getLogger(__name__)

DEVELOPMENT_NTREX_LANGUAGES = [
    "eng",
    "ind",
    "arb",
    "deu",
    "fra",
    "spa",
    "rus",
    "zho-CN",
    "jpn",
    "hin",
    "swa",
    "tha",
    "vie",
    "tur",
    "amh",
    "hau",
    "ben",
    "kor",
    "fas",
    "ell",
]
"""Languages in which the development documents of NTREX are scored every epoch."""


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """What a run learns from and is measured on."""

    training: list[Document]
    development: list[Document]
    digest: str


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the network was trained and saved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, help="recipe, for example training/configs/base.toml")
    parser.add_argument("--out", type=Path, default=Path("runs/base"), help="folder of the run")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(read_config(arguments.config), arguments.out)
    return 0


def load_corpus(config: TrainConfig) -> Corpus:
    """Read, check and split all labelled documents."""
    documents = read_documents(config.data_path)
    training, development = split_documents(documents, config.development_share, config.seed)
    return Corpus(training, development, digest(training))


def train(config: TrainConfig, out: Path) -> Path:
    """Train one network; returns the file of its weights."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    use_bfloat16 = _use_bfloat16(config.precision, device)
    base = load_base(config.base)
    tokenizer = JsonTokenizer(base.tokenizer_path)
    corpus = load_corpus(config)
    _write_json(out / "config.json", config.to_dict())
    _write_json(
        out / "split.json",
        {
            "digest": corpus.digest,
            "n_training": len(corpus.training),
            "development": sorted({document.group for document in corpus.development}),
        },
    )
    examples = _Examples(corpus, tokenizer, config)
    network = build_network(base, config, device)
    weights = _class_weights(corpus.training, config.class_balance).to(device)
    plan = examples.plan()
    n_steps = sum(len(epoch) for epoch in plan)
    n_steps = min(n_steps, config.max_steps or n_steps)
    optimizer = torch.optim.AdamW(
        _parameter_groups(network, config), weight_decay=config.weight_decay, fused=True
    )
    schedule = get_linear_schedule_with_warmup(
        optimizer, int(config.warmup_share * n_steps), n_steps
    )
    run = _Run(out, network, optimizer, schedule)
    done = run.resume()
    console = Console(stderr=True)
    _log.info(
        "%d training and %d development documents, %d steps in %d epochs, %s on %s",
        len(corpus.training),
        len(corpus.development),
        n_steps,
        len(plan),
        "bfloat16" if use_bfloat16 else "float32",
        device,
    )
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    step = 0
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("training", total=n_steps, completed=done)
        last_saved, started, losses = time.monotonic(), time.monotonic(), []
        for epoch, batches in enumerate(plan):
            for keys in batches:
                if step >= n_steps:
                    break
                step += 1
                if step <= done:
                    continue
                torch.manual_seed(config.seed * 1_000_003 + step)
                loss = _loss(network, examples.load(keys), weights, config, device, use_bfloat16)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                optimizer.zero_grad(set_to_none=True)
                losses.append(float(loss.detach()))
                progress.update(
                    bar, advance=1, description=f"training, loss {np.mean(losses[-50:]):.3f}"
                )
                if step % 50 == 0 and not console.is_terminal:
                    rate = (step - done) / (time.monotonic() - started)
                    left = (n_steps - step) / rate / 60
                    _log.info(
                        "step %d of %d, loss %.3f, %.0f minutes left",
                        step,
                        n_steps,
                        np.mean(losses[-50:]),
                        left,
                    )
                if time.monotonic() - last_saved > config.checkpoint_minutes * 60:
                    run.save(step)
                    last_saved = time.monotonic()
            if step > done:
                run.log(epoch + 1, step, losses, examples.development, use_bfloat16)
                run.save(step)
                losses = []
    path = out / "network.safetensors"
    state = {
        name: tensor.contiguous().cpu()
        for name, tensor in network.state_dict().items()
        if "word_embeddings" not in name
    }
    save_file(state, path)
    (out / "checkpoint.pt").unlink(missing_ok=True)
    return path


def build_network(base: Base, config: TrainConfig, device: torch.device) -> StatusNetwork:
    """A fresh network on the base's encoder."""
    if device.type == "cpu":
        use_plain_attention(base.encoder)
    return StatusNetwork(base.encoder, config.head_dropout).to(device)


def predict(
    network: StatusNetwork, examples: Sequence[Example], *, use_bfloat16: bool, batch_size: int = 16
) -> np.ndarray[Any, Any]:
    """Status logits of all targets, (n_sentences, n_statuses), in the order of the examples."""
    device = next(network.parameters()).device
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].window.token_ids))
    logits: list[np.ndarray[Any, Any]] = [np.empty((0, len(STATUSES)))] * len(examples)
    network.eval()
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=use_bfloat16):
        for first in range(0, len(order), batch_size):
            chosen = order[first : first + batch_size]
            batch = _to(make_batch([examples[i].window for i in chosen]), device)
            rows = network(batch)[0].float().cpu().numpy()
            sizes = np.cumsum([len(examples[i].statuses) for i in chosen])[:-1]
            for i, part in zip(chosen, np.split(rows, sizes), strict=True):
                logits[i] = part
    network.train()
    return np.concatenate(logits)


class _Examples:
    """The windows of both sides, and which are read in which step."""

    def __init__(self, corpus: Corpus, tokenizer: JsonTokenizer, config: TrainConfig) -> None:
        self._config = config
        self._tokenizer = tokenizer
        self._documents: dict[tuple[str, str], Document] = {
            (document.id, document.language): document for document in corpus.training
        }
        self._cache: dict[tuple[str, str], list[Example]] = {}
        self.development = {
            name: [
                example
                for document in documents
                for example in to_examples(document, tokenizer, config.window)
            ]
            for name, documents in development_sets(corpus.development).items()
        }

    def _examples(self, key: tuple[str, str]) -> list[Example]:
        if key not in self._cache:
            document = self._documents[key]
            self._cache[key] = to_examples(document, self._tokenizer, self._config.window)
        return self._cache[key]

    def load(self, keys: list[tuple[tuple[str, str], int]]) -> list[Example]:
        return [self._examples(key)[number] for key, number in keys]

    def plan(self) -> list[list[list[tuple[tuple[str, str], int]]]]:
        """Epochs of batches of (document, window): seeded, windows of like length together."""
        generator = random.Random(self._config.seed)
        plain, translated = [], defaultdict(list)
        for key, document in self._documents.items():
            if document.corpus == "ntrex":
                translated[document.group].append(key)
            else:
                repeats = self._config.written_repeats if document.corpus == "written" else 1
                plain += [key] * repeats
        for keys in translated.values():
            generator.shuffle(keys)
        epochs = []
        per_epoch = self._config.ntrex_languages
        for epoch in range(self._config.epochs):
            chosen = list(plain)
            for keys in translated.values():
                chosen += [keys[(epoch * per_epoch + i) % len(keys)] for i in range(per_epoch)]
            epochs.append(self._batches(chosen, generator))
        return epochs

    def _batches(
        self, chosen: list[tuple[str, str]], generator: random.Random
    ) -> list[list[tuple[tuple[str, str], int]]]:
        windows = [(key, number) for key in chosen for number in range(len(self._examples(key)))]
        generator.shuffle(windows)
        batches = []
        pool_size = 512
        for first in range(0, len(windows), pool_size):
            pool = windows[first : first + pool_size]
            pool.sort(key=lambda item: self._length(item))
            batch: list[tuple[tuple[str, str], int]] = []
            for item in pool:
                if batch and (len(batch) + 1) * self._length(item) > self._config.batch_tokens:
                    batches.append(batch)
                    batch = []
                batch.append(item)
            batches.append(batch)
        generator.shuffle(batches)
        return batches

    def _length(self, item: tuple[tuple[str, str], int]) -> int:
        return len(self._examples(item[0])[item[1]].window.token_ids)


def development_sets(documents: Sequence[Document]) -> dict[str, list[Document]]:
    """The development side by corpus; NTREX in the languages that every epoch is scored in."""
    sets: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.corpus == "ntrex" and document.language not in DEVELOPMENT_NTREX_LANGUAGES:
            continue
        sets["native" if document.corpus == "public" else document.corpus].append(document)
    return dict(sets)


@dataclass(frozen=True, slots=True)
class _Run:
    """The files of a run and the state that a checkpoint keeps."""

    out: Path
    network: StatusNetwork
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler

    def save(self, step: int) -> None:
        path = self.out / "checkpoint.pt"
        state = {
            "step": step,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        torch.save(state, path.with_suffix(".new"))
        os.replace(path.with_suffix(".new"), path)

    def resume(self) -> int:
        """Load the checkpoint, if there is one; returns the steps that are done."""
        path = self.out / "checkpoint.pt"
        if not path.is_file():
            (self.out / "log.jsonl").unlink(missing_ok=True)
            return 0
        # weights_only: a checkpoint is data, never a program.
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        _log.info("going on from step %d", state["step"])
        return int(state["step"])

    def log(
        self,
        epoch: int,
        step: int,
        losses: list[float],
        development: dict[str, list[Example]],
        use_bfloat16: bool,
    ) -> None:
        """Score the development sets, add a line to the log, draw the plot again."""
        line: dict[str, Any] = {"epoch": epoch, "step": step, "loss": float(np.mean(losses))}
        for name, examples in development.items():
            if examples:
                scores, by_language = score_examples(self.network, examples, use_bfloat16)
                line[name] = scores.to_dict()
                line[name]["by_language"] = {
                    language: [part.n_sentences, part.accuracy]
                    for language, part in by_language.items()
                }
                _log.info(
                    "epoch %d, %s: accuracy %.3f, macro-F1 %.3f, %s",
                    epoch, name, scores.accuracy, scores.macro_f1,
                    {status: round(part.f1, 2) for status, part in scores.by_status.items()},
                )  # fmt: skip
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        plot_log(self.out / "log.jsonl", self.out / "log.svg")


def score_examples(
    network: StatusNetwork, examples: Sequence[Example], use_bfloat16: bool
) -> tuple[Scores, dict[str, Scores]]:
    """Scores over all labelled targets, and by language."""
    predicted = predict(network, examples, use_bfloat16=use_bfloat16).argmax(1)
    gold = np.concatenate([example.statuses for example in examples])
    languages = [example.language for example in examples for _ in example.statuses]
    keep = gold != IGNORED
    kept_languages = [language for language, kept in zip(languages, keep, strict=True) if kept]
    return score(gold[keep], predicted[keep]), score_groups(
        gold[keep], predicted[keep], kept_languages
    )


def _loss(
    network: StatusNetwork,
    examples: list[Example],
    weights: Tensor,
    config: TrainConfig,
    device: torch.device,
    use_bfloat16: bool,
) -> Tensor:
    batch = make_batch([example.window for example in examples])
    tags = torch.full(batch.token_ids.shape, IGNORED)
    for row, example in enumerate(examples):
        tags[row, : len(example.tags)] = torch.from_numpy(example.tags)
    hidden = torch.rand(batch.token_ids.shape) < config.mask_share
    # Marks stay readable: ids below 4 are <s>, <pad>, </s> and <unk>.
    batch.token_ids[hidden & (batch.token_ids > 3)] = MASK_ID
    statuses = torch.from_numpy(np.concatenate([example.statuses for example in examples]))
    with torch.autocast(device.type, torch.bfloat16, enabled=use_bfloat16):
        status_logits, tag_logits = network(_to(batch, device))
    loss = functional.cross_entropy(
        status_logits,
        statuses.to(device),
        weights,
        ignore_index=IGNORED,
        label_smoothing=config.label_smoothing,
    )
    if (tags != IGNORED).any():
        loss = loss + config.evidence_weight * functional.cross_entropy(
            tag_logits.flatten(0, 1), tags.flatten().to(device), ignore_index=IGNORED
        )
    return loss


MASK_ID = 250_001
"""<mask> in the tokenizer of the XLM-RoBERTa family."""


def _class_weights(documents: Sequence[Document], balance: float) -> Tensor:
    counts = dict.fromkeys(map(str, STATUSES), 0)
    for document in documents:
        # A translation is the same decision again: NTREX counts once, in English.
        if document.corpus != "ntrex" or document.language == "eng":
            for sentence in document.sentences:
                if sentence.status:
                    counts[sentence.status] += 1
    frequencies = torch.tensor([float(max(count, 1)) for count in counts.values()])
    weights = (frequencies / frequencies.mean()) ** -balance
    return weights / (weights * frequencies).sum() * frequencies.sum()


def _parameter_groups(network: StatusNetwork, config: TrainConfig) -> list[dict[str, Any]]:
    """Learning rates falling from layer to layer; no weight decay on biases and norms."""
    n_layers = network.encoder.config.num_hidden_layers
    groups: dict[tuple[float, bool], list[Tensor]] = defaultdict(list)
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if not name.startswith("encoder."):
            rate = config.head_learning_rate
        else:
            depth = int(name.split(".")[3]) + 1 if ".layer." in name else 0
            rate = config.learning_rate * config.layer_decay ** (n_layers - depth)
        groups[rate, parameter.ndim > 1].append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": config.weight_decay * decays}
        for (rate, decays), parameters in groups.items()
    ]


def _use_bfloat16(precision: str, device: torch.device) -> bool:
    if precision != "auto":
        return precision == "bfloat16"
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return bool(torch.cpu._is_amx_tile_supported())


def _to(batch: Batch, device: torch.device) -> Batch:
    return Batch(
        batch.token_ids.to(device), batch.attention_mask.to(device), batch.sentences.to(device)
    )


def _write_json(path: Path, value: Any) -> None:
    path.with_suffix(".new").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    os.replace(path.with_suffix(".new"), path)


if __name__ == "__main__":
    sys.exit(main())
