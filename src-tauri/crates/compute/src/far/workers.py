"""Workers of run folders: started once, looked at, stopped."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

from far import system
from far.folder import Refused

ATTEMPT = "FTS_RUN_ATTEMPT"
SECONDS = 60
BOOT = "import sys;exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))"


class Workers:
    """The requests about workers."""

    def __init__(self, folder, keeper):
        self.folder = folder
        self.keeper = keeper.encode()

    def start(self, head, _body):
        """Start the worker of a run folder, once for an attempt."""
        path = self.folder.at(head["folder"])
        ask = {name: head[name] for name in ("command", "attempt", "environment", "secrets")}
        ask["folder"] = path
        # A process of its own, because this one has threads, and ends with the connection.
        starter = subprocess.Popen(
            [sys.executable, "-u", "-c", BOOT, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=path,
            start_new_session=True,
        )
        program = b"%d\n" % len(self.keeper) + self.keeper
        out, err = starter.communicate(program + json.dumps(ask).encode() + b"\n", SECONDS)
        if not out:
            raise Refused(
                err.decode("utf-8", "replace").strip()[-2000:] or "The worker could not be started."
            )
        answer = json.loads(out.decode())
        if "error" in answer:
            raise Refused(answer["error"])
        if not answer["handle"] or answer["handle"]["attempt"] != head["attempt"]:
            raise Refused("Another attempt of this run is running there.")
        return answer

    def sweep(self, head, _body):
        """Remove the folders whose mark has this text and is older; none whose worker runs."""
        above, removed = self.folder.at(head["below"]), []
        for name in os.listdir(above) if os.path.isdir(above) else ():
            path = self.folder.at("{}/{}".format(head["below"], name))
            mark = os.path.join(path, head["mark"])
            # Another session may remove the same.
            with contextlib.suppress(OSError):
                with open(mark) as file:
                    is_own = file.read() == head["text"]
                if (
                    is_own
                    and os.path.getmtime(mark) < time.time() - head["seconds"]
                    and not held(path)
                ):
                    shutil.rmtree(path)
                    removed.append(name)
        return {"removed": removed}

    def look(self, head, _body):
        return {"looks": [self._look(path) for path in head["folders"]]}

    def _look(self, path):
        path = self.folder.at(path)
        look = {
            "there": os.path.isdir(path),
            "held": False,
            "handle": None,
            "exit": None,
            "rebooted": False,
            "free_bytes": self.folder.free_bytes(),
            "sizes": {},
        }
        if not look["there"]:
            return look
        # Asked before the exit file is read: it is written before the lock is free.
        look["held"] = held(path)
        look["handle"] = read(path, "handle.json", json.loads)
        look["exit"] = read(path, "exit", int)
        boot = (look["handle"] or {}).get("boot")
        look["rebooted"] = bool(boot) and boot != system.boot()
        look["sizes"] = sizes(path)
        return look

    def signal(self, head, _body):
        """Ask for the end of a worker, or end it by force."""
        path = self.folder.at(head["folder"])
        if not os.path.isdir(path) or not held(path):
            return {"delivered": False}
        if not head["force"]:
            with open(os.path.join(path, "stop"), "w"):
                pass
        handle = read(path, "handle.json", json.loads) or {}
        pid, number = handle.get("pid"), signal.SIGKILL if head["force"] else signal.SIGTERM
        # The number may belong to another process by now.
        if pid and (not handle["start"] or system.start_of(pid) == handle["start"]):
            send(os.killpg, pid, number)
        if head["force"]:
            # A process that left the group still has the folder and the environment of the run.
            for pid in system.processes_in(os.path.realpath(path), ATTEMPT):
                send(os.kill, pid, number)
        return {"delivered": True}


def send(way, pid, number):
    with contextlib.suppress(OSError):
        way(pid, number)


def held(path):
    """Whether a process has the lock of a run folder."""
    try:
        lock = os.open(os.path.join(path, "lock"), os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def sizes(path):
    """The sizes of the files of a folder, in bytes, by their names."""
    found = {}
    for name in os.listdir(path):
        # One that got its name, or was removed, since the names were read is not there.
        with contextlib.suppress(FileNotFoundError):
            about = os.stat(os.path.join(path, name))
            if stat.S_ISREG(about.st_mode):
                found[name] = about.st_size
    return found


def read(path, name, form):
    try:
        with open(os.path.join(path, name)) as file:
            return form(file.read())
    except (OSError, ValueError):
        return None
