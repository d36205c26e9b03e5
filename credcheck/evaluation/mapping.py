"""A mapping file, TOML or JSON → the status names of a labelled set in our own.

[statuses]
"Official statement" = "confirmed_official"
"Rumour" = "unverified"
"Opinion" = ""            # left out of the set
"""

import json
import tomllib
from pathlib import Path

from credcheck.decoding import decode_text, read_bytes
from credcheck.errors import LabelledSetError
from credcheck.evaluation.labelled import LabelNames


def read_mapping(path: Path) -> LabelNames:
    """Read a mapping file; raises LabelledSetError with what is wrong and where."""
    if not path.is_file():
        raise LabelledSetError(f"mapping file {path} does not exist")
    text = decode_text(read_bytes(path), str(path)).text
    try:
        values = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabelledSetError(
            f"{path} is neither TOML nor JSON as its name says: {error}"
        ) from error
    mapping = values.get("statuses") if isinstance(values, dict) else None
    if not isinstance(mapping, dict) or not all(isinstance(v, str) for v in mapping.values()):
        raise LabelledSetError(
            f'{path}: a table [statuses] is needed, with lines such as "Rumour" = "unverified"'
        )
    return LabelNames(mapping)
