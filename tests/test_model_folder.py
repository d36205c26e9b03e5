"""Model folders: found in order, checked before use, nothing foreign accepted."""

import json
import shutil
from pathlib import Path

import pytest

from credcheck import Checker, LabelMismatchError, ModelDamagedError, ModelNotFoundError
from credcheck.model_folder import MANIFEST, NETWORK, TOKENIZER, find_model_folder

SHIPPED = find_model_folder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped model; its large network is linked, not copied."""
    copy = tmp_path / "model"
    copy.mkdir()
    for path in SHIPPED.iterdir():
        if path.name == NETWORK:
            (copy / NETWORK).symlink_to(path)
        else:
            shutil.copy(path, copy)
    return copy


def change_manifest(folder: Path, **values: object) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_whole_copy_works(folder: Path) -> None:
    assert Checker(folder).manifest.model_id


def test_argument_goes_before_environment(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDCHECK_MODEL", str(folder))
    assert find_model_folder() == folder
    assert find_model_folder(tmp_path) == tmp_path


def test_a_folder_that_does_not_exist_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="does not exist"):
        Checker(tmp_path / "nowhere")


def test_a_folder_without_manifest_is_foreign(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"holds no manifest\.json"):
        Checker(tmp_path)


def test_a_broken_manifest_is_damage(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")
    with pytest.raises(ModelDamagedError, match="cannot be understood"):
        Checker(folder)


def test_a_manifest_that_lacks_a_field_is_damage(folder: Path) -> None:
    (folder / MANIFEST).write_text(json.dumps({"model_id": "x"}))
    with pytest.raises(ModelDamagedError, match="cannot be understood"):
        Checker(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"files": ["a"]},
        {"files": {"model.onnx": 5}},
        {"calibration": {"temperature": -1, "threshold": 0.5}},
        {"calibration": {"temperature": 1, "threshold": "x"}},
        {"window": {"max_tokens": 1024}},
        {"window": {"max_tokens": "many"}},
    ],
)
def test_values_out_of_range_are_damage(folder: Path, values: dict[str, object]) -> None:
    change_manifest(folder, **values)
    with pytest.raises(ModelDamagedError, match="cannot be understood"):
        Checker(folder)


def test_other_statuses_are_a_mismatch(folder: Path) -> None:
    change_manifest(folder, statuses=["true", "false"])
    with pytest.raises(LabelMismatchError, match="true, false"):
        Checker(folder)


def test_a_changed_file_is_damage(folder: Path) -> None:
    (folder / TOKENIZER).write_text("{}")
    with pytest.raises(ModelDamagedError, match=r"tokenizer\.json"):
        Checker(folder)


def test_a_missing_network_is_damage(folder: Path) -> None:
    (folder / NETWORK).unlink()
    with pytest.raises(ModelDamagedError, match=r"model\.onnx is missing"):
        Checker(folder)


def test_a_network_that_is_none_is_damage(folder: Path) -> None:
    (folder / NETWORK).unlink()
    (folder / NETWORK).write_bytes(b"not a network")
    change_manifest(folder, files={})
    with pytest.raises(ModelDamagedError, match="cannot be loaded"):
        Checker(folder)


def test_a_tokenizer_that_is_none_is_damage(folder: Path) -> None:
    (folder / TOKENIZER).write_text("{}")
    change_manifest(folder, files={})
    with pytest.raises(ModelDamagedError, match=r"tokenizer\.json"):
        Checker(folder)


def test_shipped_files_are_small_enough() -> None:
    assert (SHIPPED / NETWORK).stat().st_size <= 80_000_000
    assert all(path.stat().st_size < 95_000_000 for path in SHIPPED.iterdir())
