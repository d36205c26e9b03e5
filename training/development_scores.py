"""The exported network and the development documents → calibration and every score of the card."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np
from rich.progress import track

from credcheck.encoder import Encoder
from credcheck.evaluation.metrics import measure, share, to_plain
from credcheck.judgements import probabilities
from credcheck.labels import STATUSES
from credcheck.model_folder import Calibration, WindowSize
from credcheck.windows import Tokenizer
from training.calibration import (
    THRESHOLD,
    cross_fitted_error,
    expected_calibration_error,
    fit_temperature,
    measure_coverage,
)
from training.corpora import Document
from training.evidence_scores import score_evidence
from training.examples import IGNORED, to_examples
from training.judged import Decisions, JudgedDocument, collect, judge_documents
from training.network import StatusNetwork
from training.predictions import score_examples
from training.scores import score, score_groups

BIG_LANGUAGES = ("eng", "ind", "deu", "fra", "spa", "rus", "zho-CN", "arb")
"""NTREX languages whose labels should agree sentence by sentence."""
LANGUAGE_MARGIN = 0.08
"""A language is behind when its whole interval lies further under the mean accuracy."""


def judge_sets(
    sets: dict[str, list[Document]], encoder: Encoder, tokenizer: Tokenizer, size: WindowSize
) -> dict[str, list[JudgedDocument]]:
    """Judge each set, uncalibrated: a temperature changes no status and no span."""
    return {
        name: list(
            judge_documents(
                track(documents, f"judging {name}", transient=True),
                encoder, tokenizer, size, Calibration(),
            )
        )
        for name, documents in sets.items()
    }  # fmt: skip


def calibrate(judged: dict[str, list[JudgedDocument]]) -> tuple[Calibration, dict[str, Any]]:
    """Temperature on real news where there is some, else on the written articles."""
    chosen = collect(judged.get("native") or judged["written"])
    rows, gold = chosen.logits, chosen.gold
    calibration = Calibration(fit_temperature(rows, gold), THRESHOLD)
    shares = probabilities(rows, calibration)
    return calibration, {
        "temperature": calibration.temperature,
        "threshold": calibration.threshold,
        "n_sentences": len(gold),
        "error_before": expected_calibration_error(probabilities(rows, Calibration()), gold),
        "error_after": expected_calibration_error(shares, gold),
        "error_cross_fitted": cross_fitted_error(rows, gold, chosen.articles),
        "coverage": asdict(measure_coverage(shares, gold, calibration.threshold)),
    }


def score_judged(judged: Sequence[JudgedDocument]) -> dict[str, Any]:
    """Scores of a set: statuses, by language and by source, and evidence."""
    decisions = collect(judged)
    sources = [
        entry.document.source
        for entry in judged
        for sentence in entry.document.sentences
        if sentence.status
    ]
    return {
        **_score(decisions).to_dict(),
        "by_language": _score_by(decisions, decisions.languages),
        "by_source": _score_by(decisions, sources),
        "evidence": score_evidence(judged),
    }


def score_float32(
    network: StatusNetwork, documents: Iterable[Document], tokenizer: Tokenizer, size: WindowSize
) -> dict[str, Any]:
    """The same scores by the network in torch, float32, before it was quantized."""
    examples = [
        example for document in documents for example in to_examples(document, tokenizer, size)
    ]
    return score_examples(network, examples, use_bfloat16=False)[0].to_dict()


def find_languages_behind(part: dict[str, Any]) -> dict[str, Any]:
    """Languages whose 95 % interval lies wholly under the mean of the languages by the margin, and
    how many have an interval at all."""
    entries = part["by_language"]
    mean = float(np.mean([entry["accuracy"] for entry in entries.values()]))
    highs = {name: entry["accuracy_interval"][1] for name, entry in entries.items()}
    return {
        "margin": LANGUAGE_MARGIN,
        "mean": mean,
        "n_languages": len(entries),
        "n_with_interval": sum(high is not None for high in highs.values()),
        "behind": [
            name
            for name, high in highs.items()
            if high is not None and high < mean - LANGUAGE_MARGIN
        ],
    }


def find_failures(
    judged: Sequence[JudgedDocument], calibration: Calibration, n: int = 10
) -> list[dict[str, Any]]:
    """The errors that the model is most sure of; only for texts that may be shown."""
    failures = []
    for entry in judged:
        rows = probabilities(entry.logits, calibration)
        for labelled, gold, row in zip(entry.document.sentences, entry.gold, rows, strict=True):
            if gold not in (IGNORED, row.argmax()):
                failures.append(
                    {
                        "language": entry.document.language,
                        "text": labelled.text,
                        "expected": labelled.status,
                        "given": str(STATUSES[row.argmax()]),
                        "probability": float(row.max()),
                    }
                )
    return sorted(failures, key=lambda failure: -failure["probability"])[:n]


def score_translations(judged: Sequence[JudgedDocument]) -> dict[str, Any]:
    """NTREX: how often translations of one sentence get one status, and English beside others."""
    by_group: dict[str, dict[str, JudgedDocument]] = defaultdict(dict)
    for entry in judged:
        by_group[entry.document.group][entry.document.language] = entry
    agreement, english, others = [], [], []
    languages: set[str] = set()
    for versions in by_group.values():
        statuses = {name: entry.logits.argmax(1) for name, entry in versions.items()}
        right = {name: int((statuses[name] == versions[name].gold).sum()) for name in versions}
        n_sentences = len(versions["eng"].gold)
        pairs = list(combinations([statuses[name] for name in BIG_LANGUAGES], 2))
        agreement.append([sum(int((a == b).sum()) for a, b in pairs), len(pairs) * n_sentences])
        english.append([right["eng"], n_sentences])
        # British, Indian and American English are no other languages.
        counts = [count for name, count in right.items() if not name.startswith("eng")]
        others.append([float(np.mean(counts)), n_sentences])
        languages.update(versions)
    gap = np.stack([np.array(english, dtype=float), np.array(others)], axis=1)
    return {
        "languages": len(languages),
        "n_documents": len(by_group),
        "agreement_languages": list(BIG_LANGUAGES),
        "agreement": to_plain(measure(np.array(agreement, dtype=float), share)),
        "english": to_plain(measure(gap[:, 0], share)),
        "mean_of_others": to_plain(measure(gap[:, 1], share)),
        "english_minus_others": asdict(
            measure(gap, lambda sums: share(sums[..., 0, :]) - share(sums[..., 1, :]))
        ),
    }


def _score(decisions: Decisions) -> Any:
    return score(decisions.gold, decisions.predicted, decisions.articles)


def _score_by(decisions: Decisions, groups: Sequence[str]) -> dict[str, Any]:
    parts = score_groups(decisions.gold, decisions.predicted, decisions.articles, groups)
    return {
        name: {
            "n_sentences": part.n_sentences,
            "n_articles": part.n_articles,
            "accuracy": part.accuracy,
            "accuracy_interval": part.accuracy_interval,
            "macro_f1": part.macro_f1,
        }
        for name, part in parts.items()
    }
