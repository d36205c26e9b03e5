"""Predictions of others, pre-annotations and INCEpTION: out and back again, emoji included."""

import json
import zipfile
from pathlib import Path

import pytest

from credcheck import Evidence, Judgement, LabelledSetError, Sentence, Span, Status, to_json
from credcheck.articles import build_article
from credcheck.evaluation.inception import write_cas
from credcheck.evaluation.labelled import LabelledArticle
from credcheck.evaluation.labelled_sets import read_labelled_set
from credcheck.evaluation.mapping import read_mapping
from credcheck.evaluation.preannotations import WRITERS
from credcheck.evaluation.predictions import pair_predictions, read_predictions
from credcheck.evaluation.run import evaluate_predictions, read_sets
from credcheck.labels import STATUSES, SourceType
from credcheck.profiles import build_profile
from credcheck.records import Result

FIRST = "🚒🔥 Pabrik terbakar di Kota Melati."
SECOND = "Camat Rini berkata api sudah padam 👍."
TEXT = f"{FIRST}\n{SECOND}"


def make_result(text: str = TEXT, id: str = "satu", title: str = "") -> Result:
    article = build_article(
        text, id=id, title=title, language="id", site="Koran", date="2025-01-02"
    )
    at = article.text.index(SECOND)
    first = article.text.index(FIRST)

    def judge(start: int, words: str, status: Status, evidence: Evidence) -> Judgement:
        shares = {s: 0.9 if s is status else 0.1 / 7 for s in STATUSES}
        sentence = Sentence(start, start + len(words), words)
        return Judgement(sentence, status, shares, True, (status,), evidence)

    evidence = Evidence(
        Span(at, at + 10, "Camat Rini"), SourceType.OFFICIAL, Span(at + 11, at + 18, "berkata")
    )
    judgements = [
        judge(first, FIRST, Status.UNATTRIBUTED, Evidence()),
        judge(at, SECOND, Status.CONFIRMED_OFFICIAL, evidence),
    ]
    profile = build_profile(
        judgements, language="id", language_confidence=1.0, unknown_token_share=0.0, warnings=()
    )
    return Result(article, tuple(judgements), profile, "model")


def check(article: LabelledArticle) -> None:
    words = [article.text[s.start : s.end] for s in article.sentences]
    assert words == [FIRST, SECOND]
    assert [s.status for s in article.sentences] == ["unattributed", "confirmed_official"]
    second = article.sentences[1]
    assert second.source is not None
    assert second.cue is not None
    assert (second.source.text, second.cue.text) == ("Camat Rini", "berkata")
    assert second.source_type is SourceType.OFFICIAL
    assert article.language == "id"


@pytest.mark.parametrize(
    ("tool", "name"),
    [("label-studio", "tasks.json"), ("doccano", "doccano.jsonl"), ("inception", "")],
)
def test_preannotations_come_back_as_labels(tmp_path: Path, tool: str, name: str) -> None:
    pytest.importorskip("cassis")
    assert WRITERS[tool]([make_result()], tmp_path) == 1
    path = tmp_path / name
    if tool == "label-studio":
        # What the tool does when an annotator submits the prediction as it is.
        tasks = json.loads(path.read_text(encoding="utf-8"))
        for task in tasks:
            task["annotations"] = [{"completed_by": 1, "result": task["predictions"][0]["result"]}]
        path = tmp_path / "export.json"
        path.write_text(json.dumps(tasks), encoding="utf-8")
        config = (tmp_path / "label-studio-config.xml").read_text(encoding="utf-8")
        assert all(f'value="{status}"' in config for status in STATUSES)
    check(read_labelled_set(path)[0])


def test_label_studio_offsets_are_those_of_a_browser(tmp_path: Path) -> None:
    WRITERS["label-studio"]([make_result()], tmp_path)
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    units = TEXT.encode("utf-16-le")
    for region in tasks[0]["predictions"][0]["result"]:
        value = region["value"]
        assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]


def test_a_zip_of_inception_is_read(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    xmi, types = write_cas(make_result())
    with zipfile.ZipFile(tmp_path / "satu.zip", "w") as archive:
        archive.writestr("admin.xmi", xmi)
        archive.writestr("TypeSystem.xml", types)
    article = read_labelled_set(tmp_path / "satu.zip")[0]
    assert article.id == "satu"
    check(article)


def test_control_characters_do_not_break_the_xml(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    WRITERS["inception"]([make_result("\x00\x0b" + TEXT)], tmp_path)
    article = read_labelled_set(tmp_path)[0]
    assert [article.text[s.start : s.end] for s in article.sentences] == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.xmi": b"<x/>"}, "no TypeSystem.xml beside it"),
        ({"a.xmi": b"<x", "TypeSystem.xml": b"<y"}, "cannot be read as UIMA CAS"),
        ({"a.zip": b"PK nothing"}, "is no zip file that can be read"),
    ],
)
def test_damaged_inception_files_are_clear_errors(
    tmp_path: Path, files: dict[str, bytes], message: str
) -> None:
    pytest.importorskip("cassis")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(LabelledSetError, match=message):
        read_labelled_set(tmp_path / next(iter(files)))


def write_set(tmp_path: Path, id: str = "satu", text: str = TEXT) -> Path:
    first, second = text.index(FIRST), text.index(SECOND)
    row = {
        "id": id, "text": text, "language": "id",
        "labels": [
            {"start": first, "end": first + len(FIRST), "status": "unattributed"},
            {"start": second, "end": second + len(SECOND), "status": "single_source",
             "annotators": {"b": "confirmed_official"}},
        ],
    }  # fmt: skip
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("title", ["", "Api di Melati"])
def test_profiles_that_score_wrote_are_predictions(tmp_path: Path, title: str) -> None:
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text(to_json(make_result(title=title)) + "\n", encoding="utf-8")
    results = evaluate_predictions(read_sets([write_set(tmp_path)]), profiles)
    scores = results["scores"]
    assert scores["n_sentences"] == 2
    assert scores["accuracy"]["value"] == 0.5
    assert scores["fits"] == {"same": 2}
    assert scores["agreement"]["n_sentences"] == 1
    assert results["outcomes"][1]["given"] == "confirmed_official"
    assert results["outcomes"][1]["probabilities"][0] == pytest.approx(0.9)
    assert results["signature"]["predictions"] == "profiles.jsonl"


def test_labels_of_any_format_are_predictions(tmp_path: Path) -> None:
    predictions = tmp_path / "theirs.csv"
    predictions.write_text(
        f'id,text,status\nsatu,"{FIRST}",unattributed\nsatu,"{SECOND}",single_source\n',
        encoding="utf-8",
    )
    results = evaluate_predictions(read_sets([write_set(tmp_path)]), predictions)
    assert results["scores"]["accuracy"]["value"] == 1
    assert results["scores"]["calibration"] is None
    assert results["suspects"] == []


def test_an_article_that_was_not_predicted_counts_as_wrong_and_is_named(tmp_path: Path) -> None:
    path = write_set(tmp_path)
    row = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(
        "\n".join(json.dumps({**row, "id": name}) for name in ("satu", "dua")), encoding="utf-8"
    )
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text(to_json(make_result()) + "\n", encoding="utf-8")
    results = evaluate_predictions(read_sets([path]), profiles)
    assert results["failures"] == [{"article": "dua", "message": "not predicted"}]
    assert results["scores"]["accuracy"]["value"] == 0.25
    assert results["scores"]["fits"] == {"same": 2, "missed": 2}


def test_predictions_of_other_articles_or_texts_are_clear_errors(tmp_path: Path) -> None:
    sets = read_sets([write_set(tmp_path)])
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text(to_json(make_result(id="lain")) + "\n", encoding="utf-8")
    with pytest.raises(LabelledSetError, match="predicts none of the 1 labelled articles"):
        evaluate_predictions(sets, profiles)
    profiles.write_text(to_json(make_result(TEXT + " Lagi.")) + "\n", encoding="utf-8")
    with pytest.raises(LabelledSetError, match="another text"):
        list(pair_predictions(sets[0].articles[0], read_predictions(profiles)))
    with pytest.raises(LabelledSetError, match="does not exist"):
        read_predictions(tmp_path / "nothing.jsonl")


def test_a_probability_outside_of_its_range_is_a_clear_error(tmp_path: Path) -> None:
    row = {"id": "a", "sentences": [{"text": "Kata.", "status": "denied",
                                     "probabilities": {"denied": 2}}]}  # fmt: skip
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(LabelledSetError, match="probability of denied is 2"):
        read_predictions(path)


@pytest.mark.parametrize("name", ["map.toml", "map.json"])
def test_a_mapping_file_turns_other_names_into_ours(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("toml"):
        path.write_text('[statuses]\n"Kabar burung" = "unverified"\n"Opini" = ""\n')
    else:
        path.write_text(json.dumps({"statuses": {"Kabar burung": "unverified", "Opini": ""}}))
    names = read_mapping(path)
    assert names.find("Kabar burung", "here") is Status.UNVERIFIED
    assert names.find("Opini", "here") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "neither TOML nor JSON"),
        ("a = 1", r"a table \[statuses\] is needed"),
        ('[statuses]\n"x" = "deniedd"', "did you mean 'denied'"),
    ],
)
def test_a_broken_mapping_file_is_a_clear_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(LabelledSetError, match=message):
        read_mapping(path)


def test_two_files_with_one_name_stay_apart(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    sets = read_sets([write_set(tmp_path), write_set(other, id="dua")])
    assert [one.name for one in sets] == ["set", "set (2)"]
    with pytest.raises(LabelledSetError, match="the same articles and labels as 'set'"):
        read_sets([write_set(tmp_path), write_set(other)])


def test_predictions_in_any_order_but_of_one_id_each(tmp_path: Path) -> None:
    row = json.loads(to_json(make_result()))
    row["sentences"].reverse()
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text(json.dumps(row) + "\n", encoding="utf-8")
    sets = read_sets([write_set(tmp_path)])
    assert evaluate_predictions(sets, profiles)["scores"]["fits"] == {"same": 2}
    profiles.write_text(2 * (json.dumps(row) + "\n"), encoding="utf-8")
    with pytest.raises(LabelledSetError, match="a second prediction for 'satu'"):
        evaluate_predictions(sets, profiles)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("probabilities", {"foo": 1}, "probabilities is an object"),
        ("probabilities", {"denied": None}, "the probability of denied is None"),
        ("probabilities", {"denied": float("nan")}, "is nan"),
        ("probabilities", {"denied": 0.4}, "sum to 0.400"),
        ("probabilities", {"denied": 1.0}, "not the most probable"),
        ("evidence", [1], "field 'evidence' is an object"),
        ("evidence", {"source": "He"}, "source and cue are objects"),
    ],
)
def test_damaged_predictions_are_clear_errors(
    tmp_path: Path, key: str, value: object, message: str
) -> None:
    row = json.loads(to_json(make_result()))
    row["sentences"][0][key] = value
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(LabelledSetError, match=message):
        read_predictions(profiles)


def test_annotators_of_an_inception_project_are_joined(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    xmi, types = write_cas(make_result())
    for document in ("satu", "dua"):
        for name in ("ani", "budi"):
            folder = tmp_path / document
            folder.mkdir(exist_ok=True)
            with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
                archive.writestr("x.xmi", xmi)
                archive.writestr("TypeSystem.xml", types)
    articles = read_labelled_set(tmp_path)
    assert sorted(article.id for article in articles) == ["dua", "satu"]
    assert articles[0].labels_by == "ani"
    assert list(articles[0].others) == ["budi"]


def test_a_document_type_is_not_read(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    xmi, types = write_cas(make_result())
    (tmp_path / "TypeSystem.xml").write_bytes(types)
    (tmp_path / "a.xmi").write_bytes(b'<!DOCTYPE x [<!ENTITY e SYSTEM "/etc/hostname">]>' + xmi)
    with pytest.raises(LabelledSetError, match="document type declaration"):
        read_labelled_set(tmp_path / "a.xmi")


def test_a_label_with_other_ends_still_counts_for_agreement(tmp_path: Path) -> None:
    tasks = [{"id": 1, "data": {"text": TEXT}, "annotations": []}]
    for name, end, status in (("a", len(FIRST), "denied"), ("b", len(FIRST) - 1, "unverified")):
        value = {"start": 0, "end": end, "labels": [status]}
        annotation = {"completed_by": name, "result": [{"type": "labels", "value": value}]}
        tasks[0]["annotations"].append(annotation)  # type: ignore[attr-defined]
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    article = read_labelled_set(path)[0]
    predictions = tmp_path / "p.csv"
    assert article.id == "1"
    predictions.write_text(f'id,text,status\n1,"{FIRST}",denied\n1,"{SECOND}",denied\n')
    results = evaluate_predictions(read_sets([path]), predictions)
    assert results["scores"]["agreement"]["agreed"]["value"] == 0
    assert results["signature"]["sets"][0]["labels_by"] == {"a": 1}
