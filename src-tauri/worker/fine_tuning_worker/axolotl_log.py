"""What axolotl prints while it trains, as events."""

import ast
import re
from pathlib import Path

from . import checkpoints
from .events import Events

LOGGED = re.compile(r"\{'[a-z_]+':.*\}")
"""The dictionary that transformers prints for each logging step."""

BAR = re.compile(r"^\s*\d+%\|.*\| (\d+)/(\d+) \[.*(?:it/s|s/it)\]")
"""The steps done and to do in a progress bar that has no name: those with one prepare the rows, and
count examples."""

EACH_STEP = {"TQDM_MININTERVAL": "0", "TQDM_MINITERS": "1"}
"""Has the bar drawn at each step, ahead of what is logged of it. By default it is drawn ten times a
second at most, and a fast step is logged under the number of the one before."""


class Follower:
    """Turns lines of axolotl's output into events. Not every method's trainer prints that it saves a
    checkpoint, so those are looked for in the ``folder`` that it writes to."""

    def __init__(self, events: Events, folder: Path):
        self._events = events
        self._folder = folder
        self._told = {step for step, _ in checkpoints.by_step(folder)}
        self._step = 0
        self._steps = 0

    def __call__(self, text: str):
        # The first bar is the training's; those with another end are evaluations in between.
        bar = BAR.match(text)
        if bar and self._steps in (0, int(bar[2])):
            self._step, self._steps = int(bar[1]), int(bar[2])
            self.look()
            if self._events.throttled("progress", self._step == self._steps):
                self._events.send("progress", step=self._step, max_steps=self._steps, epoch=None)
        values = logged(text)
        if values is None:
            return
        epoch = values.pop("epoch", None)
        if values := {name: value for name, value in values.items() if is_measured(name, value)}:
            self._events.send("metrics", step=self._step, epoch=epoch, values=values)

    def look(self):
        """Reports checkpoints that are new and whole."""
        for step, path in checkpoints.by_step(self._folder):
            if step not in self._told and checkpoints.damage(path, step) is None:
                self._told.add(step)
                self._events.send("checkpoint", step=step, path=str(path))


def logged(text: str) -> dict[str, float] | None:
    """The numbers of a logging step, if the line has them. Newer transformers print them as texts."""
    match = LOGGED.search(text)
    if not match:
        return None
    try:
        values = ast.literal_eval(match[0])
        return {str(name): float(value) for name, value in values.items()}
    except (ValueError, SyntaxError, TypeError, AttributeError):
        return None


def is_measured(name: str, value: float) -> bool:
    """Whether a number was measured: axolotl logs the memory of a GPU where there is none, too."""
    return not (name.startswith("memory/") and value == 0)
