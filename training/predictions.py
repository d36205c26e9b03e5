"""Windows → statuses by the network in torch, and how good they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from credcheck.encoder import WindowLogits
from credcheck.labels import STATUSES
from credcheck.records import Window
from training.base import Base
from training.config import TrainConfig
from training.examples import IGNORED, Example
from training.network import StatusNetwork, make_batch
from training.released import is_released, read_released_weights
from training.scores import Scores, score, score_groups


def load_network(run: Path, base: Base, config: TrainConfig) -> StatusNetwork:
    """The trained network on a CPU, with the base's frozen word embeddings."""
    network = StatusNetwork(base.encoder, config.head_dropout)
    load_weights(network, run)
    return network.eval()


def load_weights(network: StatusNetwork, run: Path) -> None:
    """Put the weights of a finished run, or of a released model, into a network.

    Raises ValueError when they do not fit.
    """
    if is_released(run):
        state = read_released_weights(run)
    else:
        state = load_file(run / "network.safetensors")
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or any("word_embeddings" not in name for name in missing):
        raise ValueError(f"{run} does not fit the network: {missing}, {unexpected}")


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
            batch = make_batch([examples[i].window for i in chosen]).to(device)
            rows = network(batch)[0].float().cpu().numpy()
            sizes = np.cumsum([len(examples[i].statuses) for i in chosen])[:-1]
            for i, part in zip(chosen, np.split(rows, sizes), strict=True):
                logits[i] = part
    network.train()
    return np.concatenate(logits)


class TorchEncoder:
    """The network in torch, float32, window by window: what the exported one should say."""

    def __init__(self, network: StatusNetwork) -> None:
        self._network = network.eval()

    def encode(self, windows: Sequence[Window]) -> list[WindowLogits]:
        """The logits of each window."""
        found = []
        with torch.no_grad():
            for window in windows:
                status, evidence = self._network(make_batch([window]))
                found.append(WindowLogits(status.numpy(), evidence[0].numpy()))
        return found


def score_examples(
    network: StatusNetwork, examples: Sequence[Example], use_bfloat16: bool
) -> tuple[Scores, dict[str, Scores]]:
    """Scores over all labelled targets, and by language."""
    predicted = predict(network, examples, use_bfloat16=use_bfloat16).argmax(1)
    gold = np.concatenate([example.statuses for example in examples])
    keep = np.flatnonzero(gold != IGNORED)
    gold, predicted = gold[keep], predicted[keep]
    owners = [example for example in examples for _ in example.statuses]
    languages = [owners[i].language for i in keep]
    articles = [owners[i].group for i in keep]
    return score(gold, predicted, articles), score_groups(gold, predicted, articles, languages)
