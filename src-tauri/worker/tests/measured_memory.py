"""What a training really takes at most, in bytes above the stack.

On a processor that is resident memory, without the pages of files, which can be dropped. The stack has
been used before it is measured: the libraries are loaded and have trained a tiny model, as their first
steps allocate workspaces for good. Each training then happens in a fork of that process. On a CUDA
device it is what torch has allocated there, and CUDA's own share is no part of it.
"""

import contextlib
import gc
import json
import os
import time
from pathlib import Path

import run_folder
import sized_model

STEPS = 2
"""Updates of the weights: the optimizer's state is there from the second on."""

LORA = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "target_modules": "all-linear"}
"""The studio's settings of a new adapter."""

TINY = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "vocab_size": 1000,
}


def known(name: str) -> dict:
    """The cases, or what the core estimates for them."""
    path = Path(__file__).parent / f"memory_{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def training(case: dict, model: Path, folder: Path, device: str) -> Path:
    """Writes the run folder of a case."""
    batch, length = case["batch"], case["length"]
    given = case.get("arguments", {})
    count = STEPS * batch * given.get("gradient_accumulation_steps", 1)
    full = case.get("tuning") == "full"
    bits = case.get("bits")
    return run_folder.training(
        folder,
        str(model),
        sized_model.rows(case["method"], length, count),
        [],
        method=case["method"],
        tuning=case.get("tuning", "lora"),
        training_arguments={
            "per_device_train_batch_size": batch,
            "max_length": length,
            "max_steps": STEPS,
            "save_strategy": "no",
            "report_to": "none",
            "use_cpu": device == "cpu",
            **given,
        },
        lora={} if full else {**LORA, **case.get("lora", {})},
        quantization=bits and {f"load_in_{bits}bit": True, **case.get("quantization", {})},
        output={n: str(folder / "output" / n) for n in ("adapter", "model", "checkpoints")},
    )


def train(folder: Path) -> dict:
    """Carries out a run folder in this process, and returns what it reported of the model."""
    ended = run_folder.here(folder)
    if ended["status"] != "succeeded":
        raise RuntimeError(f"the training {ended['status']}: {ended['message']} {ended['hint']}")
    return run_folder.events(folder, "facts")[-1]


def use_stack(folder: Path, device: str):
    """Trains a tiny model, in the ways that load different libraries."""
    sized_model.make(TINY, "float32", folder / "tiny")
    for method in ("sft", "orpo"):
        case = {"method": method, "batch": 2, "length": 16}
        train(training(case, folder / "tiny", folder / f"tiny-{method}", device))


def resident(process: int | str = "self") -> int:
    """Bytes of a process in memory, without the pages of files."""
    return sizes(process)["RssAnon"]


def sizes(process: int | str) -> dict[str, int]:
    """What the system reports of a process's memory, in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    lines = (line.split() for line in status.splitlines())
    return {name[:-1]: int(values[0]) * 1024 for name, *values in lines if values[1:] == ["kB"]}


class Peak:
    """The most memory that a process ever had, without the pages of files.

    The system keeps the highest sum with those pages, which a look now and then can't miss, however
    short it was and however busy the machine is. It is set back at each look, so that the pages of
    files that are taken off are those of the same moment.
    """

    def __init__(self, process: int):
        self.process = process
        self.bytes = 0
        self.files = 0

    def look(self):
        found = sizes(self.process)
        # A process that has ended has no memory.
        if "VmHWM" not in found:
            return
        files = found["RssFile"] + found["RssShmem"]
        self.bytes = max(self.bytes, found["RssAnon"], found["VmHWM"] - max(files, self.files))
        self.files = files
        Path(f"/proc/{self.process}/clear_refs").write_text("5", encoding="ascii")


def measure(case: dict, model: Path, folder: Path, device: str) -> dict:
    """Trains a case once the stack has been used: ``bytes``, ``parameters`` and ``trainable``."""
    run = training(case, model, folder, device)
    facts, taken = on_cuda(run) if device == "cuda" else on_processor(run)
    trainable = facts["trainable_parameters"]
    return {"bytes": taken, "parameters": facts["parameters"], "trainable": trainable}


def on_cuda(run: Path) -> tuple[dict, int]:
    import torch

    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    facts = train(run)
    return facts, torch.cuda.max_memory_allocated() - before


def on_processor(run: Path) -> tuple[dict, int]:
    """Measures a training in a fork. What the allocator holds back is given away before."""
    import ctypes

    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    before = resident()
    process = os.fork()
    if process == 0:
        log = os.open(run / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        try:
            train(run)
            os._exit(0)
        except BaseException as error:
            print(error, flush=True)
            os._exit(1)
    peak = Peak(process)
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            break
        with contextlib.suppress(OSError):
            peak.look()
        time.sleep(0.002)
    if status:
        raise RuntimeError(run_folder.log(run).strip().splitlines()[-1])
    return run_folder.events(run, "facts")[-1], peak.bytes - before
