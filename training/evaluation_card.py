"""Results of `eval.release` → the part of the card on sets beside the development documents."""

from typing import Any

from training.figures import shown


def describe_evaluations(results: dict[str, Any]) -> list[str]:
    """Paragraphs of the card; none before the release was measured."""
    parts = []
    if "shipped_sets" in results:
        parts.append(_shipped(results["shipped_sets"]))
    if "ai_notices" in results:
        parts.append(_notices(results["ai_notices"]))
    if "contrast" in results:
        parts.append(_contrast(results["contrast"]))
    if "outside" in results:
        parts.append(_outside(results["outside"]))
    return parts


def _shipped(entry: dict[str, Any]) -> str:
    statuses = ", ".join(
        f"{name} {part['f1'] or 0:.2f}"
        for name, part in entry["by_status"].items()
        if part["support"]
    )
    return f"""
## Shipped evaluation sets

{entry["n_articles"]} made-up articles by three further writers, {entry["n_sentences"]:,} sentences
(eval/sets): accuracy {shown(entry["accuracy"])}, macro-F1 {shown(entry["macro_f1"])}; F1:
{statuses}."""


def _notices(entry: dict[str, Any]) -> str:
    return f"""
## AI notices

{entry["n_articles"]} made-up articles by a writer of no training article, half of them with a
notice of AI use, half with AI as the topic alone: recall {shown(entry["recall"])}, precision
{shown(entry["precision"])}; articles without a notice in which one is seen:
{shown(entry["articles_with_false_alarm"])} of {entry["n_without_notice"]}. No real notice lies in
the public corpora."""


def _contrast(entry: dict[str, Any]) -> str:
    changes = ", ".join(
        f"{name} {part['right']:.2f} of {part['n']}" for name, part in entry["by_change"].items()
    )
    return f"""
## Contrast set

{entry["n_groups"]} passages in {entry["n_targets"]} variants that differ in a speaker, a verb, a
hedge or a clause, held back and by another writer than those that train:
{shown(entry["targets_right"])} of the sentences and {shown(entry["groups_right"])} of the whole
groups are right. By what was changed: {changes}."""


def _outside(entry: dict[str, Any]) -> str:
    lines = [
        "## Other people's labels",
        "",
        "F1 of “this sentence carries attributed content” on test splits that no network learned "
        "from (mapping and its limits: eval/outside.py).",
        "",
        "| corpus | articles | sentences | F1 | precision | recall |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {part['n_articles']} | {part['n_sentences']:,} | {shown(part['f1'])} | "
        f"{shown(part['precision'])} | {shown(part['recall'])} |"
        for name, part in entry.items()
    ]
    return "\n".join(lines)
