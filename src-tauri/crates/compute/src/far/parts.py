"""Files that are being received. Each session has its own, so that none writes to another's."""

import contextlib
import fcntl
import hashlib
import itertools
import os
import shutil
import time

from far.folder import Refused

BLOCK = 1 << 20
FOLDER = "parts"
# What no session takes up again is removed after so many seconds.
KEPT = 7 * 24 * 3600


class Part:
    """A file that is being received: its bytes so far, and their hash. The session has its lock."""

    def __init__(self, path, file, size):
        self.path = path
        self.file = file
        self.at = os.fstat(self.file).st_size
        if self.at > size:
            os.ftruncate(self.file, 0)
            self.at = 0
        self.hash = hashlib.sha256()
        for block in iter(lambda: os.read(self.file, BLOCK), b""):
            self.hash.update(block)

    def write(self, at, data):
        """Append; the position is compared, because an earlier write may have failed."""
        if at != self.at:
            raise Refused(f"Bytes at {at} were received where those at {self.at} were due.")
        while data:
            written = os.write(self.file, data)
            self.at += written
            self.hash.update(data[:written])
            data = data[written:]


class Parts:
    """All that this session receives, by the hash that the whole file will have."""

    def __init__(self, folder):
        self.folder = folder
        self.open = {}
        self.numbers = itertools.count()

    def begin(self, sha256, size):
        """Begin, with what an earlier session has left; returns how many bytes are there."""
        if sha256 in self.open:
            os.close(self.open.pop(sha256).file)
        own, file = self._path(sha256), None
        left = sorted(self._left(sha256), reverse=True)
        if left and left[0][1] != own:
            file = claimed(left[0][1])
            # It may be gone by now; then all is sent.
            with contextlib.suppress(FileNotFoundError):
                if file is not None:
                    os.rename(left[0][1], own)
                else:
                    # A session that was cut may last for a while; another may send the same.
                    shutil.copyfile(left[0][1], own)
        if file is None:
            file = claimed(own, os.O_CREAT)
        if file is None:
            raise Refused("A file that is received is locked.")
        self._sweep(sha256, own)
        part = self.open[sha256] = Part(own, file, size)
        return part.at

    def of(self, sha256):
        if sha256 not in self.open:
            raise Refused("No such file was begun.")
        return self.open[sha256]

    def finished(self, sha256):
        """The path of a file whose content is what was promised, or None; what is not is removed."""
        part = self.of(sha256)
        del self.open[sha256]
        os.close(part.file)
        if part.hash.hexdigest() != sha256:
            drop(part.path)
            return None
        self._sweep(sha256, part.path)
        return part.path

    @contextlib.contextmanager
    def temporary(self):
        """A path for a file that is renamed once it is complete."""
        path = self._path("small", next(self.numbers))
        try:
            yield path
        finally:
            drop(path)

    def sweep_old(self):
        """Remove what no session has taken up again for days."""
        for _, path in self._left(""):
            with contextlib.suppress(OSError):
                if os.path.getmtime(path) < time.time() - KEPT:
                    self._remove(path)

    def _path(self, name, number=0):
        return self.folder.made(f"{FOLDER}/{name}.{os.uname().nodename}-{os.getpid()}-{number}")

    def _left(self, start):
        """What lies there, with sizes."""
        folder, found = os.path.join(self.folder.path, FOLDER), []
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            path = os.path.join(folder, name)
            with contextlib.suppress(OSError):
                if name.startswith(start):
                    found.append((os.path.getsize(path), path))
        return found

    def _sweep(self, sha256, own):
        for _, path in self._left(sha256):
            if path != own:
                self._remove(path)

    @staticmethod
    def _remove(path):
        file = claimed(path)
        if file is not None:
            drop(path)
            os.close(file)


def claimed(path, create=0):
    """The open file with its lock; None if another session has that, or it is gone."""
    try:
        file = os.open(path, os.O_RDWR | create, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file), os.stat(path)):
            return file
    except FileNotFoundError:
        pass
    except OSError as error:
        # Some network file systems have no locks.
        if not isinstance(error, BlockingIOError):
            return file
    os.close(file)
    return None


def drop(path):
    """Remove a file, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
