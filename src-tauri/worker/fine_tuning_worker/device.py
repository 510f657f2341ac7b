"""What this machine computes with, and what the libraries are called."""

import gc
import os
from importlib import metadata

from . import ranks
from .failure import Failure

LIBRARIES = (
    "torch", "transformers", "peft", "trl", "accelerate", "datasets", "mlflow", "axolotl"
)  # fmt: skip


def kind(use_cpu: bool = False) -> str:
    """``cuda``, ``mps`` or ``cpu``: the first that this machine has."""
    import torch

    if use_cpu:
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def restrict(chosen: list[int] | None):
    """Lets CUDA see these devices alone, by their numbers among those that it sees now. Before torch is
    imported."""
    if not chosen:
        return
    seen = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = [name.strip() for name in seen.split(",")] if seen else None
    try:
        kept = [names[number] if names else str(number) for number in chosen]
    except IndexError:
        raise Failure(
            f"GPU {max(chosen)} is chosen, and CUDA_VISIBLE_DEVICES shows {len(names)}.",
            "Choose other GPUs; they are counted from 0.",
        ) from None
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(kept)


def choose_threads(kind: str):
    """Lets torch compute on one thread for each core of the processor: a second thread of a core adds
    nothing to arithmetic and takes the cache from the first. ``OMP_NUM_THREADS`` comes before it."""
    import torch

    if kind == "cpu" and not os.environ.get("OMP_NUM_THREADS"):
        torch.set_num_threads(cores())


def cores() -> int:
    """The cores of the processor that this process may use."""
    import psutil

    allowed = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed))


def name(kind: str) -> str:
    """The device's own name."""
    import platform

    if kind == "cuda":
        import torch

        return torch.cuda.get_device_name(0)
    return cpu_name() or platform.processor() or platform.machine()


def cpu_name() -> str | None:
    """The processor's model as Linux names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return None


def versions() -> dict[str, str]:
    """The versions of the libraries that decide what a run does."""
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found


def facts(model, kind: str) -> dict:
    """The fields of the "facts" event for a loaded model."""
    import torch

    parameters = list(model.named_parameters())
    return {
        **surroundings(kind),
        "processes": ranks.size(),
        "threads": torch.get_num_threads() if kind == "cpu" else None,
        "trainable_parameters": sum(size(p) for _, p in parameters if p.requires_grad),
        "parameters": sum(size(p) for _, p in parameters),
    }


def surroundings(kind: str) -> dict:
    """The fields of the "facts" event that no model has to be loaded for."""
    return {"device": kind, "device_name": name(kind), "versions": versions()}


def size(parameter) -> int:
    """How many numbers a parameter stands for: four bits packed two to a byte count twice."""
    packed = getattr(getattr(parameter, "quant_state", None), "shape", None)
    return packed.numel() if packed is not None else parameter.numel()


def free(kind: str):
    """Gives back the memory of what nothing refers to any more."""
    gc.collect()
    if kind == "cuda":
        import torch

        torch.cuda.empty_cache()
