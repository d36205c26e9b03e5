"""The command line: what it prints where, and its exit codes."""

import io
import json
import sys
from pathlib import Path

import pytest

from credcheck import Checker, __version__
from credcheck.cli import main

GOOD = "Banjir di Melati\n\nWarga mengungsi. Camat mengatakan bantuan [/b] sudah dikirim."


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(GOOD)
    return path


def test_score_writes_three_files_and_exits_0(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["score", str(good), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "failures.csv",
        "profiles.jsonl",
        "summary.csv",
    ]
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "1 articles scored" in printed.err


def test_some_failed_is_exit_1_and_says_which(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    assert main(["score", str(good), str(bad), "--out", str(tmp_path / "out"), "--quiet"]) == 1
    assert str(bad) in capsys.readouterr().err


def test_nothing_scored_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(tmp_path / "gone"), "--out", str(tmp_path / "out")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_a_foreign_model_folder_is_exit_2(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["score", str(good), "--out", str(tmp_path / "out"), "--model", str(tmp_path)]
    assert main(arguments) == 2
    assert "manifest.json" in capsys.readouterr().err


def test_wrong_usage_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score"]) == 2
    assert main(["unheard-of"]) == 2
    assert capsys.readouterr().err


def test_standard_input_is_one_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert main(["score", "-", "--out", str(tmp_path / "out"), "--quiet"]) == 0
    row = json.loads((tmp_path / "out" / "profiles.jsonl").read_text())
    assert row["id"] == "stdin"
    assert row["title"] == "Banjir di Melati"


def test_language_can_be_named(good: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["score", str(good), "--out", str(out), "--language", "ms", "--quiet"]) == 0
    assert json.loads((out / "profiles.jsonl").read_text())["language"] == "ms"


def test_show_prints_every_sentence_and_reads_no_markup(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(good)]) == 0
    printed = capsys.readouterr().out
    assert "Warga mengungsi." in printed
    assert "[/b]" in printed


def test_show_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text("Harga naik \x1b[2J\x1b]0;judul\x07 hari ini di pasar kota, kata pedagang.")
    main(["show", str(path)])
    assert "\x1b" not in capsys.readouterr().out


def test_hostile_fields_steer_no_terminal_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hostile.jsonl"
    rows = [{"text": "Hujan turun.", "language": "\x1b[31mX", "title": "\x1b[2J"}, {"\x1b[2J": 1}]
    path.write_text("\n".join(map(json.dumps, rows)))
    main(["show", str(path)])
    main(["score", str(path), "--out", str(tmp_path / "out")])
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err


def test_results_are_no_articles(good: Path, tmp_path: Path) -> None:
    arguments = ["score", str(tmp_path), "--out", str(tmp_path / "out"), "--quiet"]
    assert main(arguments) == 0
    before = (tmp_path / "out" / "profiles.jsonl").read_bytes()
    assert main(arguments) == 0
    assert (tmp_path / "out" / "profiles.jsonl").read_bytes() == before


def test_empty_standard_input_does_not_stop_the_rest(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["score", "-", str(good), "--out", str(tmp_path / "out"), "--quiet"]) == 1
    assert len((tmp_path / "out" / "profiles.jsonl").read_text().splitlines()) == 1


def test_a_language_that_is_none_is_wrong_usage(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["score", str(good), "--out", str(tmp_path / "out"), "--language", "Indonesian"]
    assert main(arguments) == 2
    assert "language tag" in capsys.readouterr().err


def test_show_as_json(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(good), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sentences"]


def test_labels_and_model_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels"]) == 0
    assert "ai_enhanced" in capsys.readouterr().out
    assert main(["labels", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["statuses"]) == 8
    assert main(["model"]) == 0
    assert "SHA-256 checked" in capsys.readouterr().out
    assert main(["model", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["window"]["max_tokens"] == Checker().manifest.window.max_tokens
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("command", [[], ["score"], ["show"], ["labels"], ["model"]])
def test_help_teaches(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out
