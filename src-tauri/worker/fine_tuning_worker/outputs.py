"""Putting a finished folder or file into its place at once."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from .failure import Failure
from .job import attempt

ADAPTER = "adapter_config.json"


def check_free(adapter: Path):
    """Raises ``Failure`` if the adapter's folder already holds something that isn't this run's."""
    if not adapter.exists() or (adapter.is_dir() and not any(adapter.iterdir())):
        return
    if attempt() > 1 and (adapter / ADAPTER).exists():
        # An earlier attempt came as far as this and was cut off before it said so.
        return
    raise Failure(
        f"“{adapter}”, where the adapter is to be saved, already holds something.",
        "Choose another folder, or move what is there away.",
    )


@contextlib.contextmanager
def placed(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` to write into; takes its place when the block ends well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(folder.name + ".partial")
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


def sync(path: Path):
    """Has the system write a file or folder out."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
