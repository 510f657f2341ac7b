"""A training on several nodes of a Slurm job: torchrun on each of them, started by srun.

The worker runs on the first node and waits. The processes report to it as those of one machine do, by
files in a folder of the run, which all nodes see.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from . import device, launch, ranks
from .child import Child
from .events import Events
from .failure import Failure
from .stop import Stop, Stopped

NODES = "FTS_RUN_NODES"
"""The environment variable with the number of nodes that the job has."""

PORTS = 20000
"""The first of as many ports. A job takes the one of its number, so that two jobs don't meet."""

SHUTDOWN = 600
"""Seconds that torchrun leaves its processes to save when it is asked to end; 30 by default."""

TORCHRUN = (
    'exec "$@" --node-rank="$SLURM_NODEID" --master-port="$FTS_MASTER_PORT" '
    '--master-addr="${FTS_MASTER_ADDR:-$SLURM_LAUNCH_NODE_IPADDR}" -m fine_tuning_worker rank "$0"'
)
"""Starts torchrun on a node. All meet on the first one, at the address from which srun was started. A
meeting by torchrun's c10d takes seconds longer, and gives the first rank to any node."""


def count() -> int:
    """How many nodes a run has; 1 where nothing says more."""
    try:
        return max(1, int(os.environ.get(NODES, "1")))
    except ValueError:
        return 1


def train_on_nodes(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Trains on all nodes, in ``processes`` processes on each, and gives the folder of the ``adapter``
    or ``model`` as the first process does."""
    each = launch.processes(job)
    srun = shutil.which("srun")
    if srun is None or "SLURM_JOB_ID" not in os.environ:
        raise Failure(
            f"A training on {count()} nodes needs srun, which is not here.",
            "Start it on a Slurm cluster, or take one node.",
        )
    stop.check()
    meeting = Path(tempfile.mkdtemp(prefix=".ranks-", dir=root))
    try:
        stop.then((meeting / ranks.STOP).touch)
        if stop.requested:
            # The stop was requested between the check and the line above.
            raise Stopped
        child = Child(command(srun, root, each), environment(meeting, each))
        with child.process:
            child.pass_on()
        outcomes = [
            launch.outcome(ranks.outcome_file(meeting, number)) for number in range(count() * each)
        ]
    finally:
        shutil.rmtree(meeting, ignore_errors=True)
    return result(outcomes, child, stop)


def command(srun: str, root: Path, each: int) -> list[str]:
    """What is started: one torchrun on each node, its lines with the number of the node before them."""
    task = [f"--nodes={count()}", f"--ntasks={count()}", "--ntasks-per-node=1"]
    if cores := os.environ.get("SLURM_CPUS_PER_TASK"):
        # Newer versions don't take it from the job.
        task.append(f"--cpus-per-task={cores}")
    return [
        *[srun, "--export=ALL", "--kill-on-bad-exit=1", "--label", *task],
        *["sh", "-c", TORCHRUN, str(root)],
        *[sys.executable, "-u", "-m", "torch.distributed.run"],
        *[f"--nnodes={count()}", f"--nproc-per-node={each}"],
    ]


def environment(meeting: Path, each: int) -> dict[str, str]:
    """The variables of the processes, beside those that torchrun sets."""
    port = PORTS + int(os.environ["SLURM_JOB_ID"]) % PORTS
    threads = str(max(1, device.cores() // each))
    return {
        **os.environ,
        ranks.MEETING: str(meeting),
        "FTS_MASTER_PORT": str(port),
        "TORCH_ELASTIC_SHUTDOWN_TIMEOUT": str(SHUTDOWN),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS") or threads,
    }


def result(outcomes: list[dict], child: Child, stop: Stop) -> dict:
    """What came of it, as the first process says; its word comes before the exit codes of torchrun and
    srun. Raises ``Stopped``, or ``Failure`` with the reason of the process that failed first."""
    first = outcomes[0]
    if first.get("status") == "succeeded":
        return {name: first[name] for name in ("adapter", "model") if first.get(name)}
    stopped = any(outcome.get("status") == "stopped" for outcome in outcomes)
    failed = launch.first_failure(outcomes)
    # torchrun asks the other processes to stop when one has failed.
    if (stopped and stop.requested) or (failed is None and (stopped or stop.requested)):
        raise Stopped
    if failed is None:
        raise child.failure(f"The training on {count()} nodes")
    cause, failure = failed
    where = f"Process {cause + 1} of {len(outcomes)} on {outcomes[cause]['host']}"
    failure.message = f"{where}: {failure.message}"
    raise failure
