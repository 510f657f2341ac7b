"""Putting a finished folder or file into its place at once."""

import contextlib
import hashlib
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
    """A folder beside ``folder`` to write into; takes its place when the block ends well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(folder)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    yield partial
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


def sha256(path: Path) -> str:
    """The hash of a file's content, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
