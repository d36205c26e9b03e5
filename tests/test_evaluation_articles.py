"""Figures of whole articles and their intervals agree with scipy, scikit-learn and by hand."""

import numpy as np
import pytest
from test_evaluation_scores import make_outcome, random_outcomes

from credcheck import Status
from credcheck.evaluation import metrics
from credcheck.evaluation.article_scores import rank_correlation, score_articles
from credcheck.evaluation.scores import score_outcomes
from credcheck.labels import STATUSES


def test_rank_correlation_agrees_with_scipy_in_every_resample() -> None:
    stats = pytest.importorskip("scipy.stats")
    generator = np.random.default_rng(3)
    one = generator.integers(0, 5, 30) / 5
    other = np.clip(one + generator.integers(-1, 2, 30) / 5, 0, 1)
    weights = metrics.draw_weights(30, seed=5)[:50]
    found = rank_correlation(one, other, weights)
    for row, rho in zip(weights.astype(int), found, strict=True):
        expected = stats.spearmanr(np.repeat(one, row), np.repeat(other, row)).statistic
        assert rho == pytest.approx(expected, abs=1e-9)


def test_rank_correlation_of_a_constant_is_none() -> None:
    assert np.isnan(rank_correlation(np.ones(9), np.arange(9.0), np.ones((1, 9)))[0])


def test_intervals_are_those_of_scikit_learn_on_resampled_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    monkeypatch.setattr(metrics, "N_RESAMPLES", 120)
    outcomes = random_outcomes(200)
    scores = score_outcomes(outcomes, seed=9)
    articles = list(dict.fromkeys(outcome.article for outcome in outcomes))
    # scikit-learn's macro mean takes predicted labels too; ours those annotated in the whole set.
    labels = sorted({outcome.expected for outcome in outcomes})
    drawn: dict[str, list[float]] = {"macro_f1": [], "weighted_f1": [], "accuracy": []}
    for row in metrics.draw_weights(len(articles), seed=9).astype(int):
        times = dict(zip(articles, row, strict=True))
        chosen = [outcome for outcome in outcomes for _ in range(times[outcome.article])]
        gold, given = [o.expected for o in chosen], [o.given for o in chosen]
        for name in ("macro", "weighted"):
            value = sklearn.f1_score(gold, given, labels=labels, average=name, zero_division=0)
            drawn[f"{name}_f1"].append(value)
        drawn["accuracy"].append(sklearn.accuracy_score(gold, given))
    for name, values in drawn.items():
        low, high = np.quantile(values, [0.025, 0.975])
        assert scores[name]["low"] == pytest.approx(low, abs=1e-9)
        assert scores[name]["high"] == pytest.approx(high, abs=1e-9)


def test_share_errors_by_hand() -> None:
    denied, plain = Status.DENIED, Status.UNATTRIBUTED
    outcomes = []
    for number in range(10):
        # Annotated: half denied; predicted: none. Boilerplate enters no share.
        outcomes += [
            make_outcome(f"a{number}", denied, plain),
            make_outcome(f"a{number}", plain, plain),
            make_outcome(f"a{number}", Status.BOILERPLATE, Status.BOILERPLATE),
        ]
    found = score_articles(outcomes)
    assert found["n_articles"] == 10
    by_status = found["by_status"]
    assert by_status["denied"]["mean_absolute_error"]["value"] == pytest.approx(0.5)
    assert by_status["unattributed"]["mean_absolute_error"]["value"] == pytest.approx(0.5)
    assert found["mean_absolute_error"]["value"] == pytest.approx(1 / (len(STATUSES) - 1))
    assert by_status["denied"]["rank_correlation"]["value"] is None


def test_the_ai_flag_by_hand() -> None:
    ai, plain = Status.AI_ENHANCED, Status.UNATTRIBUTED
    kinds = {(ai, ai): 6, (ai, plain): 2, (plain, ai): 3, (plain, plain): 4}
    outcomes = []
    for (expected, given), count in kinds.items():
        for _ in range(count):
            name = f"a{len(outcomes)}"
            outcomes += [make_outcome(name, expected, given), make_outcome(name, plain, plain)]
    flag = score_articles(outcomes)["ai_flag"]
    assert (flag["n_annotated"], flag["n_predicted"]) == (8, 9)
    assert flag["precision"]["value"] == pytest.approx(6 / 9)
    assert flag["recall"]["value"] == pytest.approx(6 / 8)
    assert flag["f1"]["value"] == pytest.approx(12 / 17)


def test_an_article_without_annotated_content_has_no_shares() -> None:
    outcomes = [
        make_outcome("a", Status.BOILERPLATE, Status.BOILERPLATE),
        make_outcome("b", Status.DENIED, None),
        make_outcome("c", Status.DENIED, Status.DENIED),
    ]
    found = score_articles(outcomes)
    assert found["n_articles"] == 2
    # The unanswered article is off by its whole share of denials.
    assert found["by_status"]["denied"]["mean_absolute_error"]["value"] == pytest.approx(0.5)
