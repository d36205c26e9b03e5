"""A folder in, a folder out; one bad article never stops the others, and never passes unseen."""

import csv
import json
from pathlib import Path

import pytest

from credcheck import Checker, OutputError
from credcheck.batch import (
    FAILURES,
    PROFILES,
    SUMMARY,
    BatchReport,
    Inputs,
    find_inputs,
    read_inputs,
    score_articles,
)

GOOD = "Banjir di Melati\n\nWarga mengungsi. Camat mengatakan bantuan sudah dikirim."
JAPANESE = "県警は3日、市内の会社員を逮捕したと発表した。容疑を否認しているという。" * 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every bad input in one folder, among good ones."""
    root = tmp_path / "articles"
    (root / "deep" / "er").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / ".hidden" / "x.txt").write_text(GOOD)
    (root / "good.txt").write_text(GOOD)
    (root / "deep" / "er" / "good.txt").write_text(GOOD)
    (root / "empty.txt").write_bytes(b"")
    (root / "blank.txt").write_text(" \n\t\n ")
    (root / "binary.txt").write_bytes(bytes(range(256)) * 50)
    (root / "utf16.txt").write_text(GOOD, encoding="utf-16")
    (root / "cp1252.txt").write_bytes(
        ("Der Bürgermeister bestätigte die Schließung der Brücke. " * 3).encode("cp1252")
    )
    (root / "shiftjis.txt").write_bytes(JAPANESE.encode("shift_jis"))
    (root / "nul.txt").write_bytes(b"Warga\x00 mengungsi ke balai desa sejak pagi.")
    (root / "mixed.txt").write_text("قالت الشرطة إنها اعتقلت رجلين. Police said so. 警方说。")
    (root / "none.html").write_text("<html><body><script>1</script></body></html>")
    lines = [
        json.dumps({"id": "a", "text": GOOD}),
        "{broken",
        json.dumps({"id": "b", "text": GOOD}),
    ]
    (root / "lines.jsonl").write_text("\n".join(lines))
    surrogate = '{"id": "s\\ud800", "date": "\\ud800", "text": "Satu \\ud800 dua tiga."}'
    (root / "surrogate.jsonl").write_text(surrogate)
    (root / "column.csv").write_text("nomor,naskah\n1,Teks.\n")
    (root / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return root


def score_files(inputs: Inputs, out: Path, checker: Checker, **options: object) -> BatchReport:
    return score_articles(  # type: ignore[arg-type]
        read_inputs(inputs), out, checker, skipped=inputs.skipped, **options
    )


def read_lines(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_bad_articles_are_listed_and_the_rest_is_scored(
    folder: Path, tmp_path: Path, checker: Checker
) -> None:
    out = tmp_path / "out"
    report = score_files(find_inputs([str(folder)]), out, checker)
    scored = {Path(row["path"]).name for row in read_lines(out / PROFILES)}
    assert scored == {
        "good.txt", "utf16.txt", "cp1252.txt", "shiftjis.txt", "nul.txt", "mixed.txt",
        "lines.jsonl", "surrogate.jsonl",
    }  # fmt: skip
    with (out / FAILURES).open(encoding="utf-8", newline="") as file:
        failures = {Path(row["path"]).name: row for row in csv.DictReader(file)}
    assert set(failures) == {
        "empty.txt", "blank.txt", "binary.txt", "none.html", "lines.jsonl", "column.csv",
    }  # fmt: skip
    assert "line 2" in failures["lines.jsonl"]["message"]
    assert failures["empty.txt"]["error"] == "EmptyArticleError"
    assert report.n_scored == 10
    assert len(report.failures) == 6
    assert [path.name for path in report.skipped] == ["photo.jpg"]
    with (out / SUMMARY).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == report.n_scored


def test_written_text_holds_what_offsets_point_to(
    folder: Path, tmp_path: Path, checker: Checker
) -> None:
    out = tmp_path / "out"
    score_files(find_inputs([str(folder)]), out, checker)
    for row in read_lines(out / PROFILES):
        for sentence in row["sentences"]:
            assert row["text"][sentence["start"] : sentence["end"]] == sentence["text"]


def test_same_input_gives_the_same_bytes(folder: Path, tmp_path: Path, checker: Checker) -> None:
    inputs = find_inputs([str(folder)])
    score_files(inputs, tmp_path / "one", checker)
    score_files(inputs, tmp_path / "two", checker)
    for name in (PROFILES, SUMMARY, FAILURES):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_100_000_short_lines_are_an_article(tmp_path: Path, checker: Checker) -> None:
    # The model reads a few thousand of them here: how long all take is a benchmark's question.
    path = tmp_path / "lines.txt"
    path.write_text("Ya.\n" * 100_000)
    from credcheck.checker import split_article
    from credcheck.readers import read_file

    article = read_file(path)
    assert len(split_article(article)) == 100_000
    path.write_text("Ya.\n" * 2_000)
    assert checker.check_file(path).profile.n_sentences == 2_000


def test_globs_and_doubles(folder: Path) -> None:
    inputs = find_inputs([str(folder / "*.jsonl"), str(folder / "lines.jsonl")])
    assert sorted(path.name for path in inputs.files) == ["lines.jsonl", "surrogate.jsonl"]
    deep = find_inputs([str(folder / "de*")])
    assert [path.name for path in deep.files] == ["good.txt"]


def test_a_file_is_taken_once_by_whatever_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "deep" / "up").symlink_to(folder, target_is_directory=True)
    monkeypatch.chdir(folder)
    once = find_inputs([str(folder)]).files
    assert len(find_inputs([".", str(folder), "deep/..", "good.txt"]).files) == len(once)


def test_a_folder_that_cannot_be_looked_into_is_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: object) -> object:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("os.scandir", refuse)
    (found,) = find_inputs([str(folder)]).failures
    assert "cannot be looked into" in found.message


def test_a_path_that_stands_for_nothing_is_a_failure(tmp_path: Path) -> None:
    inputs = find_inputs([str(tmp_path / "gone.txt")])
    assert "does not exist" in inputs.failures[0].message


def test_an_output_that_is_a_file_is_an_output_error(
    folder: Path, tmp_path: Path, checker: Checker
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("in the way")
    with pytest.raises(OutputError, match="blocked"):
        score_files(find_inputs([str(folder / "good.txt")]), blocked, checker)


def test_a_stopped_batch_leaves_earlier_results_as_they_were(
    folder: Path, tmp_path: Path, checker: Checker
) -> None:
    out = tmp_path / "out"
    inputs = find_inputs([str(folder / "good.txt")])
    score_files(inputs, out, checker)
    before = (out / PROFILES).read_bytes()

    def stop(_result: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_files(inputs, out, checker, on_result=stop)
    assert (out / PROFILES).read_bytes() == before
    assert sorted(path.name for path in out.iterdir()) == [FAILURES, PROFILES, SUMMARY]
