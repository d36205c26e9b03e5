"""Sentences → token windows: targets packed to the window's size, with context around them.

A window reads

    <s> headline </s> … sentence before </s> TARGET </s> TARGET </s> … </s> sentence after </s>

1. Every sentence is tokenized by itself and followed by the separator `</s>`.
2. Targets are packed greedily, in order, as many as fit beside the context.
3. The headline stands first in every window in which it is not itself a target.
4. The end of what came before, and the beginning of what comes next, fill the context's share:
   the first for attributions that carry over, the second for speakers named after their words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import tokenizers

from credcheck.model_folder import WindowSize
from credcheck.records import Sentence, Target, Window

MAX_SENTENCE_CHARACTERS = 8_000
"""No window holds more than 512 tokens, so what lies beyond these characters is never seen."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, eq=False)
class TokenizedSentence:
    """The tokens of one sentence with their offsets into the article's text."""

    token_ids: list[int]
    offsets: list[tuple[int, int]]


class Tokenizer(Protocol):
    """What windows need of a tokenizer."""

    start_id: int
    separator_id: int
    unknown_id: int

    def tokenize(self, sentences: Sequence[Sentence]) -> list[TokenizedSentence]:
        """The tokens of each sentence, without special tokens."""
        ...


class JsonTokenizer:
    """A tokenizer read from a `tokenizer.json` of the XLM-RoBERTa family.

    Raises ValueError when the file has no `<s>`, `</s>` and `<unk>`.
    """

    def __init__(self, path: Path) -> None:
        self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.start_id = self._id("<s>", path)
        self.separator_id = self._id("</s>", path)
        self.unknown_id = self._id("<unk>", path)

    def _id(self, token: str, path: Path) -> int:
        token_id = self._tokenizer.token_to_id(token)
        if token_id is None:
            raise ValueError(f"{path} has no token {token}")
        return token_id

    def tokenize(self, sentences: Sequence[Sentence]) -> list[TokenizedSentence]:
        """The tokens of each sentence; a sentence keeps its characters' places in the article."""
        # A lone surrogate cannot be handed over; one replacement character for it keeps offsets.
        texts = [
            _SURROGATE.sub("\ufffd", sentence.text[:MAX_SENTENCE_CHARACTERS])
            for sentence in sentences
        ]
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return [
            TokenizedSentence(
                encoding.ids,
                [(sentence.start + start, sentence.start + end) for start, end in encoding.offsets],
            )
            for sentence, encoding in zip(sentences, encodings, strict=True)
        ]


def build_windows(
    sentences: Sequence[Sentence], tokenizer: Tokenizer, size: WindowSize
) -> list[Window]:
    """Cut sentences into windows; every sentence is the target of exactly one window."""
    tokenized = tokenizer.tokenize(sentences)
    headline = next((i for i, sentence in enumerate(sentences) if sentence.is_headline), None)
    windows: list[Window] = []
    first = 0
    while first < len(sentences):
        builder = _Builder(tokenizer, size)
        if headline is not None and headline < first:
            builder.add_context(tokenized[headline], size.headline_tokens)
        builder.add_before(tokenized, first, headline)
        last = builder.add_targets(sentences, tokenized, first)
        if last < len(sentences):
            builder.add_context(tokenized[last], size.after_tokens)
        windows.append(builder.build())
        first = last
    return windows


class _Builder:
    """A window in the making."""

    def __init__(self, tokenizer: Tokenizer, size: WindowSize) -> None:
        self._tokenizer = tokenizer
        self._size = size
        self._ids = [tokenizer.start_id]
        self._offsets = [(-1, -1)]
        self._targets: list[Target] = []
        self._n_unknown = 0

    def add_context(
        self, sentence: TokenizedSentence, limit: int, *, keep_end: bool = False
    ) -> None:
        """Append at most `limit` tokens of a sentence, separator included."""
        room = max(limit - 1, 0)
        cut = slice(-room, None) if keep_end else slice(room)
        ids = sentence.token_ids[cut] if room else []
        if ids:
            self._append(ids, sentence.offsets[cut])

    def add_before(
        self, tokenized: Sequence[TokenizedSentence], first: int, headline: int | None
    ) -> None:
        """Append the end of what stands before the first target."""
        room = self._size.before_tokens
        chosen: list[tuple[int, int]] = []
        for index in range(first - 1, -1, -1):
            # Fewer than four tokens of a sentence say nothing; the room goes to the targets.
            if index == headline or room < 5:
                break
            length = min(len(tokenized[index].token_ids) + 1, room)
            chosen.append((index, length))
            room -= length
        for index, length in reversed(chosen):
            self.add_context(tokenized[index], length, keep_end=True)

    def add_targets(
        self, sentences: Sequence[Sentence], tokenized: Sequence[TokenizedSentence], first: int
    ) -> int:
        """Append as many targets as fit; returns the index after the last one."""
        last = first
        while last < len(sentences):
            tokens = tokenized[last]
            after = 0
            if last + 1 < len(sentences):
                after = min(len(tokenized[last + 1].token_ids) + 1, self._size.after_tokens)
            room = self._size.max_tokens - len(self._ids) - after - 1
            ids, offsets = tokens.token_ids, tokens.offsets
            is_cut = len(sentences[last].text) > MAX_SENTENCE_CHARACTERS
            if len(ids) > room:
                if last > first:
                    break
                ids, offsets, is_cut = ids[:room], offsets[:room], True
            start = len(self._ids)
            self._append(ids, offsets)
            self._targets.append(Target(last, start, start + len(ids), is_cut))
            self._n_unknown += sum(token == self._tokenizer.unknown_id for token in ids)
            last += 1
        return last

    def _append(self, ids: list[int], offsets: list[tuple[int, int]]) -> None:
        self._ids += [*ids, self._tokenizer.separator_id]
        self._offsets += [*offsets, (-1, -1)]

    def build(self) -> Window:
        return Window(
            token_ids=np.array(self._ids, dtype=np.int64),
            offsets=np.array(self._offsets, dtype=np.int64),
            targets=tuple(self._targets),
            n_unknown=self._n_unknown,
        )
