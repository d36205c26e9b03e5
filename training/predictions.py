"""Windows → statuses by the network in torch, and how good they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from credcheck.encoder import WindowLogits
from credcheck.labels import STATUSES
from credcheck.records import Window
from training.examples import IGNORED, Example
from training.network import StatusNetwork, make_batch
from training.scores import Scores, score, score_groups


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


def encode_windows(network: StatusNetwork, windows: Sequence[Window]) -> list[WindowLogits]:
    """What the exported network should say of each window: torch in float32, one by one."""
    device = next(network.parameters()).device
    network.eval()
    found = []
    with torch.no_grad():
        for window in windows:
            status, evidence = network(make_batch([window]).to(device))
            found.append(WindowLogits(status.cpu().numpy(), evidence[0].cpu().numpy()))
    return found


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
