"""A program that does the training in the worker's stead."""

import collections
import subprocess
from collections.abc import Callable

from .failure import Failure, first_line
from .stop import Stop, Stopped

LAST_WORDS = 20
"""How many of the last lines are looked through for the reason of a failure."""


def run(command: list[str], stop: Stop, environment: dict, each: Callable[[str], None], what: str):
    """Runs a program in the worker's process group to its end, its output passed to the log.

    ``each`` gets every line. A request to stop is passed on, and raises ``Stopped`` once the program
    has ended. An exit code other than 0 raises ``Failure`` with the program's last line.
    """
    stop.check()
    last: collections.deque[str] = collections.deque(maxlen=LAST_WORDS)
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    stop.then(child.terminate)
    if stop.requested:
        # It was asked between the check and the line above.
        child.terminate()
    with child:
        for text in child.stdout:
            print(text, end="", flush=True)
            if text.strip():
                last.append(text.rstrip())
            each(text)
    if stop.requested:
        raise Stopped
    if child.returncode != 0:
        ended = (
            f"was killed by signal {-child.returncode}"
            if child.returncode < 0
            else f"ended with exit code {child.returncode}"
        )
        said = first_line(reason(last))
        raise Failure(
            f"{what} {ended}{f': {said}' if said else ''}", "The log has all that it said."
        )


def reason(last: collections.deque[str]) -> str:
    """The line most likely to say why: the last that isn't indented, as tracebacks end in one."""
    return next((text for text in reversed(last) if not text[0].isspace()), "")
