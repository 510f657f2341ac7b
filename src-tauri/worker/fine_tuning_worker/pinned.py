"""Models of the Hub at the commit that the studio has seen: their names alone mean the newest."""

from .failure import Failure

WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx", ".gguf", ".ckpt")
"""Endings of files with weights; the first two are read."""


def place(job: dict):
    """Fetches every model and adapter of a job that names a commit, unless it is in the local cache,
    and puts its folder in place of its name."""
    combinations = job.get("combinations") or []
    for part in (job, *combinations):
        for name in ("model", "adapter", "adapter_init", "reference"):
            source = part.get(name)
            if isinstance(source, dict) and source.get("revision"):
                source["source"] = folder(source["source"], source["revision"])
    for adapter in job.get("adapters") or []:
        if adapter.get("revision"):
            adapter["source"] = folder(adapter["source"], adapter["revision"])


def folder(name: str, revision: str) -> str:
    """The folder of a model or an adapter at a commit."""
    from huggingface_hub import HfApi, constants, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        if constants.HF_HUB_OFFLINE:
            return snapshot_download(name, revision=revision, local_files_only=True)
        found = HfApi().model_info(name, revision=revision).siblings or []
        files = [one.rfilename for one in found]
        return snapshot_download(name, revision=revision, ignore_patterns=left_out(files))
    except LocalEntryNotFoundError:
        raise Failure(
            f"“{name}” at the commit {revision[:12]} is not in the cache of this machine.",
            "Let it reach the Hub, or have the target's models sent (the option models).",
        ) from None


def left_out(files: list[str]) -> list[str]:
    """Weights that are not read: those in another form than safetensors, or than PyTorch's own where
    there are no safetensors, and those in folders, which belong to other libraries."""
    top = [file for file in files if "/" not in file]
    read = next((end for end in WEIGHTS[:2] if any(file.endswith(end) for file in top)), None)
    if read is None:
        return []
    return [f"*{end}" for end in WEIGHTS if end != read] + [f"*/*{read}"]
