"""What this machine computes with, and what the libraries are called."""

from importlib import metadata

LIBRARIES = ("torch", "transformers", "peft", "trl", "accelerate", "datasets", "mlflow")


def kind(use_cpu: bool = False) -> str:
    """``cuda``, ``mps`` or ``cpu``: the first that this machine has."""
    import torch

    if use_cpu:
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def name(kind: str) -> str:
    """The device's own name."""
    import platform

    if kind == "cuda":
        import torch

        return torch.cuda.get_device_name(0)
    return cpu_name() or platform.processor() or platform.machine()


def cpu_name() -> str | None:
    """The processor's model as Linux tells it."""
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
    parameters = list(model.named_parameters())
    return {
        "device": kind,
        "device_name": name(kind),
        "trainable_parameters": sum(size(p) for _, p in parameters if p.requires_grad),
        "parameters": sum(size(p) for _, p in parameters),
        "versions": versions(),
    }


def size(parameter) -> int:
    """How many numbers a parameter stands for: four bits packed two to a byte count twice."""
    packed = getattr(getattr(parameter, "quant_state", None), "shape", None)
    return packed.numel() if packed is not None else parameter.numel()
