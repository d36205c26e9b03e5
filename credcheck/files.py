"""Text → a file that is whole, or not there at all."""

import os
import tempfile
from pathlib import Path

from credcheck.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name, then put it in its place; raises OutputError.

    The folder is made when it is not there.
    """
    # A lone surrogate of a damaged text cannot be written as UTF-8.
    data = text.encode("utf-8", "replace")
    new = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # A temporary file is its owner's alone; results are as readable as others.
        Path(new).chmod(0o644)
        Path(new).replace(path)
    except OSError as error:
        if new:
            Path(new).unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error}") from error
