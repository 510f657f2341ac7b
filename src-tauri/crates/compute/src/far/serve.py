"""Answers requests until the input ends. Nothing but workers is left behind then."""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from far.commands import Commands
from far.environment import Environments
from far.files import Files
from far.folder import Folder, answered
from far.follow import Follower
from far.line import Line
from far.probe import probe
from far.workers import Workers

# What is answered in the order of the requests; all else in threads, so that nothing waits for it.
ORDERED = ("put", "part", "write", "finish", "follow", "unfollow")
THREADS = 8


def serve(nonce, target, python, keeper):
    """Talk over standard input and output; a line with the nonce is the first."""
    # Set by the other side for the messages of SSH; the programs here have their own language.
    if os.environ.get("LC_ALL") == "C":
        del os.environ["LC_ALL"]
    line = Line(sys.stdin.buffer, sys.stdout.buffer)
    folder = Folder(target)
    files, commands, workers = Files(folder), Commands(folder), Workers(folder, keeper)
    follower = Follower(folder, line)
    requests = {
        "probe": lambda _head, _body: {"probe": probe(folder, python), "clock": time.time()},
        "run": commands.run,
        "start": workers.start,
        "look": workers.look,
        "signal": workers.signal,
        "sweep": workers.sweep,
        "environment": Environments(folder, workers).look,
        "follow": follower.follow,
        "unfollow": follower.unfollow,
    }
    for name in (
        "prepare",
        "sizes",
        "list",
        "put",
        "part",
        "write",
        "finish",
        "link",
        "place",
        "read",
        "hash",
        "remove",
    ):
        requests[name] = getattr(files, name)
    sys.stdout.buffer.write(b"\n" + nonce.encode() + b"\n")
    line.send({"ready": True, "folder": folder.path, "clock": time.time()})

    def answer(head, body):
        try:
            result = requests[head["do"]](head, body)
            result, rest = result if isinstance(result, tuple) else (result, b"")
        except Exception as error:
            result, rest = {"error": answered(error)}, b""
        result["id"] = head["id"]
        line.send(result, rest)

    threading.Thread(target=quietly(follower.work), daemon=True).start()
    pool = ThreadPoolExecutor(THREADS)
    while True:
        frame = line.receive()
        if frame is None:
            # Threads may be within a request; the connection that asked for it is gone.
            os._exit(0)
        head, body = frame
        if head["do"] == "alive":
            continue
        if head["do"] == "taken":
            follower.taken(head, body)
        elif head["do"] in ORDERED:
            quietly(answer)(head, body)
        else:
            pool.submit(quietly(answer), head, body)


def quietly(work):
    """The same, but the process ends once its output is closed."""

    def quiet(*arguments):
        try:
            work(*arguments)
        except OSError:
            os._exit(0)

    return quiet
