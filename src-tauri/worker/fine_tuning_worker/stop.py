"""Stopping politely: SIGTERM asks, the work ends at the next safe place."""

import contextlib
import signal
from collections.abc import Callable


class Stopped(BaseException):
    """The run was asked to stop. No ``Exception``, so that no library swallows it."""


class Stop:
    """Whether the run was asked to stop. One per process, made in the main thread."""

    def __init__(self):
        self.requested = False
        self._at_once = False
        self._then: list[Callable[[], None]] = []

    def listen(self):
        """Takes SIGTERM, and Ctrl C where a person started the worker."""
        signal.signal(signal.SIGTERM, self._asked)
        signal.signal(signal.SIGINT, self._asked)

    def _asked(self, *_):
        if self.requested:
            # Several processes of a run pass a request on to each other.
            return
        self.requested = True
        for call in self._then:
            call()
        if self._at_once:
            raise Stopped

    def check(self):
        """Raises ``Stopped`` if the run was asked to stop."""
        if self.requested:
            raise Stopped

    def then(self, call: Callable[[], None]):
        """Calls ``call`` when the run is asked to stop, from the signal handler."""
        self._then.append(call)

    @contextlib.contextmanager
    def at_once(self):
        """Inside, a request ends the work where it stands: for imports and loading, where nothing
        is lost and no safe place comes for a while."""
        self.check()
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False
        self.check()
