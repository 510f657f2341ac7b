"""Stands in for uv, which no test may fetch: takes the arguments that uv takes, says what uv 0.13
says, and installs packages by their metadata alone. STAND_IN says how it goes."""

import os
import pathlib
import subprocess
import sys

arguments = sys.argv[1:]
goes = os.environ.get("STAND_IN", "well")


def say(text):
    print(text, file=sys.stderr, flush=True)


def after(name):
    return arguments[arguments.index(name) + 1]


def described(package):
    """The name of the folder that describes an installed package."""
    name, version = package.split("==")
    return f"{name.replace('-', '_')}-{version}.dist-info"


def fail(*lines):
    for line in lines:
        say(line)
    sys.exit(2)


if arguments == ["--version"]:
    print("uv 0.13.9")
elif arguments[0] == "venv":
    target = next(a for a in arguments[1:] if not a.startswith("-"))
    subprocess.run([after("--python"), "-m", "venv", "--without-pip", target], check=True)
elif arguments[:2] == ["pip", "install"]:
    environment = pathlib.Path(after("--python")).parent.parent
    required = pathlib.Path(after("--requirements")).read_text().split()
    libraries = next((environment / "lib").glob("python*")) / "site-packages"
    absent = [r for r in required if not (libraries / described(r)).exists()]
    pathlib.Path(os.environ["INSTALLED"]).write_text("\n".join(absent))
    say(f"Resolved {len(required)} packages in 160ms")
    if absent and os.environ.get("UV_OFFLINE") == "1":
        fail(
            "error: No solution found when resolving dependencies",
            "  cause: Because torch was not found in the cache and you require torch==2, we can "
            "conclude that your requirements are unsatisfiable.",
            "",
            "hint: Packages were unavailable because the network was disabled. When the network is "
            "disabled, registry packages may only be read from the cache.",
        )
    if goes == "unreachable":
        fail(
            "error: Request failed after 3 retries in 12.7s",
            "  cause: Failed to fetch: http://127.0.0.1:9/simple/torch/",
            "  cause: client error (Connect)",
            "  cause: tcp connect error",
            "  cause: Connection refused (os error 111)",
        )
    say("Downloading torch (883.1MiB)")
    if goes == "full":
        fail(
            "error: Failed to download `torch==2`",
            "  cause: failed to write to file `/tmp/x.so`: No space left on device (os error 28)",
        )
    if goes == "half":
        # As a build or a second download would be: in the same group.
        child = subprocess.Popen(["sleep", "1000"])
        pathlib.Path(os.environ["PIDS"]).write_text(f"{os.getpid()} {child.pid}")
        absent = absent[:3]
    for package in absent:
        name, version = package.split("==")
        metadata = libraries / described(package) / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    if goes == "half":
        say("Downloading nvidia-cudnn-cu13 (404.2MiB)")
        child.wait()
    say(" Downloaded torch")
    say(f"Prepared {len(absent)} packages in 402ms")
else:
    fail(f"error: unrecognized subcommand '{arguments[0]}'")
