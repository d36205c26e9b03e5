"""Results of an export and of a release → MODEL_CARD.md: `python -m training.model_card FOLDER`.

The export draws the card from `scores.json`; drawn again after `eval.release`, it also holds
`evaluations.json`. How the labels were checked is told as it was found.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credcheck.labels import STATUSES
from credcheck.model_folder import (
    CARD,
    MANIFEST,
    NETWORK,
    Manifest,
    file_hash,
    open_model_folder,
)
from training.evaluation_card import describe_evaluations
from training.figures import interval_of, shown

_SMALL = 30
"""Sentences below which a language's figure says little."""

EVALUATIONS = "evaluations.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the card of a model folder again, and put its hash into the manifest."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="model folder")
    folder = parser.parse_args(argv).folder
    results = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    manifest = open_model_folder(folder).manifest
    if (folder / EVALUATIONS).is_file():
        results["evaluations"] = json.loads((folder / EVALUATIONS).read_text(encoding="utf-8"))
        if results["evaluations"]["network"] != manifest.files[NETWORK]:
            raise ValueError(f"{folder / EVALUATIONS} is of another network: run eval.release")
    card = folder / f"{CARD}.new"
    write_card(results, manifest, card)
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    values["files"][CARD] = file_hash(card)
    new_manifest = folder / f"{MANIFEST}.new"
    new_manifest.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", "utf-8")
    card.replace(folder / CARD)
    new_manifest.replace(folder / MANIFEST)
    return 0


def write_card(results: dict[str, Any], manifest: Manifest, path: Path) -> None:
    """Write the card; results are those of `training.export`."""
    parts = [
        _head(manifest),
        _labels(results),
        _scores(results),
        _statuses(results),
        _languages(results),
        _evidence(results),
        *describe_evaluations(results.get("evaluations", {})),
        _calibration(results),
        _export(results),
        _failures(results),
        _LIMITS,
    ]
    path.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _head(manifest: Manifest) -> str:
    window = manifest.window
    return f"""
# {manifest.model_id}

Gives every sentence of a news article its attribution status: how the article tells its reader
where a claim comes from. Status, never truth.

- **Base**: {manifest.base}, MIT. Word embeddings unchanged, everything else fine-tuned.
- **Input**: windows of consecutive sentences of at most {window.max_tokens} tokens: the headline
  ({window.headline_tokens}), what came before ({window.before_tokens}), the sentences to judge, and
  the beginning of what follows ({window.after_tokens}).
- **Output**: logits of {len(manifest.statuses)} statuses a sentence; for each token whether it
  belongs to the cue or to the source, and of which type the source is.
- **Licence**: {manifest.licence}.
- **Training data**: SHA-256 `{manifest.data_digest[:16]}…` over ids, text hashes and labels."""


def _labels(results: dict[str, Any]) -> str:
    lines = [
        "## The labels",
        "",
        "All labels were made by language-model annotators who read each document in its own "
        "language under a written guideline (docs/statuses.md says the same in short); no rule or "
        "keyword decided a label. *ntrex*: a second pass over 332 sentences agreed on 98.8 %. "
        "*native*: an editor who reviewed 2,659 labels of this kind called 2 wrong and 4 % "
        f"arguable. *public*: {_agreement(results.get('agreement'))} "
        "Part of the public documents was chosen because an earlier model was unsure of them or "
        "saw rare statuses in them. "
        "*written*: labelled by their writers; a second reader of those that measure (687 "
        "sentences) agreed on 97.8 % (kappa .97). Agreement shows consistency, not truth: "
        "annotators of one kind agree more than people would. "
        f"{_review(results.get('label_review'))}",
        "",
        "| side | corpus | documents | labelled sentences | languages | "
        + " | ".join(STATUSES)
        + " |",
        "|---|---|---|---|---|" + "---|" * len(STATUSES),
    ]
    for side, corpora in results["data"].items():
        for name, entry in sorted(corpora.items()):
            counts = " | ".join(str(entry["statuses"].get(status, 0)) for status in STATUSES)
            lines.append(
                f"| {side} | {name} | {entry['documents']:,} | {entry['sentences']:,} | "
                f"{entry['languages']} | {counts} |"
            )
    lines += [
        "",
        "- **native**, **public**: news written in its own language, from public corpora; the text "
        "is not passed on. Documents whose licence forbids commercial use are in development only.",
        "- **ntrex**: news of 2018 in 128 languages, translated by professionals (CC BY-SA 4.0); a "
        "translation counts once here. Few denials, no AI disclosures, no navigation lines.",
        "- **written**: articles made up for this project. All AI disclosures come from them: no "
        "real disclosure lies in the data. Training and development are by different writers (all "
        "of them language models).",
        "",
        "Split by document, translations of one document on one side.",
    ]
    return "\n".join(lines)


def _scores(results: dict[str, Any]) -> str:
    baselines = results.get("baselines", {})
    lines = [
        "## Scores on development documents",
        "",
        "The shipped int8 network, beside the float32 network and two baselines trained on the "
        "same documents (TF-IDF: with NTREX in ten languages); NTREX in 128 languages, the other "
        "three columns in 20. Macro-F1 is the mean over the "
        "statuses that occur; in brackets 95 % intervals that resample documents. The temperature "
        "was fitted on these documents, and settings of the training were chosen in sight of them "
        "(training/TRIALS.md); no network learned from them.",
        "",
        "| set | documents | sentences | accuracy | macro-F1 | float32: accuracy, macro-F1 | "
        "TF-IDF: accuracy, macro-F1 | majority: accuracy, macro-F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, part in results["development"].items():
        float32 = results["development_float32"].get(name)
        others = [float32, *(baselines.get(kind, {}).get(name) for kind in ("tfidf", "majority"))]
        cells = " | ".join(
            f"{other['accuracy']:.3f}, {other['macro_f1']:.3f}" if other else "" for other in others
        )
        lines.append(
            f"| {name} | {part['n_articles']} | {part['n_sentences']:,} | "
            f"{part['accuracy']:.3f} {interval_of(part['accuracy_interval'])} | "
            f"{part['macro_f1']:.3f} {interval_of(part['macro_f1_interval'])} | {cells} |"
        )
    return "\n".join(lines)


def _statuses(results: dict[str, Any]) -> str:
    lines = ["## By status", "", "Precision / recall / F1 [95 %] (sentences).", ""]
    names = list(results["development"])
    lines += [
        "| status | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
    ]
    for status in STATUSES:
        cells = []
        for name in names:
            entry = results["development"][name]["by_status"].get(status)
            cells.append(
                f"{entry['precision']:.2f} / {entry['recall']:.2f} / {entry['f1']:.2f} "
                f"{interval_of(entry['f1_interval'])} ({entry['support']:,})"
                if entry
                else "none"
            )
        lines.append(f"| {status} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _languages(results: dict[str, Any]) -> str:
    native = results["development"].get("native", {"by_language": {}, "by_source": {}})
    lines = [
        "## By language and source",
        "",
        f"Native development documents; ° under {_SMALL} sentences: the figure says little.",
        "",
        "| language | documents | sentences | accuracy | macro-F1 |",
        "|---|---|---|---|---|",
        *_group_rows(native["by_language"], smallest=0),
        "",
        f"By source (those of at least {_SMALL} sentences):",
        "",
        "| source | documents | sentences | accuracy | macro-F1 |",
        "|---|---|---|---|---|",
        *_group_rows(native["by_source"], smallest=_SMALL),
    ]
    found = results.get("languages_behind")
    if found:
        lines += [
            "",
            f"Of the {found['n_with_interval']} languages (of {found['n_languages']}) with enough "
            f"documents for an interval, these lie wholly more than {found['margin']:.0%} under "
            f"the mean of {found['mean']:.2f}: {', '.join(found['behind']) or 'none'}.",
        ]
    ntrex, translations = results["development"].get("ntrex"), results.get("translations")
    if ntrex and translations:
        worst = sorted(ntrex["by_language"].items(), key=lambda item: item[1]["accuracy"])
        listed = ", ".join(f"{name} {entry['accuracy']:.2f}" for name, entry in worst[:15])
        lines += [
            "",
            f"NTREX development documents, the same {worst[0][1]['n_sentences']} sentences in "
            f"{len(worst)} languages: English {shown(translations['english'])}, mean of the "
            f"others {shown(translations['mean_of_others'])}, difference "
            f"{shown(translations['english_minus_others'])}; lowest: {listed}. Translations of "
            f"one sentence into {len(translations['agreement_languages'])} big languages get the "
            f"same status in {shown(translations['agreement'])} of the pairs.",
        ]
    return "\n".join(lines)


def _group_rows(groups: dict[str, Any], smallest: int) -> list[str]:
    rows = []
    for name, entry in sorted(groups.items(), key=lambda item: -item[1]["n_sentences"]):
        if entry["n_sentences"] >= smallest:
            mark = "°" if entry["n_sentences"] < _SMALL else ""
            rows.append(
                f"| {name} | {entry['n_articles']} | {entry['n_sentences']}{mark} | "
                f"{entry['accuracy']:.2f} {interval_of(entry['accuracy_interval'])} | "
                f"{entry['macro_f1']:.2f} |"
            )
    return rows


def _evidence(results: dict[str, Any]) -> str:
    lines = [
        "## Evidence",
        "",
        "F1 of the spans shown to the user (none where the status has none), [95 %]: *exact* when "
        "both ends agree, *overlap* when a character is shared. Type: accuracy where a source is "
        "found.",
        "",
        "| set | source: overlap, exact | cue: overlap, exact | type of source |",
        "|---|---|---|---|",
    ]
    for name, part in results["development"].items():
        evidence = part["evidence"]
        if evidence["source"]["n_annotated"]:
            cells = [
                f"{shown(evidence[kind]['overlap_f1'])}, {shown(evidence[kind]['exact_f1'])} "
                f"of {evidence[kind]['n_annotated']:,}"
                for kind in ("source", "cue")
            ]
            lines.append(f"| {name} | {' | '.join(cells)} | {shown(evidence['source_type'])} |")
    return "\n".join(lines)


def _agreement(entry: dict[str, Any] | None) -> str:
    if not entry or not entry["n_sentences"]:
        return "one pass."
    statuses = ", ".join(
        f"{name} {part['f1']:.2f} of {part['first']}" for name, part in entry["by_status"].items()
    )
    return (
        f"one pass; an independent second pass over {entry['n_sentences']:,} of "
        f"{entry['n_first_pass']:,} sentences agreed on {entry['agreement']:.1%} (kappa "
        f"{entry['kappa']:.3f}; F1 by status: {statuses})."
    )


def _review(entry: dict[str, Any] | None) -> str:
    if not entry:
        return ""
    return (
        f"Label errors were looked for among {entry['n']:,} labels of which a model, for the most "
        "part one that had not learned from the sentence, was sure that they were wrong: a further "
        "reader, shown both statuses in random order without knowing which was which, kept "
        f"{entry['kept']:,}, called {entry['other_arguable']:,} arguable the other way (left as "
        f"they were) and {entry['changed']:,} wrong (changed)."
    )


def _failures(results: dict[str, Any]) -> str:
    lines = [
        "## Known failures",
        "",
        "The errors on the made-up development articles that the model is most sure of (language, "
        "sentence, label, what the model says):",
        "",
    ]
    lines += [
        f"- {entry['language']}: “{entry['text']}”: {entry['expected']}, judged {entry['given']} "
        f"({entry['probability']:.2f})"
        for entry in results.get("failures", [])
    ]
    return "\n".join(lines)


def _calibration(results: dict[str, Any]) -> str:
    entry = results["calibration"]
    coverage = entry["coverage"]
    return f"""
## Calibration

Temperature {entry["temperature"]:.3f}, fitted on the int8 network's scores of
{entry["n_sentences"]:,} development sentences. Expected calibration error (15 bins):
{entry["error_before"]:.3f} before, {entry["error_after"]:.3f} after;
{entry["error_cross_fitted"]:.3f} when fitted on one half of the documents and measured on the
other.
A status below {entry["threshold"]:.2f} is marked undecided:
{1 - coverage["decided_share"]:.1%} of the sentences. Accuracy {coverage["decided_accuracy"]:.3f} on
decided and {coverage["undecided_accuracy"]:.3f} on undecided sentences, where one of the two named
candidates is right in {coverage["either_candidate_accuracy"]:.1%}."""


def _export(results: dict[str, Any]) -> str:
    proof = results["export"]
    return f"""
## The exported network

{proof["network_bytes"] / 1e6:.1f} MB. On {proof["n_sentences"]:,} development sentences the float32
graph differs from torch by at most {proof["float32_max_logit_difference"]:.1e} in a logit; int8
changes the status of {proof["int8_flips"]} ({proof["int8_flip_share"]:.1%}). The 4-bit embedding
table differs from the base's by at most {proof["embedding_table_max_error"]:.1e}."""


_LIMITS = """
## Use and limits

Meant for newsrooms, monitors and researchers who want to see how an article is sourced, with a
person reading what matters. Not meant for judging truth, outlets or people, for deciding anything
about anybody without a reader, or for finding AI text that is not disclosed.

Most errors are `confirmed_official` against `single_source` (an official beyond his own remit),
attributions that carry over without a cue, and hedges of languages with few labels. Scripts that
the tokenizer does not know (Dzongkha, Dhivehi, Tibetan) are warned of, not supported. Languages of
Africa, Central Asia and the Pacific rest on translations and few native documents."""


if __name__ == "__main__":
    sys.exit(main())
