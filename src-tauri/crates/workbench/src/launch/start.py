"""Runs the worker of one attempt of a run, and notes how it ended.

A kernel runs this file without ``__file__`` and takes every ``SystemExit`` for a failure, so it
has neither.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import threading

# Seconds between two looks at the file that asks to stop.
PAUSE = 0.5


def start(folder, mark):
    """Starts the worker; returns it, and the texts that its log must not have."""
    launch = json.loads((folder / (mark + ".json")).read_text(encoding="utf-8"))
    environment = dict(os.environ)
    environment.update(launch["environment"])
    # Jobs start in the project's folder, the worker in that of its run.
    environment["PYTHONPATH"] = str(pathlib.Path(launch["worker"]).absolute())
    tokens, secrets = folder / ".tokens", {}
    if tokens.exists():
        secrets = json.loads(tokens.read_text(encoding="utf-8"))
        tokens.unlink()
    environment.update(secrets)
    python = launch["python"]
    if "/" in python:
        python = str(pathlib.Path(python).expanduser().absolute())
    command = [python, "-u", "-m", launch["module"]] + launch["arguments"]
    worker = subprocess.Popen(
        command,
        cwd=str(folder),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    hidden = [text.encode() for text in secrets.values() if text]
    return worker, sorted(hidden, key=len, reverse=True)


def copy_log(worker, path, hidden):
    """Adds what the worker writes to its log, without the tokens."""
    with open(str(path), "ab", buffering=0) as log:
        for line in worker.stdout:
            for text in hidden:
                line = line.replace(text, b"[secret]")
            log.write(line)


def signal_group(worker, number):
    """Signals the worker and everything that it started."""
    with contextlib.suppress(OSError):
        os.killpg(worker.pid, number)


def follow(worker, folder):
    """Waits for the end of the worker, and asks it to stop once a file says so."""
    asked = False
    while True:
        try:
            return worker.wait(PAUSE)
        except subprocess.TimeoutExpired:
            pass
        if not asked and (folder / "stop").exists():
            asked = True
            signal_group(worker, signal.SIGTERM)


def note(folder, mark, code):
    """Writes the exit code; whoever reads it sees it whole."""
    part = folder / (mark + ".exit.part")
    part.write_text(str(code), encoding="utf-8")
    os.replace(str(part), str(folder / (mark + ".exit")))


def main():
    """The attempt, from its beginning to its end."""
    folder = pathlib.Path(os.environ["FTS_RUN_FOLDER"]).absolute()
    mark = "workbench-" + os.environ["FTS_RUN_ATTEMPT"]
    if (folder / "stop").exists():
        tokens = folder / ".tokens"
        if tokens.exists():
            tokens.unlink()
        note(folder, mark, -signal.SIGTERM)
        return -signal.SIGTERM
    worker, hidden = start(folder, mark)
    # The workbench ends a container with this signal.
    signal.signal(signal.SIGTERM, lambda *_: signal_group(worker, signal.SIGTERM))
    log = threading.Thread(target=copy_log, args=(worker, folder / "log.txt", hidden), daemon=True)
    log.start()
    code = follow(worker, folder)
    # What the worker left behind would hold its log open, and its device.
    signal_group(worker, signal.SIGKILL)
    log.join(10)
    note(folder, mark, code)
    return code


ended = main()
if ended != 0:
    raise RuntimeError(f"The worker ended with {ended}.")
