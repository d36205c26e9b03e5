"""Results of an export → MODEL_CARD.md; how the labels were checked is told as it was found."""

from pathlib import Path
from typing import Any

from credcheck.labels import STATUSES
from credcheck.model_folder import Manifest

_SMALL = 30
"""Sentences below which a language's figure says little."""


def write_card(results: dict[str, Any], manifest: Manifest, path: Path) -> None:
    """Write the card; results are those of `training.export`."""
    parts = [
        _head(manifest),
        _labels(results),
        _scores(results),
        _statuses(results),
        _languages(results),
        _calibration(results),
        _export(results),
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
        "keyword decided a label. A second pass over 332 NTREX sentences agreed on 98.8 %, which "
        "shows consistency, not truth: annotators of one kind agree more than two people would. An "
        "editor who reviewed 2,659 labels of this kind called 2 wrong and 4 % arguable. The labels "
        "named *public* had one pass; an independent second pass over 1,150 of their sentences "
        "agreed on 95.5 % (kappa .935; by status: boilerplate .96, confirmed_official .94, denied "
        ".67 of 7, multi_source .95 of 10, single_source .95, unattributed .96, unverified .98). "
        "The *written* articles were labelled by their writers; a second reader of those that "
        "measure (687 sentences) agreed on 97.8 % (kappa .97).",
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
        "same documents (TF-IDF: with NTREX in ten languages). Macro-F1 is the mean over the "
        "statuses that occur. Nothing but the temperature was fitted on these documents.",
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
            f"| {name} | {part['n_documents']} | {part['n_sentences']:,} | "
            f"{part['accuracy']:.3f} | {part['macro_f1']:.3f} | {cells} |"
        )
    return "\n".join(lines)


def _statuses(results: dict[str, Any]) -> str:
    lines = ["## By status", "", "Precision / recall / F1 (sentences).", ""]
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
                f"({entry['support']:,})"
                if entry
                else "none"
            )
        lines.append(f"| {status} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _languages(results: dict[str, Any]) -> str:
    lines = [
        "## By language",
        "",
        f"Native development documents; ° under {_SMALL} sentences: the figure says little.",
        "",
        "| language | sentences | accuracy | macro-F1 |",
        "|---|---|---|---|",
    ]
    native = results["development"].get("native", {"by_language": {}})
    for name, entry in sorted(
        native["by_language"].items(), key=lambda item: -item[1]["n_sentences"]
    ):
        mark = "°" if entry["n_sentences"] < _SMALL else ""
        lines.append(
            f"| {name} | {entry['n_sentences']}{mark} | {entry['accuracy']:.2f} | "
            f"{entry['macro_f1']:.2f} |"
        )
    ntrex = results["development"].get("ntrex")
    if ntrex:
        worst = sorted(ntrex["by_language"].items(), key=lambda item: item[1]["accuracy"])
        accuracies = [entry["accuracy"] for _, entry in worst]
        listed = ", ".join(f"{name} {entry['accuracy']:.2f}" for name, entry in worst[:15])
        english = ntrex["by_language"].get("eng", {"accuracy": float("nan")})["accuracy"]
        lines += [
            "",
            f"NTREX development documents, the same {worst[0][1]['n_sentences']} sentences in "
            f"{len(worst)} languages: mean accuracy {sum(accuracies) / len(accuracies):.3f}, "
            f"English {english:.3f}; lowest: {listed}.",
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
