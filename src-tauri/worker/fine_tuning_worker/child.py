"""Programs that the worker starts: their output goes to the log, their last lines say why they fail."""

import collections
import subprocess
from collections.abc import Callable

from .failure import Failure, first_line
from .stop import Stop, Stopped

LAST_WORDS = 20
"""How many of the last lines are looked through for the reason of a failure."""


class Child:
    """A program in the worker's process group."""

    def __init__(self, command: list[str], environment: dict):
        self._last: collections.deque[str] = collections.deque(maxlen=LAST_WORDS)
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def pass_on(
        self,
        each: Callable[[str], None] | None = None,
        mark: str = "",
        left_out: Callable[[str], bool] = lambda text: False,
    ):
        """Passes its output to the log until it closes it, with ``mark`` before each line. ``each``
        gets every line, the log those that are not ``left_out``."""
        for text in self.process.stdout:
            if not left_out(text):
                print(f"{mark}{text}", end="", flush=True)
            if text.strip():
                self._last.append(text.rstrip())
            if each:
                each(text)

    def failure(self, what: str) -> Failure:
        """The failure of a program that ended with another exit code than 0, with its last words."""
        code = self.process.returncode
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        said = first_line(reason(self._last))
        return Failure(
            f"{what} {ended}{f': {said}' if said else ''}", "The log has all that it said."
        )


def run(
    command: list[str],
    stop: Stop,
    environment: dict,
    each: Callable[[str], None],
    what: str,
    left_out: Callable[[str], bool] = lambda text: False,
):
    """Runs a program in the worker's process group to its end, its output passed to the log.

    ``each`` gets every line, the log those that are not ``left_out``. A request to stop is passed on,
    and raises ``Stopped`` once the program has ended. An exit code other than 0 raises ``Failure`` with
    the program's last line.
    """
    stop.check()
    child = Child(command, environment)
    stop.then(child.process.terminate)
    if stop.requested:
        # It was asked between the check and the line above.
        child.process.terminate()
    with child.process:
        child.pass_on(each, left_out=left_out)
    if stop.requested:
        raise Stopped
    if child.process.returncode != 0:
        raise child.failure(what)


def reason(last: collections.deque[str]) -> str:
    """The line most likely to say why: the last that isn't indented, as tracebacks end in one."""
    return next((text for text in reversed(last) if not text[0].isspace()), "")
