"""Figures → pictures as inline SVG, drawn with the page's own colours, each with a title for
screen readers. Every word that enters is escaped."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

Plain = dict[str, float | None]
"""Value, low and high of a figure."""

_LABEL_WIDTH = 150
_PLOT_WIDTH = 330
_ROW = 24


def bars(title: str, rows: Sequence[tuple[str, Plain, bool]]) -> Markup:
    """Horizontal bars from 0 to 1 with their intervals; rows: name, figure, whether few stand
    behind it."""
    height = _ROW * len(rows) + 26
    parts = [_axis(len(rows))]
    for number, (name, figure, is_small) in enumerate(rows):
        y = number * _ROW + 4
        value = figure["value"]
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                _LABEL_WIDTH - 8, y + 13, name
            )
        )
        if value is None:
            parts.append(
                Markup('<text class="faint" x="{}" y="{}">none</text>').format(
                    _LABEL_WIDTH + 6, y + 13
                )
            )
            continue
        parts.append(
            Markup('<rect class="bar{}" x="{}" y="{}" width="{:.1f}" height="16"/>').format(
                " few" if is_small else "", _LABEL_WIDTH, y, _PLOT_WIDTH * value
            )
        )
        low, high = figure["low"], figure["high"]
        if low is not None and high is not None:
            parts.append(_whisker(low, high, y + 8))
        parts.append(
            Markup('<text x="{}" y="{}">{:.2f}</text>').format(
                _LABEL_WIDTH + _PLOT_WIDTH + 8, y + 13, value
            )
        )
    return _svg(title, _LABEL_WIDTH + _PLOT_WIDTH + 44, height, parts)


def small_bar(value: float | None, low: float | None, high: float | None) -> Markup:
    """A bar from 0 to 1 for a table's cell; the cell beside it has the number."""
    if value is None:
        return Markup("")
    parts = [
        Markup('<rect class="track" width="100" height="10" y="1"/>'),
        Markup('<rect class="bar" width="{:.1f}" height="10" y="1"/>').format(100 * value),
    ]
    if low is not None and high is not None:
        parts.append(
            Markup('<line class="whisker" x1="{:.1f}" x2="{:.1f}" y1="6" y2="6"/>').format(
                100 * low, 100 * high
            )
        )
    inner = Markup("").join(parts)
    return Markup(
        '<svg class="cell" viewBox="0 0 100 12" width="100" height="12" aria-hidden="true">{}</svg>'
    ).format(inner)


def curve(
    title: str,
    points: Sequence[tuple[float, float, str]],
    *,
    x_name: str,
    y_name: str,
    has_diagonal: bool = False,
    sizes: Sequence[float] = (),
) -> Markup:
    """Points in the unit square, joined; points: x, y, what a pointer or reader is told.

    sizes: radii of the points, for how many sentences stand behind each.
    """
    side, left, top = 260, 46, 8
    parts = []
    for tick in range(0, 11, 2):
        share = tick / 10
        x, y = left + side * share, top + side * (1 - share)
        parts.append(
            Markup(
                '<line class="grid" x1="{0}" x2="{0}" y1="{2}" y2="{3}"/>'
                '<line class="grid" x1="{4}" x2="{5}" y1="{1}" y2="{1}"/>'
                '<text class="faint" x="{0}" y="{6}" text-anchor="middle">{7:.0%}</text>'
                '<text class="faint" x="{8}" y="{9}" text-anchor="end">{7:.0%}</text>'
            ).format(
                x, y, top, top + side, left, left + side, top + side + 16, share, left - 6, y + 4
            )
        )
    if has_diagonal:
        parts.append(
            Markup('<line class="ideal" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
                left, top + side, left + side, top
            )
        )
    places = [(left + side * x, top + side * (1 - y)) for x, y, _ in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts.append(Markup('<polyline class="line" points="{}"/>').format(path))
    for number, ((x, y), (_, _, told)) in enumerate(zip(places, points, strict=True)):
        parts.append(
            Markup(
                '<circle class="point" cx="{:.1f}" cy="{:.1f}" r="{:.1f}">'
                "<title>{}</title></circle>"
            ).format(x, y, sizes[number] if sizes else 3.0, told)
        )
    parts.append(
        Markup(
            '<text x="{}" y="{}" text-anchor="middle">{}</text>'
            '<text transform="translate(11 {}) rotate(-90)" text-anchor="middle">{}</text>'
        ).format(left + side / 2, top + side + 34, x_name, top + side / 2, y_name)
    )
    return _svg(title, left + side + 16, top + side + 42, parts)


def heat_map(title: str, names: Sequence[str], rows: Sequence[Sequence[int]]) -> Markup:
    """A confusion matrix: rows are annotated, columns predicted; shade is the share of its row."""
    cell, left, top = 46, 150, 118
    parts = []
    for column, name in enumerate(names):
        x = left + column * cell + cell / 2
        parts.append(
            Markup('<text transform="translate({} {}) rotate(-40)">{}</text>').format(
                x, top - 8, name
            )
        )
    for number, row in enumerate(rows):
        y, total = top + number * cell, max(sum(row), 1)
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                left - 8, y + cell / 2 + 4, names[number]
            )
        )
        for column, count in enumerate(row):
            share = count / total
            parts.append(
                Markup(
                    '<g><rect class="heat{}" x="{}" y="{}" width="{}" height="{}" '
                    'fill-opacity="{:.3f}"/><title>{} annotated, {} predicted: {}</title>'
                    '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text></g>'
                ).format(
                    "" if column == number else " off",
                    left + column * cell, y, cell - 2, cell - 2, share,
                    names[number], names[column], count,
                    "on" if share > 0.7 else "", left + column * cell + cell / 2 - 1,
                    y + cell / 2 + 4, count or "",
                )
            )  # fmt: skip
    width = left + len(names) * cell + 60
    return _svg(title, width, top + len(rows) * cell + 6, parts)


def _axis(n_rows: int) -> Markup:
    lines = []
    bottom = n_rows * _ROW + 2
    for tick in range(0, 11, 2):
        x = _LABEL_WIDTH + _PLOT_WIDTH * tick / 10
        lines.append(
            Markup(
                '<line class="grid" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
                '<text class="faint" x="{0}" y="{2}" text-anchor="middle">{3:.1f}</text>'
            ).format(x, bottom, bottom + 16, tick / 10)
        )
    return Markup("").join(lines)


def _whisker(low: float, high: float, y: float) -> Markup:
    one, other = _LABEL_WIDTH + _PLOT_WIDTH * low, _LABEL_WIDTH + _PLOT_WIDTH * high
    return Markup(
        '<path class="whisker" d="M{0:.1f} {2}H{1:.1f}M{0:.1f} {3}V{4}M{1:.1f} {3}V{4}"/>'
    ).format(one, other, y, y - 4, y + 4)


def _svg(title: str, width: float, height: float, parts: Sequence[Any]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" role="img" aria-label="{2}">'
        "<title>{2}</title>{3}</svg>"
    ).format(width, height, escape(title), Markup("").join(parts))
