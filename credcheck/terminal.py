"""Results → what the terminal shows. Article text is hostile: it is never read as markup."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from credcheck.labels import STATUSES, Status
from credcheck.records import Judgement, Result

_STYLES = {
    Status.CONFIRMED_OFFICIAL: "green",
    Status.SINGLE_SOURCE: "yellow",
    Status.DENIED: "red",
    Status.UNVERIFIED: "magenta",
    Status.AI_ENHANCED: "bold cyan",
    Status.MULTI_SOURCE: "blue",
    Status.UNATTRIBUTED: "default",
    Status.BOILERPLATE: "bright_black",
}
_WIDEST = max(map(len, STATUSES))
_BAR_CELLS = 30


def article_in_colour(result: Result) -> Group:
    """Title, a line a sentence with its status and probability, and the profile."""
    profile = result.profile
    head = Text(plain(result.article.title or result.article.id), style="bold")
    head.append(f"   [{plain(profile.language)}]", style="not bold bright_black")
    lines = [head, *map(_sentence_line, result.judgements), Text("")]
    for status in STATUSES:
        if profile.counts[status]:
            lines.append(_profile_line(result, status))
    disclosure = profile.ai_disclosure
    if disclosure.is_disclosed:
        places = ", ".join(str(index + 1) for index in disclosure.sentences)
        lines.append(Text(f"AI use is disclosed (sentence {places})", style="bold cyan"))
    lines += [Text(f"warning: {plain(warning)}", style="yellow") for warning in profile.warnings]
    return Group(*lines, Text(""))


def status_table(
    counts: Mapping[str, int], languages: Mapping[str, int], n_articles: int, out: Path
) -> Group:
    """Sentences by status over a batch."""
    table = Table(box=None, pad_edge=False)
    for name, justify in (("status", "left"), ("sentences", "right"), ("share", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    n_content = sum(counts.get(status, 0) for status in STATUSES if status.is_content)
    for status in STATUSES:
        count = counts.get(status, 0)
        share = f"{count / n_content:.0%}" if n_content and status.is_content else ""
        table.add_row(Text(status, style=_STYLES[status]), f"{count:,}", share)
    top = sorted(languages.items(), key=lambda entry: (-entry[1], entry[0]))
    listed = ", ".join(f"{name} {count}" for name, count in top[:10])
    more = f" and {len(top) - 10} more" if len(top) > 10 else ""
    summary = f"{n_articles:,} articles scored ({listed}{more}) into {out}"
    return Group(table, Text(plain(summary)))


def labels_table(requested: Sequence[Status]) -> Table:
    """Every status with its meaning; the five main ones are marked."""
    table = Table(box=None, pad_edge=False)
    table.add_column("status")
    table.add_column("meaning")
    for status in STATUSES:
        mark = "*" if status in requested else " "
        table.add_row(Text(f"{mark} {status}", style=_STYLES[status]), Text(status.meaning))
    table.caption = "* the five main statuses; see docs/statuses.md"
    return table


def _sentence_line(judgement: Judgement) -> Text:
    sentence = judgement.sentence
    style = _STYLES[judgement.status]
    line = Text(f"{judgement.status:<{_WIDEST}}", style=style)
    probability = judgement.probabilities[judgement.status]
    line.append(f" {probability:4.0%}{' ' if judgement.is_decided else '?'} ", style="bright_black")
    offset = len(line)
    line.append(plain(sentence.text), style=style)
    marks = ((judgement.evidence.source, "underline"), (judgement.evidence.cue, "italic"))
    for span, mark in marks:
        if span:
            start, end = span.start - sentence.start, span.end - sentence.start
            line.stylize(mark, offset + start, offset + end)
    return line


def _profile_line(result: Result, status: Status) -> Text:
    profile = result.profile
    line = Text(f"{status:<{_WIDEST}} {profile.counts[status]:4d} ", style=_STYLES[status])
    if status.is_content:
        share = profile.shares[status]
        line.append(f"{share:4.0%} {'█' * round(share * _BAR_CELLS)}")
    return line


def plain(text: str) -> str:
    """Control characters shown as spaces: an article must not steer the reader's terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def evaluation_table(
    scores: Mapping[str, Any], comparison: Mapping[str, Any] | None, report: Path
) -> Group:
    """The headline of an evaluation and F1 by status."""
    table = Table(box=None, pad_edge=False)
    for name, justify in (("status", "left"), ("annotated", "right"), ("F1", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for status in STATUSES:
        row = scores["by_status"][status]
        figure = Text(_figure(row["f1"]))
        table.add_row(Text(status, style=_STYLES[status]), f"{row['n_annotated']:,}", figure)
    head = (
        f"{scores['n_sentences']:,} sentences in {scores['n_articles']:,} articles: accuracy "
        f"{_figure(scores['accuracy'])}, macro-F1 {_figure(scores['macro_f1'])}"
    )
    lines = [Text(head)]
    if comparison:
        lines.append(
            Text(
                f"against the older one: accuracy {_figure(comparison['accuracy'], sign='+')}, "
                f"macro-F1 {_figure(comparison['macro_f1'], sign='+')}, "
                f"{comparison['n_better']} better, {comparison['n_worse']} worse"
            )
        )
    return Group(table, *lines, Text(plain(f"report: {report}")))


def _figure(entry: Mapping[str, float | None], sign: str = "") -> str:
    if entry["value"] is None:
        return "none"
    value = format(entry["value"], f"{sign}.3f")
    return value if entry["low"] is None else f"{value} [{entry['low']:.3f}, {entry['high']:.3f}]"
