"""Results → plain values, JSON lines, and the summary table."""

import csv
import json
from typing import IO, Any

from credcheck.labels import STATUSES
from credcheck.records import SCHEMA_VERSION, Evidence, Failure, Judgement, Profile, Result

DECIMALS = 4
"""Written probabilities and shares are rounded to this: same input, same bytes."""

SUMMARY_COLUMNS = (
    "id",
    "path",
    "language",
    "title",
    "n_sentences",
    "n_content",
    "n_undecided",
    "ai_disclosed",
    *(f"n_{status}" for status in STATUSES),
    *(f"share_{status}" for status in STATUSES if status.is_content),
    "warnings",
)
FAILURE_COLUMNS = ("id", "path", "error", "message")


def to_dict(result: Result) -> dict[str, Any]:
    """Plain values by the schema in docs/formats.md; offsets are code points of `text`."""
    article = result.article
    values = {
        "schema_version": SCHEMA_VERSION,
        "model": result.model_id,
        "id": article.id,
        "path": article.path,
        "language": result.profile.language,
        "title": article.title,
        "byline": article.byline,
        "date": article.date,
        "site": article.site,
        "encoding": article.encoding,
        "notes": list(article.notes),
        "body_start": article.body_start,
        "text": article.text,
        "sentences": [_judgement(judgement) for judgement in result.judgements],
        "profile": _profile(result.profile),
    }
    cleaned: dict[str, Any] = _writable(values)
    return cleaned


def to_json(result: Result) -> str:
    """One line of JSON."""
    return json.dumps(to_dict(result), ensure_ascii=False)


class SummaryWriter:
    """Writes one row of `summary.csv` for each result."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.DictWriter(file, SUMMARY_COLUMNS, lineterminator="\n")
        self._writer.writeheader()

    def write(self, result: Result) -> None:
        """Add a row."""
        article, profile = result.article, result.profile
        row: dict[str, Any] = {
            "id": article.id,
            "path": article.path,
            "language": profile.language,
            "title": article.title,
            "n_sentences": profile.n_sentences,
            "n_content": profile.n_content,
            "n_undecided": profile.n_undecided,
            "ai_disclosed": str(profile.ai_disclosure.is_disclosed).lower(),
            "warnings": "; ".join(profile.warnings),
        }
        row |= {f"n_{status}": count for status, count in profile.counts.items()}
        row |= {f"share_{status}": _rounded(share) for status, share in profile.shares.items()}
        self._writer.writerow({key: _cell(value) for key, value in row.items()})


class FailureWriter:
    """Writes one row of `failures.csv` for each article that could not be scored."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(FAILURE_COLUMNS)

    def write(self, failure: Failure) -> None:
        """Add a row."""
        values = (failure.id, failure.path, failure.error, failure.message)
        self._writer.writerow([_cell(value) for value in values])


def _judgement(judgement: Judgement) -> dict[str, Any]:
    sentence = judgement.sentence
    return {
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "is_headline": sentence.is_headline,
        "status": str(judgement.status),
        "is_decided": judgement.is_decided,
        "candidates": [str(status) for status in judgement.candidates],
        "probabilities": {
            str(status): _rounded(value) for status, value in judgement.probabilities.items()
        },
        "evidence": _evidence(judgement.evidence),
        "truncated": judgement.truncated,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    values: dict[str, Any] = {"source": None, "cue": None}
    if evidence.source:
        source = evidence.source
        values["source"] = {"start": source.start, "end": source.end, "text": source.text}
        values["source"]["type"] = str(evidence.source_type)
    if evidence.cue:
        cue = evidence.cue
        values["cue"] = {"start": cue.start, "end": cue.end, "text": cue.text}
    return values


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "n_sentences": profile.n_sentences,
        "n_content": profile.n_content,
        "n_boilerplate": profile.n_boilerplate,
        "n_undecided": profile.n_undecided,
        "counts": {str(status): count for status, count in profile.counts.items()},
        "shares": {str(status): _rounded(share) for status, share in profile.shares.items()},
        "expected_counts": {
            str(status): _rounded(count) for status, count in profile.expected_counts.items()
        },
        "ai_disclosure": {
            "is_disclosed": profile.ai_disclosure.is_disclosed,
            "sentences": list(profile.ai_disclosure.sentences),
        },
        "language": profile.language,
        "language_confidence": _rounded(profile.language_confidence),
        "unknown_token_share": _rounded(profile.unknown_token_share),
        "warnings": list(profile.warnings),
    }


def _rounded(value: float) -> float:
    return round(value, DECIMALS)


def _writable(value: Any) -> Any:
    """A lone surrogate cannot be written as UTF-8; one sign for it keeps the offsets."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _writable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_writable(entry) for entry in value]
    return value


def _cell(value: object) -> object:
    """A spreadsheet must show a cell, never compute it: no cell begins like a formula."""
    if isinstance(value, str):
        # The csv module leaves a carriage return unquoted, and the row would end there.
        value = str(_writable(value)).replace("\r", " ")
        return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return value
