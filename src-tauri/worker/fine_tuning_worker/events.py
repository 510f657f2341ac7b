"""``events.jsonl``: reports to the studio, one JSON object a line."""

import datetime
import json
import math
import os
import threading
import time
from pathlib import Path

from .scrub import scrub, secrets, write_all

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress events of one kind: the studio draws no faster."""


class Events:
    """Appends events. Each line is one write, so a stop in between never leaves half a line.

    An append that fails (a full disk) raises ``OSError``.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self._hidden = secrets()
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        if not ends_with_newline(self._file):
            # An earlier attempt was cut off inside a line.
            write_all(self._file, b"\n")

    def send(self, event: str, **fields):
        """Appends one event with the time of now."""
        now = datetime.datetime.now(datetime.UTC)
        line = {"time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        line["event"] = event
        line.update(scrub(finite(fields), self._hidden))
        text = json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n"
        with self._lock:
            write_all(self._file, text.encode("utf-8", "backslashreplace"))

    def status(self, status: str, message: str):
        """Says which part of the work is going on."""
        self.send("status", status=status, message=message)

    def message(self, text: str, level: str = "info"):
        """Says something a person should know that ends nothing."""
        self.send("message", level=level, text=text)

    def warning(self, text: str):
        """A message that a person should act on some time."""
        self.message(text, "warning")

    def work(self, done: int, total: int | None, unit: str):
        """Says how much of the present part of an export is done, in ``bytes``, ``tensors``,
        ``files`` or ``rows``."""
        if self.throttled(f"work {unit}", last=done == total):
            self.send("work", done=done, total=total, unit=unit)

    def throttled(self, key: str, last: bool = False) -> bool:
        """Whether an event of this kind may be sent now; ``last`` always may."""
        now = time.monotonic()
        if not last and now - self._last.get(key, -math.inf) < PROGRESS_INTERVAL:
            return False
        self._last[key] = now
        return True

    def earlier(self, *kinds: str) -> list[dict]:
        """The events of some kinds so far, by earlier attempts too. Broken lines are left out."""
        found = []
        with open(self.path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    value = json.loads(line)
                except ValueError:
                    continue
                if isinstance(value, dict) and value.get("event") in kinds:
                    found.append(value)
        return found


class Unwritten(Events):
    """The events of one of several processes whose first writes them for all."""

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self._last = {}

    def send(self, event: str, **fields):
        """Leaves it to the first."""


def finite(value):
    """``value`` with what JSON can't hold (NaN, infinities) as null, and numpy's numbers as ours."""
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    try:
        number = value.item() if hasattr(value, "item") else float(value)
    except (TypeError, ValueError):
        return str(value)
    return number if not isinstance(number, float) or math.isfinite(number) else None


def ends_with_newline(file: int) -> bool:
    """Whether an open file is empty or ends in a whole line."""
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"
