"""Exports: models and adapters written for other programs. What an export writes is its way; each way
has a module of its own with ``export(job, events, stop)``, which gives an ``Outcome``."""

import contextlib
import hashlib
import importlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .events import Events
from .failure import Failure
from .job import attempt, need
from .outputs import sync
from .stop import Stop

WAYS = {
    "merge": "merge",
    "gguf": "gguf",
    "ollama": "ollama",
    "publish": "publish",
    "mlflow": "mlflow_model",
}
"""The module of each way."""


@dataclass
class Outcome:
    """What came of an export: the path or the address of the result, and the report."""

    output: str | None
    report: dict


def export(_root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Carries out an export, and reports it."""
    way = need(job, "way")
    if way not in WAYS:
        raise Failure(
            f"This worker can't export as “{way}”.",
            "Start the run anew with a studio and a worker of the same release.",
        )
    if (made := kept(job, events)) is not None:
        events.send("report", report=made)
        return {"output": made["output"]}
    module = importlib.import_module(f".{WAYS[way]}", __package__)
    outcome = module.export(job, events, stop)
    events.send("report", report=outcome.report)
    return {"output": outcome.output}


def kept(job: dict, events: Events) -> dict | None:
    """The report of an earlier attempt that came to its end, and whose result is as it was then. What
    else lies in the run folder, where a machine that runs this for another one has its results, is
    removed."""
    to = job.get("to")
    if not to or attempt() == 1:
        return None
    place, reports = Path(to), [event.get("report") for event in events.earlier("report")]
    made = reports[-1] if reports else None
    if made and made.get("output") == to and list(files_of(place)) == made.get("files"):
        return made
    if not place.is_absolute():
        remove(place)
    return None


def report(job: dict, output: Path | str | None, **fields) -> dict:
    """The report of an export, with the files of a folder or the file that was written."""
    files = list(files_of(Path(output))) if isinstance(output, Path) else []
    return {
        "way": job["way"],
        "output": None if output is None else str(output),
        "bytes": sum(file["bytes"] for file in files),
        "files": files,
        "checks": [],
        "notes": [],
        "facts": {},
        **fields,
    }


def check(name: str, passed: bool | None, text: str, value=None, limit=None) -> dict:
    """A check of a report. ``value`` is what was measured; up to ``limit`` the result is good."""
    return {"name": name, "passed": passed, "value": value, "limit": limit, "text": text}


def files_of(place: Path) -> Iterator[dict]:
    """Path, size and SHA-256 of a file, or of all files in a folder."""
    paths = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    for path in paths:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = path.name if path == place else path.relative_to(place).as_posix()
        yield {"path": name, "bytes": path.stat().st_size, "sha256": digest}


def check_free(place: Path):
    """Raises ``Failure`` if something stands where the result is to be written."""
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise taken(place)


def taken(place: Path) -> Failure:
    """The failure for a place that holds something."""
    return Failure(
        f"“{place}”, where the result is to be saved, already holds something.",
        "Choose another place, or move what is there away.",
    )


def check_room(place: Path, needed: int):
    """Raises ``Failure`` if the disk of a place has no room for that many bytes."""
    existing = next(folder for folder in place.parents if folder.is_dir())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise Failure(
            f"The result takes {megabytes(needed)}, and {megabytes(free)} are free on its disk.",
            "Make room, or choose another disk.",
        )


def megabytes(count: int) -> str:
    """A number of bytes as text."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


@contextlib.contextmanager
def placed(job: dict, place: Path) -> Iterator[Path]:
    """A path beside ``place`` for a folder or a file to write; it takes its place when the block ends
    well, and is removed when it does not. Exports to one place do not touch each other's."""
    check_free(place)
    partial = place.with_name(f".{place.name}.{need(job, 'id')}.partial")
    remove(partial)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        for path in [partial, *partial.rglob("*")]:
            sync(path)
        check_free(place)
        put(partial, place)
        sync(place.parent)
    finally:
        remove(partial)


def put(partial: Path, place: Path):
    """Moves a folder or a file to its place. Raises ``Failure`` where another program put something
    there since it was looked at."""
    try:
        if partial.is_file():
            # A file would take the place of another without a word; a further name for it does not.
            with contextlib.suppress(OSError):
                os.link(partial, place)
                return
            if place.exists():
                raise taken(place)
        os.replace(partial, place)
    except OSError as error:
        raise taken(place) if place.exists() else error from None


@contextlib.contextmanager
def temporary(name: str) -> Iterator[Path]:
    """A path in the run folder for what is needed during the run alone."""
    path = Path.cwd() / f"{name}.partial"
    remove(path)
    try:
        yield path
    finally:
        remove(path)


def remove(path: Path):
    """Removes a folder or a file, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
