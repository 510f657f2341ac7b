"""This process as one of several that train together, a rank each. A training in one process is its own
first rank, and everything here is then without effect."""

import contextlib
import datetime
import os
import signal
import sys
import threading
import time
from pathlib import Path

from . import outputs
from .failure import Failure

MEETING = "FTS_RANKS_MEET_IN"
"""The environment variable with the folder through which ranks find each other. It marks a rank."""

TORCHRUN = "TORCHELASTIC_RUN_ID"
"""An environment variable that torchrun sets. It then has arranged where the ranks meet."""

STOP = "stop"
"""The file of the meeting's folder that asks all ranks to stop."""

TIMEOUT = 1800
"""Seconds that a rank waits for the others, transformers' default."""


def inside() -> bool:
    """Whether this process is one of several."""
    return MEETING in os.environ


def rank() -> int:
    """The number of this process, from 0."""
    return int(os.environ["RANK"]) if inside() else 0


def local_rank() -> int:
    """The number of this process among those of its machine, from 0."""
    return int(os.environ["LOCAL_RANK"]) if inside() else 0


def size() -> int:
    """How many processes train together."""
    return int(os.environ["WORLD_SIZE"]) if inside() else 1


def outcome_file(meeting: Path, number: int) -> Path:
    """Where a rank leaves how it ended."""
    return meeting / f"outcome-{number}.json"


def is_first() -> bool:
    """Whether this process reports and saves for all."""
    return rank() == 0


def environment(number: int, count: int, meeting: Path, threads: int) -> dict[str, str]:
    """The variables that make a process the rank ``number`` of ``count``: those of torchrun."""
    return {
        MEETING: str(meeting),
        "RANK": str(number),
        "LOCAL_RANK": str(number),
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(count),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS") or str(threads),
    }


def end_with_worker():
    """Ends this process once the program that started it is gone, as nobody would record its end. On
    several nodes a request to stop comes by a file: a signal would have to pass Slurm and torchrun."""
    starter, stop = os.getppid(), Path(os.environ[MEETING]) / STOP

    def watch():
        asked = False
        while os.getppid() == starter:
            if not asked and stop.exists():
                asked = True
                os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def join(kind: str, arguments: dict):
    """Meets the other ranks, each on the device of its number. Raises ``Failure`` where there are too
    few devices. On one machine the meeting is a file: a port would be open to the network."""
    if not inside():
        return
    import torch

    check_devices(kind, int(os.environ["LOCAL_WORLD_SIZE"]))
    if kind == "cuda":
        torch.cuda.set_device(local_rank())
    here = TORCHRUN not in os.environ
    loopback = {"linux": "lo", "darwin": "lo0"}.get(sys.platform)
    if here and loopback:
        # Else the name of the machine is looked up, which many a laptop can't answer.
        os.environ.setdefault("GLOO_SOCKET_IFNAME", loopback)
    torch.distributed.init_process_group(
        # What ranks agree on is on the processor, so that no device is waited for.
        "cpu:gloo,cuda:nccl" if kind == "cuda" else "gloo",
        init_method=(Path(os.environ[MEETING]) / "store").as_uri() if here else "env://",
        rank=rank(),
        world_size=size(),
        timeout=datetime.timedelta(seconds=float(arguments.get("ddp_timeout") or TIMEOUT)),
    )


def check_devices(kind: str, count: int):
    """Refuses more processes than there are devices for."""
    if kind == "cpu":
        return
    import torch

    if kind != "cuda":
        raise Failure(
            "Several processes train together on CUDA devices or on a processor, not on this machine's "
            "accelerator.",
            "Train in one process, or set use_cpu in the training arguments.",
        )
    there = torch.cuda.device_count()
    if there < count:
        raise Failure(
            f"{count} processes need a GPU each, and this machine has {there}.",
            "Choose fewer GPUs.",
        )


def leave():
    """Ends the exchange with the other ranks, all of which have done their part."""
    if inside():
        import torch

        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


def agree(*here: bool) -> tuple[bool, ...]:
    """Which of these are true on any rank. All ranks have to ask at the same places of their work, and
    none goes on before all have."""
    if not inside():
        return here
    import torch

    anywhere = torch.tensor(here, dtype=torch.uint8)
    torch.distributed.all_reduce(anywhere, op=torch.distributed.ReduceOp.MAX)
    return tuple(bool(value) for value in anywhere.tolist())


@contextlib.contextmanager
def placed(folder: Path):
    """``outputs.placed`` for all ranks: the first one's folder takes its place."""
    if is_first():
        with outputs.placed(folder) as partial:
            agree(True)
            yield partial
        return
    agree(True)
    yield outputs.partial_of(folder)
