"""A trained network → a model folder: `python -m training.export RUN --out FOLDER`.

1. Build the ONNX graph, float32 with the 4-bit embedding table; compare it with torch.
2. Quantize the encoder's matrices to 8 bits; count the statuses that flip.
3. Fit the temperature on the int8 network's own logits of the development documents.
4. Score the development sets with the int8 network; write manifest, scores and card.

Nothing is published when both networks disagree beyond the tolerance, or the file is too large.
"""

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from rich.progress import track
from safetensors.torch import load_file

from credcheck.encoder import OnnxEncoder
from credcheck.judgements import probabilities
from credcheck.labels import EVIDENCE_TAGS, STATUSES
from credcheck.model_folder import (
    CARD,
    MANIFEST,
    NETWORK,
    TOKENIZER,
    Calibration,
    Manifest,
    ModelFolder,
    file_hash,
)
from credcheck.windows import JsonTokenizer
from training.base import LANGUAGES, Base, load_base
from training.baselines import score_baselines
from training.calibration import (
    THRESHOLD,
    cross_fitted_error,
    expected_calibration_error,
    fit_temperature,
    measure_coverage,
)
from training.config import TrainConfig, read_saved_config
from training.corpora import describe_data
from training.examples import IGNORED, Example, to_examples
from training.model_card import write_card
from training.network import StatusNetwork
from training.onnx_graph import build_graph, dequantize_table, quantize_table
from training.predictions import encode_windows, predict
from training.sampling import Corpus, development_sets, load_corpus
from training.scores import score, score_groups

_log = logging.getLogger(__name__)

MAX_NETWORK_BYTES = 80_000_000
FLOAT_TOLERANCE = 1e-2
"""Largest difference of any logit, status or evidence, between torch and ONNX, both float32: what
rounding leaves after twelve layers. A wrong weight or operator is off by whole units."""
WEIGHT_BLOCK = 128
"""Weights that share a scale."""
INT8_ACTIVATIONS = 4
"""ONNX Runtime's name for products in int8, with a scale for each block of activations."""
PROOF_WINDOWS = 300
"""Windows that both networks are compared on, spread over the development documents."""
MAX_FLIP_SHARE = 0.02
"""Share of development sentences whose status int8 may change."""


@dataclass(frozen=True, slots=True, eq=False)
class Logits:
    """What a network says of a development set."""

    rows: npt.NDArray[np.float32]
    gold: npt.NDArray[np.int64]
    languages: list[str]
    documents: list[str]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the folder was written."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of a finished training run")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--no-baselines", action="store_true", help="leave the baselines out")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    export(arguments.run, arguments.out, with_baselines=not arguments.no_baselines)
    return 0


def export(run: Path, out: Path, *, with_baselines: bool = True) -> None:
    """Write the model folder of a run; raises ValueError when the proof fails."""
    config = read_saved_config(run / "config.json")
    base = load_base(config.base)
    network = load_network(run, base, config)
    corpus = load_corpus(config)
    saved = json.loads((run / "split.json").read_text(encoding="utf-8"))
    if corpus.describe_split() != saved:
        raise ValueError(
            f"the labelled documents are not those that {run} was trained on: what it learned "
            "from could be measured on; set CREDCHECK_DATA as it was, or train again"
        )
    tokenizer = JsonTokenizer(base.tokenizer_path)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as temporary:
        folder = Path(temporary)
        shutil.copyfile(base.tokenizer_path, folder / TOKENIZER)
        sets = _development_examples(corpus, tokenizer, config)
        proof = export_network(
            network, folder, config, sets["native" if "native" in sets else "written"]
        )
        manifest = _manifest(config, base, corpus, Calibration())
        encoder = OnnxEncoder(ModelFolder(folder, manifest))
        logits = {name: _encode(encoder, examples, name) for name, examples in sets.items()}
        results: dict[str, Any] = {"model_id": config.model_id, "export": proof}
        calibration, results["calibration"] = calibrate(logits)
        results["development"] = {name: _scores(part) for name, part in logits.items()}
        results["development_float32"] = {
            name: _scores(_torch_logits(network, examples))
            for name, examples in sets.items()
            if name != "ntrex"
        }
        if with_baselines:
            results["baselines"] = score_baselines(
                corpus.training, development_sets(corpus.development)
            )
        results["data"] = describe_data(corpus.training, corpus.development)
        results["config"] = config.to_dict()
        _write(folder / "scores.json", results)
        write_card(results, _manifest(config, base, corpus, calibration), folder / CARD)
        names = (NETWORK, TOKENIZER, "scores.json", CARD)
        hashes = {name: file_hash(folder / name) for name in names}
        _write(folder / MANIFEST, _manifest(config, base, corpus, calibration, hashes).to_dict())
        for path in sorted(folder.iterdir()):
            if path.suffix in (".onnx", ".json", ".md"):
                os.replace(path, out / path.name)
    _log.info("written to %s", out)


def load_network(run: Path, base: Base, config: TrainConfig) -> StatusNetwork:
    """The trained network on a CPU, with the base's frozen word embeddings."""
    network = StatusNetwork(base.encoder, config.head_dropout)
    missing, unexpected = network.load_state_dict(
        load_file(run / "network.safetensors"), strict=False
    )
    if unexpected or any("word_embeddings" not in name for name in missing):
        raise ValueError(f"{run} does not fit the network: {missing}, {unexpected}")
    return network.eval()


def export_network(
    network: StatusNetwork, folder: Path, config: TrainConfig, examples: Sequence[Example]
) -> dict[str, Any]:
    """Write `model.onnx`; returns what was proven, raises ValueError when it was not."""
    state = {name: tensor.detach().float().numpy() for name, tensor in network.state_dict().items()}
    table = state["encoder.embeddings.word_embeddings.weight"]
    table_error = float(np.abs(dequantize_table(*quantize_table(table)) - table).max())
    settings = network.encoder.config
    graph = build_graph(state, settings.num_attention_heads, settings.layer_norm_eps)
    float_path = folder / "float32" / NETWORK
    float_path.parent.mkdir()
    onnx.save(graph, float_path)
    # Blocks of 8-bit weights, and activations scaled row by row: dynamic int8, which scales a whole
    # window at once, changed the status of 5 % of the sentences, this of hardly any, at 1.5 times
    # the time (120 windows, same run: 0 flips against 2.9 %; 8.2 s, 5.3 s; float32 9.8 s).
    quantizer = MatMulNBitsQuantizer(
        graph, bits=8, block_size=WEIGHT_BLOCK, is_symmetric=True, accuracy_level=INT8_ACTIVATIONS
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(folder / NETWORK), False)
    size = (folder / NETWORK).stat().st_size
    if size > MAX_NETWORK_BYTES:
        raise ValueError(f"the network has {size:,} bytes, {MAX_NETWORK_BYTES:,} are allowed")
    windows = [example.window for example in examples]
    windows = windows[:: max(1, len(windows) // PROOF_WINDOWS)]
    placeholder = _placeholder_manifest(config)
    int8 = OnnxEncoder(ModelFolder(folder, placeholder)).encode(windows)
    float32 = OnnxEncoder(ModelFolder(float_path.parent, placeholder)).encode(windows)
    in_torch = encode_windows(network, windows)
    difference = max(
        float(np.abs(ours - theirs).max())
        for onnx_logits, torch_logits in zip(float32, in_torch, strict=True)
        for ours, theirs in (
            (onnx_logits.status, torch_logits.status),
            (onnx_logits.evidence, torch_logits.evidence),
        )
    )
    torch_rows = np.concatenate([entry.status for entry in in_torch])
    int8_rows = np.concatenate([entry.status for entry in int8])
    if difference > FLOAT_TOLERANCE:
        raise ValueError(f"ONNX and torch differ by {difference} in a logit")
    flips = float((int8_rows.argmax(1) != torch_rows.argmax(1)).mean())
    if flips > MAX_FLIP_SHARE:
        raise ValueError(f"int8 changes the status of {flips:.1%} of the sentences")
    shutil.rmtree(float_path.parent)
    return {
        "n_sentences": len(torch_rows),
        "network_bytes": size,
        "embedding_table_max_error": table_error,
        "float32_max_logit_difference": difference,
        "int8_flip_share": flips,
        "int8_flips": int((int8_rows.argmax(1) != torch_rows.argmax(1)).sum()),
    }


def calibrate(logits: dict[str, Logits]) -> tuple[Calibration, dict[str, Any]]:
    """Temperature on real news where there is some, else on the written articles."""
    chosen = logits.get("native") or logits["written"]
    keep = chosen.gold != IGNORED
    rows, gold = chosen.rows[keep], chosen.gold[keep]
    documents = [name for name, kept in zip(chosen.documents, keep, strict=True) if kept]
    calibration = Calibration(fit_temperature(rows, gold), THRESHOLD)
    shares = probabilities(rows, calibration)
    return calibration, {
        "temperature": calibration.temperature,
        "threshold": calibration.threshold,
        "n_sentences": len(gold),
        "error_before": expected_calibration_error(probabilities(rows, Calibration()), gold),
        "error_after": expected_calibration_error(shares, gold),
        "error_cross_fitted": cross_fitted_error(rows, gold, documents),
        "coverage": asdict(measure_coverage(shares, gold, calibration.threshold)),
    }


def _development_examples(
    corpus: Corpus, tokenizer: JsonTokenizer, config: TrainConfig
) -> dict[str, list[Example]]:
    return {
        name: [
            example
            for document in documents
            for example in to_examples(document, tokenizer, config.window)
        ]
        for name, documents in development_sets(corpus.development).items()
    }


def _encode(encoder: OnnxEncoder, examples: Sequence[Example], name: str) -> Logits:
    rows = [
        encoder.encode([example.window])[0].status
        for example in track(examples, f"scoring {name}", transient=True)
    ]
    return _logits(np.concatenate(rows), examples)


def _torch_logits(network: StatusNetwork, examples: Sequence[Example]) -> Logits:
    return _logits(predict(network, examples, use_bfloat16=False), examples)


def _logits(rows: npt.NDArray[np.float32], examples: Sequence[Example]) -> Logits:
    return Logits(
        rows,
        np.concatenate([example.statuses for example in examples]),
        [example.language for example in examples for _ in example.statuses],
        [example.document for example in examples for _ in example.statuses],
    )


def _scores(logits: Logits) -> dict[str, Any]:
    keep = logits.gold != IGNORED
    gold, predicted = logits.gold[keep], logits.rows[keep].argmax(1)
    languages = [name for name, kept in zip(logits.languages, keep, strict=True) if kept]
    confusion = np.zeros((len(STATUSES), len(STATUSES)), dtype=int)
    np.add.at(confusion, (gold, predicted), 1)
    return {
        **score(gold, predicted).to_dict(),
        "n_documents": len(set(logits.documents)),
        "confusion": confusion.tolist(),
        "by_language": {
            name: {
                "n_sentences": part.n_sentences,
                "accuracy": part.accuracy,
                "macro_f1": part.macro_f1,
            }
            for name, part in score_groups(gold, predicted, languages).items()
        },
    }


def _manifest(
    config: TrainConfig,
    base: Base,
    corpus: Corpus,
    calibration: Calibration,
    files: dict[str, str] | None = None,
) -> Manifest:
    return Manifest(
        model_id=config.model_id,
        statuses=tuple(map(str, STATUSES)),
        evidence_tags=EVIDENCE_TAGS,
        window=config.window,
        calibration=calibration,
        files=files or {},
        base=base.name,
        licence="MIT (base encoder); Apache-2.0 (this model)",
        data_digest=corpus.digest,
        languages=LANGUAGES,
        sources=tuple(sorted({document.source for document in corpus.training})),
    )


def _placeholder_manifest(config: TrainConfig) -> Manifest:
    """What an encoder needs before there is a calibration: nothing of it is read."""
    tags = EVIDENCE_TAGS
    statuses = tuple(map(str, STATUSES))
    return Manifest("", statuses, tags, config.window, Calibration(), {}, "", "", "", ())


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    sys.exit(main())
