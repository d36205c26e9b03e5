"""Results → pre-annotations that a newsroom corrects in its own tool, instead of labelling anew.

What is written here is read back by the readers of labelled sets after correction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from credcheck.evaluation.inception import write_cas
from credcheck.files import write_whole
from credcheck.labels import STATUSES, SourceType
from credcheck.records import Result

LABEL_STUDIO_CONFIG = "label-studio-config.xml"
_COLOURS = (
    "#2b6e46", "#b98400", "#a33b2a", "#7a4fa3", "#0c8ea0", "#1f5f8b", "#6b7280", "#b8b2a6",
)  # fmt: skip


def write_label_studio(results: Iterable[Result], out: Path) -> int:
    """OUT/tasks.json, to import into a project made with OUT/label-studio-config.xml."""
    tasks = [_label_studio_task(result) for result in results]
    write_whole(out / "tasks.json", json.dumps(tasks, ensure_ascii=False, indent=1))
    write_whole(out / LABEL_STUDIO_CONFIG, _label_studio_config())
    return len(tasks)


def write_doccano(results: Iterable[Result], out: Path) -> int:
    """OUT/doccano.jsonl, to import into a project for sequence labelling; code points."""
    lines = []
    for result in results:
        labels = [[start, end, name] for start, end, name, _ in _regions(result)]
        # The same for doccano: one character for one, so that offsets stay.
        text = result.article.text.replace("\r", " ")
        row = {**_about(result), "text": text, "label": labels}
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    write_whole(out / "doccano.jsonl", "".join(lines))
    return len(lines)


def write_inception(results: Iterable[Result], out: Path) -> int:
    """OUT/NUMBER-ID.xmi for each article, and the OUT/TypeSystem.xml that they share."""
    count = 0
    for count, result in enumerate(results, start=1):
        xmi, types = write_cas(result)
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in result.article.id)[:80]
        write_whole(out / f"{count:05d}-{name}.xmi", xmi.decode("utf-8"))
        if count == 1:
            write_whole(out / "TypeSystem.xml", types.decode("utf-8"))
    return count


WRITERS: Mapping[str, Callable[[Iterable[Result], Path], int]] = {
    "label-studio": write_label_studio,
    "doccano": write_doccano,
    "inception": write_inception,
}
"""Tool → function; each returns how many articles it wrote and raises OutputError."""


def _regions(result: Result) -> Iterator[tuple[int, int, str, float | None]]:
    """Start, end, label and probability of each status and each piece of evidence."""
    for judgement in result.judgements:
        sentence, found = judgement.sentence, judgement.evidence
        probability = judgement.probabilities[judgement.status]
        yield sentence.start, sentence.end, str(judgement.status), probability
        if found.source:
            yield found.source.start, found.source.end, f"source:{found.source_type}", None
        if found.cue:
            yield found.cue.start, found.cue.end, "cue", None


def _about(result: Result) -> dict[str, Any]:
    """What the tools keep beside the text, so that it comes back with the labels."""
    article = result.article
    about = {
        "id": article.id,
        "language": result.profile.language,
        "outlet": article.site,
        "date": article.date,
    }
    return {name: value for name, value in about.items() if value}


def _label_studio_task(result: Result) -> dict[str, Any]:
    # A browser drops carriage returns and would count without them.
    text = result.article.text.replace("\r", " ")
    # A browser counts UTF-16 units: a character beyond the basic plane is two.
    units = [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]
    regions: list[dict[str, Any]] = []
    for number, (start, end, name, probability) in enumerate(_regions(result), start=1):
        is_evidence = name == "cue" or name.startswith("source:")
        region: dict[str, Any] = {
            "id": f"r{number}",
            "from_name": "evidence" if is_evidence else "status",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": units[start],
                "end": units[end],
                "text": text[start:end],
                "labels": [name],
            },
        }
        if probability is not None:
            region["score"] = round(probability, 4)
        regions.append(region)
    return {
        "data": {**_about(result), "text": text},
        "predictions": [{"model_version": result.model_id, "result": regions}],
    }


def _label_studio_config() -> str:
    statuses = "\n".join(
        f'    <Label value="{status}" background="{colour}"/>'
        for status, colour in zip(STATUSES, _COLOURS, strict=True)
    )
    evidence = "\n".join(
        f'    <Label value="{name}"/>' for name in ("cue", *(f"source:{t}" for t in SourceType))
    )
    return f"""<View>
  <Labels name="status" toName="text">
{statuses}
  </Labels>
  <Labels name="evidence" toName="text">
{evidence}
  </Labels>
  <Text name="text" value="$text" granularity="symbol"/>
</View>
"""
