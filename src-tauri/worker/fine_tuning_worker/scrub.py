"""Keeps tokens out of everything the worker prints, and its children with it."""

import faulthandler
import os
import threading

from .shared import SHARED

SECRETS = tuple(SHARED["secret_variables"])
"""Environment variables whose values never appear in a log or an event."""

SHORTEST: int = SHARED["shortest_secret"]
"""Values shorter than this are left alone: they would blank out ordinary words."""

MARK = "[secret]"
LONGEST_LINE = 1 << 16


def secrets(environment=os.environ) -> list[str]:
    """The values to hide, longest first, so that one inside another leaves nothing behind."""
    values = {environment.get(name, "").strip() for name in SECRETS}
    return sorted((value for value in values if len(value) >= SHORTEST), key=len, reverse=True)


def scrub(value, hidden: list[str]):
    """``value`` with every secret replaced, inside lists and dictionaries too."""
    if isinstance(value, str):
        for secret in hidden:
            value = value.replace(secret, MARK)
        return value
    if isinstance(value, dict):
        return {scrub(key, hidden): scrub(item, hidden) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [scrub(item, hidden) for item in value]
    return value


class ScrubbedOutput:
    """Standard output and error of this process and its children, through a scrubbing pipe.

    Works on the file descriptors, so that libraries that write past Python, and programs started
    from here, are covered. Does nothing where there is no secret. Lines are passed on whole: a
    secret never slips through in two halves. A crash still shows its stack, which holds no values,
    straight on the real standard error.
    """

    def __init__(self, descriptors=(1, 2)):
        self._descriptors = descriptors
        self._hidden = [secret.encode() for secret in secrets()]
        self._saved: dict[int, int] = {}
        self._pumps: list[threading.Thread] = []

    def __enter__(self):
        if not self._hidden:
            faulthandler.enable()
            return self
        for descriptor in self._descriptors:
            saved = os.dup(descriptor)
            reading, writing = os.pipe()
            os.dup2(writing, descriptor, inheritable=True)
            os.close(writing)
            pump = threading.Thread(target=self._pump, args=(reading, saved), daemon=True)
            pump.start()
            self._saved[descriptor] = saved
            self._pumps.append(pump)
        faulthandler.enable(file=self._saved[self._descriptors[-1]])
        return self

    def __exit__(self, *_):
        import sys

        sys.stdout.flush()
        sys.stderr.flush()
        if not self._saved:
            return
        faulthandler.enable()
        for descriptor, saved in self._saved.items():
            os.dup2(saved, descriptor, inheritable=True)
        # The pipes end when the last writer closes them. A child left behind may hold on to one.
        for pump in self._pumps:
            pump.join(timeout=2)

    def _pump(self, reading: int, writing: int):
        held = b""
        longest = max(len(secret) for secret in self._hidden)
        while chunk := os.read(reading, LONGEST_LINE):
            held += chunk
            end = max(held.rfind(b"\n"), held.rfind(b"\r")) + 1
            if not end and len(held) > LONGEST_LINE:
                held = self._hide(held)
                end = len(held) - longest
            if end:
                write_all(writing, self._hide(held[:end]))
                held = held[end:]
        write_all(writing, self._hide(held))

    def _hide(self, text: bytes) -> bytes:
        for secret in self._hidden:
            text = text.replace(secret, MARK.encode())
        return text


def write_all(descriptor: int, data: bytes):
    """Writes all of ``data``, as one write where the system takes it. Raises ``OSError``."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
