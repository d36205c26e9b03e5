"""What is imported when: no torch ever, and nothing slow before it is needed."""

import os
import subprocess
import sys
from pathlib import Path

BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "transformers", "sklearn", "datasets", "scipy"):
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Blocker())
"""


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_cli_works_with_torch_blocked() -> None:
    code = BLOCKED + "from credcheck.cli import main; raise SystemExit(main(['labels']))"
    assert "confirmed_official" in run_python(code)


def test_scoring_works_with_torch_blocked(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Hujan turun. Camat berkata air sudah surut.")
    arguments = ["score", str(article), "--out", str(tmp_path / "out"), "--quiet"]
    run_python(BLOCKED + f"from credcheck.cli import main; raise SystemExit(main({arguments}))")
    assert (tmp_path / "out" / "profiles.jsonl").read_text()


def test_import_leaves_slow_libraries_alone() -> None:
    code = "import credcheck, sys; print(*sys.modules)"
    loaded = set(run_python(code).split())
    assert not loaded & {"torch", "transformers", "sklearn", "trafilatura", "pyarrow", "ftfy"}


def test_import_leaves_logging_and_warnings_alone() -> None:
    code = """
# numpy and its like set filters of their own.
import numpy, onnxruntime, tokenizers, logging, warnings
before = (logging.root.level, list(warnings.filters))
import credcheck
print(before == (logging.root.level, list(warnings.filters)))
"""
    assert run_python(code).strip() == "True"


def test_nothing_phones_home(tmp_path: Path) -> None:
    """ONNX Runtime's telemetry leaves a device id and a queue in the user's cache when it is on;
    what switches it on in a test is the absence of these variables."""
    article = tmp_path / "a.txt"
    article.write_text("Hujan turun. Camat berkata air sudah surut.")
    home = tmp_path / "home"
    home.mkdir()
    quiet = ("CI", "ORT_", "TF_BUILD", "GITHUB_", "XDG_", "HOME")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(quiet)}
    arguments = ["score", str(article), "--out", str(tmp_path / "out"), "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "credcheck", *arguments],
        env={**environment, "HOME": str(home)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(home.rglob("*")) == []


def test_onnx_runtime_is_imported_in_one_place() -> None:
    root = Path(__file__).parents[1]
    importing = {
        path.relative_to(root).as_posix()
        for folder in ("credcheck", "eval")
        for path in (root / folder).rglob("*.py")
        if "import onnxruntime\n" in path.read_text(encoding="utf-8").replace(
            "from credcheck.runtime import onnxruntime\n", "")
    }  # fmt: skip
    assert importing == {"credcheck/runtime.py"}
