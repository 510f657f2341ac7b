"""One run, from "started" to "ended"."""

import logging
import os
import sys
import traceback
from pathlib import Path

from . import job as jobs
from .events import Events
from .failure import Failure, explain
from .scrub import ScrubbedOutput
from .stop import Stop, Stopped


def carry_out(folder: str) -> int:
    """Carries out the job of a run folder. Returns the exit code: 0 unless the run failed."""
    with ScrubbedOutput():
        stop = Stop()
        stop.listen()
        try:
            root = Path(folder).resolve()
            os.chdir(root)
            events = Events(root / "events.jsonl")
            events.send("started", pid=os.getpid(), attempt=jobs.attempt())
            events.status("loading", "Loading the libraries")
            ended = outcome(root, events, stop)
            events.send("ended", **ended)
        except OSError as error:
            # The events can't be written: the log is all that is left to say it in.
            traceback.print_exc()
            print(f"The run ended unrecorded: {explain(error).message}", file=sys.stderr)
            return 1
        return 1 if ended["status"] == "failed" else 0


def outcome(root: Path, events: Events, stop: Stop) -> dict:
    """Does the work and says how it ended, as the fields of the "ended" event."""
    quiet()
    ended = {"status": "succeeded", "message": None, "hint": None, "adapter": None}
    try:
        job = jobs.load(root)
        stop.check()
        ended["adapter"] = work_of(job)(root, job, events, stop)
    except Stopped:
        ended.update(status="stopped", message="Stopped as asked.")
    except BaseException as error:
        traceback.print_exc()
        failure = explain(error)
        ended.update(status="failed", message=failure.message, hint=failure.hint)
    return ended


def work_of(job: dict):
    """The function that does a job: ``work(root, job, events, stop)``, giving the adapter's folder."""
    if job["kind"] == "evaluation":
        from .evaluate import evaluate

        return evaluate
    framework = job.get("framework", "legacy")
    if framework == "script" or job.get("script"):
        from .script import run_script

        return run_script
    if framework == "axolotl":
        from .axolotl import run_axolotl

        return run_axolotl
    if framework == "legacy":
        from .train import train

        return train
    raise Failure(f"The framework “{framework}” is not known; it is legacy, axolotl or script.")


def quiet():
    """No progress bars in the log, no library that reports about its use, and no warning that
    concerns no run."""
    # PEFT imports bitsandbytes wherever it is installed, and on a processor that warns at its import
    # that a kernel for 4-bit weights is missing. Quantization is refused there anyway.
    logging.getLogger("bitsandbytes.backends").setLevel(logging.ERROR)
    for name, value in {
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # A server that is gone holds a run up for a minute, not for the half hour of the defaults.
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
        "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
        "DO_NOT_TRACK": "1",
        "GIT_PYTHON_REFRESH": "quiet",
        "TOKENIZERS_PARALLELISM": "true",
    }.items():
        os.environ.setdefault(name, value)
