"""Labelled sets of several tools are read alike, or say where they are wrong."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from credcheck import LabelledSetError, SourceType, Status
from credcheck.evaluation.labelled import LabelNames
from credcheck.evaluation.labelled_sets import read_labelled_set
from credcheck.evaluation.offsets import find_unit

FIRST = "🚒🔥 Pabrik terbakar di Kota Melati."
SECOND = "Camat Rini berkata api sudah padam 👍."
TEXT = f"{FIRST}\n{SECOND}"


def to_utf16(offset: int) -> int:
    """A code point of TEXT, counted in UTF-16 units."""
    return len(TEXT[:offset].encode("utf-16-le")) // 2


def write(path: Path, value: object) -> Path:
    if isinstance(value, list):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in value)
    else:
        text = str(value)
    path.write_text(text, encoding="utf-8")
    return path


def label_studio_task(convert: object = lambda offset: offset) -> dict[str, object]:
    def region(start: int, end: int, status: str) -> dict[str, object]:
        value = {
            "start": convert(start),  # type: ignore[operator]
            "end": convert(end),  # type: ignore[operator]
            "text": TEXT[start:end],
            "labels": [status],
        }
        return {"type": "labels", "from_name": "status", "to_name": "text", "value": value}

    result = [
        region(0, len(FIRST), "unattributed"),
        region(len(FIRST) + 1, len(TEXT), "confirmed_official"),
    ]
    second = [region(0, len(FIRST), "unverified")]
    return {
        "id": 7,
        "data": {"text": TEXT, "language": "id"},
        "annotations": [
            {"completed_by": {"email": "a@x.id"}, "result": result},
            {"completed_by": 2, "result": second},
            {"completed_by": 3, "was_cancelled": True, "result": []},
        ],
    }


def check(path: Path) -> None:
    (article,) = read_labelled_set(path)
    assert article.text == TEXT
    assert [article.text[s.start : s.end] for s in article.sentences] == [FIRST, SECOND]
    assert [s.status for s in article.sentences] == [Status.UNATTRIBUTED, Status.CONFIRMED_OFFICIAL]


def test_sentences_are_joined_and_spans_found(tmp_path: Path) -> None:
    sentences = [
        {"text": FIRST, "status": "unattributed", "source": "", "cue": ""},
        {
            "text": SECOND, "status": "confirmed_official",
            "source": "Camat Rini", "cue": "berkata", "source_type": "official",
        },
    ]  # fmt: skip
    path = write(tmp_path / "a.jsonl", [{"id": "a", "lang": "id", "sentences": sentences}])
    check(path)
    (article,) = read_labelled_set(path)
    second = article.sentences[1]
    assert article.language == "id"
    assert second.source_type is SourceType.OFFICIAL
    assert second.source is not None and second.cue is not None
    assert article.text[second.source.start : second.source.end] == "Camat Rini"
    assert article.text[second.cue.start : second.cue.end] == "berkata"


def test_offsets_into_a_text_are_code_points(tmp_path: Path) -> None:
    labels = [
        {"start": 0, "end": len(FIRST), "status": "unattributed"},
        {"start": len(FIRST) + 1, "end": len(TEXT), "status": "confirmed_official"},
    ]
    check(write(tmp_path / "a.jsonl", [{"id": "a", "text": TEXT, "labels": labels[::-1]}]))


def test_a_sentence_a_row(tmp_path: Path) -> None:
    rows = f"id,text,status\na,{FIRST},unattributed\na,{SECOND},confirmed_official\n"
    check(write(tmp_path / "a.csv", rows))
    check(write(tmp_path / "a.tsv", rows.replace(",", "\t")))


@pytest.mark.parametrize("unit", ["code points", "utf-16"])
def test_label_studio_counts_in_either_unit(tmp_path: Path, unit: str) -> None:
    convert = to_utf16 if unit == "utf-16" else lambda offset: offset
    path = tmp_path / "export.json"
    path.write_text(json.dumps([label_studio_task(convert)]), encoding="utf-8")
    check(path)
    (article,) = read_labelled_set(path)
    assert (article.id, article.language) == ("7", "id")
    assert [s.status for s in article.others["2"]] == [Status.UNVERIFIED]
    assert set(article.others) == {"2"}


def test_doccano_in_its_three_spellings(tmp_path: Path) -> None:
    spans = [(0, len(FIRST), "unattributed"), (len(FIRST) + 1, len(TEXT), "confirmed_official")]
    entities = [{"start_offset": s, "end_offset": e, "label": name} for s, e, name in spans]
    for key, value in (("label", spans), ("labels", spans), ("entities", entities)):
        check(write(tmp_path / f"{key}.jsonl", [{"id": 1, "text": TEXT, key: value}]))


def test_brat_folder_with_evidence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    start = TEXT.index("Camat Rini")
    lines = [
        f"T1\tunattributed 0 {len(FIRST)}\t{FIRST}",
        f"T2\tconfirmed_official {len(FIRST) + 1} {len(TEXT)}\t{SECOND}",
        f"T3\tsource {start} {start + 10}\tCamat Rini",
        "A1\tSure T1",
    ]
    (tmp_path / "a.ann").write_text("\n".join(lines) + "\n", encoding="utf-8")
    check(tmp_path)
    (article,) = read_labelled_set(tmp_path)
    assert article.sentences[1].source is not None
    assert article.sentences[1].source.text == "Camat Rini"
    (tmp_path / "a.ann").write_text("T1\tdenied 0 3;5 7\tx\n", encoding="utf-8")
    with pytest.raises(LabelledSetError, match=r"a.ann, line 1: not `T1"):
        read_labelled_set(tmp_path)


def test_conll_columns(tmp_path: Path) -> None:
    lines = ["-DOCSTART- O", "", f"# text = {FIRST}"]
    lines += [f"{word}\tX\tB-unattributed" for word in FIRST.split()]
    lines += ["", "# status = confirmed_official", f"# text = {SECOND}"]
    lines += [f"{word}\tX\tO" for word in SECOND.split()]
    check(write(tmp_path / "a.conll", "\n".join(lines)))
    mixed = "a B-denied\nb I-unverified\n"
    with pytest.raises(LabelledSetError, match="here are denied, unverified"):
        read_labelled_set(write(tmp_path / "b.conll", mixed))


def test_datasets_folder_of_sentences_or_articles(tmp_path: Path) -> None:
    names = [str(status) for status in Status]
    features = {"status": {"names": names, "_type": "ClassLabel"}}
    sentences = pa.table(
        {"id": ["a", "a"], "text": [FIRST, SECOND],
         "status": [names.index("unattributed"), names.index("confirmed_official")]}
    )  # fmt: skip
    for name, table, info in (
        ("sentences", sentences, {"features": features}),
        ("articles", pa.table({"id": ["a"], "sentences": [[
            {"text": FIRST, "status": "unattributed"},
            {"text": SECOND, "status": "confirmed_official"}]]}), {}),
    ):  # fmt: skip
        folder = tmp_path / name
        folder.mkdir()
        (folder / "dataset_info.json").write_text(json.dumps(info))
        path = str(folder / "data-00000-of-00001.arrow")
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        check(folder)
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["articles", "sentences"]}')
    with pytest.raises(LabelledSetError, match="name one: articles, sentences"):
        read_labelled_set(tmp_path)


def test_other_names_are_mapped_and_left_out(tmp_path: Path) -> None:
    rows = [{"id": "a", "sentences": [
        {"text": "Satu.", "status": "Dibantah"}, {"text": "Dua.", "status": "Opini"},
        {"text": "Tiga.", "status": "Single Source"},
    ]}]  # fmt: skip
    names = LabelNames({"dibantah": "denied", "opini": ""})
    (article,) = read_labelled_set(write(tmp_path / "a.jsonl", rows), names=names)
    assert [s.status for s in article.sentences] == [Status.DENIED, Status.SINGLE_SOURCE]
    assert article.text == "Satu.\nDua.\nTiga."


SENTENCE = {"text": "Satu.", "status": "denied"}
BROKEN = {
    "unknown status": ([{"id": "a", "sentences": [{"text": "x", "status": "deny"}]}],
                       r"line 1, sentence 1: unknown status 'deny'; did you mean 'denied'\?"),
    "no status list": ([{"id": "a"}], r"line 1: an article has 'sentences'"),
    "empty sentence": ([{"id": "a", "sentences": [{"text": " ", "status": "denied"}]}],
                       r"sentence 1: field 'text' is empty"),
    "span elsewhere": ([{"id": "a", "sentences": [SENTENCE | {"cue": "dua"}]}],
                       r"'dua' does not occur in the sentence"),
    "same id twice": ([{"id": "a", "sentences": [SENTENCE]}] * 2,
                      r"line 2: the id 'a' was given before, at .*line 1"),
    "empty set": ([], "holds no article"),
    "offsets outside": ([{"id": "a", "text": "kata",
                          "labels": [{"start": 0, "end": 9, "status": "denied"}]}],
                        "does not lie in the text of 4 characters"),
    "overlap": ([{"id": "a", "text": "kata kata", "labels": [
        {"start": 0, "end": 5, "status": "denied"}, {"start": 4, "end": 9, "status": "denied"}]}],
        "0-5 and 4-9 overlap"),
    "source type": ([{"id": "a", "sentences": [SENTENCE | {"source_type": "king"}]}],
                    "unknown source_type 'king'; known: official"),
    "no object": ([3], "an article is an object, not int"),
    "not JSON": ('{"id": "a"\n', "line 1: not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_a_broken_set_says_where(tmp_path: Path, fault: str) -> None:
    value, message = BROKEN[fault]
    path = write(tmp_path / "set.jsonl", value)
    with pytest.raises(LabelledSetError, match=message):
        read_labelled_set(path)


def test_a_csv_without_its_columns_names_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,sentence\n1,x\n")
    with pytest.raises(LabelledSetError, match="no column 'text'; found id, sentence"):
        read_labelled_set(path)


def test_an_unknown_suffix_names_the_formats(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docx", "x")
    with pytest.raises(LabelledSetError, match=r"no reader for '.docx'; known: jsonl, csv"):
        read_labelled_set(path)


def test_the_shipped_sets_are_read_as_they_are() -> None:
    sets = Path(__file__).parents[1] / "eval" / "sets"
    for path in sorted(sets.glob("*.jsonl")):
        articles = read_labelled_set(path)
        assert len(articles) > 30
        assert all(article.sentences for article in articles)


def test_a_damaged_folder_or_export_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "dataset_info.json").write_text("{}")
    (tmp_path / "data.arrow").write_bytes(b"no arrow")
    with pytest.raises(LabelledSetError, match="no folder that `datasets` saved"):
        read_labelled_set(tmp_path)
    brat = tmp_path / "brat"
    brat.mkdir()
    (brat / "a.txt").write_bytes(b"\xff\xfe\xff")
    (brat / "a.ann").write_text("T1\tdenied 0 1\tx\n")
    with pytest.raises(LabelledSetError, match=r"a.txt: brat writes UTF-8"):
        read_labelled_set(brat)
    for name, rows, message in (
        ("d.jsonl", [{"text": "kata", "entities": [3]}], "a label is"),
        ("l.jsonl", [{"data": {"text": "kata"}, "annotations": [3]}], "annotation 1 is no object"),
        ("r.jsonl", [{"data": {"text": "kata"}, "annotations": [{"result": [3]}]}], "a region is"),
    ):
        with pytest.raises(LabelledSetError, match=message):
            read_labelled_set(write(tmp_path / name, rows))


def test_offsets_before_or_after_the_text_stay_outside() -> None:
    convert = find_unit(TEXT, [(to_utf16(2), to_utf16(10), TEXT[2:10])])
    assert convert(-2) < 0
    assert convert(to_utf16(len(TEXT)) + 3) > len(TEXT)


FAULTS = {
    "an open quotation mark": (
        "a.csv", 'id,text,status\na,"Satu.,denied\na,Dua.,denied\n', "a.csv, line"),
    "a row cut short": ("a.csv", "id,text,status\na,Satu\n", "line 2: the row ends before"),
    "a row without id": ("a.csv", "id,text,status\n,Satu.,denied\n", "field 'id' is empty"),
    "a fault far down": (
        "a.csv", "id,text,status\na,Satu.,denied\na,Dua.,denied\na,Tiga.,dened\n", "line 4"),
    "predictions as labels": (
        "a.jsonl", '{"model": "m", "profile": {}, "sentences": []}', "predictions, not labels"),
    "an article without labels": ("a.jsonl", '{"id": "a"}', "has 'sentences', or 'text'"),
    "a truth value as offset": (
        "a.jsonl", '{"text": "kata", "labels": [{"start": true, "end": 3, "status": "denied"}]}',
        "field 'start' is bool"),
    "numbers for words": (
        "a.jsonl", '{"sentences": [{"text": "kata", "status": "denied", "cue": [0, 2]}]}',
        "are words of the sentence"),
    "two labels on a region": (
        "a.json", '{"data": {"text": "kata"}, "annotations": [{"result": [{"type": "labels", '
        '"value": {"start": 0, "end": 4, "labels": ["denied", "unverified"]}}]}]}',
        "a region has one label"),
    "labels of markup": (
        "a.json", '{"data": {"text": "kata"}, "annotations": [{"result": [{"type": '
        '"hypertextlabels", "value": {}}]}]}', "count from markup"),
    "moved labels": (
        "a.json", '{"id": 7, "data": {"text": "kata lain"}, "annotations": [{"completed_by": 3, '
        '"result": [{"type": "labels", "value": {"start": 1, "end": 5, "text": "kata", '
        '"labels": ["denied"]}}]}]}', r"task 7\), annotator 3: the label from 1 to 5 is on 'kata'"),
    "results that are null": (
        "a.json", '{"data": {"text": "kata"}, "annotations": [{"result": {"a": 1}}]}', "is a list"),
    "doccano's labels no list": ("a.jsonl", '{"text": "kata", "label": [5]}', "a label is"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_named(fault: str, tmp_path: Path) -> None:
    name, text, message = FAULTS[fault]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LabelledSetError, match=message):
        read_labelled_set(tmp_path / name)


def test_semicolons_part_columns_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;text;status\na;Satu, dua.;denied\n", encoding="utf-8")
    article = read_labelled_set(tmp_path / "a.csv")[0]
    assert article.text == "Satu, dua."


def test_text_is_not_repaired_under_its_offsets(tmp_path: Path) -> None:
    text = "Il a dÃ©clarÃ© la guerre. Kota sepi."
    label = {"start": text.index("Kota"), "end": len(text), "status": "unattributed"}
    path = write(tmp_path / "a.jsonl", [{"text": text, "labels": [label]}])
    article = read_labelled_set(path)[0]
    assert article.text[article.sentences[0].start : article.sentences[0].end] == "Kota sepi."


def test_names_of_ours_may_be_swapped_by_a_mapping() -> None:
    names = LabelNames({"single_source": "multi_source", "multi_source": "single_source"})
    assert names.find("single_source", "") is Status.MULTI_SOURCE
    assert names.find("multi_source", "") is Status.SINGLE_SOURCE
    names = LabelNames({"denied": "", "Rejected": "denied", "Speaker": "source:person"})
    assert names.find("denied", "") is None
    assert names.find("Rejected", "") is Status.DENIED
    assert names.find_evidence("Speaker", "") == ("source", SourceType.PERSON)


def test_the_annotator_of_most_articles_is_measured_on(tmp_path: Path) -> None:
    def annotation(name: str, status: str | None) -> dict[str, object]:
        region = {"type": "labels", "value": {"start": 0, "end": 4, "labels": [status]}}
        return {"completed_by": {"email": name}, "result": [region] if status else []}

    tasks = [
        {"id": 1, "data": {"text": "kata"}, "annotations": [
            annotation("b", "denied"), annotation("a", "unverified")]},
        {"id": 2, "data": {"text": "kata"}, "annotations": [annotation("a", "unverified")]},
        {"id": 3, "data": {"text": "kata"}, "annotations": [
            annotation("a", None), annotation("b", "denied")]},
        {"id": 4, "data": {"text": "kata"}, "annotations": [annotation("a", "unverified")]},
    ]  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps(tasks))
    articles = read_labelled_set(path)
    assert [article.labels_by for article in articles] == ["a", "a", "b", "a"]
    assert list(articles[0].others) == ["b"]


def test_conll_u_numbers_are_no_words(tmp_path: Path) -> None:
    lines = ["# newpar", "# status = denied", "1\tKota\tx\t_", "2\tsepi\tx\t_", ""]
    (tmp_path / "a.conllu").write_text("\n".join(lines))
    assert read_labelled_set(tmp_path / "a.conllu")[0].text == "Kota sepi"
    (tmp_path / "b.conll").write_text("Kota B-denied\n-DOCSTART-\nSepi B-unattributed\n")
    assert len(read_labelled_set(tmp_path / "b.conll")) == 2
