"""The shipped model says what any reader would say."""

import json
from pathlib import Path

import pytest
from conftest import EXAMPLES

from credcheck import Checker, Status

CASES = json.loads(
    (Path(__file__).parent / "data" / "example_statuses.json").read_text(encoding="utf-8")
)
MIN_RIGHT = 0.8
"""Share of the clear cases that must come out as every reader has them. A statistical model will
miss some; a broken export, tokenizer or label order misses nearly all."""


@pytest.fixture(scope="module")
def verdicts(checker: Checker) -> list[tuple[str, str, Status, Status]]:
    """File, words, expected status, status given."""
    found = []
    for name, cases in CASES.items():
        result = checker.check_file(EXAMPLES / name)
        for words, expected in cases:
            hits = [j for j in result.judgements if words in j.sentence.text]
            assert hits, f"{name}: no sentence holds {words!r}"
            found.append((name, words, Status(expected), hits[0].status))
    return found


def test_clear_cases_come_out_as_every_reader_has_them(
    verdicts: list[tuple[str, str, Status, Status]],
) -> None:
    wrong = [verdict for verdict in verdicts if verdict[2] is not verdict[3]]
    assert len(wrong) <= (1 - MIN_RIGHT) * len(verdicts), wrong


@pytest.mark.parametrize("status", list(Status)[:5])
def test_each_main_status_is_found(
    status: Status, verdicts: list[tuple[str, str, Status, Status]]
) -> None:
    assert any(expected is given is status for _, _, expected, given in verdicts)


def test_ai_notices_set_the_flag(checker: Checker) -> None:
    notice = (
        "Artikel ini diterjemahkan dengan bantuan kecerdasan buatan dan telah disunting redaksi."
    )
    news = "Hujan turun sejak pagi di Kota Melati. Jalan utama tergenang sampai siang."
    assert not checker.check_text(news).profile.ai_disclosure.is_disclosed
    disclosure = checker.check_text(f"{news}\n{notice}").profile.ai_disclosure
    assert disclosure.is_disclosed
    assert disclosure.sentences == (2,)
