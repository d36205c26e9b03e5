"""Offsets of annotation tools → code points: browsers count UTF-16 units, Python code points."""

from collections.abc import Callable, Sequence


def find_unit(text: str, spans: Sequence[tuple[int, int, str | None]]) -> Callable[[int], int]:
    """The function that turns the spans' offsets into code points.

    spans: start, end and, where the tool gives it, the text between. The unit in which more of
    these texts are met is taken; code points when both are alike, or nothing is given.
    """
    if text.isascii() or len(text) == _utf16_length(text):
        return _keep
    to_code_point = _utf16_to_code_points(text)

    def n_met(convert: Callable[[int], int]) -> int:
        return sum(
            words is not None and text[convert(start) : convert(end)] == words
            for start, end, words in spans
        )

    return to_code_point if n_met(to_code_point) > n_met(_keep) else _keep


def _utf16_to_code_points(text: str) -> Callable[[int], int]:
    places = []
    for number, character in enumerate(text):
        places += [number] * (2 if character > "\uffff" else 1)

    def to_code_point(offset: int) -> int:
        # Offsets outside of the text stay outside, so that they are reported and not cut.
        if offset < 0:
            return offset
        return places[offset] if offset < len(places) else len(text) + offset - len(places)

    return to_code_point


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _keep(offset: int) -> int:
    return offset
