"""A labelled set on disk → its `LabelledArticle`s; READERS: format → function.

Every reader says the file, the line or record, and the field of what it cannot use: a measure on
half a set is no measure, so the first fault stops the reading.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from credcheck.errors import LabelledSetError
from credcheck.evaluation.annotation_tools import (
    is_doccano,
    read_brat,
    read_doccano,
    read_label_studio,
)
from credcheck.evaluation.corpus_formats import read_conll, read_datasets
from credcheck.evaluation.inception import read_inception
from credcheck.evaluation.json_rows import read_rows
from credcheck.evaluation.labelled import LabelledArticle, LabelNames, check_ids
from credcheck.evaluation.own_formats import read_csv, read_ours

READERS: Mapping[str, Callable[[Path, LabelNames], Iterator[LabelledArticle]]] = {
    "jsonl": read_ours,
    "csv": read_csv,
    "label-studio": read_label_studio,
    "doccano": read_doccano,
    "brat": read_brat,
    "inception": read_inception,
    "conll": read_conll,
    "datasets": read_datasets,
}
_SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".conll": "conll", ".conllu": "conll", ".iob": "conll",
    ".xmi": "inception", ".zip": "inception",
}  # fmt: skip


def read_labelled_set(
    path: Path, *, names: LabelNames | None = None, format: str = ""
) -> list[LabelledArticle]:
    """Read a labelled set; the format is found by suffix and content unless it is named.

    Raises LabelledSetError with the place of the first fault, ArticleReadError when the file
    cannot be read.
    """
    if not path.exists():
        raise LabelledSetError(f"{path} does not exist")
    format = format or find_format(path)
    if format not in READERS:
        raise LabelledSetError(f"unknown format {format!r}; known: {', '.join(READERS)}")
    try:
        articles = list(READERS[format](path, names or LabelNames()))
    except OSError as error:
        raise LabelledSetError(f"{path} cannot be read as {format}: {error}") from error
    check_ids(articles, str(path))
    return articles


def find_format(path: Path) -> str:
    """The name of the format of a file or folder; raises LabelledSetError when none fits."""
    if path.is_dir():
        if (path / "dataset_info.json").is_file() or (path / "dataset_dict.json").is_file():
            return "datasets"
        if any(path.glob("*.ann")):
            return "brat"
        if any(file.suffix.lower() in (".xmi", ".zip") for file in path.rglob("*")):
            return "inception"
        raise LabelledSetError(
            f"{path}: a folder is read when `datasets`, brat or INCEpTION wrote it"
        )
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix not in (".json", ".jsonl", ".ndjson"):
        raise LabelledSetError(f"{path}: no reader for {suffix!r}; known: {', '.join(READERS)}")
    for _, row in read_rows(path):
        if "annotations" in row and "data" in row:
            return "label-studio"
        if "sentences" in row or row.get("labels"):
            is_theirs = "sentences" not in row and is_doccano(row)
            return "doccano" if is_theirs else "jsonl"
        if is_doccano(row):
            return "doccano"
    return "jsonl"
