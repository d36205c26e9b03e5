"""A training of a few steps, from articles to a model folder that a Checker opens."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytestmark = pytest.mark.train

from conftest import ROOT  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402

from credcheck import Checker  # noqa: E402

RECIPE = """
model_id = "tiny-trial"
epochs = 2
max_steps = 8
batch_tokens = 512
checkpoint_minutes = 0.0
average_share = 0.5
average_every = 2
feature_dropout = 0.1
precision = "float32"
[window]
max_tokens = 96
headline_tokens = 12
before_tokens = 20
after_tokens = 12
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the training code with a handful of articles to learn from."""
    root = tmp_path_factory.mktemp("workshop")
    shutil.copytree(ROOT / "training", root / "training", ignore=shutil.ignore_patterns("sets"))
    tokenizer = root / "models" / "credcheck-small-v3" / "tokenizer.json"
    tokenizer.parent.mkdir(parents=True)
    tokenizer.symlink_to(ROOT / "models" / "credcheck-small-v3" / "tokenizer.json")
    sets = root / "training" / "sets" / "written"
    sets.mkdir(parents=True)
    written = ROOT / "training" / "sets" / "written"
    for name, count in (("indonesian", 6), ("development-other-writer", 8)):
        lines = (written / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        (sets / f"{name}.jsonl").write_text("\n".join(lines[:count]), encoding="utf-8")
    for name in ("development.txt", "label-review.json", "not-scored.txt"):
        shutil.copy(ROOT / "training" / "sets" / name, sets.parent)
    (root / "recipe.toml").write_text(RECIPE)
    return root


def start(workshop: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key != "CREDCHECK_DATA"}
    environment["PYTHONPATH"] = f"{workshop}{os.pathsep}{ROOT}"
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=workshop, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=600)
    assert process.returncode == 0, output
    return output


def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(workshop: Path) -> None:
    command = ("training.train", "recipe.toml", "--out")
    finish(start(workshop, *command, "whole"))
    killed = start(workshop, *command, "killed")
    checkpoint = workshop / "killed" / "checkpoint.pt"
    deadline = time.monotonic() + 300
    while not checkpoint.is_file() and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert checkpoint.is_file()
    assert not (workshop / "killed" / "network.safetensors").exists()
    assert "going on from step" in finish(start(workshop, *command, "killed"))
    whole = load_file(workshop / "whole" / "network.safetensors")
    resumed = load_file(workshop / "killed" / "network.safetensors")
    assert whole.keys() == resumed.keys()
    for name, tensor in whole.items():
        assert abs(tensor - resumed[name]).max() < 1e-5, name
    lines = (workshop / "killed" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    log = [json.loads(line) for line in lines]
    assert [line["epoch"] for line in log] == sorted({line["epoch"] for line in log})
    assert "written" in log[-1]
    assert (workshop / "killed" / "log.svg").read_text().startswith("<?xml")


def test_export_proves_itself_and_a_checker_opens_it(workshop: Path) -> None:
    if not (workshop / "whole" / "network.safetensors").exists():
        finish(start(workshop, "training.train", "recipe.toml", "--out", "whole"))
    finish(start(workshop, "training.export", "whole", "--out", "model"))
    folder = workshop / "model"
    scores = json.loads((folder / "scores.json").read_text())
    assert scores["export"]["embedding_table_max_error"] == 0
    assert scores["export"]["float32_max_logit_difference"] < 1e-2
    assert scores["export"]["network_bytes"] <= 80_000_000
    assert scores["baselines"]["majority"]["written"]["accuracy"] > 0
    checker = Checker(folder)
    assert checker.manifest.model_id == "tiny-trial"
    assert checker.manifest.window.max_tokens == 96
    result = checker.check_text("Hujan turun sejak pagi. Camat berkata air sudah surut.")
    assert len(result.judgements) == 2
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "tiny-trial" in card
    assert scores["development"]["written"]["evidence"]["cue"]["n_annotated"] > 0
    interval = scores["development"]["written"]["accuracy_interval"]
    assert interval[0] <= scores["development"]["written"]["accuracy"] <= interval[1]
    assert not re.search(r"\b(None|nan)\b", card)
    share = {"value": 0.5, "low": 0.4, "high": 0.6}
    notices = {"n_articles": 2, "n_without_notice": 1, "recall": share, "precision": share}
    network = checker.manifest.files["model.onnx"]
    evaluations = {
        "network": network,
        "ai_notices": notices | {"articles_with_false_alarm": share},
    }
    (folder / "evaluations.json").write_text(json.dumps(evaluations))
    finish(start(workshop, "training.model_card", "model"))
    drawn_again = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "recall 0.500 [0.40, 0.60]" in drawn_again
    assert drawn_again.startswith(card[:400])
    Checker(folder)
