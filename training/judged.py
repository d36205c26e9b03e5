"""Labelled documents → the same documents judged, sentence by sentence, as in use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from credcheck.encoder import Encoder
from credcheck.judgements import judge
from credcheck.labels import STATUSES
from credcheck.model_folder import Calibration, WindowSize
from credcheck.records import Article, Judgement
from credcheck.windows import Tokenizer, build_windows
from training.corpora import Document
from training.examples import IGNORED, lay_out

_COLUMN = {str(status): column for column, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True, eq=False)
class JudgedDocument:
    """A labelled document beside what a model says of it."""

    document: Document
    logits: npt.NDArray[np.float32]
    """(n_sentences, n_statuses), columns in Status order"""
    judgements: tuple[Judgement, ...]

    @property
    def gold(self) -> npt.NDArray[np.int64]:
        """(n_sentences,) annotated columns of Status, IGNORED where there is no label."""
        statuses = (sentence.status for sentence in self.document.sentences)
        return np.array([_COLUMN.get(status, IGNORED) for status in statuses])


def judge_documents(
    documents: Iterable[Document],
    encoder: Encoder,
    tokenizer: Tokenizer,
    size: WindowSize,
    calibration: Calibration,
) -> Iterator[JudgedDocument]:
    """Send each document through the stations that an article goes through."""
    for document in documents:
        sentences = lay_out(document)
        article = Article(document.id, "\n".join(sentence.text for sentence in sentences))
        windows = build_windows(sentences, tokenizer, size)
        logits = encoder.encode(windows)
        judgements = judge(article, sentences, windows, logits, calibration)
        yield JudgedDocument(
            document, np.concatenate([entry.status for entry in logits]), tuple(judgements)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """The labelled sentences of judged documents, side by side."""

    logits: npt.NDArray[np.float32]
    """(n_sentences, n_statuses)"""
    gold: npt.NDArray[np.int64]
    articles: list[str]
    languages: list[str]

    @property
    def predicted(self) -> npt.NDArray[np.int64]:
        """(n_sentences,) the most probable column of Status."""
        best: npt.NDArray[np.int64] = self.logits.argmax(axis=1)
        return best


def collect(judged: Iterable[JudgedDocument]) -> Decisions:
    """Everything that has a label, in order."""
    logits, gold, articles, languages = [], [], [], []
    for entry in judged:
        keep = entry.gold != IGNORED
        logits.append(entry.logits[keep])
        gold.append(entry.gold[keep])
        # Translations of one document are no independent documents.
        articles += [entry.document.group] * int(keep.sum())
        languages += [entry.document.language] * int(keep.sum())
    return Decisions(np.concatenate(logits), np.concatenate(gold), articles, languages)
