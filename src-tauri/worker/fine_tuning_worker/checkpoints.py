"""Finding a checkpoint to go on from. Needs no torch: a checkpoint is judged by its files."""

import json
import os
import re
import zipfile
from pathlib import Path

WEIGHTS = ("adapter_model.safetensors", "model.safetensors", "adapter_model.bin")
INDEX = "model.safetensors.index.json"
"""Names the files of a model that is saved in several."""


def newest_complete(folder: Path, passed_over=None) -> Path | None:
    """The checkpoint with the highest step whose files are whole.

    ``passed_over(path, reason)`` is called for every newer one that can't be used.
    """
    for step, path in reversed(by_step(folder)):
        reason = damage(path, step)
        if reason is None:
            return path
        if passed_over:
            passed_over(path, reason)
    return None


def by_step(folder: Path) -> list[tuple[int, Path]]:
    """The folders of checkpoints, whole or not, with their steps."""
    if not folder.is_dir():
        return []
    return sorted(
        (int(match[1]), path)
        for path in folder.iterdir()
        if path.is_dir() and (match := re.fullmatch(r"checkpoint-(\d+)", path.name))
    )


def name_best_here(path: Path):
    """Corrects where a checkpoint says that the best one is, if both came here from another folder: the
    trainer loads it at the end."""
    state_file = path / "trainer_state.json"
    state = json.loads(state_file.read_text(encoding="utf-8"))
    best = state.get("best_model_checkpoint")
    if not best or Path(best).is_dir():
        return
    # The path may be of a machine with other separators.
    here = path.parent / re.split(r"[\\/]", best)[-1]
    state["best_model_checkpoint"] = str(here) if here.is_dir() else None
    part = state_file.with_name(f"{state_file.name}.{os.getpid()}")
    part.write_text(json.dumps(state, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(state_file)


def damage(path: Path, step: int) -> str | None:
    """Why a checkpoint can't be resumed from, or None if it can."""
    try:
        state = json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
        if state.get("global_step") != step:
            return "its trainer_state.json is of another step"
    except FileNotFoundError:
        return "it has no trainer_state.json"
    except (ValueError, AttributeError):
        return "its trainer_state.json is damaged"
    weights = weights_of(path)
    if not weights:
        return "it has no weights"
    for file in weights:
        if not (whole_safetensors(file) if file.suffix == ".safetensors" else whole(file)):
            return f"{file.name} is missing or damaged"
    for name in ("optimizer.pt", "scheduler.pt"):
        if not whole(path / name):
            return f"{name} is missing or damaged"
    return None


def weights_of(path: Path) -> list[Path]:
    """The files of weights that a checkpoint has, or should have by its index."""
    if one := next((path / name for name in WEIGHTS if (path / name).exists()), None):
        return [one]
    try:
        index = json.loads((path / INDEX).read_text(encoding="utf-8"))
        return [path / name for name in sorted(set(index["weight_map"].values()))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def whole(path: Path) -> bool:
    """Whether a file that torch saved is there to its end (it is a zip: its index comes last)."""
    return path.exists() and zipfile.is_zipfile(path)


def whole_safetensors(path: Path) -> bool:
    """Whether a safetensors file is as long as its header says."""
    try:
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            size = os.fstat(file.fileno()).st_size
            if length > size:
                return False
            header = json.loads(file.read(length))
    except (OSError, ValueError):
        return False
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    return size == 8 + length + max(ends, default=0)
