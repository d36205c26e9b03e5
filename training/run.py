"""The files of a run: checkpoint, log and plot."""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.averaging import WeightAverage
from training.examples import Example
from training.network import StatusNetwork, learned_state
from training.plots import plot_log
from training.predictions import score_examples

_log = logging.getLogger(__name__)


CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"
SPLIT = "split.json"
LEARNED = "learned.json"


class Run:
    """The folder of a run: what is saved while it goes on, and what it says of itself."""

    def __init__(
        self,
        out: Path,
        network: StatusNetwork,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        average: WeightAverage,
        checkpoint_minutes: float,
    ) -> None:
        self._out, self._network = out, network
        self._optimizer, self._schedule, self._average = optimizer, schedule, average
        self._seconds = checkpoint_minutes * 60
        self._last_saved = time.monotonic()

    def save(self, step: int) -> None:
        """Write a checkpoint; a kill while it is written leaves the one before."""
        path = self._out / CHECKPOINT
        state = {
            "step": step,
            "network": learned_state(self._network),
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "average": self._average.state(),
        }
        torch.save(state, path.with_suffix(".new"))
        os.replace(path.with_suffix(".new"), path)
        self._last_saved = time.monotonic()

    def save_if_due(self, step: int) -> None:
        """Write a checkpoint when the last one is old enough."""
        if time.monotonic() - self._last_saved > self._seconds:
            self.save(step)

    def resume(self) -> int:
        """Load the checkpoint, if there is one; returns the steps that are done."""
        path = self._out / CHECKPOINT
        if not path.is_file():
            (self._out / LOG).unlink(missing_ok=True)
            return 0
        # weights_only: a checkpoint is data, never a program.
        state = torch.load(path, weights_only=True, map_location="cpu")
        self._network.load_state_dict(state["network"], strict=False)
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self._average.load(state["average"])
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
                scores, by_language = score_examples(self._network, examples, use_bfloat16)
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
        path = self._out / LOG
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        # A run killed between log and checkpoint goes through this epoch's end twice.
        lines = [entry for entry in lines if json.loads(entry)["epoch"] < epoch]
        path.write_text("\n".join([*lines, json.dumps(line)]) + "\n", encoding="utf-8")
        plot_log(path, self._out / "log.svg")


def is_same_run(out: Path, config: dict[str, Any], split: dict[str, Any]) -> bool:
    """Whether the folder holds this very run; a fresh folder is claimed for it.

    Raises ValueError when it holds another: two recipes in one checkpoint are neither.
    """
    records = {out / "config.json": config, out / SPLIT: split}
    is_same = True
    for path, values in records.items():
        if not path.is_file():
            is_same = False
        elif json.loads(path.read_text(encoding="utf-8")) != json.loads(json.dumps(values)):
            raise ValueError(f"{path} is of another run: give a new folder, or delete {out}")
    for path, values in records.items():
        _write_json(path, values)
    return is_same


def _write_json(path: Path, value: Any) -> None:
    """Write a file whole or not at all."""
    path.with_suffix(".new").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    os.replace(path.with_suffix(".new"), path)
