"""Putting a finished folder or file into its place at once."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from .failure import Failure
from .job import attempt

ADAPTER = "adapter_config.json"
MODEL = "config.json"


def check_free(folder: Path):
    """Raises ``Failure`` if the folder of an adapter or a model already holds something that isn't
    this run's."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if attempt() > 1 and any((folder / name).exists() for name in (ADAPTER, MODEL)):
        # An earlier attempt came as far as this and was cut off before it said so.
        return
    raise Failure(
        f"“{folder}”, where the result is to be saved, already holds something.",
        "Choose another folder, or move what is there away.",
    )


@contextlib.contextmanager
def placed(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` to write into; takes its place when the block ends well, and is
    removed otherwise."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(folder)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    for path in partial.rglob("*"):
        if path.is_file():
            sync(path)
    check_free(folder)
    if folder.exists():
        shutil.rmtree(folder)
    os.replace(partial, folder)
    sync(folder.parent)


def partial_of(folder: Path) -> Path:
    """The folder that is written before it takes the place of ``folder``."""
    return folder.with_name(folder.name + ".partial")


def sync(path: Path):
    """Has the system write a file or folder out."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def placed_file(file: Path) -> Iterator[Path]:
    """A file beside ``file`` to write; takes its place when the block ends well, and is removed
    otherwise. A file that is there already is never replaced, whoever wrote it."""
    check_file_free(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(file)
    partial.unlink(missing_ok=True)
    try:
        yield partial
        sync(partial)
        check_file_free(file)
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    sync(file.parent)


def check_file_free(file: Path):
    """Raises ``Failure`` if there is something of this name already."""
    if file.exists():
        raise Failure(
            f"“{file}”, where the result is to be saved, already exists.",
            "Choose another name, or move what is there away.",
        )
