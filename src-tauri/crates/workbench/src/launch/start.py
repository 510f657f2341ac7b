"""Runs the worker of one attempt of a run, and notes how it ended.

A kernel runs this file without ``__file__`` and takes every ``SystemExit`` for a failure, so it
has neither.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading

# Seconds between two looks at the file that asks to stop, and at what the worker appended.
PAUSE = 0.5
# Seconds that the worker has for its end once the workbench ends the container.
GRACE = 3
# The files that are followed from elsewhere, and the folder with their pieces.
FOLLOWED = ("events.jsonl", "log.txt")
PIECES = "pieces"
# The most bytes of a piece, and the most small pieces of a file.
LARGEST = 1 << 20
MOST = 40


class Damaged(Exception):
    """Something that was sent did not arrive as it was."""


def joined(join):
    """Joins a file from its parts, unless it is there."""
    path, parts = pathlib.Path(join["to"]), pathlib.Path(join["parts"])
    if path.exists() and path.stat().st_size == join["size"]:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    whole, found = path.with_name(f"{path.name}.{os.getpid()}.part"), hashlib.sha256()
    with open(whole, "wb") as file:
        for part in sorted(parts.iterdir()):
            block = part.read_bytes()
            found.update(block)
            file.write(block)
    if found.hexdigest() != join["sha256"]:
        whole.unlink()
        shutil.rmtree(parts, ignore_errors=True)
        raise Damaged(f"{join['to']} was damaged on its way here. Send it again.")
    os.replace(whole, path)


def arrive(folder):
    """Puts into place what was sent for the run."""
    path = folder / "arrivals.json"
    arrivals = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for join in arrivals.get("joins", ()):
        joined(join)
    for join in arrivals.get("joins", ()):
        shutil.rmtree(join["parts"], ignore_errors=True)
    for there, name in arrivals.get("links", ()):
        place = pathlib.Path(name)
        part = place.with_name(place.name + ".part")
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        try:
            os.link(there, part)
        except OSError:
            # Some file systems have no links.
            shutil.copyfile(there, part)
        os.replace(part, place)
    events = folder / "events.jsonl"
    if events.exists() and events.stat().st_size:
        with open(events, "r+b") as file:
            # The line that a killed worker left incomplete would spoil the next one.
            file.seek(-1, os.SEEK_END)
            if file.read() != b"\n":
                file.write(b"\n")


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


class Pieces:
    """The pieces of a file, each named by where it begins: the files API has no offsets."""

    def __init__(self, folder, name):
        self.path, self.name, self.place = folder / name, name, folder / PIECES
        self.place.mkdir(exist_ok=True)
        self.known = sorted(
            (int(path.suffix[1:]), path.stat().st_size)
            for path in self.place.glob(name + ".*")
            if path.suffix[1:].isdigit()
        )
        if self.known and sum(self.known[-1]) > self.size():
            # They are those of a file that was replaced since then.
            for at, _ in self.known:
                self.piece(at).unlink()
            self.known = []

    def size(self):
        """The bytes of the file by now."""
        return self.path.stat().st_size if self.path.exists() else 0

    def piece(self, at):
        """The path of the piece that begins there."""
        return self.place / f"{self.name}.{at:015}"

    def publish(self):
        """Writes pieces with what was appended since the last one."""
        end = sum(self.known[-1]) if self.known else 0
        while end < self.size():
            block = self.read(end, LARGEST)
            self.write(end, block)
            self.known.append((end, len(block)))
            end += len(block)
        small = []
        while self.known and self.known[-1][1] < LARGEST // 2:
            small.insert(0, self.known.pop())
        if len(small) > MOST:
            small = [self.joined(small)]
        self.known += small

    def joined(self, small):
        """Makes one piece of several that follow each other."""
        at, size = small[0][0], sum(size for _, size in small)
        self.write(at, self.read(at, size))
        for other, _ in small[1:]:
            self.piece(other).unlink()
        return at, size

    def read(self, at, most):
        """Bytes of the file."""
        with open(self.path, "rb") as file:
            file.seek(at)
            return file.read(most)

    def write(self, at, block):
        """Writes a piece; whoever lists it sees it whole."""
        part = self.place / (self.name + ".part")
        part.write_bytes(block)
        os.replace(part, self.piece(at))


def signal_group(worker, number):
    """Signals the worker and everything that it started."""
    with contextlib.suppress(OSError):
        os.killpg(worker.pid, number)


def follow(worker, folder, pieces):
    """Waits for the end of the worker; publishes what it writes, and asks it to stop on a wish."""
    asked = False
    while True:
        try:
            return worker.wait(PAUSE)
        except subprocess.TimeoutExpired:
            pass
        for each in pieces:
            with contextlib.suppress(OSError):
                each.publish()
        if not asked and (folder / "stop").exists():
            asked = True
            signal_group(worker, signal.SIGTERM)


def note(folder, name, text):
    """Writes a small file; whoever reads it sees it whole."""
    part = folder / (name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, folder / name)


def hashes(folder):
    """The size and the hash of every file of the output, by its path in the folder."""
    found = {}
    for path in sorted(folder.glob("output/**/*")):
        if path.is_file():
            hashed = hashlib.sha256()
            with open(path, "rb") as file:
                for block in iter(lambda: file.read(LARGEST), b""):
                    hashed.update(block)
            found[path.relative_to(folder).as_posix()] = (path.stat().st_size, hashed.hexdigest())
    return found


def carried_out(folder, mark):
    """Has the worker work; returns its exit code."""
    arrive(folder)
    worker, hidden = start(folder, mark)

    def kill():
        if worker.poll() is None:
            signal_group(worker, signal.SIGKILL)

    # The workbench ends a container with this signal, and kills it later.
    def end(*_):
        signal_group(worker, signal.SIGTERM)
        late = threading.Timer(GRACE, kill)
        late.daemon = True
        late.start()

    signal.signal(signal.SIGTERM, end)
    log = threading.Thread(target=copy_log, args=(worker, folder / "log.txt", hidden), daemon=True)
    log.start()
    pieces = [Pieces(folder, name) for name in FOLLOWED]
    code = follow(worker, folder, pieces)
    # What the worker left behind would hold its log open, and its device.
    signal_group(worker, signal.SIGKILL)
    log.join(10)
    for each in pieces:
        each.publish()
    note(folder, "output.json", json.dumps(hashes(folder)))
    return code


def main():
    """The attempt, from its beginning to its end."""
    folder = pathlib.Path(os.environ["FTS_RUN_FOLDER"]).absolute()
    mark = "workbench-" + os.environ["FTS_RUN_ATTEMPT"]
    if (folder / "stop").exists():
        code = -signal.SIGTERM
    else:
        try:
            code = carried_out(folder, mark)
        except Damaged as damage:
            with open(folder / "log.txt", "a", encoding="utf-8") as log:
                log.write(f"{damage}\n")
            code = 1
    with contextlib.suppress(FileNotFoundError):
        (folder / ".tokens").unlink()
    note(folder, mark + ".exit", str(int(code)))
    return code


ended = main()
if ended != 0:
    raise RuntimeError(f"The worker ended with {ended}.")
