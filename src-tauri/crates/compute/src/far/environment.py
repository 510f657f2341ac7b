"""Python environments of the target's folder, each named after what it is made from."""

import json
import os
import platform
import sys

FOLDER = "env"
MAKING = ".making"
MARKER = "complete.json"
# What is read of a log at once, in bytes.
MOST = 1 << 20


class Environments:
    """The request about environments."""

    def __init__(self, folder, workers):
        self.folder = folder
        self.workers = workers

    def look(self, head, _body):
        """How an environment stands, and the log of its making from a place on."""
        name = head["name"]
        making = f"{FOLDER}/{name}{MAKING}"
        # Asked before its marker is looked for: that is written before the lock is free.
        look = self.workers.look({"folders": [making]}, b"")["looks"][0]
        whole, log = self.folder.at(f"{FOLDER}/{name}"), b""
        path = self.folder.at(making)
        if look["there"] and os.path.isfile(os.path.join(path, "log.txt")):
            with open(os.path.join(path, "log.txt"), "rb") as file:
                file.seek(head["at"])
                log = file.read(MOST)
        return {
            "folder": whole,
            "made": is_made(whole),
            "others": [other for other in self._all() if other != name],
            "making": look,
            "stopped": os.path.exists(os.path.join(path, "stop")),
            "python": sys.executable,
            "path": os.environ.get("PATH", ""),
            "system": platform.system(),
            "machine": platform.machine(),
        }, log

    def _all(self):
        folder = os.path.join(self.folder.path, FOLDER)
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return sorted(name for name in names if is_made(os.path.join(folder, name)))


def is_made(path):
    """Whether the environment was finished."""
    try:
        with open(os.path.join(path, MARKER)) as file:
            return bool(json.load(file)["requirements"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
