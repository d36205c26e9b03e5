"""A recipe in TOML → `TrainConfig`: every setting of a training run, with its unit."""

import json
import os
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from credcheck.model_folder import WindowSize


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides the outcome of a run."""

    model_id: str = "credcheck-small-v3"
    """Name of the model, and of its folder."""
    base: str = "package"
    """`package`, or the name of a model on a hub (see training/base.py)."""
    data_dir: str = ""
    """Folder of the public corpora; the environment's CREDCHECK_DATA goes before it. Empty: only
    the articles in training/sets are learned from."""
    seed: int = 1
    start_from: str = ""
    """Folder of a finished run, or of a released model, whose network this one goes on from; empty:
    the base alone."""
    window: WindowSize = field(default_factory=WindowSize)
    """How windows are cut, in tokens, in use and when development documents are scored."""
    training_windows: tuple[WindowSize, ...] = ()
    """Sizes that documents are cut in for training, drawn anew each epoch; empty: as in use."""
    epochs: int = 5
    max_steps: int = 0
    """Stop after this many optimizer steps, for trials; 0 for all."""
    batch_tokens: int = 4096
    """Tokens of an optimizer step, padding included."""
    ntrex_languages: int = 8
    """Languages in which each NTREX document is read in an epoch, drawn without replacement."""
    written_repeats: int = 1
    """How often the articles written for this project are read in an epoch."""
    fresh_repeats: int = 1
    """How often documents are read in an epoch that the run gone on from did not learn from."""
    learning_rate: float = 1e-4
    """Peak, at the encoder's last layer."""
    layer_decay: float = 0.92
    """Factor of the learning rate from each layer to the one below."""
    head_learning_rate: float = 5e-4
    weight_decay: float = 0.01
    warmup_share: float = 0.06
    """Share of the steps in which the learning rate rises."""
    final_rate_share: float = 0.0
    """Share of the peak learning rate that is left at the last step; the way there is straight."""
    label_smoothing: float = 0.05
    class_balance: float = 0.3
    """Exponent b of the class weights frequency^-b; 0 weighs all sentences alike."""
    prior_correction: float = 0.0
    """Share of the class weights' log that is taken off the status logits at export: training with
    weights makes rare statuses more probable than they are (Menon et al. 2021, arXiv:2007.07314);
    1 takes all of it off."""
    evidence_weight: float = 0.3
    """Weight of the evidence tags' loss beside the statuses'."""
    mask_share: float = 0.06
    """Share of tokens replaced by <mask> in training."""
    head_dropout: float = 0.1
    feature_dropout: float = 0.0
    """Share of hidden features that each sublayer of the encoder loses, the same ones for all
    tokens of a window: drawing them costs next to nothing."""
    average_share: float = 0.0
    """Share of the steps, at the end, whose weights are averaged into the network that is saved."""
    average_every: int = 10
    """Steps between two weights that enter the average."""
    precision: str = "auto"
    """`bfloat16`, `float32`, or `auto`: bfloat16 where the processor or GPU multiplies it fast."""
    checkpoint_minutes: float = 5.0
    """Minutes between checkpoints."""

    def __post_init__(self) -> None:
        if self.precision not in ("auto", "bfloat16", "float32"):
            raise ValueError(f"precision is {self.precision!r}, not auto, bfloat16 or float32")
        if self.batch_tokens < self.window.max_tokens:
            raise ValueError("batch_tokens is smaller than one window")

    @property
    def data_path(self) -> Path | None:
        """The folder of the public corpora, or None."""
        folder = os.environ.get("CREDCHECK_DATA", self.data_dir)
        return Path(folder) if folder else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as saved beside a run's output."""
        return asdict(self)


def read_config(path: Path) -> TrainConfig:
    """Read a recipe; raises ValueError on a setting that does not exist."""
    return _build(tomllib.loads(path.read_text(encoding="utf-8")), path)


def read_saved_config(path: Path) -> TrainConfig:
    """Read the resolved copy that a run keeps beside its output."""
    return _build(json.loads(path.read_text(encoding="utf-8")), path)


def _build(values: dict[str, Any], path: Path) -> TrainConfig:
    known = {entry.name for entry in fields(TrainConfig)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"{path}: no such setting: {', '.join(unknown)}; known: {sorted(known)}")
    if "window" in values:
        values["window"] = WindowSize(**values["window"])
    if "training_windows" in values:
        sizes = (WindowSize(**size) for size in values["training_windows"])
        values["training_windows"] = tuple(sizes)
    return TrainConfig(**values)
