"""The target's folder: outside of it nothing is written or removed."""

import errno
import os

MARKER = ".fine-tuning-studio"
TEXT = "Fine Tuning Studio keeps runs, data and models here. Nothing else does.\n"


class Refused(Exception):
    """A request that is answered with a sentence."""


class Folder:
    """The target's folder."""

    def __init__(self, path):
        self.path = os.path.abspath(os.path.expanduser(path))

    def is_prepared(self):
        """Whether it was made here, or chosen and then prepared."""
        return os.path.isfile(os.path.join(self.path, MARKER))

    def prepare(self):
        """Make the folder, for its owner alone. One that holds other things is refused."""
        if self.is_prepared():
            return
        os.makedirs(self.path, mode=0o700, exist_ok=True)
        # Another session may prepare it at the same time: its marker comes first.
        if os.listdir(self.path) and not self.is_prepared():
            raise Refused(f"The folder {self.path} holds other things.")
        os.chmod(self.path, 0o700)
        with open(os.path.join(self.path, MARKER), "w") as marker:
            marker.write(TEXT)

    def at(self, path):
        """The absolute path of a path below the folder."""
        parts = path.split("/")
        if not all(part not in ("", ".", "..") and "\0" not in part for part in parts):
            raise Refused(f"{path!r} is no path below the target's folder.")
        whole = os.path.join(self.path, *parts)
        parent, root = os.path.realpath(os.path.dirname(whole)), os.path.realpath(self.path)
        if parent != root and not parent.startswith(root.rstrip("/") + "/"):
            raise Refused(f"{whole} leads out of the target's folder.")
        return whole

    def made(self, path):
        """The same, with the folders above it."""
        self.prepare()
        whole = self.at(path)
        os.makedirs(os.path.dirname(whole), mode=0o700, exist_ok=True)
        return whole

    def existing(self):
        """The folder, or the nearest folder above it that exists."""
        path = self.path
        while not os.path.isdir(path):
            path = os.path.dirname(path)
        return path

    def free_bytes(self):
        """The bytes that this user may still write where the folder is or would be."""
        try:
            disk = os.statvfs(self.existing())
        except OSError:
            return None
        return disk.f_bavail * disk.f_frsize

    def problem(self):
        """Why the folder can't be used, in a sentence."""
        place = self.existing()
        if os.path.lexists(self.path) and not os.path.isdir(self.path):
            return f"{self.path} is no folder."
        if not os.access(place, os.W_OK | os.X_OK):
            return f"This account may not write to {place}."
        if place == self.path and not self.is_prepared() and os.listdir(self.path):
            return f"The folder {self.path} holds other things."
        return None


def answered(error):
    """An error as the other side takes it: its kind, and the text of the system."""
    if isinstance(error, Refused):
        return {"kind": "refused", "text": str(error), "path": None}
    kinds = {
        errno.ENOSPC: "full",
        errno.EDQUOT: "full",
        errno.EACCES: "denied",
        errno.EPERM: "denied",
        errno.EROFS: "denied",
        errno.ENOENT: "missing",
    }
    if isinstance(error, OSError):
        kind = kinds.get(error.errno, "system")
        return {"kind": kind, "text": error.strerror or str(error), "path": error.filename}
    return {"kind": "fault", "text": f"{type(error).__name__}: {error}", "path": None}
