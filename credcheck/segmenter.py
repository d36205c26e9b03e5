"""Text of an article → its sentences as (start, end) code-point offsets.

1. Lines are cut first: a headline or byline without a full stop never joins what follows.
2. In a line every mark that may end a sentence is a candidate, together with the marks, closing
   quotes and brackets that stand against it. One regular expression finds them, left to right.
3. Strong marks (danda, ideographic full stop, ...) end a sentence where they stand. Weak marks
   (. ! ? …) need white space behind them, and are then judged by the words on both sides.
4. Thai and Dzongkha, which write no mark, are cut at spaces between words that end and begin
   sentences.

Every candidate looks at a bounded number of neighbours, so the whole takes linear time.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from enum import Enum

import credcheck.abbreviations as words

_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")

# Unicode's Sentence_Terminal property (version 14 and the danda signs of 15 and 16), without
# what is weak below and without the Burmese little section U+104A, which is a comma.
_STRONG = (
    "\u0589\u061d\u061e\u06d4\u0700-\u0702\u07f9\u0837\u0839\u083d\u083e\u0964\u0965\u104b\u1362"
    "\u1367\u1368\u166e\u1735\u1736\u17d4\u17d5\u1803\u1809\u1944\u1945\u1aa8-\u1aab\u1b4e\u1b4f"
    "\u1b5a\u1b5b\u1b5e\u1b5f\u1b7d-\u1b7f\u1c3b\u1c3c\u1c7e\u1c7f\u2e3c\u3002\ua4ff\ua60e\ua60f"
    "\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9\uaa5d-\uaa5f\uaaf0\uaaf1\uabeb\ufe52"
    "\ufe56\ufe57\uff01\uff0e\uff1f\uff61\U00010a56\U00010a57\U00010f55-\U00010f59"
    "\U00010f86-\U00010f89\U00011047\U00011048\U000110be-\U000110c1\U00011141-\U00011143\U000111c5"
    "\U000111c6\U000111cd\U000111de\U000111df\U00011238\U00011239\U0001123b\U0001123c\U000112a9"
    "\U000113d4\U000113d5\U0001144b\U0001144c\U000115c2\U000115c3\U000115c9-\U000115d7\U00011641"
    "\U00011642\U0001173c-\U0001173e\U00011944\U00011946\U00011a42\U00011a43\U00011a9b\U00011a9c"
    "\U00011c41\U00011c42\U00011ef7\U00011ef8\U00011f43\U00011f44\U00016a6e\U00016a6f\U00016af5"
    "\U00016b37\U00016b38\U00016b44\U00016d6e\U00016d6f\U00016e98\U0001bc9f\U0001da88"
)
_WEAK = ".!?\u037e\u061f\u203c\u203d\u2047-\u2049\u2026\u2e2e\u2e53\u2e54"
_TIBETAN_SHAD = "\u0f0d-\u0f11"
_CLOSING_QUOTES = "\"'”’“‘»«›‹」』＂＇"
_CLOSERS = _CLOSING_QUOTES + ")\\]}）】》〉］"
# Marks of direction and joining, which right-to-left writing leaves behind a full stop.
_INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_ARMENIAN, _ETHIOPIC, _GREEK = "\u0531-\u058f", "\u1200-\u139f", "\u0370-\u03ff\u1f00-\u1fff"
_INDIC, _THAI, _TIBETAN = "\u0900-\u0dff", "\u0e01-\u0e5b", "\u0f00-\u0fff"

_CANDIDATE = re.compile(
    f"[{_STRONG}{_WEAK}:;|\u1361{_TIBETAN_SHAD}]"
    f"[{_STRONG}{_WEAK}:|\u1361{_TIBETAN_SHAD}{_CLOSERS}{_INVISIBLE}]*"
    f"(?:[ \u00a0]{{0,3}}[{_INVISIBLE}]+(?=\\s|\\Z))*"
)
_IS_STRONG = re.compile(f"[{_STRONG}]")
_OPENERS = re.compile(f"[\\s\"'“”„‚‘’«»‹›(\\[{{¿¡*•·#>_=+~–—―\\-{_INVISIBLE}]{{0,40}}")
_WORD_BEFORE = re.compile(r"[^\s\"“”„«»‹›(\[{/,;:!?…|–—]*\Z")
_WORD_AFTER = re.compile(r"[^\s.,;:!?\"”»)]+")
_DETACHED_CLOSER = re.compile('[ \u00a0\u202f]{1,2}(?:([»”"])(?=\\s|\\Z)|[」』])')
_ENDS_ARMENIAN = re.compile(f"[{_ARMENIAN}][»”\"')]*\\Z")
_ARMENIAN_STOP = re.compile(f"[{_ARMENIAN}][»”\"')]*[:\u0589](?=\\s|\\Z)")
_ENDS_ETHIOPIC = re.compile(f"[{_ETHIOPIC}]\\Z")
_ENDS_GREEK = re.compile(f"[{_GREEK}][»”\"')]*\\Z")
_ENDS_INDIC = re.compile(f"[{_INDIC}][\"”')]*\\s?\\Z")
_SPELLED = re.compile(r"(?:[^\s.\d]{1,4}\.)+[^\s.\d]{1,4}")
_NUMBER = re.compile(r"\d{1,2}|[IVXLC]{1,6}")
_CAPITAL_INSIDE = re.compile(r"[a-z]{1,4}-?[A-Z]")
_CASELESS_INITIAL = re.compile("[\u05d0-\u05ea\u0621-\u064a\u10d0-\u10ff]")
# Scrapers tear "NAMA. CO.ID"; Indonesian sentences begin with titles in small letters.
_DOMAIN = re.compile(r"(?:com|co\.id|net|org|COM|CO\.ID|NET|ORG|CO)\b")
_SMALL_TITLES = frozenset({"dr", "drg", "drs", "dra", "prof", "ir"})
# A space lost in editing: "sudah tutup.Namun kami", but no host name and no file name.
_GLUED = re.compile(f"[^\\W\\d_A-Z]{{3}}(?:{'|'.join(sorted(words.SENTENCE_OPENERS))})\\s")
_TIME_ZONE = re.compile("[A-Z]{2,4}")

# A number and a full stop before a capital is an ordinal where nouns take capitals.
_ORDINAL_LANGUAGES = frozenset({"az", "de", "lb", "lv", "tr"})
_QUOTE = re.compile('["“”„«»]')
_SPACE, _SPACE_OR_BRACKET = re.compile(r"\s+"), re.compile(r"\s+|[()]")
_SpaceRule = Callable[[str, int, int], Iterator[int]]
# Code points. Past the longest length any space will do, so that no unit outgrows the encoder's
# window; the three were chosen on the tuning half of NTREX.
_THAI_SHORTEST, _THAI_SHORT, _THAI_LONGEST = 25, 60, 160


class _Kind(Enum):
    NONE = "no end of a sentence"
    WEAK = "an end when white space and a fitting word follow"
    STRONG = "an end where it stands"


def split_spans(text: str, language: str = "") -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) offsets in code points, in order.

    Spans do not overlap, are never empty, begin and end in something that is not white space,
    and together hold every such character. language: BCP 47 tag; empty where unknown.
    """
    primary = re.split("[-_]", language.strip().lower(), maxsplit=1)[0]
    spans = []
    for found in _LINE.finditer(text):
        line = _Line(text, found.start(), found.end(), primary)
        start = line.start
        for end in (*line.find_ends(), line.end):
            piece = text[start:end]
            body = piece.strip()
            if body:
                start += len(piece) - len(piece.lstrip())
                spans.append((start, start + len(body)))
            start = end
    return spans


class _Line:
    """One line of a text, with what several candidates in it ask for."""

    def __init__(self, text: str, start: int, end: int, language: str) -> None:
        self.text, self.start, self.end, self.language = text, start, end, language
        self.abbreviations = words.find_abbreviations(language)
        self._quotes: list[tuple[int, bool]] | None = None
        self._has_armenian_stop: bool | None = None

    def find_ends(self) -> Iterator[int]:
        """The offsets behind the sentences of the line, in order; the last may be left out."""
        find_spaces = self._choose_space_rule()
        start = self.start
        for candidate in _CANDIDATE.finditer(self.text, self.start, self.end):
            end = self._find_end(candidate.start(), candidate.end())
            if end > start:
                yield from find_spaces(self.text, start, end)
                yield end
                start = end
        yield from find_spaces(self.text, start, self.end)

    def _find_end(self, start: int, end: int) -> int:
        """The offset behind the sentence that ends with the marks in start:end, 0 if none does."""
        before = self.text[max(self.start, start - 40) : start]
        kind = self._judge_marks(before, self.text[start:end], self.text[end : end + 2])
        if kind is _Kind.NONE:
            return 0
        end = self._trim_opener(start, end)
        detached = _DETACHED_CLOSER.match(self.text, end, self.end)
        if detached and (detached[1] != '"' or self._is_inside_quotes(end)):
            end = detached.end()
        after = self.text[end : min(self.end, end + 60)]
        has_quote = end - start > 1 and self.text[end - 1] in _CLOSING_QUOTES
        if has_quote and words.QUOTE_GOES_ON.match(after):
            return 0
        if kind is _Kind.STRONG:
            return 0 if after[:1] in tuple(",、，") else end
        if after and not after[0].isspace():
            is_wide = "\u3000" <= after[0] <= "\u9fff" or "\uff00" <= after[0] <= "\uffef"
            if is_wide and self.text[start] in "!?":
                return end
            return end if self.text[start:end] == "." and _GLUED.match(before[-3:] + after) else 0
        return end if self._is_weak_end(before, self.text[start:end], after) else 0

    def _judge_marks(self, before: str, marks: str, after: str) -> _Kind:
        first = marks[0]
        if _IS_STRONG.match(first):
            is_decimal = before[-1:].isdigit() and after[:1].isdigit()
            is_khmer_et_cetera = marks == "\u17d4" and after == "ល\u17d4"
            return _Kind.NONE if is_decimal or is_khmer_et_cetera else _Kind.STRONG
        if first == ":":
            if marks.startswith("::") and _ENDS_ETHIOPIC.search(before):
                return _Kind.STRONG
            return _Kind.WEAK if _ENDS_ARMENIAN.search(before) else _Kind.NONE
        if first == ";":
            return _Kind.WEAK if _ENDS_GREEK.search(before) else _Kind.NONE
        if first == "|":
            return _Kind.STRONG if _ENDS_INDIC.search(before) else _Kind.NONE
        if first == "\u1361":
            return _Kind.STRONG if marks.startswith("\u1361\u1361") else _Kind.NONE
        if "\u0f0d" <= first <= "\u0f11":
            return _Kind.NONE if words.SHAD_IS_COMMA.search(before) else _Kind.WEAK
        if marks.endswith(":") or (first == "." and self._is_armenian_comma(before)):
            return _Kind.NONE
        return _Kind.WEAK

    def _is_armenian_comma(self, before: str) -> bool:
        """Whether a full stop is the Armenian mid-stop: where ։ or : ends the sentences."""
        if not _ENDS_ARMENIAN.search(before):
            return False
        if self._has_armenian_stop is None:
            found = _ARMENIAN_STOP.search(self.text, self.start, self.end)
            self._has_armenian_stop = found is not None
        return self._has_armenian_stop

    def _trim_opener(self, start: int, end: int) -> int:
        """Give an opening quote that touches the next word back to the next sentence."""
        if end == self.end or self.text[end].isspace() or end - 1 == start:
            return end
        last = self.text[end - 1]
        is_opener = last in "“‘«‹\"'" and not self._is_inside_quotes(end - 1)
        return end - 1 if is_opener else end

    def _is_inside_quotes(self, position: int) -> bool:
        """Whether a quotation is open at a position of the line, by the marks before it."""
        if self._quotes is None:
            self._quotes, is_open = [], False
            for found in _QUOTE.finditer(self.text, self.start, self.end):
                # “ opens in English and closes in German; writers mix " with both.
                is_open = found[0] in "„«" or (found[0] in '“"' and not is_open)
                self._quotes.append((found.start(), is_open))
        n_before = bisect_left(self._quotes, (position, False))
        return n_before > 0 and self._quotes[n_before - 1][1]

    def _is_weak_end(self, before: str, marks: str, after: str) -> bool:
        opening = _OPENERS.match(after)
        rest = after[opening.end() if opening else 0 :]
        if not rest:
            return True
        if rest[0] in ",;:)]}%،؛":
            return False
        found = _WORD_AFTER.match(rest)
        word_after = found[0] if found else rest[:1]
        if _DOMAIN.match(rest):
            return False
        found = _WORD_BEFORE.search(before)
        word = found[0] if found else ""
        if _begins_small(word_after) and word_after not in _SMALL_TITLES:
            # A plain full word, a full stop and a small letter: careless writing (129 to 37 on the
            # tuning half); after a shorter word it is an abbreviation (45 to 621).
            is_plain = marks == "." and len(word) >= 4 and word.isalpha() and not word.isupper()
            return is_plain and not self._is_abbreviated(word, before, word_after)
        if marks[0] != "." or len(marks) > 1:
            return True
        between = opening[0].strip() if opening else ""
        return not self._is_abbreviated(word, before, word_after, between)

    def _is_abbreviated(self, word: str, before: str, word_after: str, between: str = "") -> bool:
        """Whether the full stop behind a word belongs to it; between: marks before word_after."""
        word = word.lstrip("'’‘-•*")
        lead = before[: len(before) - len(word)]
        if not word or (lead[-1:] in tuple("\"'’”“״") and lead[-2:-1].isalpha()):
            return False
        known = self.abbreviations
        is_bracket = between.startswith("(")
        is_starter = word_after in words.SENTENCE_OPENERS or (between != "" and not is_bracket)
        if word.isdigit() or (len(word) > 1 and _NUMBER.fullmatch(word)):
            return self._is_ordinal(word, lead, is_starter)
        # Bantu languages and French set prefixes before a title: weMnu., e-St., d'Mme.
        bare = re.split(r"[-'’]|(?<=[A-Za-z])(?=[A-Z][a-z])", word)[-1]
        if word in known.inside or bare in known.inside:
            return True
        is_small_letter = len(word) == 1 and word.islower()
        if word_after[0].isdigit() and (word in known.before_number or is_small_letter):
            return True
        if word in known.before_number and len(word_after) > 1 and _NUMBER.fullmatch(word_after):
            return True
        if word in known.closing:
            return is_bracket or not is_starter
        if len(word) == 1:
            return not is_starter and (word.isupper() or _CASELESS_INITIAL.match(word) is not None)
        if word.lower() in {"a.m", "p.m"}:
            return _TIME_ZONE.fullmatch(word_after) is not None
        return not is_starter and _SPELLED.fullmatch(word) is not None

    def _is_ordinal(self, word: str, lead: str, is_starter: bool) -> bool:
        """Whether a number is an ordinal, or numbers the item of a list that follows it."""
        if lead[-1:] in tuple(",.:") and lead[-2:-1].isdigit():
            return False
        leading = lead.split()
        if word.isdigit() and len(word) <= 3 and (not leading or leading[-1][-1] in ".!?;"):
            return not leading or leading[-1][:-1] not in self.abbreviations.before_number
        return self.language in _ORDINAL_LANGUAGES and not is_starter and len(word) <= 2

    def _choose_space_rule(self) -> _SpaceRule:
        """How to cut between marks: not at all, but in a line that is mainly Thai or Tibetan."""
        for letter, rule in _SPACE_RULES:
            if letter.search(self.text, self.start, self.end):
                n_letters = len(letter.findall(self.text, self.start, self.end))
                if 2 * n_letters > self.end - self.start:
                    return rule
        return _find_no_spaces


def _find_no_spaces(_text: str, _start: int, _end: int) -> Iterator[int]:
    return iter(())


def _find_thai_spaces(text: str, start: int, end: int) -> Iterator[int]:
    depth = 0
    for found in _SPACE_OR_BRACKET.finditer(text, start, end):
        if not found[0].isspace():
            depth = max(0, depth + (1 if found[0] == "(" else -1))
            continue
        place = found.start()
        before, after = text[max(start, place - 12) : place], text[found.end() : found.end() + 15]
        length = place - start
        if words.THAI_GOES_ON.search(before) or words.THAI_JOINS.match(after):
            continue
        may_close, may_open = words.THAI_MAY_CLOSE.search(before), words.THAI_MAY_OPEN.match(after)
        is_likely = words.THAI_OPENS.match(after) or (may_close and may_open)
        if (
            (is_likely and length >= _THAI_SHORTEST and not depth)
            or ((may_close or may_open) and length >= _THAI_SHORT and not depth)
            or length >= _THAI_LONGEST
        ):
            yield place
            start, depth = found.end(), 0


def _find_tibetan_spaces(text: str, start: int, end: int) -> Iterator[int]:
    for found in _SPACE.finditer(text, start, end):
        if words.DZONGKHA_CLOSES.search(text, max(start, found.start() - 12), found.start()):
            yield found.start()


def _begins_small(word: str) -> bool:
    """Whether a word begins in lower case; Georgian has no case in use, Zulu writes eThekwini."""
    first = word[:1]
    return first.islower() and not "\u10d0" <= first <= "\u10ff" and not _CAPITAL_INSIDE.match(word)


_SPACE_RULES = (
    (re.compile(f"[{_THAI}]"), _find_thai_spaces),
    (re.compile(f"[{_TIBETAN}]"), _find_tibetan_spaces),
)
