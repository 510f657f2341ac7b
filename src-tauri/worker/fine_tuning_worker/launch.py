"""A training in several processes of this machine, one for each device.

They are started here, as the worker starts every program. The launchers of the libraries don't fit:

- ``torchrun`` puts each process into a session of its own, which signals to the run's group don't
  reach and which outlives a worker that is killed. It waits thirty seconds for the others after one
  has failed, reports nothing of one that is killed, and opens a port to the network.
- ``accelerate launch`` is ``torchrun`` with the configuration of the user's account laid over the
  job's, and needs MPI on a processor.

The processes are what torchrun would have started, by the same variables, and accelerate divides the
rows among them.
"""

import json
import os
import platform
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

from . import device, ranks
from .child import Child
from .events import Events
from .failure import Failure
from .stop import Stop, Stopped

GRACE = 5
"""Seconds in which the other processes may end by themselves when one has failed."""

REST = 2
"""Seconds to wait for the rest of what an ended process printed."""


def processes(job: dict) -> int:
    """How many processes a training asks for; 1 where it doesn't say."""
    count = job.get("processes") or 1
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise Failure(f"“processes” in job.json is a number from 1, and “{count}” is none.")
    return count


def train_together(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Trains in several processes, and gives the folder of the ``adapter`` or ``model`` as the first of
    them does. If one fails or is killed, the others are ended."""
    count = processes(job)
    threads = max(1, device.cores() // count)
    stop.check()
    with tempfile.TemporaryDirectory(prefix="fine-tuning-ranks-") as folder:
        meeting = Path(folder)
        started = []
        try:
            for number in range(count):
                environment = ranks.environment(number, count, meeting, threads)
                started.append(Rank(root, meeting, number, count, environment))
            follow(started, stop)
        finally:
            for rank in started:
                rank.end()
        return result(started, events, stop)


class Rank:
    """One of the processes, as the worker sees it."""

    def __init__(self, root: Path, meeting: Path, number: int, count: int, environment: dict):
        self.title = f"Process {number + 1} of {count}"
        self.killed = False
        self._outcome = ranks.outcome_file(meeting, number)
        command = [sys.executable, "-u", "-m", "fine_tuning_worker", "rank", str(root)]
        self._child = Child(command, {**os.environ, **environment})
        self.process = self._child.process
        self._reader = threading.Thread(
            target=self._child.pass_on, kwargs={"mark": f"[{number + 1}] "}, daemon=True
        )
        self._reader.start()

    def failed(self) -> bool:
        """Whether it has ended, and not well."""
        return self.process.poll() not in (None, 0)

    def end(self):
        """Ends it at once, if it still runs, and waits for what it printed."""
        if self.process.poll() is None:
            self.killed = True
            self.process.kill()
        self.process.wait()
        # Programs that it started may hold on to its output.
        self._reader.join(REST)

    def outcome(self) -> dict:
        """How it says that it ended; empty if it couldn't say so."""
        return outcome(self._outcome)

    def signal(self) -> int | None:
        """The signal that ended it, if one did that wasn't ours."""
        code = self.process.returncode
        return -code if code < 0 and not self.killed else None

    def failure(self) -> Failure:
        """Why it failed, by its exit code and its last words."""
        failed = self._child.failure(self.title)
        if self.signal() == signal.SIGKILL:
            failed.hint = (
                "Too little memory is the commonest cause. The log has all that it said; a retry goes "
                "on from the last checkpoint."
            )
        return failed


def follow(started: list[Rank], stop: Stop):
    """Waits until all have ended; where one has failed, for ``GRACE`` seconds at most."""
    for rank in started:
        stop.then(rank.process.terminate)
    if stop.requested:
        # It was asked while they were started.
        for rank in started:
            rank.process.terminate()
    pool = ThreadPoolExecutor(len(started))
    left = {pool.submit(rank.process.wait) for rank in started}
    pool.shutdown(wait=False)
    deadline = None
    while left:
        remaining = None if deadline is None else max(0.0, deadline - time.monotonic())
        done, left = wait(left, remaining, return_when=FIRST_COMPLETED)
        if not done:
            return
        if deadline is None and any(rank.failed() for rank in started):
            deadline = time.monotonic() + GRACE


def result(started: list[Rank], events: Events, stop: Stop) -> dict:
    """What came of it, as the first process says. Raises ``Stopped``, or ``Failure`` with the reason of
    the process that failed first."""
    outcomes = [rank.outcome() for rank in started]
    first = outcomes[0]
    if first.get("status") == "succeeded":
        for rank in started:
            if rank.failed() or rank.killed:
                events.warning(f"{rank.title} did not end well, after the result was saved.")
        return {name: first[name] for name in ("adapter", "model") if first.get(name)}
    if any(outcome.get("status") == "stopped" for outcome in outcomes):
        raise Stopped
    for rank in started:
        if rank.signal() is not None:
            raise rank.failure()
    failed = first_failure(outcomes)
    if failed is None:
        rank = next((rank for rank in started if rank.failed() and not rank.killed), started[0])
        raise rank.failure()
    cause, failure = failed
    if failure.message != first.get("message"):
        failure.message = f"{started[cause].title}: {failure.message}"
    raise failure


def first_failure(outcomes: list[dict]) -> tuple[int, Failure] | None:
    """The number and the failure of the process that failed first: it has the reason, as a process also
    fails when it loses another one."""
    failures = [at for at, outcome in enumerate(outcomes) if outcome.get("status") == "failed"]
    if not failures:
        return None
    cause = min(failures, key=lambda at: outcomes[at]["at"])
    return cause, Failure(outcomes[cause]["message"], outcomes[cause]["hint"])


def outcome(path: Path) -> dict:
    """How a process says that it ended; empty if it couldn't say so."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_outcome(ended: dict):
    """Leaves for the worker how this process ended."""
    path = ranks.outcome_file(Path(os.environ[ranks.MEETING]), ranks.rank())
    written = {**ended, "at": time.time(), "host": platform.node()}
    path.write_text(json.dumps(written), encoding="utf-8")
