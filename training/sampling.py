"""Labelled documents → which windows are read in which step, and which measure."""

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from credcheck.windows import Tokenizer
from training.config import TrainConfig
from training.corpora import (
    SETS,
    Document,
    digest,
    read_documents,
    read_groups,
    split_documents,
)
from training.examples import Example, to_examples

_LANGUAGES = "eng ind arb deu fra spa rus zho-CN jpn hin swa tha vie tur amh hau ben kor fas ell"
DEVELOPMENT_NTREX_LANGUAGES = frozenset(_LANGUAGES.split())
"""Languages in which the development documents of NTREX are scored every epoch."""


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """What a run learns from and is measured on."""

    training: list[Document]
    development: list[Document]
    digest: str
    """Of the training side."""

    def describe_split(self) -> dict[str, Any]:
        """What tells two runs apart, and which documents must not be learned from."""
        return {
            "digest": self.digest,
            "n_training": len(self.training),
            "training": sorted({document.group for document in self.training}),
            "development": sorted({document.group for document in self.development}),
        }


def load_corpus(config: TrainConfig) -> Corpus:
    """Read, check and split all labelled documents."""
    documents = read_documents(config.data_path)
    training, development = split_documents(documents, read_groups())
    return Corpus(training, development, digest(training))


def development_sets(
    documents: Sequence[Document],
    ntrex_languages: frozenset[str] | None = DEVELOPMENT_NTREX_LANGUAGES,
) -> dict[str, list[Document]]:
    """The development side by corpus; NTREX in the languages named, or in all (None).

    Documents that share long passages with one of the training side (follow-up stories) are left
    out: sets/not-scored.txt.
    """
    not_scored = read_groups(SETS / "not-scored.txt")
    sets: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        is_left_out = ntrex_languages is not None and document.language not in ntrex_languages
        if (document.corpus == "ntrex" and is_left_out) or document.group in not_scored:
            continue
        sets["native" if document.corpus == "public" else document.corpus].append(document)
    return dict(sets)


Key = tuple[str, str]
"""A document: its id and its language."""

WindowKey = tuple[Key, int, int]
"""A window of a document: which size it is cut in, and its number."""


class Sampler:
    """The windows of the training side, and which are read in which step."""

    def __init__(
        self,
        corpus: Corpus,
        tokenizer: Tokenizer,
        config: TrainConfig,
        learned: Collection[str] = (),
    ) -> None:
        """learned: groups of documents that the network has learned from before."""
        self._config = config
        self._learned = learned
        self._tokenizer = tokenizer
        self._documents: dict[Key, Document] = {
            (document.id, document.language): document for document in corpus.training
        }
        self._sizes = config.training_windows or (config.window,)
        self._cache: dict[tuple[Key, int], list[Example]] = {}

    def _examples(self, key: Key, size: int) -> list[Example]:
        if (key, size) not in self._cache:
            document = self._documents[key]
            examples = to_examples(document, self._tokenizer, self._sizes[size])
            self._cache[key, size] = examples
        return self._cache[key, size]

    def load(self, keys: list[WindowKey]) -> list[Example]:
        """The labelled windows of a step."""
        return [self._examples(key, size)[number] for key, size, number in keys]

    def plan(self) -> list[list[list[WindowKey]]]:
        """Epochs of batches of (document, window): seeded, windows of like length together."""
        generator = random.Random(self._config.seed)
        plain, translated = [], defaultdict(list)
        for key, document in self._documents.items():
            if document.corpus == "ntrex":
                translated[document.group].append(key)
            else:
                repeats = self._config.written_repeats if document.corpus == "written" else 1
                if self._learned and document.group not in self._learned:
                    repeats *= self._config.fresh_repeats
                plain += [key] * repeats
        for keys in translated.values():
            generator.shuffle(keys)
        epochs = []
        per_epoch = self._config.ntrex_languages
        for epoch in range(self._config.epochs):
            chosen = list(plain)
            for keys in translated.values():
                n_read = min(per_epoch, len(keys))
                chosen += [keys[(epoch * per_epoch + i) % len(keys)] for i in range(n_read)]
            epochs.append(self._batches(chosen, generator))
        return epochs

    def _batches(self, chosen: list[Key], generator: random.Random) -> list[list[WindowKey]]:
        windows: list[WindowKey] = []
        for key in chosen:
            size = generator.randrange(len(self._sizes))
            windows += [(key, size, number) for number in range(len(self._examples(key, size)))]
        generator.shuffle(windows)
        batches = []
        pool_size = 512
        for first in range(0, len(windows), pool_size):
            pool = windows[first : first + pool_size]
            pool.sort(key=lambda item: self._length(item))
            batch: list[WindowKey] = []
            for item in pool:
                if batch and (len(batch) + 1) * self._length(item) > self._config.batch_tokens:
                    batches.append(batch)
                    batch = []
                batch.append(item)
            batches.append(batch)
        generator.shuffle(batches)
        return batches

    def _length(self, item: WindowKey) -> int:
        key, size, number = item
        return len(self._examples(key, size)[number].window.token_ids)
