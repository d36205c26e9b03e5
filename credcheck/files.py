"""Text → a file that is whole, or not there at all."""

from pathlib import Path

from credcheck.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name, then put it in its place; raises OutputError.

    The folder is made when it is not there.
    """
    # A lone surrogate of a damaged text cannot be written as UTF-8.
    data = text.encode("utf-8", "replace")
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        new.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error}") from error
