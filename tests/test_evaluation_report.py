"""Results are signed, come back whole, compare, and make a page that no text can break."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from test_evaluation_scores import make_outcome, random_outcomes

from credcheck import LabelledSetError, OutputError, Span, Status
from credcheck.evaluation.comparison import compare, mcnemar
from credcheck.evaluation.metrics import FEWEST_ARTICLES
from credcheck.evaluation.outcomes import Outcome
from credcheck.evaluation.page import MOST_ERRORS, draw_page, write_page
from credcheck.evaluation.results import (
    build_results,
    read_outcomes,
    read_results,
    write_results,
)
from credcheck.evaluation.suspects import find_suspects
from credcheck.labels import STATUSES

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">javascript:alert(3)'


def signature(**values: object) -> dict[str, object]:
    sets = [{"name": "set", "format": "jsonl", "sha256": "0", "n_articles": 1, "n_sentences": 1}]
    return {"credcheck": "0", "model": "model", "sets": sets, **values}


def numbered(outcomes: list[Outcome]) -> list[Outcome]:
    return [
        Outcome(**{f: getattr(o, f) for f in Outcome.__dataclass_fields__} | {"number": n})
        for n, o in enumerate(outcomes)
    ]


def test_outcomes_come_back_from_the_file_as_they_were(tmp_path: Path) -> None:
    outcomes = numbered(random_outcomes(50))
    outcomes.append(
        make_outcome(
            "z", Status.DENIED, None, has_evidence=True, language="id", outlet="Koran", year="2021",
            set="one", expected_source=Span(1, 4, "abc"), other_labels=(Status.DENIED,),
        )
    )  # fmt: skip
    results = build_results(outcomes, signature=signature())
    write_results(tmp_path / "out" / "results.json", results)
    found = read_outcomes(read_results(tmp_path / "out")["outcomes"])
    for one, other in zip(outcomes, found, strict=True):
        for name in Outcome.__dataclass_fields__:
            if name == "probabilities":
                for status, value in one.probabilities.items():
                    assert other.probabilities[status] == pytest.approx(value, abs=1e-4)
            else:
                assert getattr(one, name) == getattr(other, name)
    assert results["signature"]["seed"] == 1
    assert results["signature"]["resamples"] == 2_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "schema None"),
        ('{"schema": "other"}', "schema 'other'"),
        ('{"schema": "credcheck.evaluation/1"}', "lacks failures, outcomes"),
    ],
)
def test_a_file_that_is_no_result_is_a_clear_error(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(LabelledSetError, match=message):
        read_results(tmp_path)


def test_outcomes_of_another_form_are_a_clear_error() -> None:
    with pytest.raises(LabelledSetError, match="outcome"):
        read_outcomes([{"article": "a", "expected": "no status", "given": None}])


def test_results_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_results(tmp_path / "file" / "results.json", {})


def test_nothing_labelled_is_an_error() -> None:
    with pytest.raises(LabelledSetError, match="no labelled sentence"):
        build_results([], signature=signature())


def test_mcnemar_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for better, worse in ((0, 0), (3, 3), (1, 9), (40, 21), (300, 250)):
        expected = stats.binomtest(better, better + worse, 0.5).pvalue if better + worse else 1.0
        assert mcnemar(better, worse) == pytest.approx(expected, abs=1e-9)
    # Above a thousand changes chi-squared with continuity correction stands in.
    statistic = (abs(700 - 610) - 1) ** 2 / 1310
    assert mcnemar(700, 610) == pytest.approx(stats.chi2.sf(statistic, 1), abs=1e-9)


def test_a_comparison_counts_what_changed_for_better_and_worse() -> None:
    old = [
        make_outcome(f"a{n % 10}", Status.DENIED, Status.UNVERIFIED if n < 30 else Status.DENIED)
        for n in range(60)
    ]
    new = [
        make_outcome(f"a{n % 10}", Status.DENIED, Status.UNVERIFIED if 20 <= n < 35 else o.expected)
        for n, o in enumerate(old)
    ]
    found = compare(numbered(new), numbered(old))
    assert (found["n_better"], found["n_worse"]) == (20, 5)
    assert found["accuracy"]["value"] == pytest.approx(15 / 60)
    assert found["accuracy"]["low"] <= 15 / 60 <= found["accuracy"]["high"]
    assert {change["position"] for change in found["changed"]} == {*range(20), *range(30, 35)}
    assert found["changed"][0]["before"] == "unverified"


def test_a_paired_interval_is_narrower_than_two_apart() -> None:
    old = numbered(random_outcomes(800))
    new = numbered(random_outcomes(800))
    found = compare(new, old)
    assert found["accuracy"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert found["mcnemar_p"] == 1


def test_other_sentences_or_labels_are_not_compared() -> None:
    one = [make_outcome("a", Status.DENIED, Status.DENIED)]
    with pytest.raises(LabelledSetError, match="not of the same sentences: 1 and 1"):
        compare(one, [make_outcome("b", Status.DENIED, Status.DENIED)])
    with pytest.raises(LabelledSetError, match="labels changed"):
        compare(one, [make_outcome("a", Status.UNVERIFIED, Status.DENIED)])


def test_planted_label_errors_come_first() -> None:
    generator = np.random.default_rng(7)
    outcomes, planted = [], set()
    for number in range(400):
        given = STATUSES[generator.integers(len(STATUSES))]
        rest = generator.dirichlet(np.ones(len(STATUSES))) * 0.2
        shares = dict(zip(STATUSES, rest, strict=True))
        shares[given] += 0.8
        expected = given
        if number % 20 == 0:
            expected = STATUSES[(STATUSES.index(given) + 3) % len(STATUSES)]
            planted.add(number)
        outcomes.append(make_outcome("a", expected, given, probabilities=shares))
    assert set(find_suspects(outcomes)) == planted


def test_no_label_is_suspected_without_probabilities_or_where_splitting_differs() -> None:
    sure = {status: float(status is Status.DENIED) for status in STATUSES}
    split = make_outcome("a", Status.UNVERIFIED, Status.DENIED, probabilities=sure, fit="split")
    bare = make_outcome("a", Status.UNVERIFIED, Status.DENIED)
    assert find_suspects([split, bare]) == []


class Tags(HTMLParser):
    """Which tags a page has, and what its scripts hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile_results() -> dict[str, object]:
    outcomes = []
    for number in range(40):
        status = STATUSES[number % len(STATUSES)]
        outcomes.append(
            make_outcome(
                f"{HOSTILE} {number % 4}", status, STATUSES[(number + 1) % 8], number=number,
                text=f"{HOSTILE} \u202e \ud800", language=HOSTILE, outlet=HOSTILE + str(number % 2),
                year=f"<{number % 3}", set=HOSTILE,
                probabilities=dict.fromkeys(STATUSES, 1 / 8) | {STATUSES[(number + 1) % 8]: 0.9},
                has_evidence=True, given_source=Span(0, 5, HOSTILE),
            )
        )  # fmt: skip
    failures = [{"article": HOSTILE, "message": HOSTILE}]
    sets = [{"name": HOSTILE, "format": HOSTILE, "sha256": "0", "n_articles": 4, "n_sentences": 40}]
    return build_results(
        outcomes,
        signature=signature(model=HOSTILE, sets=sets),
        failures=failures,
        against=build_results(outcomes, signature=signature(model=HOSTILE)),
    )


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    write_page(tmp_path / "report.html", hostile_results())
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    names = [name for name, _ in tags.found]
    assert names.count("script") == 1
    assert "img" not in names
    for _, attributes in tags.found:
        assert not any(name.startswith("on") for name in attributes)
        assert "javascript:" not in (attributes.get("href") or "")
    assert page.startswith("<!doctype html>")


def test_the_page_loads_nothing_and_lets_no_other_script_run() -> None:
    page = draw_page(build_results(random_outcomes(200), signature=signature()))
    assert "default-src 'none'" in page
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'", page)
    tags = Tags()
    tags.feed(page)
    assert not {"link", "iframe", "object", "img"} & {name for name, _ in tags.found}
    for name, attributes in tags.found:
        assert "src" not in attributes
        if name == "a":
            assert (attributes["href"] or "").startswith("#")


def test_every_table_has_a_caption_and_every_picture_a_title() -> None:
    results = build_results(random_outcomes(200), signature=signature())
    page = draw_page(results)
    assert page.count("<table>") == page.count("<caption>")
    pictures = re.findall(r"<svg[^>]*role=\"img\"[^>]*>(.{7})", page)
    assert len(pictures) == 4
    assert set(pictures) == {"<title>"}


def test_few_articles_are_said_to_be_few() -> None:
    outcomes = [make_outcome(f"a{n}", Status.DENIED, Status.DENIED) for n in range(3)]
    page = draw_page(build_results(outcomes, signature=signature()))
    assert "Only 3 articles" in page
    assert FEWEST_ARTICLES > 3


def test_a_set_with_one_status_is_measured() -> None:
    outcomes = [make_outcome(f"a{n}", Status.DENIED, Status.DENIED) for n in range(12)]
    scores = build_results(outcomes, signature=signature())["scores"]
    assert scores["accuracy"]["value"] == scores["macro_f1"]["value"] == 1
    assert scores["by_status"]["unverified"]["f1"]["value"] is None


def test_the_page_of_twenty_thousand_sentences_stays_small() -> None:
    outcomes = numbered(random_outcomes(20_000))
    results = build_results(outcomes, signature=signature())
    page = draw_page(results)
    assert len(page.encode()) < 3_000_000
    assert page.count("<li data-expected") <= MOST_ERRORS + 200
    assert json.dumps(results, allow_nan=False)
