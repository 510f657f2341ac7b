"""Frames on standard input and output: a line of JSON, and the bytes whose number it gives as ``n``."""

import json
import threading
import time


class Line:
    """Both directions. Frames may be sent from any thread; one thread receives."""

    def __init__(self, received, sent):
        self._received = received
        self._sent = sent
        self._sending = threading.Lock()
        self.received_at = time.monotonic()

    def send(self, head, body=b""):
        """Send one frame, whole."""
        head["n"] = len(body)
        frame = json.dumps(head).encode() + b"\n" + body
        with self._sending:
            self._sent.write(frame)
            self._sent.flush()

    def receive(self):
        """The next frame, or None at the end of the input, also within a frame."""
        line = self._received.readline()
        if not line.endswith(b"\n"):
            return None
        head = json.loads(line.decode())
        body = self._received.read(head.get("n", 0))
        self.received_at = time.monotonic()
        return None if len(body) < head.get("n", 0) else (head, body)
