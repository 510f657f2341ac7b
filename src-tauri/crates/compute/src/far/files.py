"""Files of the target's folder: written by content and whole, read in parts, removed."""

import hashlib
import os
import shutil

from far.folder import Refused
from far.parts import BLOCK, Parts, drop

TRIES = 5


class Files:
    """The requests about files."""

    def __init__(self, folder):
        self.folder = folder
        self.parts = Parts(folder)

    def prepare(self, _head, _body):
        self.folder.prepare()
        self.parts.sweep_old()
        return {"folder": self.folder.path, "home": os.path.expanduser("~")}

    def sizes(self, head, _body):
        """For each path the size of the file or of a folder's files; null if there is none."""
        return {"sizes": [self._size(path) for path in head["paths"]]}

    def _size(self, path):
        whole = self.folder.at(path)
        if os.path.isdir(whole):
            return sum(size for _, size in self._below(whole))
        return os.path.getsize(whole) if os.path.isfile(whole) else None

    def list(self, head, _body):
        """The files of a folder with their sizes; of a file, itself with an empty name."""
        whole = self.folder.at(head["path"])
        if os.path.isdir(whole):
            return {"kind": "folder", "files": sorted(self._below(whole))}
        return {"kind": "file", "files": [("", os.path.getsize(whole))]}

    def _below(self, whole):
        for at, _, names in os.walk(whole):
            for name in names:
                path = os.path.join(at, name)
                if os.path.isfile(path):
                    yield os.path.relpath(path, whole), os.path.getsize(path)

    def put(self, head, body):
        """Write a small file, whole."""
        if "sha256" in head and hashlib.sha256(body).hexdigest() != head["sha256"]:
            raise Refused("{} was damaged on the way.".format(head["path"]))
        with self.parts.temporary() as part:
            with open(part, "wb") as file:
                os.chmod(part, 0o600)
                file.write(body)
            self._name(part, head["path"])
        return {}

    def _name(self, part, path):
        """Give a complete file its name. Where another run sends the same, its folder may be given its
        own name at that moment; what is sent beside it is then put into a new one."""
        for tries_left in reversed(range(TRIES)):
            try:
                return os.rename(part, self.folder.made(path))
            except FileNotFoundError:
                if not tries_left or not os.path.exists(part):
                    raise

    def part(self, head, _body):
        """Begin or go on with a large file; says how many of its bytes are there."""
        return {"at": self.parts.begin(head["sha256"], head["size"])}

    def write(self, head, body):
        """Append to a large file."""
        self.parts.of(head["sha256"]).write(head["at"], body)
        return {}

    def finish(self, head, _body):
        """Give a large file its name, if its content is what was promised; says whether it is."""
        part = self.parts.finished(head["sha256"])
        if part is None:
            return {"as_promised": False}
        if head.get("fixed"):
            # It is linked into run folders, where nothing may write to it.
            os.chmod(part, 0o400)
        self._name(part, head["path"])
        return {"as_promised": True}

    def link(self, head, _body):
        """Give a file a second name, in place of what has that name."""
        source = self.folder.at(head["from"])
        with self.parts.temporary() as part:
            try:
                os.link(source, part)
            except OSError:
                # Not every file system has links.
                shutil.copyfile(source, part)
            # A rename onto another name of the same file does nothing.
            self._name(part, head["path"])
        return {}

    def place(self, head, _body):
        """Rename a complete folder to its name, unless that exists."""
        source, path = self.folder.at(head["from"]), self.folder.made(head["path"])
        if not os.path.isdir(path):
            os.makedirs(source, mode=0o700, exist_ok=True)
            try:
                os.rename(source, path)
            except OSError:
                # Another session sent the same and was faster.
                if not os.path.isdir(path):
                    raise
        shutil.rmtree(source, ignore_errors=True)
        return {}

    def read(self, head, _body):
        """Bytes of a file; fewer than asked for at its end."""
        with open(self.folder.at(head["path"]), "rb") as file:
            file.seek(head["at"])
            return {}, file.read(head["length"])

    def hash(self, head, _body):
        """The hash of a file's first bytes."""
        left, total = head["size"], hashlib.sha256()
        with open(self.folder.at(head["path"]), "rb") as file:
            while left:
                block = file.read(min(BLOCK, left))
                if not block:
                    break
                total.update(block)
                left -= len(block)
        return {"sha256": total.hexdigest(), "size": head["size"] - left}

    def remove(self, head, _body):
        """Remove a file or folder below the target's folder."""
        if not self.folder.is_prepared():
            raise Refused(f"{self.folder.path} is no folder of the studio: its marker is missing.")
        path = self.folder.at(head["path"])
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            drop(path)
        return {}
