"""The floors of the house: a module imports only from floors below its own."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "credcheck"

FLOORS = {
    "__init__": 8,
    "__main__": 8,
    "cli": 7,
    "commands": 6,
    "batch": 5,
    "evaluation": 5,
    "checker": 4,
    "terminal": 3,
    "readers": 3,
    "segmenter": 3,
    "windows": 3,
    "encoder": 3,
    "judgements": 3,
    "languages": 3,
    "profiles": 3,
    "writers": 3,
    "structured": 2,
    "articles": 2,
    "decoding": 2,
    "abbreviations": 2,
    "model_folder": 2,
    "records": 2,
    "files": 2,
    "runtime": 2,
    "errors": 1,
    "labels": 1,
    "version": 1,
}
ALLOWED_BESIDE = {
    # The record of one station is the input of the next; only the type is shared.
    ("judgements", "encoder"),
    # Both make articles of files; the readers open what the structured formats share.
    ("structured", "articles"),
    ("structured", "decoding"),
    ("structured", "records"),
    ("articles", "records"),
    ("__main__", "cli"),
}
MAX_LINES = {"credcheck": 320, "training": 360, "eval": 320}


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_every_module_stands_on_a_floor() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {path.stem for path in PACKAGE.glob("*.py")} | folders == set(FLOORS)


@pytest.mark.parametrize("module", sorted(FLOORS))
def test_module_imports_only_from_lower_floors(module: str) -> None:
    path = PACKAGE / f"{module}.py"
    paths = [path] if path.is_file() else sorted((PACKAGE / module).glob("*.py"))
    for name in set[str]().union(*map(imports_of, paths)):
        parts = name.split(".")
        if parts[0] != "credcheck":
            continue
        target = parts[1] if len(parts) > 1 and parts[1] in FLOORS else "__init__"
        if name != "credcheck" and target == "__init__" and len(parts) > 1:
            continue
        if (module, target) in ALLOWED_BESIDE or target == module:
            continue
        assert FLOORS[target] < FLOORS[module], f"{module} imports {name} from beside or above"


@pytest.mark.parametrize("folder", ["credcheck", "eval"])
def test_inference_and_evaluation_never_import_torch(folder: str) -> None:
    heavy = {"torch", "transformers", "datasets", "sklearn", "training"}
    for path in (ROOT / folder).rglob("*.py"):
        found = {name.split(".")[0] for name in imports_of(path)} & heavy
        assert not found, f"{path} imports {found}"


@pytest.mark.parametrize("folder", sorted(MAX_LINES))
def test_no_file_has_grown_past_its_name(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        n_lines = len(path.read_text(encoding="utf-8").splitlines())
        assert n_lines <= MAX_LINES[folder], f"{path} has {n_lines} lines: split it"


def test_nothing_is_unpickled() -> None:
    for folder in ("credcheck", "training", "eval"):
        for path in (ROOT / folder).rglob("*.py"):
            names = imports_of(path)
            assert not names & {"pickle", "joblib", "dill", "shelve"}, path
            text = path.read_text(encoding="utf-8")
            assert text.count("torch.load(") == text.count("weights_only=True"), path
