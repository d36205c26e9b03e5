"""`credcheck labels` and `credcheck model`: what the statuses mean, which model is used."""

import json
from typing import Annotated

import typer
from rich.console import Console

from credcheck.commands.options import ALL_DONE, ModelOption
from credcheck.labels import REQUESTED_STATUSES, STATUSES, SourceType
from credcheck.model_folder import find_model_folder, open_model_folder
from credcheck.terminal import labels_table


def run_labels(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> int:
    """List the statuses and source types with what they mean."""
    if as_json:
        statuses = [
            {"name": str(status), "meaning": status.meaning, "is_content": status.is_content}
            for status in STATUSES
        ]
        print(json.dumps({"statuses": statuses, "source_types": list(map(str, SourceType))}))
    else:
        Console().print(labels_table(REQUESTED_STATUSES))
    return ALL_DONE


def run_model(
    model: ModelOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> int:
    """Say which model is used, where it lies, and whether its files are whole."""
    folder = open_model_folder(find_model_folder(model or None))
    folder.check_files()
    manifest = folder.manifest
    if as_json:
        print(json.dumps({"path": str(folder.path), **manifest.to_dict()}))
        return ALL_DONE
    calibration = manifest.calibration
    lines = {
        "model": manifest.model_id,
        "folder": str(folder.path),
        "base": manifest.base,
        "licence": manifest.licence,
        "window": f"{manifest.window.max_tokens} tokens",
        "calibration": f"temperature {calibration.temperature:.3f}, "
        f"undecided below {calibration.threshold:.2f}",
        "languages of the base": " ".join(manifest.languages),
        "files": "whole (SHA-256 checked)",
    }
    for name, value in lines.items():
        print(f"{name:>22}  {value}")
    return ALL_DONE
