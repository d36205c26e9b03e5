"""Logits → one `Judgement` a sentence: calibrated probabilities, status, evidence spans."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from credcheck.encoder import WindowLogits
from credcheck.errors import ModelDamagedError
from credcheck.labels import EVIDENCE_TAGS, STATUSES, SourceType, Status
from credcheck.model_folder import Calibration
from credcheck.records import Article, Evidence, Judgement, Sentence, Span, Target, Window

_CUE = EVIDENCE_TAGS.index("cue")
_FIRST_SOURCE = _CUE + 1
_SOURCE_TYPES = tuple(SourceType)
_WITHOUT_EVIDENCE = frozenset({Status.UNATTRIBUTED, Status.BOILERPLATE})


def judge(
    article: Article,
    sentences: Sequence[Sentence],
    windows: Sequence[Window],
    logits: Sequence[WindowLogits],
    calibration: Calibration,
) -> list[Judgement]:
    """Give each sentence its most probable status, marked undecided below the threshold.

    logits: one entry a window. Returns one judgement a sentence, in the article's order.
    Raises ModelDamagedError when logits and targets differ in number, or are not numbers.
    """
    judgements: dict[int, Judgement] = {}
    for window, window_logits in zip(windows, logits, strict=True):
        if window_logits.status.shape != (len(window.targets), len(STATUSES)):
            raise ModelDamagedError(
                f"the model gave logits of shape {window_logits.status.shape} "
                f"for {len(window.targets)} sentences"
            )
        rows = probabilities(window_logits.status, calibration)
        if not np.isfinite(rows).all():
            raise ModelDamagedError("the model gave scores that are not numbers")
        tags = probabilities(window_logits.evidence, Calibration())
        for target, row in zip(window.targets, rows, strict=True):
            order = np.argsort(-row, kind="stable")
            status = STATUSES[order[0]]
            is_decided = bool(row[order[0]] >= calibration.threshold)
            judgements[target.sentence] = Judgement(
                sentence=sentences[target.sentence],
                status=status,
                probabilities=dict(zip(STATUSES, row.tolist(), strict=True)),
                is_decided=is_decided,
                candidates=(status,) if is_decided else (status, STATUSES[order[1]]),
                evidence=Evidence()
                if status in _WITHOUT_EVIDENCE
                else find_evidence(article, sentences[target.sentence], window, target, tags),
                truncated=target.is_truncated,
            )
    return [judgements[index] for index in range(len(sentences))]


def probabilities(
    logits: npt.NDArray[np.float32], calibration: Calibration
) -> npt.NDArray[np.float64]:
    """Softmax of the logits over the temperature; every row sums to 1."""
    scaled = logits.astype(np.float64) / calibration.temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    exponentials = np.exp(scaled)
    shares: npt.NDArray[np.float64] = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return shares


def find_evidence(
    article: Article,
    sentence: Sentence,
    window: Window,
    target: Target,
    tags: npt.NDArray[np.float64],
) -> Evidence:
    """The source and the cue of one sentence: for each, its most probable stretch of tokens.

    tags: (n_tokens, n_tags) probabilities of the window's tokens.
    """
    inside = slice(target.token_start, target.token_end)
    rows, offsets = tags[inside], window.offsets[inside]
    # The types share the source's probability, so they are added up before they compete.
    source = rows[:, _FIRST_SOURCE:].sum(axis=1)
    cue = rows[:, _CUE]
    outside = rows[:, 0]
    source_run = _best_run((source > cue) & (source > outside), source)
    cue_run = _best_run((cue >= source) & (cue > outside), cue)
    source_span = _span(article.text, sentence, offsets, source_run)
    source_type = None
    if source_run is not None and source_span is not None:
        totals = rows[source_run, _FIRST_SOURCE:].sum(axis=0)
        source_type = _SOURCE_TYPES[int(totals.argmax())]
    return Evidence(source_span, source_type, _span(article.text, sentence, offsets, cue_run))


def _best_run(chosen: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> slice | None:
    """The stretch of chosen tokens with the largest sum of weights; gaps of one are bridged."""
    places = np.flatnonzero(chosen)
    if len(places) == 0:
        return None
    runs = np.split(places, np.flatnonzero(np.diff(places) > 2) + 1)
    best = max(runs, key=lambda run: float(weights[run].sum()))
    return slice(int(best[0]), int(best[-1]) + 1)


def _span(
    text: str, sentence: Sentence, offsets: npt.NDArray[np.int64], run: slice | None
) -> Span | None:
    if run is None:
        return None
    start, end = int(offsets[run][0, 0]), int(offsets[run][-1, 1])
    # Tokens are parts of words: half a name is no evidence.
    while start > sentence.start and _joins(text[start - 1], text[start]):
        start -= 1
    while end < sentence.end and _joins(text[end - 1], text[end]):
        end += 1
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return Span(start, start + len(words), words) if words else None


def _joins(left: str, right: str) -> bool:
    """Whether two characters belong to one word, in scripts that put spaces between words."""
    return _is_of_word(left) and _is_of_word(right)


def _is_of_word(character: str) -> bool:
    is_letter = character.isalnum() or unicodedata.category(character).startswith("M")
    return is_letter and not _WITHOUT_SPACES.match(character)


# Thai, Lao, Tibetan, Burmese, Khmer, kana, Han and their extensions.
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
