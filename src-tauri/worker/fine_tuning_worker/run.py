"""One run, from "started" to "ended"."""

import faulthandler
import os
import sys
import traceback
from pathlib import Path

from . import device, launch, nodes, pinned, quiet, ranks
from . import job as jobs
from .events import Events, Unwritten
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


def carry_out_rank(folder: str) -> int:
    """Carries out the part of one of several processes that train together. Returns the exit code."""
    faulthandler.enable()
    ranks.end_with_worker()
    stop = Stop()
    stop.listen()
    root = Path(folder)
    os.chdir(root)
    events = (Events if ranks.is_first() else Unwritten)(root / "events.jsonl")
    ended = outcome(root, events, stop)
    launch.write_outcome(ended)
    if ended["status"] == "failed":
        return 1
    ranks.leave()
    return 0


def outcome(root: Path, events: Events, stop: Stop) -> dict:
    """Does the work and says how it ended, as the fields of the "ended" event."""
    quiet.environment()
    ended = {"status": "succeeded", "message": None, "hint": None, "adapter": None, "model": None}
    try:
        job = jobs.load(root)
        if not ranks.inside():
            device.restrict(job.get("devices"))
        stop.check()
        with stop.at_once():
            pinned.place(job)
        ended |= work_of(job)(root, job, events, stop)
    except Stopped:
        ended.update(status="stopped", message="Stopped as asked.")
    except BaseException as error:
        traceback.print_exc()
        failure = explain(error)
        ended.update(status="failed", message=failure.message, hint=failure.hint)
    return ended


def work_of(job: dict):
    """The function that does a job: ``work(root, job, events, stop)``, giving the folder of the
    ``adapter`` or the ``model`` that came of it, if one did, or the ``output`` of an export."""
    if job["kind"] == "export":
        from .export import export

        return export
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
        if nodes.count() > 1 and not ranks.inside():
            return nodes.train_on_nodes
        if launch.processes(job) > 1 and not ranks.inside():
            return launch.train_together
        from .train import train

        return train
    raise Failure(f"The framework “{framework}” is not known; it is legacy, axolotl or script.")
