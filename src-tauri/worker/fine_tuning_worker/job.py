"""``job.json``, the frozen specification of a run, and the rendered rows beside it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from . import CONTRACT_VERSION
from .failure import Failure

KINDS = ("training", "evaluation", "export")


def load(folder: Path) -> dict:
    """Reads and checks ``job.json``. Keys this worker doesn't know are left alone."""
    path = folder / "job.json"
    try:
        job = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Failure(f"“{path}” is missing, so there is nothing to run.") from None
    except ValueError as error:
        raise Failure(f"“{path}” is not JSON: {error}.") from None
    if not isinstance(job, dict):
        raise Failure(f"“{path}” holds no JSON object.")
    if job.get("version") != CONTRACT_VERSION:
        raise Failure(
            f"This run folder has version {job.get('version')!r}; this worker understands "
            f"version {CONTRACT_VERSION}.",
            "Start the run anew with a studio and a worker of the same release.",
        )
    if job.get("kind") not in KINDS:
        raise Failure(f"The kind of run {job.get('kind')!r} is not known; it is one of {KINDS}.")
    return job


def need(job: dict, *names: str):
    """The value at a path of keys in the job. Fails by naming the key that is missing."""
    value = job
    for depth, name in enumerate(names):
        if not isinstance(value, dict) or value.get(name) is None:
            raise Failure(f"job.json lacks “{'.'.join(names[: depth + 1])}”.")
        value = value[name]
    return value


def attempt() -> int:
    """Which try of the run this is, from 1."""
    try:
        return max(1, int(os.environ.get("FTS_RUN_ATTEMPT", "1")))
    except ValueError:
        return 1


def rows(path: Path) -> Iterator[dict]:
    """The rendered rows of a file, in order; none if there is no such file."""
    if not path.exists():
        return
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                raise Failure(f"Line {number} of “{path}” is not JSON.") from None
            if not isinstance(row, dict) or not ("text" in row or "prompt" in row):
                raise Failure(f"Line {number} of “{path}” has neither a prompt nor a text.")
            yield row
