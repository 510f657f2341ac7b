"""Makes a Python environment with uv, of what lies beside it. It outlives the connection.

It prints a line of JSON for each step and for a failure, and between them what uv and pip print.
"""

import json
import os
import shutil
import signal
import subprocess
import sys

# What an environment that is active, or another Python, would change.
FOREIGN = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME")
NEWEST = 30
SECONDS, LOOK = 60, 1


def say(**what):
    print(json.dumps(what), flush=True)


def fail(why, **more):
    say(failed=why, **more)
    sys.exit(1)


def surroundings():
    """The variables of this machine, so that its index, mirror and proxy are used."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    # Nothing is written outside of the target's folder unless this machine says so.
    kept.setdefault("UV_CACHE_DIR", os.path.abspath("cache"))
    kept.setdefault("UV_PYTHON_INSTALL_DIR", os.path.abspath("../python"))
    kept["UV_NO_PROGRESS"] = "1"
    return kept


def run(command, **more):
    """Whether a command succeeds. What it prints goes to the log."""
    more = dict({"stdin": subprocess.DEVNULL, "env": surroundings()}, **more)
    try:
        process = subprocess.Popen(command, **more)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", flush=True)
        return False
    while True:
        try:
            return process.wait(timeout=LOOK) == 0
        except subprocess.TimeoutExpired:
            # Who asks for the end may be logged in to another node, from which no signal arrives.
            if os.path.exists("stop"):
                os.killpg(0, signal.SIGTERM)


def answer(command, **more):
    """What a command prints; empty if it fails or takes too long."""
    try:
        out = subprocess.check_output(
            command, stderr=subprocess.DEVNULL, timeout=SECONDS, env=surroundings(), **more
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return out.decode("utf-8", "replace").strip()


def size(path):
    """The bytes of a folder's files."""
    total = 0
    for at, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(at, name)).st_size
            except OSError:
                continue
    return total


def check_room(ask, environment):
    disk = os.statvfs(".")
    free, needed = disk.f_bavail * disk.f_frsize, ask["room"] - size(environment) - size("cache")
    if free < needed:
        fail("room", free=free, needed=needed)


def interpreters():
    """The interpreters on the path with their versions, those that have them in their names first."""
    minors = [f"python3.{minor}" for minor in range(NEWEST)]
    found = {}
    for name in [*minors, "python3", "python"]:
        path = shutil.which(name)
        text = path and answer([path, "-c", "import platform;print(platform.python_version())"])
        parts = (text or "").split(".")[:2]
        if len(parts) == 2 and all(part.isdigit() for part in parts):
            found.setdefault(tuple(int(part) for part in parts), (path, text))
    return found


def oldest(ask):
    """The oldest interpreter that will do: some libraries have no wheels for new versions at first."""
    found = interpreters()
    usable = [version for version in found if version >= tuple(ask["oldest"])]
    return found[min(usable)] if usable else (None, None)


def sent_uv():
    """The one that the other side sent, as a program of its own: what was sent is read only."""
    if os.path.isfile("uv-sent"):
        shutil.copyfile("uv-sent", "uv-here")
        os.chmod("uv-here", 0o700)
    return os.path.abspath("uv-here")


def find_uv():
    usual = [os.path.expanduser("~/.local/bin/uv"), os.path.expanduser("~/.cargo/bin/uv")]
    own = [sent_uv(), os.path.abspath("uv/bin/uv"), os.path.abspath("uv-packages/bin/uv")]
    for path in [shutil.which("uv"), *usual, *own]:
        if path and os.path.isfile(path) and answer([path, "--version"]):
            return path
    return None


def fetch_uv(ask, python):
    """Download uv with pip: of an environment of its own, or that of an interpreter."""
    say(step="fetching_uv")
    install = ["-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    # Those of before are whole or worthless.
    for folder in ("uv", "uv-packages"):
        shutil.rmtree(folder, ignore_errors=True)
    for path in dict.fromkeys(path for path in (python, sys.executable) if path):
        if run([path, "-m", "venv", "uv"]) and run(["uv/bin/python", *install, ask["uv"]]):
            break
        if run([path, *install, "--target", "uv-packages", ask["uv"]]):
            break
    return find_uv() or fail("uv")


def create(ask, uv, environment, python, version):
    if os.path.isfile(f"{environment}/bin/python") and os.path.isfile(f"{environment}/pyvenv.cfg"):
        return
    say(step="creating", python=version)
    surely = dict(surroundings(), **({"UV_PYTHON_DOWNLOADS": "never"} if python else {}))
    wanted = python or ".".join(str(part) for part in ask["oldest"])
    if not run([uv, "venv", "--allow-existing", environment, "--python", wanted], env=surely):
        fail("venv")


def verify(python):
    printed = answer([python, "report.py"])
    try:
        missing = json.loads(printed.splitlines()[-1])["missing"]
    except (IndexError, KeyError, ValueError):
        fail("silent")
    if missing:
        fail("incomplete", missing=missing)


def main():
    os.umask(0o077)
    with open("make.json") as file:
        ask = json.load(file)
    # Profiles may replace what was set before them.
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), ask["path"]])
    environment = os.path.abspath(ask["environment"])
    python = f"{environment}/bin/python"
    say(step="looking")
    check_room(ask, environment)
    base, version = oldest(ask)
    uv = find_uv() or fetch_uv(ask, base)
    create(ask, uv, environment, base, version)
    say(step="resolving")
    wanted = ["--python", python, "--requirements", "requirements.lock"]
    if not run([uv, "pip", "install", *wanted, "--no-progress", "--color", "never"]):
        fail("packages")
    say(step="checking")
    verify(python)
    # The marker comes last, and whole.
    with open(f"{environment}/complete.part", "w") as file:
        json.dump({"requirements": ask["requirements"]}, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(f"{environment}/complete.part", f"{environment}/complete.json")
    say(step="cleaning")
    for name in ("cache", "uv", "uv-packages"):
        shutil.rmtree(name, ignore_errors=True)
    for name in ("uv-here", "uv-sent"):
        if os.path.exists(name):
            os.unlink(name)


main()
