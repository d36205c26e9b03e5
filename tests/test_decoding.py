"""Bytes become text by evidence, in a stated order."""

import pytest

from credcheck import ArticleReadError
from credcheck.decoding import decode_text

JAPANESE = "県警は3日、市内の会社員を逮捕したと発表した。容疑を否認しているという。" * 3
FRENCH = "Le maire a démenti l'information et a déclaré que la fête aurait lieu à l'été. " * 3
RUSSIAN = "Министерство опровергло сообщения о закрытии школы. Родители ждут ответа. " * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (FRENCH, "utf-32"),
        (FRENCH, "cp1252"),
        (JAPANESE, "utf-16"),
        (JAPANESE, "shift_jis"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
    ],
)
def test_text_survives_its_encoding(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding), "a.txt").text == text


def test_declared_encoding_of_markup_goes_before_a_guess() -> None:
    page = '<meta charset="iso-8859-2"><p>' + "Zażółć gęślą jaźń" + "</p>"
    decoded = decode_text(page.encode("iso-8859-2"), "a.html", is_markup=True)
    assert "gęślą jaźń" in decoded.text


def test_wrong_declaration_gives_way() -> None:
    page = '<meta charset="ascii">' + FRENCH
    assert FRENCH in decode_text(page.encode(), "a.html", is_markup=True).text


@pytest.mark.parametrize("declared", ["undefined", "punycode", "utf-16", "utf-7", "no-such", "-"])
def test_declarations_of_nonsense_give_way(declared: str) -> None:
    page = f'<meta charset="{declared}"><p>Plain words only.</p>'
    assert "Plain words only." in decode_text(page.encode(), "a.html", is_markup=True).text


def test_utf_8_goes_before_what_a_page_declares() -> None:
    page = '<meta charset="iso-8859-1">' + JAPANESE
    assert JAPANESE in decode_text(page.encode(), "a.html", is_markup=True).text


def test_latin_1_means_cp1252_as_in_browsers() -> None:
    page = '<meta charset="iso-8859-1"><p>Il a dit “stop” à l’été</p>'
    assert "“stop”" in decode_text(page.encode("cp1252"), "a.html", is_markup=True).text


def test_one_bad_byte_leaves_utf_8_what_it_is() -> None:
    data = JAPANESE.encode() + b"\xff" + FRENCH.encode() + JAPANESE.encode()[:-1]
    decoded = decode_text(data, "a.txt")
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(JAPANESE + "\ufffd" + FRENCH)
    assert "damaged" in decoded.notes[0]


@pytest.mark.parametrize("padding", range(4))
def test_long_texts_are_not_sampled_inside_a_character(padding: int) -> None:
    text = "a" * padding + "\n" + "\n".join([JAPANESE] * 1_000)
    assert decode_text(text.encode("shift_jis"), "a.txt").text == text


def test_nul_bytes_become_spaces_and_are_noted() -> None:
    decoded = decode_text(b"Satu\x00 dua tiga empat lima.", "a.txt")
    assert decoded.text == "Satu  dua tiga empat lima."
    assert "NUL" in decoded.notes[0]


def test_mojibake_is_repaired_and_noted() -> None:
    broken = FRENCH.encode().decode("cp1252")
    decoded = decode_text(broken.encode(), "a.txt")
    assert decoded.text == FRENCH
    assert "mojibake" in decoded.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200)) * 9,
        b"PK\x03\x04\x14\x00\x06\x00" + b"\x01\x02\x03\x9f\x8e" * 300,
        b"\x7fELF\x02\x01\x01" + b"\x00" * 500,
    ],
)
def test_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(ArticleReadError, match=r"binary|encoding"):
        decode_text(data, "a.txt")
