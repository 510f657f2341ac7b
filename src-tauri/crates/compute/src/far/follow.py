"""Files that are followed: what was appended, as it is appended, and a beat each second."""

import os
import threading
import time

BLOCK = 1 << 18
# What may be under way of one folder: who reads slowly does not hold up the others.
WINDOW = 1 << 20
BUSY, QUIET, BEAT = 0.05, 0.2, 1.0
# The other side says something every 15 seconds.
SILENCE = 90.0


class Followed:
    """The files of one folder."""

    def __init__(self, path, files):
        self.path = path
        self.files = dict(files)
        self.numbers = {}
        self.window = WINDOW


class Follower:
    """The thread that looks at all followed files."""

    def __init__(self, folder, line):
        self.folder = folder
        self.line = line
        self.all = {}
        self.wake = threading.Event()

    def follow(self, head, _body):
        self.all[head["id"]] = Followed(self.folder.at(head["folder"]), head["files"])
        self.wake.set()
        return {}

    def unfollow(self, head, _body):
        self.all.pop(head["follow"], None)
        return {}

    def taken(self, head, _body):
        """The other side has processed that many bytes."""
        followed = self.all.get(head["follow"])
        if followed is not None:
            followed.window += head["bytes"]
            self.wake.set()

    def work(self):
        """Look, send and beat until the process ends."""
        beat, busy = 0.0, 0.0
        while True:
            now = time.monotonic()
            if now - beat >= BEAT:
                beat = now
                if now - self.line.received_at > SILENCE:
                    # The line was cut in a way that this end is not told.
                    os._exit(0)
                self.line.send({"beat": time.time()})
            if any([self._look(number, followed) for number, followed in list(self.all.items())]):
                busy = now
            pause = BUSY if now - busy < 5 else QUIET
            self.wake.wait(pause if self.all else BEAT - (time.monotonic() - beat))
            self.wake.clear()

    def _look(self, number, followed):
        news = False
        for name, at in followed.files.items():
            path = os.path.join(followed.path, name)
            try:
                about = os.stat(path)
            except OSError:
                continue
            other = followed.numbers.setdefault(name, about.st_ino) != about.st_ino
            if about.st_size < at or other:
                followed.numbers[name] = about.st_ino
                followed.files[name] = at = 0
                self.line.send({"follow": number, "file": name, "anew": True})
            if at < about.st_size and followed.window > 0:
                news = True
                followed.files[name] = self._send(number, followed, name, at, about.st_size)
        return news

    def _send(self, number, followed, name, at, size):
        try:
            with open(os.path.join(followed.path, name), "rb") as file:
                file.seek(at)
                while at < size and followed.window > 0:
                    part = file.read(min(size - at, BLOCK))
                    if not part:
                        break
                    followed.window -= len(part)
                    self.line.send({"follow": number, "file": name, "at": at}, part)
                    at += len(part)
        except OSError:
            pass
        return at
