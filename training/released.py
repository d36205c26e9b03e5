"""A released model folder → the weights that its network is made of, as float tensors by name.

What training can go on from when the run itself is gone. Biases and norms come back exactly, the
encoder's matrices to the nearest of their 8-bit steps; the word embeddings are those of the base.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from credcheck.model_folder import NETWORK

FloatArray = npt.NDArray[np.float32]

_PROJECTIONS = {
    "attention": "attention.output.dense",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
}
_QKV = ("query", "key", "value")
_ZERO_POINT = 128


def is_released(folder: Path) -> bool:
    """Whether a folder holds an exported network, not a run."""
    return (folder / NETWORK).is_file()


def read_released_weights(folder: Path) -> dict[str, Tensor]:
    """The tensors of `StatusNetwork.state_dict()`, word embeddings left out (the base has them).

    Positions hold the token type's row added in, as the graph does, and token types are zero.
    """
    graph = onnx.load(folder / NETWORK).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state: dict[str, FloatArray] = {
        name: values for name, values in arrays.items() if name.endswith((".weight", ".bias"))
    }
    embeddings = "encoder.embeddings."
    state[embeddings + "position_embeddings.weight"] = arrays["places"]
    for name in arrays:
        if name.endswith("_qkv_bias"):
            layer = int(name.removeprefix("layer").removesuffix("_qkv_bias"))
            state |= _layer(arrays, layer)
    hidden = arrays["places"].shape[1]
    state[embeddings + "token_type_embeddings.weight"] = np.zeros((2, hidden), np.float32)
    return {name: torch.from_numpy(values.copy()) for name, values in state.items()}


def _layer(arrays: dict[str, npt.NDArray[np.generic]], layer: int) -> dict[str, FloatArray]:
    short, prefix = f"layer{layer}_", f"encoder.encoder.layer.{layer}."
    joined = _dequantize(arrays, short + "qkv_weight")
    biases = arrays[short + "qkv_bias"]
    state = {}
    for part, matrix, bias in zip(_QKV, np.split(joined, 3), np.split(biases, 3), strict=True):
        state[f"{prefix}attention.self.{part}.weight"] = matrix
        state[f"{prefix}attention.self.{part}.bias"] = bias
    for part, name in _PROJECTIONS.items():
        state[f"{prefix}{name}.weight"] = _dequantize(arrays, f"{short}{part}_weight")
    return state


def _dequantize(arrays: dict[str, npt.NDArray[np.generic]], name: str) -> FloatArray:
    """(outputs, inputs) of a matrix in blocks: (outputs, blocks, block), a scale for each."""
    steps = arrays[name + "_Q8"].astype(np.float32) - _ZERO_POINT
    scales = arrays[name + "_scales"].astype(np.float32)
    return (steps * scales[..., None]).reshape(steps.shape[0], -1)
