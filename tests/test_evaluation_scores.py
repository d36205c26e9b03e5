"""Outcomes become figures that agree with scikit-learn and with pencil and paper."""

import json

import numpy as np
import pytest

from credcheck import Checker, Span, Status
from credcheck.evaluation.labelled import LabelledArticle, LabelledSentence
from credcheck.evaluation.outcomes import Outcome, judge_labelled
from credcheck.evaluation.scores import score_outcomes
from credcheck.labels import STATUSES


def make_outcome(article: str, expected: Status, given: Status | None, **values: object) -> Outcome:
    made = {
        "article": article, "number": 0, "text": "Hujan turun.", "expected": expected,
        "given": given, "fit": "same" if given else "missed",
    }  # fmt: skip
    return Outcome(**(made | values))  # type: ignore[arg-type]


def random_outcomes(n: int) -> list[Outcome]:
    generator = np.random.default_rng(4)
    outcomes = []
    for number in range(n):
        shares = generator.dirichlet(np.ones(len(STATUSES)))
        expected = STATUSES[generator.integers(len(STATUSES))]
        given = STATUSES[int(shares.argmax())] if generator.random() < 0.5 else expected
        probabilities = dict(zip(STATUSES, shares.tolist(), strict=True))
        outcomes.append(
            make_outcome(
                f"a{number % 40}", expected, given,
                probabilities=probabilities, language="id" if number % 3 else "en",
            )
        )  # fmt: skip
    return outcomes


def test_figures_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    outcomes = random_outcomes(400)
    scores = score_outcomes(outcomes)
    gold = [str(outcome.expected) for outcome in outcomes]
    given = [str(outcome.given) for outcome in outcomes]
    labels = [str(status) for status in STATUSES]
    assert scores["accuracy"]["value"] == pytest.approx(
        metrics.accuracy_score(gold, given), abs=1e-9
    )
    for average in ("macro", "weighted"):
        expected = metrics.f1_score(gold, given, labels=labels, average=average)
        assert scores[f"{average}_f1"]["value"] == pytest.approx(expected, abs=1e-9)
    assert scores["confusion"] == [
        [*row, 0] for row in metrics.confusion_matrix(gold, given, labels=labels).tolist()
    ]
    parts = metrics.precision_recall_fscore_support(gold, given, labels=labels)
    for column, label in enumerate(labels):
        for name, values in zip(("precision", "recall", "f1"), parts, strict=False):
            assert scores["by_status"][label][name]["value"] == pytest.approx(
                values[column], abs=1e-9
            )


def test_a_missed_sentence_is_wrong_and_counted() -> None:
    outcomes = [
        make_outcome("a", Status.DENIED, Status.DENIED),
        make_outcome("b", Status.DENIED, None),
    ]
    scores = score_outcomes(outcomes)
    assert scores["accuracy"]["value"] == 0.5
    assert scores["by_status"]["denied"]["recall"]["value"] == 0.5
    assert scores["by_status"]["denied"]["precision"]["value"] == 1
    assert scores["fits"] == {"same": 1, "missed": 1}
    assert scores["by_status"]["unverified"]["f1"]["value"] is None
    json.dumps(scores, allow_nan=False)


def test_groups_are_left_out_when_nothing_is_known() -> None:
    scores = score_outcomes(random_outcomes(60))
    assert set(scores["groups"]["language"]) == {"en", "id"}
    assert scores["groups"]["outlet"] == {}
    assert sum(part["n_sentences"] for part in scores["groups"]["length"].values()) == 60


def test_evidence_and_agreement_by_hand() -> None:
    span, other = Span(0, 5, "Hujan"), Span(3, 8, "an tu")
    outcomes = [
        make_outcome(
            "a", Status.SINGLE_SOURCE, Status.SINGLE_SOURCE, has_evidence=True,
            expected_source=span, given_source=other, other_labels=(Status.SINGLE_SOURCE,),
        ),
        make_outcome(
            "b", Status.DENIED, Status.DENIED, has_evidence=True,
            expected_cue=span, given_cue=span, other_labels=(Status.UNVERIFIED,),
        ),
    ]  # fmt: skip
    scores = score_outcomes(outcomes)
    assert scores["evidence"]["source"]["overlap_f1"]["value"] == 1
    assert scores["evidence"]["source"]["exact_f1"]["value"] == 0
    assert scores["evidence"]["cue"]["exact_f1"]["value"] == 1
    # Two units, labels s s / d v: coincidences off the diagonal 2, expected 2·(2+2+1)=10, n=4.
    assert scores["agreement"]["alpha"]["value"] == pytest.approx(1 - 3 * 2 / 10)


def test_labelled_articles_go_through_the_checker(checker: Checker) -> None:
    text = "Hujan turun sejak pagi.\nCamat Rini membantah tuduhan itu."
    places = [(0, 23, Status.UNATTRIBUTED), (24, len(text), Status.DENIED)]
    article = LabelledArticle(
        "a", text, tuple(LabelledSentence(*place) for place in places), "set.jsonl, line 1",
        title="Banjir di Kota Melati", date="2026-11-20",
    )  # fmt: skip
    outcomes = list(judge_labelled(checker, [article]))
    assert [outcome.fit for outcome in outcomes] == ["same", "same"]
    assert outcomes[1].text == "Camat Rini membantah tuduhan itu."
    assert outcomes[0].year == "2026"
    assert sum(outcomes[0].probabilities.values()) == pytest.approx(1)
