"""A JSON or JSONL file → its records, each with its place, and their fields."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import LabelledSetError

Row = dict[str, Any]
T = TypeVar("T")


def read_rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Place and object of each record: of a list, or one a line; raises LabelledSetError."""
    text = decode_text(read_bytes(path), str(path), repair=False).text
    if text.lstrip().startswith("[") or path.suffix.lower() == ".json":
        try:
            rows = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise LabelledSetError(f"{path} is not JSON: {error}") from error
        rows = rows if isinstance(rows, list) else [rows]
        numbered = [(f"{path}, record {number}", row) for number, row in enumerate(rows, start=1)]
    else:
        numbered = []
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                try:
                    numbered.append((f"{path}, line {number}", json.loads(line)))
                except (ValueError, RecursionError) as error:
                    raise LabelledSetError(f"{path}, line {number}: not JSON: {error}") from error
    for place, row in numbered:
        if not isinstance(row, dict):
            raise LabelledSetError(f"{place}: an article is an object, not {type(row).__name__}")
        yield place, row


def read_field(row: Row, name: str, kind: type[T], place: str) -> T:
    """A field of the kind that is needed; raises LabelledSetError."""
    value = row.get(name)
    # True is an int to Python, but no offset.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        found = "is missing" if value is None else f"is {type(value).__name__}"
        raise LabelledSetError(f"{place}: field {name!r} {found}, {kind.__name__} is needed")
    return value
