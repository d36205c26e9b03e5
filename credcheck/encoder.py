"""Windows → logits, through ONNX Runtime."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from credcheck.errors import ModelDamagedError
from credcheck.model_folder import ModelFolder
from credcheck.records import Window
from credcheck.runtime import onnxruntime


@dataclass(frozen=True, slots=True, eq=False)
class WindowLogits:
    """What the network says of one window."""

    status: npt.NDArray[np.float32]
    """(n_targets, n_statuses), columns in Status order"""
    evidence: npt.NDArray[np.float32]
    """(n_tokens, n_tags), columns in EVIDENCE_TAGS order"""


class Encoder(Protocol):
    """Anything that reads windows."""

    def encode(self, windows: Sequence[Window]) -> list[WindowLogits]:
        """The logits of each window."""
        ...


class OnnxEncoder:
    """The exported network; safe to share between threads.

    Windows are run one by one: what else is in a batch could change the scales of 8-bit
    activations, and with them a status, and no padding is ever computed.
    Raises ModelDamagedError when the network cannot be loaded.
    """

    def __init__(self, folder: ModelFolder, *, threads: int = 0) -> None:
        self._path = folder.network
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that spin between runs would take the cores from reading and tokenizing.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder.network), options, providers=["CPUExecutionProvider"]
            )
        # ONNX Runtime's errors share no base class below Exception.
        except Exception as error:
            raise ModelDamagedError(f"{folder.network} cannot be loaded: {error}") from error
        names = {entry.name for entry in self._session.get_inputs()}
        expected = {"token_ids", "starts", "ends"}
        if names != expected:
            raise ModelDamagedError(
                f"{folder.network} takes {sorted(names)} where {sorted(expected)} was expected"
            )

    def encode(self, windows: Sequence[Window]) -> list[WindowLogits]:
        """The logits of each window, each run by itself."""
        return [self._encode_window(window) for window in windows]

    def _encode_window(self, window: Window) -> WindowLogits:
        starts = np.array([target.token_start for target in window.targets], dtype=np.int64)
        ends = np.array([target.token_end for target in window.targets], dtype=np.int64)
        inputs = {"token_ids": window.token_ids[None], "starts": starts, "ends": ends}
        try:
            status, evidence = self._session.run(["status", "evidence"], inputs)
        # Again no common base class; what fails here fails for every article.
        except Exception as error:
            raise ModelDamagedError(f"{self._path} cannot be run: {error}") from error
        return WindowLogits(status, evidence)
