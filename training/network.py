"""Token windows → status logits of sentences and evidence logits of tokens (torch)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from transformers import AttentionInterface, BertModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from credcheck.labels import EVIDENCE_TAGS, STATUSES
from credcheck.records import Window


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side, padded."""

    token_ids: Tensor
    """(n_windows, n_tokens) int64"""
    attention_mask: Tensor
    """(n_windows, n_tokens) int64, 1 on tokens"""
    sentences: Tensor
    """(n_sentences, 3) int64: window, first token, separator"""

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        return Batch(
            self.token_ids.to(device), self.attention_mask.to(device), self.sentences.to(device)
        )


def make_batch(windows: list[Window], pad_id: int = 1) -> Batch:
    """Pad windows to the longest; the sentences are their targets, in order."""
    longest = max(len(window.token_ids) for window in windows)
    token_ids = torch.full((len(windows), longest), pad_id, dtype=torch.int64)
    mask = torch.zeros((len(windows), longest), dtype=torch.int64)
    sentences = []
    for row, window in enumerate(windows):
        token_ids[row, : len(window.token_ids)] = torch.from_numpy(window.token_ids)
        mask[row, : len(window.token_ids)] = 1
        sentences += [(row, target.token_start, target.token_end) for target in window.targets]
    return Batch(token_ids, mask, torch.tensor(sentences, dtype=torch.int64).reshape(-1, 3))


class StatusNetwork(nn.Module):
    """One encoder with two heads.

    A sentence's state is the mean over its tokens and its separator beside the separator's own
    state; the status head is two layers on it. The evidence head is linear on each token.
    The word embeddings stay frozen, so that the 4-bit table of the export is exact.
    """

    def __init__(self, encoder: BertModel, head_dropout: float = 0.1) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        self.dropout = nn.Dropout(head_dropout)
        self.state = nn.Linear(2 * hidden, hidden)
        self.status = nn.Linear(hidden, len(STATUSES))
        self.evidence = nn.Linear(hidden, len(EVIDENCE_TAGS))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Status logits (n_sentences, n_statuses), tag logits (n_windows, n_tokens, n_tags)."""
        hidden = self.encoder(
            input_ids=batch.token_ids, attention_mask=batch.attention_mask
        ).last_hidden_state.float()
        with torch.autocast(hidden.device.type, enabled=False):
            states = self.pool(hidden, batch.sentences)
            states = functional.gelu(self.state(self.dropout(states)))
            return self.status(self.dropout(states)), self.evidence(self.dropout(hidden))

    @staticmethod
    def pool(hidden: Tensor, sentences: Tensor) -> Tensor:
        """(n_sentences, 2 * hidden): mean of the tokens with the separator, and the separator."""
        window, start, end = sentences.unbind(1)
        positions = torch.arange(hidden.shape[1], device=hidden.device)
        inside = (positions >= start[:, None]) & (positions <= end[:, None])
        weights = inside / inside.sum(1, keepdim=True)
        means = torch.einsum("st,sth->sh", weights, hidden[window])
        return torch.cat([means, hidden[window, end]], dim=1)


def learned_state(network: StatusNetwork) -> dict[str, Tensor]:
    """The tensors that training changes: all but the frozen word embeddings."""
    return {
        name: tensor
        for name, tensor in network.state_dict().items()
        if "word_embeddings" not in name
    }


class FeatureDropout(nn.Module):
    """Dropout of whole features of a window (Gal & Ghahramani 2016, arXiv:1512.05287).

    Dropout that draws a number for every token and feature took a third of the training time on a
    CPU; here one number serves all tokens of a window.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, hidden: Tensor) -> Tensor:
        """The same shape, (n_windows, n_tokens, n_features); scaled to keep the mean."""
        if not self.training or not self.share:
            return hidden
        kept = torch.rand(hidden.shape[0], 1, hidden.shape[2], device=hidden.device) >= self.share
        return hidden * (kept / (1 - self.share)).to(hidden.dtype)


def use_feature_dropout(encoder: BertModel, share: float) -> None:
    """Put feature dropout where the encoder has its own: after each sublayer."""
    for layer in encoder.encoder.layer:
        layer.attention.output.dropout = FeatureDropout(share)
        layer.output.dropout = FeatureDropout(share)


class _PlainAttention(torch.autograd.Function):
    """Softmax attention in the precision of its inputs, with its own backward pass.

    torch's fused kernel has a slow bfloat16 backward pass on processors with AMX: 1,809 tokens a
    second in training with it, 2,566 with this (16 windows of 256 tokens, 2 cores, same run).
    """

    @staticmethod
    def forward(ctx, query, key, value, bias, scale):  # type: ignore[no-untyped-def]
        scores = torch.matmul(query * scale, key.transpose(-1, -2))
        if bias is not None:
            scores += bias
        weights = torch.softmax(scores, -1, dtype=scores.dtype)
        ctx.save_for_backward(query, key, value, weights)
        ctx.scale = scale
        return weights @ value

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        query, key, value, weights = ctx.saved_tensors
        value_gradient = weights.transpose(-1, -2) @ gradient
        weight_gradient = gradient @ value.transpose(-1, -2)
        score_gradient = torch._softmax_backward_data(weight_gradient, weights, -1, weights.dtype)
        query_gradient = (score_gradient @ key) * ctx.scale
        key_gradient = (score_gradient.transpose(-1, -2) @ query) * ctx.scale
        return query_gradient, key_gradient, value_gradient, None, None


def _attend(module, query, key, value, attention_mask, **_options):  # type: ignore[no-untyped-def]
    bias = None if attention_mask is None else attention_mask.to(query.dtype)
    output = _PlainAttention.apply(query, key, value, bias, query.shape[-1] ** -0.5)
    return output.transpose(1, 2).contiguous(), None


def use_plain_attention(encoder: BertModel) -> None:
    """Switch an encoder to the attention that trains fastest on a CPU; the results are the same."""
    AttentionInterface.register("credcheck_plain", _attend)
    AttentionMaskInterface.register("credcheck_plain", eager_mask)
    encoder.set_attn_implementation("credcheck_plain")
