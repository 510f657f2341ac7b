"""Wheels for a machine with torch that reaches no registry: ``gpu_wheels.py FOLDER [--python 3.12]``.

Downloads, with pip, the worker's libraries that such a machine may lack, in the versions of
``requirements.lock``, for Linux on x86-64. Those of compiled libraries are for that version of Python.
"""

import argparse
import subprocess
import sys
import zipfile
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"

PACKAGES = (
    *("transformers", "trl", "peft", "accelerate", "datasets", "bitsandbytes"),
    # What these need.
    *("tokenizers", "huggingface-hub", "safetensors", "regex", "psutil", "typing-extensions"),
    *("httpx2", "httpcore2", "truststore", "anyio", "h11", "idna", "click"),
    *("dill", "multiprocess", "xxhash", "fsspec"),
    # Of evaluations.
    *("rouge-score", "nltk", "absl-py", "joblib", "defusedxml"),
)

FROM_SOURCE = ("rouge-score",)
"""Those without a wheel, which pip makes."""

LEFT_OUT = ("_rocm", "_cuda11", "_cuda12")
"""Parts of the names of libraries in a wheel that a current CUDA torch does not load."""

LIMIT = 60_000_000
"""Bytes of all wheels together."""


def versions() -> dict[str, str]:
    """The pinned version of each package."""
    pinned = {}
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        name, found, rest = line.partition("==")
        if found and not name.startswith((" ", "#")):
            pinned[name] = rest.split()[0]
    return pinned


def gather(folder: Path, python: str):
    """Downloads the wheels into an empty folder. Raises ``SystemExit`` if they are too large."""
    folder.mkdir(parents=True, exist_ok=True)
    pinned = versions()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    named = [f"{name}=={pinned[name]}" for name in PACKAGES]
    ready = [one for one in named if not one.startswith(FROM_SOURCE)]
    tag = f"cp{python.replace('.', '')}"
    target = ["--python-version", python, "--implementation", "cp"]
    target += [part for abi in (tag, "abi3", "none") for part in ("--abi", abi)]
    linux = (
        "manylinux_2_28 manylinux_2_24 manylinux_2_17 manylinux2014 manylinux_2_12 manylinux2010"
    )
    target += [part for name in linux.split() for part in ("--platform", f"{name}_x86_64")]
    target += ["--platform", "any", "--only-binary=:all:"]
    subprocess.run([*pip, "download", "-q", "--no-deps", *target, "-d", folder, *ready], check=True)
    made = [one for one in named if one.startswith(FROM_SOURCE)]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", folder, *made], check=True)
    for wheel in folder.glob("*.whl"):
        slim(wheel)
    size = sum(wheel.stat().st_size for wheel in folder.glob("*.whl"))
    print(f"{len(list(folder.glob('*.whl')))} wheels of {size / 1e6:.1f} MB in {folder}")
    if size > LIMIT:
        raise SystemExit(f"They are larger than {LIMIT / 1e6:.0f} MB.")


def slim(wheel: Path):
    """Leaves those libraries out of a wheel. It is unpacked, never installed."""
    with zipfile.ZipFile(wheel) as full:
        names = [info for info in full.infolist() if not is_left_out(info.filename)]
        if len(names) == len(full.infolist()):
            return
        smaller = wheel.with_suffix(".smaller")
        with zipfile.ZipFile(smaller, "w", zipfile.ZIP_DEFLATED) as less:
            for info in names:
                less.writestr(info, full.read(info))
    smaller.replace(wheel)


def is_left_out(name: str) -> bool:
    return name.endswith(".so") and any(part in name for part in LEFT_OUT)


def unpack(folder: Path, place: Path) -> list[str]:
    """Unpacks the wheels of a folder into a place to import from. Gives their names."""
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        raise SystemExit(f"There are no wheels in {folder}.")
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(place)
    return [wheel.name for wheel in wheels]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default="3.12", help="of the other machine; 3.12 by default")
    given = parser.parse_args()
    gather(given.folder, given.python)


if __name__ == "__main__":
    main()
