"""Trained weights → an ONNX graph, node by node, in the fused operators of ONNX Runtime's CPU.

    token_ids (1, n_tokens) int64, starts (n_sentences,) int64, ends (n_sentences,) int64
      → status (n_sentences, n_statuses) float32, evidence (n_tokens, n_tags) float32

Written out by hand, since an exporter would unroll the fused operators, and the 4-bit table
(GatherBlockQuantized) has no counterpart in torch.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from credcheck.labels import EVIDENCE_TAGS, STATUSES

FloatArray = npt.NDArray[np.float32]
_CONTRIB = "com.microsoft"
_BLOCK = 32


def quantize_table(table: FloatArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
    """Q4_0 of an embedding table: packed nibbles (rows, hidden/2), scales (rows, hidden/32).

    In each block the weight of largest magnitude becomes -8 steps. A table that was decoded from
    Q4_0 comes back exactly.
    """
    rows, hidden = table.shape
    blocks = table.reshape(rows, hidden // _BLOCK, _BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    scales = (largest / -8).astype(np.float16)
    steps = np.where(scales == 0, 1, scales).astype(np.float32)[..., None]
    nibbles = np.clip(np.rint(blocks / steps) + 8, 0, 15).astype(np.uint8)
    nibbles[scales == 0] = 8
    flat = nibbles.reshape(rows, hidden)
    return flat[:, 0::2] | (flat[:, 1::2] << 4), scales


def dequantize_table(packed: npt.NDArray[np.uint8], scales: npt.NDArray[np.float16]) -> FloatArray:
    """The inverse of `quantize_table`."""
    rows, half = packed.shape
    nibbles = np.stack([packed & 15, packed >> 4], axis=-1).reshape(rows, half * 2)
    steps = np.repeat(scales.astype(np.float32), _BLOCK, axis=1)
    return (nibbles.astype(np.float32) - 8) * steps


def build_graph(state: Mapping[str, FloatArray], n_heads: int, epsilon: float) -> onnx.ModelProto:
    """The whole network, float32 but for the 4-bit embedding table.

    state: tensors by the names of `StatusNetwork.state_dict()`.
    """
    graph = _Graph(state)
    hidden = graph.embed(epsilon)
    n_layers = 1 + max(int(name.split(".")[3]) for name in state if ".layer." in name)
    for layer in range(n_layers):
        hidden = graph.encoder_layer(layer, hidden, n_heads, epsilon)
    # One window a run: the batch axis has done its work.
    tokens = graph.node("Squeeze", [hidden, graph.constant("axis0", np.array([0]))], "tokens")
    graph.status_head(tokens)
    graph.linear(tokens, "evidence", "evidence")
    inputs = [
        helper.make_tensor_value_info("token_ids", TensorProto.INT64, [1, "n_tokens"]),
        helper.make_tensor_value_info("starts", TensorProto.INT64, ["n_sentences"]),
        helper.make_tensor_value_info("ends", TensorProto.INT64, ["n_sentences"]),
    ]
    outputs = [
        helper.make_tensor_value_info("status", TensorProto.FLOAT, ["n_sentences", len(STATUSES)]),
        helper.make_tensor_value_info(
            "evidence", TensorProto.FLOAT, ["n_tokens", len(EVIDENCE_TAGS)]
        ),
    ]
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_CONTRIB, 1)]
    made = helper.make_graph(graph.nodes, "credcheck", inputs, outputs, graph.tensors)
    return helper.make_model(made, opset_imports=opsets, ir_version=10)


class _Graph:
    """Nodes and weights in the making; every method adds a part and names its output."""

    def __init__(self, state: Mapping[str, FloatArray]) -> None:
        self._state = state
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *more: str, **options: Any) -> str:
        domain = _CONTRIB if kind in _CONTRIB_OPERATORS else ""
        self.nodes.append(
            helper.make_node(kind, inputs, [output, *more], name=output, domain=domain, **options)
        )
        return output

    def weight(self, name: str) -> str:
        return self.constant(name, self._state[name])

    def linear(self, values: str, name: str, output: str) -> str:
        """A layer that stays float32: Gemm is not quantized."""
        return self.node(
            "Gemm",
            [values, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")],
            output,
            transB=1,
        )

    def embed(self, epsilon: float) -> str:
        prefix = "encoder.embeddings."
        packed, scales = quantize_table(self._state[prefix + "word_embeddings.weight"])
        halves = self.node(
            "GatherBlockQuantized",
            [self.constant("words", packed), "token_ids", self.constant("word_scales", scales)],
            "words_float16",
            gather_axis=0,
            quantize_axis=1,
            block_size=_BLOCK,
            bits=4,
        )
        words = self.node("Cast", [halves], "words_float32", to=TensorProto.FLOAT)
        self.node("Shape", ["token_ids"], "shape")
        length = self.node("Gather", ["shape", self.constant("one", np.array([1]))], "n_tokens_")
        places = (
            self._state[prefix + "position_embeddings.weight"]
            + self._state[prefix + "token_type_embeddings.weight"][:1]
        )
        zero = self.constant("zero", np.array([0]))
        place = self.node("Slice", [self.constant("places", places), zero, length, zero], "place")
        summed = self.node("Add", [words, place], "embedded")
        return self.node(
            "LayerNormalization",
            [
                summed,
                self.weight(prefix + "LayerNorm.weight"),
                self.weight(prefix + "LayerNorm.bias"),
            ],
            "layer_in_0",
            axis=-1,
            epsilon=epsilon,
        )

    def encoder_layer(self, layer: int, hidden: str, n_heads: int, epsilon: float) -> str:
        name, prefix = f"layer{layer}_", f"encoder.encoder.layer.{layer}."
        parts = [prefix + f"attention.self.{part}." for part in ("query", "key", "value")]
        joined = np.concatenate([self._state[part + "weight"] for part in parts]).T
        biases = np.concatenate([self._state[part + "bias"] for part in parts])
        product = self._product(hidden, name + "qkv", joined)
        shifted = self.node(
            "Add", [product, self.constant(name + "qkv_bias", biases)], name + "qkv"
        )
        split = [name + "query", name + "key", name + "value"]
        self.node("Split", [shifted], *split, axis=-1, num_outputs=3)
        attended = self.node("MultiHeadAttention", split, name + "attended", num_heads=n_heads)
        attended = self._project(attended, name + "attention", prefix + "attention.output.dense")
        middle = self._add_norm(
            attended, hidden, prefix + "attention.output", name + "middle", epsilon
        )
        wide = self._project(middle, name + "wide", prefix + "intermediate.dense")
        wide_bias = self.weight(prefix + "intermediate.dense.bias")
        active = self.node("BiasGelu", [wide, wide_bias], name + "active")
        narrow = self._project(active, name + "narrow", prefix + "output.dense")
        return self._add_norm(narrow, middle, prefix + "output", f"layer_in_{layer + 1}", epsilon)

    def status_head(self, tokens: str) -> None:
        """Mean over each sentence's tokens and separator beside the separator, then two layers."""
        self.node("Shape", [tokens], "tokens_shape")
        scalar = {"zero_scalar": np.array(0), "one_scalar": np.array(1)}
        zero, one = (self.constant(name, value) for name, value in scalar.items())
        count = self.node("Gather", ["tokens_shape", zero], "token_count")
        places = self.node("Range", [zero, count, one], "token_places")
        axis = self.constant("axis1", np.array([1]))
        starts = self.node("Unsqueeze", ["starts", axis], "starts_column")
        ends = self.node("Unsqueeze", ["ends", axis], "ends_column")
        after = self.node("GreaterOrEqual", [places, starts], "after_start")
        before = self.node("LessOrEqual", [places, ends], "before_end")
        inside = self.node("And", [after, before], "inside")
        inside = self.node("Cast", [inside], "inside_float32", to=TensorProto.FLOAT)
        sizes = self.node("ReduceSum", [inside, axis], "sizes", keepdims=1)
        weights = self.node("Div", [inside, sizes], "weights")
        means = self.node("Gemm", [weights, tokens], "means")
        separators = self.node("Gather", [tokens, "ends"], "separators")
        states = self.node("Concat", [means, separators], "states", axis=1)
        states = self.linear(states, "state", "state_linear")
        states = self.node("Gelu", [states], "state_active")
        self.linear(states, "status", "status")

    def _product(self, values: str, name: str, matrix: FloatArray) -> str:
        return self.node(
            "MatMul", [values, self.constant(name + "_weight", matrix)], name + "_product"
        )

    def _project(self, values: str, name: str, weights: str) -> str:
        return self._product(values, name, self._state[weights + ".weight"].T)

    def _add_norm(
        self, values: str, residual: str, prefix: str, output: str, epsilon: float
    ) -> str:
        names = ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        weights = [self.weight(f"{prefix}.{name}") for name in names]
        return self.node(
            "SkipLayerNormalization", [values, residual, *weights], output, epsilon=epsilon
        )


_CONTRIB_OPERATORS = {
    "GatherBlockQuantized",
    "MultiHeadAttention",
    "SkipLayerNormalization",
    "BiasGelu",
}
