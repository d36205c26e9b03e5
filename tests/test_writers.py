"""Results become plain values, JSON lines and CSV rows."""

import csv
import io
import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from credcheck import (
    Article,
    Evidence,
    Failure,
    Judgement,
    Result,
    Sentence,
    SourceType,
    Span,
    Status,
    to_dict,
    to_json,
)
from credcheck.labels import STATUSES
from credcheck.profiles import build_profile
from credcheck.records import SCHEMA_VERSION
from credcheck.writers import (
    DECIMALS,
    FAILURE_COLUMNS,
    SUMMARY_COLUMNS,
    FailureWriter,
    SummaryWriter,
)

SCHEMA = json.loads((files("credcheck") / "profile.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

TITLE = "Ferry sails again"
SAID = "The harbour office said the ferry would sail."
OPEN = "Nobody knows why it stopped."
SHARED = "Share this page"
TEXT = f"{TITLE}\n\n{SAID} {OPEN}\n{SHARED}"


def make_judgement(
    text: str,
    words: str,
    status: Status,
    *,
    second: Status = Status.UNATTRIBUTED,
    probability: float = 2 / 3,
    evidence: Evidence | None = None,
) -> Judgement:
    """A judgement of the words in a text; below one half it is undecided."""
    start = text.index(words)
    probabilities = dict.fromkeys(STATUSES, 0.0) | {second: 1 - probability, status: probability}
    is_decided = probability >= 0.5
    return Judgement(
        sentence=Sentence(start, start + len(words), words, is_headline=words == TITLE),
        status=status,
        probabilities=probabilities,
        is_decided=is_decided,
        candidates=(status,) if is_decided else (status, second),
        evidence=evidence or Evidence(),
    )


def make_span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


def make_result(
    *judgements: Judgement, article: Article | None = None, warnings: tuple[str, ...] = ()
) -> Result:
    """A result built by hand: three sentences of three kinds unless told otherwise."""
    evidence = Evidence(
        source=make_span(TEXT, "The harbour office"),
        source_type=SourceType.OFFICIAL,
        cue=make_span(TEXT, "said"),
    )
    judgements = judgements or (
        make_judgement(TEXT, TITLE, Status.UNATTRIBUTED, second=Status.DENIED),
        make_judgement(TEXT, SAID, Status.CONFIRMED_OFFICIAL, evidence=evidence),
        make_judgement(TEXT, OPEN, Status.UNVERIFIED, probability=0.45),
        make_judgement(TEXT, SHARED, Status.BOILERPLATE, probability=1.0),
    )
    article = article or Article(
        id="ferry",
        text=TEXT,
        path="news/ferry.txt",
        title=TITLE,
        headline_end=len(TITLE),
        body_start=len(TITLE) + 2,
        encoding="utf-8",
        notes=("NUL bytes replaced by spaces",),
    )
    profile = build_profile(
        judgements,
        language="en",
        language_confidence=0.987654,
        unknown_token_share=1 / 3,
        warnings=warnings,
    )
    return Result(article, judgements, profile, "model-by-hand")


def read_summary(*results: Result) -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    writer = SummaryWriter(file)
    for result in results:
        writer.write(result)
    return list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))


def read_failures(*failures: Failure) -> list[list[str]]:
    file = io.StringIO(newline="")
    writer = FailureWriter(file)
    for failure in failures:
        writer.write(failure)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


def numbers_of(value: Any) -> list[float]:
    """Every float inside plain values."""
    if isinstance(value, dict):
        return [number for entry in value.values() for number in numbers_of(entry)]
    if isinstance(value, list):
        return [number for entry in value for number in numbers_of(entry)]
    return [value] if isinstance(value, float) else []


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_result_validates_against_the_schema() -> None:
    VALIDATOR.validate(to_dict(make_result()))


def test_result_without_content_validates_against_the_schema() -> None:
    only = make_judgement(TEXT, SHARED, Status.BOILERPLATE)
    values = to_dict(make_result(only))
    VALIDATOR.validate(values)
    assert set(values["profile"]["shares"].values()) == {0.0}


def test_schema_names_every_key_that_is_written() -> None:
    def compare(schema: dict[str, Any], value: Any) -> None:
        if "$ref" in schema:
            schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
        if isinstance(value, dict):
            assert set(schema["properties"]) == set(schema["required"]) == set(value)
            for key, entry in value.items():
                compare(schema["properties"][key], entry)
        elif isinstance(value, list):
            for entry in value:
                compare(schema["items"], entry)

    compare(SCHEMA, to_dict(make_result()))


def test_schema_knows_our_labels_and_version() -> None:
    assert SCHEMA["$defs"]["status"]["enum"] == list(map(str, STATUSES))
    assert SCHEMA["$defs"]["source_type"]["enum"] == list(map(str, SourceType))
    assert SCHEMA_VERSION.startswith("1.")


@pytest.mark.parametrize(
    ("key", "value"),
    [("schema_version", "2.0"), ("body_start", -1), ("sentences", None), ("profile", {})],
)
def test_schema_refuses_what_is_no_profile(key: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate(to_dict(make_result()) | {key: value})


@pytest.mark.parametrize("key", list(SCHEMA["properties"]))
def test_schema_misses_every_missing_key(key: str) -> None:
    values = to_dict(make_result())
    del values[key]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(values)


def test_schema_allows_the_keys_of_a_later_minor_version() -> None:
    VALIDATOR.validate(to_dict(make_result()) | {"schema_version": "1.7", "new": 1})


def test_schema_ties_candidates_to_the_decision() -> None:
    values = to_dict(make_result())
    values["sentences"][2]["candidates"].pop()
    with pytest.raises(ValidationError):
        VALIDATOR.validate(values)


def test_offsets_point_into_the_text() -> None:
    values = to_dict(make_result())
    for sentence in values["sentences"]:
        assert values["text"][sentence["start"] : sentence["end"]] == sentence["text"]
        for span in filter(None, sentence["evidence"].values()):
            assert values["text"][span["start"] : span["end"]] == span["text"]
    assert values["text"][values["body_start"] :].startswith(SAID)


def test_missing_evidence_is_null() -> None:
    values = to_dict(make_result())
    assert values["sentences"][0]["evidence"] == {"source": None, "cue": None}
    assert values["sentences"][1]["evidence"]["source"]["type"] == "official"


def test_numbers_are_rounded_to_four_decimals() -> None:
    values = to_dict(make_result())
    assert DECIMALS == 4
    assert values["sentences"][1]["probabilities"]["confirmed_official"] == 0.6667
    assert values["profile"]["shares"]["unverified"] == 0.3333
    assert values["profile"]["expected_counts"]["confirmed_official"] == 0.6667
    assert values["profile"]["language_confidence"] == 0.9877
    assert values["profile"]["unknown_token_share"] == 0.3333
    assert all(number == round(number, 4) for number in numbers_of(values))


def test_json_is_one_line_with_its_letters_as_they_are() -> None:
    text = "Der Fährverkehr ruht.\nمتوقف\u2028"
    article = Article(id="fähre", text=text)
    line = to_json(make_result(make_judgement(text, "متوقف", Status.UNATTRIBUTED), article=article))
    assert "\n" not in line
    assert "Fährverkehr" in line
    assert json.loads(line)["text"] == text


@pytest.mark.parametrize("broken", ["\ud83d", "\ude00"])
def test_lone_surrogate_is_written_as_one_sign_and_keeps_the_offsets(broken: str) -> None:
    text = f"Die {broken} Fähre fährt. Das Amt bestätigte es."
    second = "Das Amt bestätigte es."
    result = make_result(
        make_judgement(text, f"Die {broken} Fähre fährt.", Status.UNATTRIBUTED),
        make_judgement(text, second, Status.CONFIRMED_OFFICIAL),
        article=Article(id=f"id{broken}", text=text, path=f"a{broken}.txt", title=broken),
    )
    values = json.loads(to_json(result).encode("utf-8"))
    VALIDATOR.validate(values)
    assert values["text"] == text.replace(broken, "?")
    assert (values["id"], values["path"], values["title"]) == ("id?", "a?.txt", "?")
    for sentence in values["sentences"]:
        assert values["text"][sentence["start"] : sentence["end"]] == sentence["text"]


def test_summary_has_its_columns_and_one_row_a_result() -> None:
    rows = read_summary(make_result(warnings=("one", "two")), make_result())
    assert len(rows) == 2
    assert tuple(rows[0]) == SUMMARY_COLUMNS
    assert len(set(SUMMARY_COLUMNS)) == len(SUMMARY_COLUMNS)
    expected = {
        "id": "ferry",
        "path": "news/ferry.txt",
        "language": "en",
        "title": TITLE,
        "n_sentences": "4",
        "n_content": "3",
        "n_undecided": "1",
        "ai_disclosed": "false",
        "n_boilerplate": "1",
        "n_unverified": "1",
        "n_denied": "0",
        "share_unverified": "0.3333",
        "share_denied": "0.0",
        "warnings": "one; two",
    }
    assert {key: rows[0][key] for key in expected} == expected
    assert "share_boilerplate" not in rows[0]


def test_summary_says_when_ai_is_disclosed() -> None:
    (row,) = read_summary(make_result(make_judgement(TEXT, SAID, Status.AI_ENHANCED)))
    assert row["ai_disclosed"] == "true"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t"])
def test_cells_that_begin_like_formulas_are_defused(first: str) -> None:
    hostile = f"{first}HYPERLINK(A1)"
    result = make_result()
    article = replace(result.article, id=hostile, path=hostile, title=hostile)
    written = io.StringIO(newline="")
    SummaryWriter(written).write(replace(result, article=article))
    FailureWriter(written).write(Failure(hostile, hostile, "ArticleReadError", hostile))
    assert written.getvalue().count(f"'{hostile}") == written.getvalue().count(hostile) == 6


def test_harmless_cells_stay_as_they_are() -> None:
    result = make_result()
    title = 'Ferry, "Swan" = late - again'
    (row,) = read_summary(replace(result, article=replace(result.article, title=title)))
    assert row["title"] == title


def test_failures_have_a_header_and_one_row_each() -> None:
    failure = Failure("a-2", "a.jsonl", "ArticleReadError", 'line 2: "text"\nis missing, \udcff')
    rows = read_failures(failure, failure)
    assert tuple(rows[0]) == FAILURE_COLUMNS == ("id", "path", "error", "message")
    assert rows[1] == ["a-2", "a.jsonl", "ArticleReadError", 'line 2: "text"\nis missing, ?']
    assert len(rows) == 3


def test_no_failures_leave_the_header_alone() -> None:
    assert read_failures() == [list(FAILURE_COLUMNS)]


def test_a_carriage_return_in_a_cell_ends_no_row() -> None:
    written = io.StringIO(newline="")
    FailureWriter(written).write(Failure("a\rb", "p", "ArticleReadError", "m"))
    assert written.getvalue().splitlines() == [
        ",".join(FAILURE_COLUMNS),
        "a b,p,ArticleReadError,m",
    ]
