"""Judged documents become scores of evidence and of translations."""

import pytest

pytest.importorskip("torch")
pytestmark = pytest.mark.train

import numpy as np  # noqa: E402

from credcheck.labels import STATUSES, SourceType, Status  # noqa: E402
from credcheck.records import Evidence, Judgement, Sentence, Span  # noqa: E402
from training.corpora import Document, LabelledSentence  # noqa: E402
from training.development_scores import (  # noqa: E402
    BIG_LANGUAGES,
    find_languages_behind,
    score_translations,
)
from training.evidence_scores import score_evidence  # noqa: E402
from training.judged import JudgedDocument, collect  # noqa: E402


def make_judged(
    sentences: list[LabelledSentence],
    evidence: list[Evidence],
    statuses: list[str],
    language: str = "id",
) -> JudgedDocument:
    document = Document(
        f"x/{language}", "x", "native", language, "MIT", tuple(sentences), has_headline=False
    )
    judgements, position = [], 0
    for labelled, found, status in zip(sentences, evidence, statuses, strict=True):
        sentence = Sentence(position, position + len(labelled.text), labelled.text)
        judgements.append(Judgement(sentence, Status(status), {}, True, (), found))
        position = sentence.end + 1
    logits = np.array([[float(name == status) for name in STATUSES] for status in statuses])
    return JudgedDocument(document, logits.astype(np.float32), tuple(judgements))


def test_spans_count_as_exact_overlapping_missed_or_made_up() -> None:
    text = "Camat Rini berkata air surut"
    labelled = LabelledSentence(text, "single_source", "Camat Rini", "berkata", "official")
    exact = Evidence(Span(0, 10, text[:10]), SourceType.OFFICIAL, Span(11, 18, "berkata"))
    partial = Evidence(Span(29, 34, "Camat"), SourceType.PERSON, None)
    plain = LabelledSentence("Hujan turun", "unattributed")
    made_up = Evidence(None, None, Span(58, 63, "Hujan"))
    judged = make_judged(
        [labelled, labelled, plain],
        [exact, partial, made_up],
        ["single_source", "single_source", "denied"],
    )
    scores = score_evidence([judged])
    assert scores["source"]["exact_f1"]["value"] == pytest.approx(0.5)
    assert scores["source"]["overlap_f1"]["value"] == pytest.approx(1)
    assert scores["cue"]["exact_f1"]["value"] == pytest.approx(0.5)
    assert scores["cue"]["n_predicted"] == scores["cue"]["n_annotated"] == 2
    assert scores["source_type"]["value"] == pytest.approx(0.5)


def test_translations_without_spans_stay_out_and_unlabelled_sentences_too() -> None:
    translated = LabelledSentence("Camat Rini berkata", "single_source", has_evidence=False)
    bare = LabelledSentence("Judul", "")
    judged = make_judged([translated, bare], [Evidence()] * 2, ["single_source", "denied"])
    assert score_evidence([judged])["source"]["n_annotated"] == 0
    assert collect([judged]).gold.tolist() == [list(STATUSES).index("single_source")]


def test_agreement_of_translations_is_over_pairs_of_languages() -> None:
    sentences = [LabelledSentence("a", "denied"), LabelledSentence("b", "denied")]
    judged = [
        make_judged(
            sentences,
            [Evidence()] * 2,
            ["denied", "unverified" if language in ("ind", "tha") else "denied"],
            language,
        )
        for language in (*BIG_LANGUAGES, "tha", "eng-US")
    ]
    scores = score_translations(judged)
    # 28 pairs of two sentences each; in the second sentence, Indonesian differs from 7 others.
    assert scores["agreement"]["value"] == pytest.approx(1 - 7 / 56)
    # The others: six big languages right, Indonesian and Thai half right; American English is none.
    assert scores["english_minus_others"]["value"] == pytest.approx(1 - 14 / 16)


def test_a_language_is_behind_when_its_whole_interval_is() -> None:
    def entry(value: float, high: float | None) -> dict[str, object]:
        return {"accuracy": value, "accuracy_interval": (None, high)}

    part = {"by_language": {"id": entry(0.9, 0.95), "el": entry(0.5, 0.6), "ha": entry(0.4, None)}}
    assert find_languages_behind(part)["behind"] == []
    assert find_languages_behind(part)["n_with_interval"] == 2
    part["by_language"]["el"] = entry(0.5, 0.5)
    assert find_languages_behind(part)["behind"] == ["el"]
