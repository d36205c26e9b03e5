"""Figures with intervals → how a card prints them."""

from collections.abc import Mapping, Sequence


def shown(entry: Mapping[str, float | None]) -> str:
    """A value to three places and its interval; `none` for what could not be divided."""
    if entry["value"] is None:
        return "none"
    return f"{entry['value']:.3f} {interval_of((entry['low'], entry['high']))}".strip()


def interval_of(ends: Sequence[float | None]) -> str:
    """Both ends to two places, or nothing where articles are too few."""
    low, high = ends
    return "" if low is None or high is None else f"[{low:.2f}, {high:.2f}]"
