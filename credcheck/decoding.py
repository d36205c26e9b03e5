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
_SAMPLE_BYTES = 100_000
"""As much as charset-normalizer looks at: its time grows with the text."""
_MAX_CONTROL_SHARE = 0.02
"""Share of control characters above which a text is called binary."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and how it was found in its bytes."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def read_bytes(path: Path) -> bytes:
    """The whole file; raises ArticleReadError when it is larger than one article may be."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ArticleReadError(
            f"{path} has {size / 1e6:.0f} MB; one article may have {MAX_FILE_BYTES / 1e6:.0f} MB: "
            "split it, or give many articles as JSONL"
        )
    return path.read_bytes()


def decode_text(data: bytes, name: str, *, is_markup: bool = False) -> DecodedText:
    """Byte-order mark, then declaration (markup only), then strict UTF-8, then a guess.

    name: what messages call the text. Raises ArticleReadError when the bytes are no text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data, encoding, name)
    if is_markup and (found := _DECLARATION.search(data[:_DECLARATION_BYTES])):
        declared = found.group(1).decode("ascii")
        try:
            return _clean(data.decode(declared), declared.lower(), name)
        except (UnicodeDecodeError, LookupError):
            # A wrong declaration is common: what the bytes say goes before what the page says.
            pass
    if encoding := _utf16_without_mark(data):
        return _decode(data, encoding, name)
    try:
        return _clean(data.decode("utf-8"), "utf-8", name)
    except UnicodeDecodeError:
        return _decode(data, _guess(data, name), name)


def find_encoding(path: Path) -> str:
    """The encoding of a file too large to be read at once; raises ArticleReadError on binary data.

    The whole file is tried as UTF-8: its first letters with accents may stand anywhere.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
        for mark, encoding in _BYTE_ORDER_MARKS:
            if sample.startswith(mark):
                return encoding
        if encoding := _utf16_without_mark(sample):
            return encoding
        decoder = codecs.getincrementaldecoder("utf-8")()
        chunk = sample
        try:
            while chunk:
                decoder.decode(chunk)
                sample, chunk = chunk, file.read(_SAMPLE_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _guess(chunk or sample, str(path))
    return "utf-8"


def _decode(data: bytes, encoding: str, name: str) -> DecodedText:
    text = data.decode(encoding, errors="replace")
    notes: tuple[str, ...] = ()
    if damaged := text.count("\ufffd"):
        notes = (f"{damaged} damaged character(s) replaced, read as {encoding}",)
    return _clean(text, encoding, name, notes)


def _utf16_without_mark(data: bytes) -> str:
    sample = data[: _SAMPLE_BYTES - _SAMPLE_BYTES % 2]
    half = len(sample) // 2
    if half < 8:
        return ""
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        # Latin text in UTF-16 has a NUL in every second byte; binary files have not.
        if zeros.count(0) > 0.7 * half and sample.count(0) < 1.1 * half:
            return encoding
    return ""


def _guess(data: bytes, name: str) -> str:
    # Imported at need: most articles are UTF-8.
    import charset_normalizer

    if data.count(0, 0, _SAMPLE_BYTES) > 0:
        raise ArticleReadError(f"{name} is a binary file, not text")
    best = charset_normalizer.from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None:
        raise ArticleReadError(f"{name} is in no encoding that is known, or no text; save as UTF-8")
    return best.encoding


def _clean(text: str, encoding: str, name: str, notes: tuple[str, ...] = ()) -> DecodedText:
    sample = text[:_SAMPLE_BYTES]
    controls = sum(character < " " and character not in "\t\n\r\f\v" for character in sample)
    if controls > max(2, _MAX_CONTROL_SHARE * len(sample)):
        raise ArticleReadError(f"{name} is a binary file, not text")
    if "\x00" in text:
        text = text.replace("\x00", " ")
        notes += ("NUL bytes replaced by spaces",)
    text = text.removeprefix("\ufeff")
    repaired = repair_mojibake(text)
    if repaired != text:
        notes += ("text decoded twice by somebody before us (mojibake) was repaired",)
    return DecodedText(repaired, encoding, notes)


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as a one-byte encoding; clean text comes back as it was."""
    # These letters begin nearly every such accident; ftfy takes time on long texts.
    if not any(sign in text for sign in ("Ã", "â€", "Â", "Ð", "à¤", "Ø", "Ù", "ã\x81", "å")):
        return text
    import ftfy

    return ftfy.fix_encoding(text)
