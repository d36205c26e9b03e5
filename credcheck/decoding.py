"""Files → bytes → text: which encoding, and what had to be repaired."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from credcheck.errors import ArticleReadError

MAX_FILE_BYTES = 64_000_000
"""Size of a file that is read whole (every format but JSONL, CSV and Parquet)."""

_BYTE_ORDER_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_DECLARATION_BYTES = 2_048
_DECLARED = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
"""What pages mean that declare these, by the habit of browsers."""
_UNUSABLE = re.compile(r"utf-?(7|16|32)|undefined|punycode|idna|escape|mbcs|oem")
"""Declarations that the declaration itself disproves, or that are no encodings of text."""
_SAMPLE_BYTES = 100_000
"""As much as charset-normalizer looks at: its time grows with the text."""
_MAX_CONTROL_SHARE = 0.02
"""Share of control characters above which a text is called binary."""
_VALID_PER_DAMAGED = 4
"""So many good non-ASCII characters to each damaged one make a text UTF-8 with an accident."""
_MOJIBAKE = re.compile("[\xc2-\xf4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""A lead byte and a continuation byte of UTF-8 as Latin letters; ftfy takes time on long texts."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and how it was found in its bytes."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def read_bytes(path: Path) -> bytes:
    """The whole file; raises ArticleReadError when it is larger than one article may be."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ArticleReadError(
            f"{path} is larger than {MAX_FILE_BYTES / 1e6:.0f} MB, the most for one article: "
            "split it, or give many articles as JSONL"
        )
    return data


def decode_text(
    data: bytes, name: str, *, is_markup: bool = False, repair: bool = True
) -> DecodedText:
    """Byte-order mark, then strict UTF-8, then declaration (markup only), then a guess.

    UTF-8 goes before the declaration: other encodings are hardly ever valid UTF-8 by chance, and
    pages often declare what they are not. Text of plain ASCII follows its declaration.
    name: what messages call the text. repair: mend text that was decoded twice; not where offsets
    point into it. Raises ArticleReadError when the bytes are no text.
    """
    if encoding := find_wide_encoding(data):
        return _decode(data, encoding, name, repair)
    is_ascii = data.isascii()
    declared = _declared_encoding(data) if is_markup else ""
    try:
        if not (is_ascii and declared):
            return _clean(data.decode("utf-8"), "utf-8", name, repair)
    except UnicodeDecodeError:
        pass
    try:
        if declared:
            return _clean(data.decode(declared), declared, name, repair)
    except UnicodeError:
        # A wrong declaration is common: what the bytes say goes before what the page says.
        pass
    return _decode(data, _guess(data, name), name, repair)


def find_wide_encoding(data: bytes) -> str:
    """The encoding that a byte-order mark names, or UTF-16 without one; else empty."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[: _SAMPLE_BYTES - _SAMPLE_BYTES % 2]
    half = len(sample) // 2
    if half < 8:
        return ""
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        # Latin text in UTF-16 has a NUL in every second byte; binary files have not.
        if zeros.count(0) > 0.7 * half and sample.count(0) < 1.1 * half:
            return encoding
    return ""


def find_file_encoding(path: Path) -> str:
    """The encoding of a file too large to be read at once; raises ArticleReadError on binary data.

    The whole file is tried as UTF-8: its first letters with accents may stand anywhere.
    """
    damaged = valid = 0
    odd_part = b""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with path.open("rb") as file:
        part = file.read(_SAMPLE_BYTES)
        if encoding := find_wide_encoding(part):
            return encoding
        while part:
            text = decoder.decode(part)
            if "\ufffd" in text:
                odd_part = odd_part or part
            damaged += text.count("\ufffd")
            valid += _count_letters_beyond_ascii(text)
            part = file.read(_SAMPLE_BYTES)
    if damaged * _VALID_PER_DAMAGED <= valid:
        return "utf-8"
    return _guess(odd_part, str(path))


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as a one-byte encoding; clean text comes back as it was."""
    if not _MOJIBAKE.search(text):
        return text
    import ftfy

    return ftfy.fix_encoding(text)


def _declared_encoding(data: bytes) -> str:
    found = _DECLARATION.search(data[:_DECLARATION_BYTES])
    if not found:
        return ""
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name
    except (LookupError, UnicodeError):
        return ""
    return "" if _UNUSABLE.search(name) else _DECLARED.get(name, name)


def _decode(data: bytes, encoding: str, name: str, repair: bool) -> DecodedText:
    text = data.decode(encoding, errors="replace")
    notes: tuple[str, ...] = ()
    if damaged := text.count("\ufffd"):
        notes = (f"{damaged} damaged character(s) replaced, read as {encoding}",)
    return _clean(text, encoding, name, repair, notes)


def _guess(data: bytes, name: str) -> str:
    # Imported at need: most articles are UTF-8.
    import charset_normalizer

    if data.count(0, 0, _SAMPLE_BYTES) > 0:
        raise ArticleReadError(f"{name} is a binary file, not text")
    as_utf8 = data.decode("utf-8", errors="replace")
    if as_utf8.count("\ufffd") * _VALID_PER_DAMAGED <= _count_letters_beyond_ascii(as_utf8):
        return "utf-8"
    best = charset_normalizer.from_bytes(_sample(data)).best()
    if best is None:
        raise ArticleReadError(f"{name} is in no encoding that is known, or no text; save as UTF-8")
    return best.encoding


def _sample(data: bytes) -> bytes:
    """The beginning of a text, ending with an ASCII byte: a character cut in two misleads."""
    if len(data) <= _SAMPLE_BYTES:
        return data
    sample = data[:_SAMPLE_BYTES]
    end = max(sample.rfind(b"\n"), sample.rfind(b" "), sample.rfind(b"."))
    return sample[: end + 1] if end > 0 else sample


def _count_letters_beyond_ascii(text: str) -> int:
    return sum(character > "\x7f" for character in text) - text.count("\ufffd")


def _clean(
    text: str, encoding: str, name: str, repair: bool, notes: tuple[str, ...] = ()
) -> DecodedText:
    sample = text[:_SAMPLE_BYTES]
    controls = sum(character < " " and character not in "\t\n\r\f\v" for character in sample)
    if controls > max(2, _MAX_CONTROL_SHARE * len(sample)):
        raise ArticleReadError(f"{name} is a binary file, not text")
    if "\x00" in text:
        text = text.replace("\x00", " ")
        notes += ("NUL bytes replaced by spaces",)
    text = text.removeprefix("\ufeff")
    repaired = repair_mojibake(text) if repair else text
    if repaired != text:
        notes += ("text decoded twice by somebody before us (mojibake) was repaired",)
    return DecodedText(repaired, encoding, notes)
