"""Labelled documents → windows with labels, cut exactly as inference cuts them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from credcheck.labels import EVIDENCE_TAGS, STATUSES
from credcheck.model_folder import WindowSize
from credcheck.records import Sentence, Window
from credcheck.windows import Tokenizer, build_windows
from training.corpora import Document

IGNORED = -100
"""The label of what has none: torch's cross entropy leaves it out."""

_STATUS_COLUMN = {str(status): column for column, status in enumerate(STATUSES)}
_TAG_COLUMN = {tag: column for column, tag in enumerate(EVIDENCE_TAGS)}


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A window with the labels of its targets."""

    window: Window
    statuses: npt.NDArray[np.int64]
    """(n_targets,) columns of Status"""
    tags: npt.NDArray[np.int64]
    """(n_tokens,) columns of EVIDENCE_TAGS, IGNORED outside annotated targets"""
    language: str
    corpus: str
    document: str
    group: str
    """Translations of one another share it: they are one document to an interval."""


def to_examples(document: Document, tokenizer: Tokenizer, size: WindowSize) -> list[Example]:
    """Cut a document into windows, exactly as inference does, and label their targets."""
    sentences = lay_out(document)
    examples = []
    for window in build_windows(sentences, tokenizer, size):
        statuses = np.array(
            [
                _STATUS_COLUMN.get(document.sentences[target.sentence].status, IGNORED)
                for target in window.targets
            ]
        )
        if (statuses == IGNORED).all():
            continue
        tags = _tags(document, sentences, window)
        examples.append(
            Example(
                window,
                statuses,
                tags,
                document.language,
                document.corpus,
                document.id,
                document.group,
            )
        )
    return examples


def lay_out(document: Document) -> list[Sentence]:
    """The document's sentences with their places in its text: each on a line of its own."""
    sentences, position = [], 0
    for number, labelled in enumerate(document.sentences):
        end = position + len(labelled.text)
        is_headline = number == 0 and document.has_headline
        sentences.append(Sentence(position, end, labelled.text, is_headline))
        position = end + 1
    return sentences


def _tags(
    document: Document, sentences: Sequence[Sentence], window: Window
) -> npt.NDArray[np.int64]:
    tags = np.full(len(window.token_ids), IGNORED)
    for target in window.targets:
        labelled, sentence = document.sentences[target.sentence], sentences[target.sentence]
        if not labelled.has_evidence or not labelled.status:
            continue
        inside = slice(target.token_start, target.token_end)
        tags[inside] = _TAG_COLUMN["outside"]
        for words, tag in (
            (labelled.source, f"source:{labelled.source_type}"),
            (labelled.cue, "cue"),
        ):
            place = find_words(labelled.text, words)
            if place < 0 or tag not in _TAG_COLUMN:
                continue
            start, end = sentence.start + place, sentence.start + place + len(words)
            offsets = window.offsets[inside]
            tags[inside][(offsets[:, 0] < end) & (offsets[:, 1] > start)] = _TAG_COLUMN[tag]
    return tags


def find_words(text: str, words: str) -> int:
    """Where the words stand: as whole words if they do anywhere ("he" is not in "Cheques")."""
    if not words:
        return -1
    whole = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    return whole.start() if whole else text.find(words)
