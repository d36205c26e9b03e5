"""What a model folder holds, how it is found, and how it is checked.

A model folder is complete in itself: `manifest.json`, `model.onnx`, `tokenizer.json`,
`MODEL_CARD.md`. Nothing in it is ever unpickled or run as a program.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from credcheck.errors import LabelMismatchError, ModelDamagedError, ModelNotFoundError
from credcheck.labels import EVIDENCE_TAGS, STATUSES

MANIFEST = "manifest.json"
NETWORK = "model.onnx"
TOKENIZER = "tokenizer.json"
CARD = "MODEL_CARD.md"

MAX_POSITIONS = 512
"""Tokens that the base encoder has positions for."""

_PACKAGED = Path(__file__).parent / "default_model"
_CHECKOUT = Path(__file__).parents[1] / "models" / "credcheck-small-v3"


@dataclass(frozen=True, slots=True)
class WindowSize:
    """How a window is cut, in tokens; part of a model's manifest, never a constant in code."""

    max_tokens: int = 256
    headline_tokens: int = 32
    before_tokens: int = 56
    after_tokens: int = 32

    def __post_init__(self) -> None:
        context = self.headline_tokens + self.before_tokens + self.after_tokens
        if self.max_tokens > MAX_POSITIONS:
            raise ValueError(f"windows of {self.max_tokens} tokens; the most is {MAX_POSITIONS}")
        if context + 16 > self.max_tokens:
            raise ValueError(
                f"context of {context} tokens leaves no room for targets in {self.max_tokens}"
            )


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become probabilities, and when they decide."""

    temperature: float = 1.0
    """Logits are divided by it (Guo et al. 2017, arXiv:1706.04599)."""
    threshold: float = 0.5
    """A status less probable than this, 0 to 1, is marked undecided."""

    def __post_init__(self) -> None:
        if not 0 < float(self.temperature) < float("inf") or not 0 <= float(self.threshold) <= 1:
            raise ValueError(
                f"temperature {self.temperature} or threshold {self.threshold} is out of range"
            )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model says of itself."""

    model_id: str
    statuses: tuple[str, ...]
    """Names of the status columns, in order."""
    evidence_tags: tuple[str, ...]
    """Names of the evidence columns, in order."""
    window: WindowSize
    calibration: Calibration
    files: Mapping[str, str]
    """SHA-256 of each file."""
    base: str
    licence: str
    data_digest: str
    languages: tuple[str, ...]
    """Languages that the base encoder was trained on (BCP 47)."""
    sources: tuple[str, ...] = ()
    """Corpora that the model learned from."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to the file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose manifest has been read."""

    path: Path
    manifest: Manifest

    @property
    def network(self) -> Path:
        """The encoder with its heads, ONNX."""
        return self.path / NETWORK

    @property
    def tokenizer(self) -> Path:
        """The tokenizer, JSON."""
        return self.path / TOKENIZER

    def check_files(self) -> None:
        """Compare every file with its SHA-256; raises ModelDamagedError."""
        for name, expected in self.manifest.files.items():
            if file_hash(self.path / name) != expected:
                raise ModelDamagedError(
                    f"{self.path / name} is not the file that {MANIFEST} describes "
                    "(its SHA-256 differs); install the model again"
                )


def find_model_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder named, else the one in CREDCHECK_MODEL, else the model that ships.

    Raises ModelNotFoundError when there is none.
    """
    named = folder or os.environ.get("CREDCHECK_MODEL")
    if named:
        path = Path(named)
        if not path.is_dir():
            raise ModelNotFoundError(f"model folder {path} does not exist")
        return path
    for path in (_PACKAGED, _CHECKOUT):
        if (path / MANIFEST).is_file():
            return path
    raise ModelNotFoundError(
        f"no model at {_PACKAGED} or {_CHECKOUT}; name one with --model or CREDCHECK_MODEL"
    )


def open_model_folder(path: Path) -> ModelFolder:
    """Read the manifest and check that the files are there and the labels are ours.

    Raises ModelNotFoundError, ModelDamagedError or LabelMismatchError.
    """
    manifest_path = path / MANIFEST
    if not manifest_path.is_file():
        raise ModelNotFoundError(f"{path} holds no {MANIFEST}: not a model folder of credcheck")
    try:
        manifest = _parse(json.loads(manifest_path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        raise ModelDamagedError(f"{manifest_path} cannot be understood: {error}") from error
    if manifest.statuses != tuple(map(str, STATUSES)):
        raise LabelMismatchError(
            f"{path} was trained for {', '.join(manifest.statuses)}; "
            f"this version knows {', '.join(STATUSES)}"
        )
    if manifest.evidence_tags != EVIDENCE_TAGS:
        raise LabelMismatchError(f"{path} marks evidence as {', '.join(manifest.evidence_tags)}")
    for name in (NETWORK, TOKENIZER):
        if not (path / name).is_file():
            raise ModelDamagedError(f"{path / name} is missing; install the model again")
    return ModelFolder(path, manifest)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; raises ModelDamagedError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelDamagedError(f"{path} cannot be read: {error}") from error


def _parse(values: dict[str, Any]) -> Manifest:
    known = {entry.name for entry in fields(Manifest)}
    values = {key: value for key, value in values.items() if key in known}
    for key in ("statuses", "evidence_tags", "languages", "sources"):
        values[key] = tuple(values.get(key, ()))
    if not all(isinstance(entry, str) for pair in values["files"].items() for entry in pair):
        raise ValueError("files are not named with their hashes")
    values["window"] = WindowSize(**values["window"])
    values["calibration"] = Calibration(**values["calibration"])
    return Manifest(**values)
