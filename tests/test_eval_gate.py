"""The gate fails when a floor is missed, rises with a release, and never falls silently."""

import copy
import json
from pathlib import Path

import pytest
from test_evaluation_scores import make_outcome

from credcheck.evaluation.results import build_results
from credcheck.labels import STATUSES
from eval import gate
from eval.shipped_sets import read_shipped_sets


def make_results(n_wrong: int) -> dict[str, object]:
    outcomes = []
    for number in range(400):
        status = STATUSES[number % 8]
        given = STATUSES[(number + 1) % 8] if number < n_wrong else status
        outcomes.append(make_outcome(f"a{number % 20}", status, given, number=number))
    sets = [{"name": "a", "format": "jsonl", "sha256": "1", "n_articles": 20, "n_sentences": 400}]
    return build_results(outcomes, signature={"model": "m", "sets": sets})


def test_a_model_as_good_as_the_pinned_one_passes_and_a_worse_one_fails() -> None:
    baseline = gate.pin({}, make_results(40))
    assert gate.find_faults(baseline, make_results(40)) == []
    assert gate.find_faults(baseline, make_results(20)) == []
    faults = gate.find_faults(baseline, make_results(80))
    assert any(fault.startswith("accuracy is 0.800, its floor 0.890") for fault in faults)


def test_floors_rise_and_do_not_fall_without_a_reason() -> None:
    first = gate.pin({}, make_results(40))
    raised = gate.pin(first, make_results(20))
    assert raised["floors"]["accuracy"] > first["floors"]["accuracy"]
    kept = gate.pin(raised, make_results(80))
    assert kept["floors"] == raised["floors"]
    lowered = gate.pin(raised, make_results(80), reason="sets grew harder")
    assert lowered["floors"]["accuracy"] < raised["floors"]["accuracy"]
    assert lowered["history"][-1]["reason"] == "sets grew harder"
    assert lowered["history"][-1]["before"] == raised["floors"]


def test_other_sets_failures_and_missing_figures_do_not_pass() -> None:
    results = make_results(0)
    baseline = gate.pin({}, results)
    other = copy.deepcopy(results)
    other["signature"]["sets"][0]["sha256"] = "2"  # type: ignore[index]
    assert "not those" in gate.find_faults(baseline, other)[0]
    crashed = copy.deepcopy(results)
    crashed["failures"] = [{"article": "a", "message": "no words"}]
    assert "no words" in gate.find_faults(baseline, crashed)[0]
    baseline["floors"]["new figure"] = 0.1
    assert "was not measured" in gate.find_faults(baseline, results)[0]


def test_the_command_reads_results_and_says_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "BASELINE", tmp_path / "baseline.json")
    path = tmp_path / "results.json"
    path.write_text(json.dumps(make_results(0)))
    assert gate.main(["--results", str(path)]) == 1
    assert "baseline.json is missing" in capsys.readouterr().out
    assert gate.main(["--results", str(path), "--lower", "first floors"]) == 0
    assert gate.main(["--results", str(path)]) == 0
    path.write_text(json.dumps(make_results(100)))
    for arguments in ([], ["--raise"]):
        assert gate.main(["--results", str(path), *arguments]) == 1
        assert "gate: accuracy is 0.750" in capsys.readouterr().out
    path.write_text(json.dumps(make_results(0)))
    assert gate.main(["--results", str(path), "--raise"]) == 0


def test_the_pinned_floors_are_of_the_sets_that_ship() -> None:
    baseline = json.loads(gate.BASELINE.read_text(encoding="utf-8"))
    assert baseline["sets"] == {one.name: one.digest for one in read_shipped_sets()}
    assert baseline["floors"]["accuracy"] > 0.8
