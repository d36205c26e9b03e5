"""Logits become one judgement a sentence."""

import numpy as np
import pytest
from conftest import WordTokenizer, make_sentences

from credcheck import Article, ModelDamagedError, SourceType, Status
from credcheck.encoder import WindowLogits
from credcheck.judgements import _span, judge, probabilities
from credcheck.labels import EVIDENCE_TAGS, STATUSES
from credcheck.model_folder import Calibration, WindowSize
from credcheck.records import Sentence
from credcheck.windows import build_windows

TEXT = "The harbour office said boats may leave .\nRain fell ."


def run(status_rows: np.ndarray, tags: dict[int, str] | None = None):  # type: ignore[no-untyped-def]
    article = Article("a", TEXT)
    sentences = make_sentences(*TEXT.split("\n"))
    windows = build_windows(sentences, WordTokenizer(), WindowSize())
    assert len(windows) == 1
    evidence = np.zeros((len(windows[0].token_ids), len(EVIDENCE_TAGS)), dtype=np.float32)
    evidence[:, 0] = 4
    for token, tag in (tags or {}).items():
        evidence[token, EVIDENCE_TAGS.index(tag)] = 9
    logits = [WindowLogits(status_rows.astype(np.float32), evidence)]
    return article, judge(article, sentences, windows, logits, Calibration(1.0, 0.5))


def rows(*statuses: Status, strength: float = 9.0) -> np.ndarray:
    made = np.zeros((len(statuses), len(STATUSES)))
    for row, status in enumerate(statuses):
        made[row, STATUSES.index(status)] = strength
    return made


def test_probabilities_sum_to_one_and_follow_the_temperature() -> None:
    logits = np.array([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    cold = probabilities(logits, Calibration(temperature=1.0))
    assert np.allclose(cold.sum(axis=1), 1)
    assert np.isfinite(cold).all()
    warm = probabilities(np.array([[2.0, 0.0]], dtype=np.float32), Calibration(temperature=2.0))
    assert warm[0, 0] == pytest.approx(1 / (1 + np.exp(-1)))


def test_the_most_probable_status_is_given() -> None:
    _, judgements = run(rows(Status.CONFIRMED_OFFICIAL, Status.UNATTRIBUTED))
    assert [j.status for j in judgements] == [Status.CONFIRMED_OFFICIAL, Status.UNATTRIBUTED]
    assert all(j.is_decided and j.candidates == (j.status,) for j in judgements)
    assert list(judgements[0].probabilities) == list(STATUSES)


def test_below_the_threshold_two_candidates_are_named() -> None:
    logits = rows(Status.DENIED, Status.DENIED, strength=1.0)
    logits[0, STATUSES.index(Status.UNVERIFIED)] = 0.9
    _, judgements = run(logits)
    assert not judgements[0].is_decided
    assert judgements[0].candidates == (Status.DENIED, Status.UNVERIFIED)
    assert judgements[0].status is Status.DENIED


def test_evidence_points_into_the_text() -> None:
    tags = {2: "source:official", 3: "source:official", 4: "cue"}
    article, judgements = run(rows(Status.CONFIRMED_OFFICIAL, Status.UNATTRIBUTED), tags)
    evidence = judgements[0].evidence
    assert evidence.source is not None
    assert evidence.cue is not None
    assert evidence.source.text == "harbour office"
    assert article.text[evidence.source.start : evidence.source.end] == "harbour office"
    assert evidence.source_type is SourceType.OFFICIAL
    assert evidence.cue.text == "said"


def test_unattributed_sentences_have_no_evidence() -> None:
    tags = {2: "source:official", 4: "cue"}
    _, judgements = run(rows(Status.UNATTRIBUTED, Status.UNATTRIBUTED), tags)
    assert judgements[0].evidence.source is None
    assert judgements[0].evidence.cue is None


def test_logits_for_another_number_of_sentences_are_a_damaged_model() -> None:
    with pytest.raises(ModelDamagedError, match="2 sentences"):
        run(rows(Status.DENIED))


def test_logits_that_are_no_numbers_are_a_damaged_model() -> None:
    broken = rows(Status.DENIED, Status.DENIED)
    broken[0, 0] = np.nan
    with pytest.raises(ModelDamagedError, match="not numbers"):
        run(broken)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("Ông Nguyễn nói vậy", "Nguy", "Nguyễn"),
        ("राम सिंह ने कहा", "सि", "सिंह"),
        ("ፖሊስ ገለጸ", "ፖሊ", "ፖሊስ"),
        ("警方表示三人被捕", "警方", "警方"),
    ],
)
def test_evidence_is_whole_words(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    sentence = Sentence(0, len(text), text)
    offsets = np.array([[start, start + len(part)]])
    span = _span(text, sentence, offsets, slice(0, 1))
    assert span is not None
    assert span.text == whole
