"""The process that starts a worker, waits for it and writes how it ended. It outlives the connection.

It gets one line of JSON on standard input, which has the tokens, and answers with one line.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
import time

from far.system import boot, start_of

REPLACEMENT = b"[secret]"
SHORTEST = 4
LAST_WORDS = 2


def written(name, text):
    """Write a file of the run folder, whole."""
    with open(name + ".part", "w") as file:
        os.chmod(name + ".part", 0o600)
        file.write(text)
    os.rename(name + ".part", name)


def handle():
    """The handle of the last start, if there is one."""
    try:
        with open("handle.json") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def claimed(attempt):
    """The lock; or None if another process has it, or this attempt was started before."""
    lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
    # A look at the run has the lock for a moment, too.
    for _ in range(40):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            last = handle()
            if last and last["attempt"] == attempt and last["pid"]:
                return None
            time.sleep(0.05)
            continue
        last = handle()
        return None if last and last["attempt"] == attempt else lock
    return None


def drop(name):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name)


def scrubbed(source, log, secrets):
    """Copy what the worker prints to its log, without the secrets."""
    longest, kept = max(len(secret) for secret in secrets), b""
    while True:
        block = os.read(source, 1 << 16)
        kept += block
        for secret in secrets:
            kept = kept.replace(secret, REPLACEMENT)
        hold = 0
        for length in range(min(longest - 1, len(kept)), 0, -1) if block else ():
            if any(secret.startswith(kept[-length:]) for secret in secrets):
                hold = length
                break
        out, kept = kept[: len(kept) - hold], kept[len(kept) - hold :]
        try:
            while out:
                out = out[os.write(log, out) :]
        except OSError:
            # On a full disk the worker goes on without its log.
            pass
        if not block:
            return


def keep():
    """Start a worker, answer, and wait for its end."""
    ask = json.loads(sys.stdin.readline())
    # Who started it waits for no process that outlives the connection.
    if os.fork():
        os._exit(0)
    os.chdir(ask["folder"])
    lock = claimed(ask["attempt"])
    if lock is None:
        last = handle()
        print(json.dumps({"new": False, "handle": last}))
        return
    drop("exit")
    drop("stop")
    about = {
        "pid": 0,
        "start": "",
        "boot": boot(),
        "host": os.uname().nodename,
        "attempt": ask["attempt"],
    }
    written("handle.json", json.dumps(about))
    log = os.open("log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    secrets = [value.encode() for value in ask["secrets"].values() if len(value) >= SHORTEST]
    secrets.sort(key=len, reverse=True)
    source, sink = os.pipe() if secrets else (None, log)
    environment = dict(os.environ)
    environment.update(ask["environment"])
    environment.update(ask["secrets"])
    try:
        worker = subprocess.Popen(
            ask["command"],
            env=environment,
            stdin=lock,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    except OSError as error:
        drop("handle.json")
        print(json.dumps({"error": "{}: {}".format(ask["command"][0], error.strerror)}))
        return
    about["pid"], about["start"] = worker.pid, start_of(worker.pid)
    written("handle.json", json.dumps(about))
    with contextlib.suppress(OSError):
        # Who asked may be gone with its connection; the worker is kept all the same.
        print(json.dumps({"new": True, "handle": about}))
        sys.stdout.flush()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    copier = threading.Thread(target=scrubbed, args=(source, log, secrets), daemon=True)
    if secrets:
        os.close(sink)
        copier.start()
    code = worker.wait()
    if secrets:
        # What the worker left behind may hold its output open.
        copier.join(LAST_WORDS)
    # On a full disk the free lock alone says that it is over.
    with contextlib.suppress(OSError):
        written("exit", str(code))
