"""The shipped evaluation sets are well formed, and their scorers count right."""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from credcheck import Checker, Status
from eval import outside
from eval.ai_notices import NOTICES, score_notices
from eval.contrast import CONTRAST, score_contrast
from eval.shipped_sets import SETS, read_rows

TRAINING_SETS = Path(__file__).parents[1] / "training" / "sets"


def test_every_sentence_has_a_status_and_spans_from_its_text() -> None:
    for path in sorted(SETS.glob("*.jsonl")):
        for row in read_rows(path):
            for sentence in row["sentences"]:
                Status(sentence["status"])
                assert sentence["source"] in sentence["text"], (path.name, row["id"])
                assert sentence["cue"] in sentence["text"], (path.name, row["id"])


def test_no_evaluation_text_is_trained_on() -> None:
    def texts(paths: Iterable[Path]) -> set[str]:
        # Navigation lines ("Read also") are worded alike everywhere.
        return {
            sentence["text"]
            for path in paths
            for row in read_rows(path)
            for sentence in row["sentences"]
            if sentence["status"] != "boilerplate" and len(sentence["text"]) > 30
        }

    trained = texts(
        path
        for folder in ("written", "contrast")
        for path in (TRAINING_SETS / folder).glob("*.jsonl")
    )
    assert len(trained) > 5_000
    assert texts(SETS.glob("*.jsonl")) & trained == set()


def test_contrast_groups_differ_in_their_targets() -> None:
    groups = defaultdict(list)
    for row in read_rows(CONTRAST):
        groups[row["group"]].append(row)
    assert len(groups) >= 60
    assert len({row["language"] for rows in groups.values() for row in rows}) >= 15
    for name, rows in groups.items():
        statuses = {row["sentences"][row["target"]]["status"] for row in rows}
        assert len(rows) >= 2, name
        assert len(statuses) > 1 or all(row["remark"] == "control" for row in rows), name


def test_half_of_the_notice_articles_have_a_notice() -> None:
    has_notice = [
        any(sentence["status"] == "ai_enhanced" for sentence in row["sentences"])
        for row in read_rows(NOTICES)
    ]
    assert 60 <= len(has_notice) == 2 * sum(has_notice)


def test_scorers_run_on_a_few_rows(checker: Checker) -> None:
    contrast = score_contrast(checker, read_rows(CONTRAST)[:6])
    assert contrast["n_targets"] == 6
    assert sum(part["n"] for part in contrast["by_change"].values()) == 6  # type: ignore[attr-defined]
    notices = score_notices(checker, read_rows(NOTICES)[:6])
    assert 0 <= notices["recall"]["value"] <= 1  # type: ignore[index]


def test_outside_corpora_are_scored_on_their_split(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentences = ['"The road is closed," said the mayor of Elm Town.', "It rained all day."]
    for name, key in outside.CORPORA.items():
        rows = [
            {"doc_id": "a", "lang": "en", "split": "test", "sentences": sentences, key: [[{}], []]},
            {"doc_id": "b", "lang": "en", "split": "train", "sentences": sentences, key: [[], []]},
        ]
        lines = "\n".join(map(json.dumps, rows))
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    assert outside.main([str(tmp_path)]) == 0
    results = json.loads(capsys.readouterr().out)
    assert results["german_quotes"]["n_articles"] == 1
    assert results["german_quotes"]["n_sentences"] == 2
    assert 0 <= results["german_quotes"]["recall"]["value"] <= 1
