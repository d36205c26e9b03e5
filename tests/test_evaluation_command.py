"""The commands `evaluate` and `preannotate`: files, messages, exit codes; schema and reader."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from credcheck import LabelledSetError
from credcheck.cli import main
from credcheck.evaluation.labelled_sets import read_labelled_set

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads(
    (files("credcheck.evaluation") / "labelled_set.schema.json").read_text(encoding="utf-8")
)
ROWS = [
    {
        "id": f"a{n}", "language": "id", "outlet": "Koran", "date": "2025-03-01",
        "sentences": [
            {"text": f"Polisi menahan {n + 2} orang pada Senin.", "status": "confirmed_official",
             "source": "Polisi", "cue": "menahan", "source_type": "official",
             "annotators": {"b": "single_source"}},
            {"text": "Pengacara mereka membantah tuduhan itu.", "status": "denied"},
            {"text": "Baca juga: Harga cabai naik", "status": "boilerplate"},
        ],
    }
    for n in range(9)
]  # fmt: skip


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)) + "\n", encoding="utf-8")
    return path


def test_evaluate_writes_results_and_a_page(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["evaluate", str(labelled), "--out", str(out)]) == 0
    assert "27 sentences in 9 articles" in capsys.readouterr().err
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["scores"]["n_sentences"] == 27
    assert results["scores"]["agreement"]["n_sentences"] == 9
    assert results["scores"]["groups"]["outlet"]["Koran"]["n_articles"] == 9
    assert len(results["signature"]["network_sha256"]) == 64
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "27 labelled sentences in 9 articles" in page

    # Drawn again from the file alone, and compared with itself.
    again = tmp_path / "again"
    arguments = ["evaluate", "--redraw", str(out / "results.json"), "--out", str(again), "-q"]
    assert main([*arguments, "--model", "none"]) == 0
    assert (again / "report.html").read_text(encoding="utf-8") == page
    arguments = ["evaluate", str(labelled), "--out", str(again), "--against", str(out), "-q"]
    assert main(arguments) == 0
    compared = json.loads((again / "results.json").read_text(encoding="utf-8"))["comparison"]
    assert (compared["n_better"], compared["n_worse"], compared["mcnemar_p"]) == (0, 0, 1)


def test_predictions_need_no_model(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_bytes(labelled.read_bytes())
    arguments = ["evaluate", str(labelled), "--predictions", str(theirs), "--out", str(out)]
    assert main([*arguments, "--model", "none", "-q"]) == 0
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["scores"]["accuracy"]["value"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a labelled set"),
        (["gone.jsonl"], "gone.jsonl does not exist"),
        (["SET", "--format", "xml"], "unknown format 'xml'; known: jsonl"),
        (["SET", "--mapping", "gone.toml"], "gone.toml does not exist"),
        (["SET", "--against", "gone"], "cannot be read as results"),
        (["SET", "--predictions", "gone.jsonl"], "gone.jsonl does not exist"),
        (["SET", "--predictions", "SET"], "is the labelled set itself"),
        (["SET", "SET"], "each would count twice"),
        (["--redraw", "gone.json"], "gone.json cannot be read as results"),
    ],
)
def test_what_cannot_be_evaluated_is_exit_2_and_says_why(
    arguments: list[str],
    message: str,
    labelled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = [str(labelled) if word == "SET" else word for word in arguments]
    assert main(["evaluate", *named, "--out", str(tmp_path / "out"), "-q"]) == 2
    assert message in capsys.readouterr().err.replace("\n", " ")


def test_an_article_that_cannot_be_scored_counts_as_wrong(tmp_path: Path) -> None:
    rows = [*ROWS, {"id": "x", "text": "\u200b\n.", "labels": [
        {"start": 2, "end": 3, "status": "unattributed"}]}]  # fmt: skip
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["evaluate", str(path), "--out", str(tmp_path / "out"), "-q"]) in (0, 1)
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert results["scores"]["n_sentences"] == 28


def test_preannotate_writes_tasks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Banjir di Melati\n\nCamat mengatakan bantuan sudah dikirim.")
    out = tmp_path / "tasks"
    arguments = ["preannotate", str(tmp_path / "a.txt"), "--out", str(out)]
    assert main([*arguments, "--to", "label-studio"]) == 0
    tasks = json.loads((out / "tasks.json").read_text(encoding="utf-8"))
    assert tasks[0]["predictions"][0]["result"]
    assert main([*arguments, "--to", "paper"]) == 2
    assert "label-studio, doccano, inception" in capsys.readouterr().err.replace("\n", " ")


def test_the_schema_fits_the_shipped_sets_and_the_example() -> None:
    validator = Draft202012Validator(SCHEMA)
    Draft202012Validator.check_schema(SCHEMA)
    rows = [*ROWS]
    for path in sorted((ROOT / "eval" / "sets").glob("written-*.jsonl")):
        rows += map(json.loads, path.read_text(encoding="utf-8").splitlines())
    page = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    rows += map(json.loads, example.splitlines())
    for row in rows:
        validator.validate(row)


@pytest.mark.parametrize(
    "row",
    [
        {"id": "a"},
        {"id": "a", "text": "Kata.", "labels": [{"start": 0, "status": "denied"}]},
        {"id": "a", "sentences": [{"text": "Kata.", "status": "denied", "source_type": "king"}]},
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(row: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMA).validate(row)
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(LabelledSetError):
        read_labelled_set(path)


def test_the_examples_of_the_documentation_are_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    path = tmp_path / "set.jsonl"
    path.write_text(page.split("```json\n")[1].split("```")[0], encoding="utf-8")
    articles = read_labelled_set(path)
    assert [len(article.sentences) for article in articles] == [2, 1]
    assert articles[0].sentences[0].source is not None
    assert articles[0].text[26:36] == "Kota sepi."
