"""Formats of corpora → labelled articles: CoNLL-style columns, Hugging Face datasets on disk."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import LabelledSetError
from credcheck.evaluation.json_rows import Row
from credcheck.evaluation.labelled import LabelledArticle, LabelNames
from credcheck.evaluation.own_formats import check_columns, from_rows, from_sentence_rows

_COMMENT = re.compile(r"#\s*(\w+)\s*=\s*(.*)")
_PREFIX = re.compile(r"^[BIESLU]-")


def read_conll(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """A token a line, its tag in the last column, an empty line after a sentence.

    The status is the tag that a sentence's tokens share (`O`, and `B-` or `I-` before it, do not
    count), or a line `# status = …`; `# text = …` gives the sentence as it was printed, else the
    tokens are joined by blanks. `-DOCSTART-` or `# newdoc id = …` begins an article.
    """
    text = decode_text(read_bytes(path), str(path), repair=False).text
    rows: list[tuple[str, Row]] = []
    n_articles, article, comments, tokens, first_line = (
        1,
        "",
        dict[str, str](),
        list[list[str]](),
        0,
    )
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        line = line.rstrip("\r")
        begins_article = line.startswith("-DOCSTART-")
        if tokens and (begins_article or not line.strip()):
            place = f"{path}, line {first_line}"
            row = _sentence(tokens, comments, place)
            rows.append((place, row | {"id": article or f"{path.stem}-{n_articles}"}))
            comments, tokens, first_line = {}, [], 0
        found = _COMMENT.match(line.replace("newdoc id", "newdoc_id"))
        if begins_article or (found and found[1] == "newdoc_id"):
            n_articles += bool(rows)
            article = found[2].strip() if found else ""
        elif found and not tokens:
            comments[found[1]] = found[2].strip()
        elif line.startswith("# ") and not tokens:
            continue
        elif line.strip():
            first_line = first_line or number
            columns = line.split("\t") if "\t" in line else line.split()
            # CoNLL-U numbers its tokens; the form stands in the second column.
            tokens.append(columns[1:] if path.suffix.lower() == ".conllu" else columns)
    return from_sentence_rows(rows, names)


def read_datasets(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """A folder written by `datasets.save_to_disk`: rows are articles, or sentences with `id`.

    Of a folder with splits, name one of them. Class labels are turned into their names.
    """
    # Imported at need: it takes a tenth of the start of every command.
    import pyarrow as pa

    faults = (ValueError, OSError, LookupError, TypeError, AttributeError, pa.ArrowException)
    try:
        if (path / "dataset_dict.json").is_file():
            text = (path / "dataset_dict.json").read_text(encoding="utf-8")
            splits = ", ".join(json.loads(text)["splits"])
            raise LabelledSetError(f"{path} holds splits; name one: {splits}")
        return _read_saved(path, names)
    except faults as error:
        raise LabelledSetError(f"{path} is no folder that `datasets` saved: {error!r}") from error


def _read_saved(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    import pyarrow as pa

    info = json.loads((path / "dataset_info.json").read_text(encoding="utf-8"))
    class_names = (info.get("features", {}).get("status") or {}).get("names")
    rows: list[tuple[str, Row]] = []
    for file in _data_files(path):
        with pa.memory_map(str(file)) as source:
            for number, row in enumerate(pa.ipc.open_stream(source).read_all().to_pylist(), 1):
                if class_names and isinstance(row.get("status"), int):
                    # -1 is how `datasets` says that there is no label.
                    row["status"] = class_names[row["status"]] if row["status"] >= 0 else ""
                rows.append((f"{file}, row {number}", row))
    if rows and not {"sentences", "labels"} & set(rows[0][1]):
        check_columns(list(rows[0][1]), str(path))
        return from_sentence_rows(rows, names)
    return from_rows(rows, names)


def _data_files(path: Path) -> list[Path]:
    """The files that make the dataset: beside them may lie what `map` has cached."""
    state = path / "state.json"
    if state.is_file():
        entries = json.loads(state.read_text(encoding="utf-8"))["_data_files"]
        return [path / entry["filename"] for entry in entries]
    return sorted(file for file in path.glob("*.arrow") if not file.name.startswith("cache-"))


def _sentence(tokens: list[list[str]], comments: dict[str, str], place: str) -> Row:
    row: dict[str, Any] = {"text": comments.get("text") or " ".join(token[0] for token in tokens)}
    status = comments.get("status", "")
    if not status:
        tags = {_PREFIX.sub("", token[-1]) for token in tokens if len(token) > 1} - {"O", "_"}
        if len(tags) > 1:
            raise LabelledSetError(
                f"{place}: a sentence has one status, here are {', '.join(sorted(tags))}"
            )
        status = next(iter(tags), "")
    return row | {"status": status}
