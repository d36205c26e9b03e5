"""A labelled set in a file → its `LabelledArticle`s; READERS: format → function.

Every reader says the file, the line or record, and the field of what it cannot use: a measure on
half a set is no measure, so the first fault stops the reading.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import LabelledSetError
from credcheck.evaluation.annotation_tools import is_doccano, read_doccano, read_label_studio
from credcheck.evaluation.json_rows import read_rows
from credcheck.evaluation.labelled import LabelledArticle, LabelNames, check_ids
from credcheck.evaluation.own_formats import read_csv, read_ours


def read_labelled_set(
    path: Path, *, names: LabelNames | None = None, format: str = ""
) -> list[LabelledArticle]:
    """Read a labelled set; the format is found by suffix and content unless it is named.

    Raises LabelledSetError with the place of the first fault, ArticleReadError when the file
    cannot be read.
    """
    text = decode_text(read_bytes(path), str(path)).text
    format = format or find_format(path, text)
    if format not in READERS:
        raise LabelledSetError(f"unknown format {format!r}; known: {', '.join(READERS)}")
    articles = list(READERS[format](text, str(path), names or LabelNames()))
    check_ids(articles)
    return articles


def find_format(path: Path, text: str) -> str:
    """The name of a file's format; raises LabelledSetError when none fits."""
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return "csv"
    if suffix not in (".json", ".jsonl", ".ndjson"):
        raise LabelledSetError(f"{path}: no reader for {suffix!r}; known: {', '.join(READERS)}")
    rows = read_rows(text, str(path))
    first = next(rows, ("", {}))[1]
    if "annotations" in first and "data" in first:
        return "label-studio"
    if "text" in first and "sentences" not in first and is_doccano(first):
        return "doccano"
    return "jsonl"


READERS: Mapping[str, Callable[[str, str, LabelNames], Iterator[LabelledArticle]]] = {
    "jsonl": read_ours,
    "csv": read_csv,
    "label-studio": read_label_studio,
    "doccano": read_doccano,
}
