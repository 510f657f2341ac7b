"""Real training in two processes of this machine, which exchange their gradients by gloo."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest
import run_folder
from chat_rows import CHAT, conversation, unpaired

from fine_tuning_worker import checkpoints

pytestmark = pytest.mark.stack


def job(recipe, folder, train=None, held_out=None, more=None, **fields):
    """The run folder of a training by the recipe, of the same rows a step in one process or in two."""
    count = fields.setdefault("processes", 2)
    batch = recipe["training_arguments"]["per_device_train_batch_size"] // count
    arguments = {
        **recipe["training_arguments"],
        "per_device_train_batch_size": batch,
        **(more or {}),
    }
    fields = {"training_arguments": arguments, "lora": recipe["lora"], **fields}
    train = recipe["train"] if train is None else train
    held_out = recipe["held_out"] if held_out is None else held_out
    return run_folder.training(folder, recipe["model"], train, held_out, **fields)


def losses(folder, name="loss"):
    logged = run_folder.events(folder, "metrics")
    return [event["values"][name] for event in logged if name in event["values"]]


def steps(folder):
    return [event["step"] for event in run_folder.events(folder, "progress")]


def at_step(step):
    return lambda event: event["event"] == "progress" and event["step"] >= step


def ranks(worker) -> list[psutil.Process]:
    """The processes that a worker trains in, the first one first."""
    children = psutil.Process(worker.pid).children()
    return sorted(children, key=lambda child: int(child.environ()["RANK"]))


def running_in(folder) -> list[psutil.Process]:
    """The processes that work in a run folder."""
    return [
        process
        for process in psutil.process_iter(["cwd", "status"])
        if process.info["cwd"] == str(folder) and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@pytest.fixture(scope="module")
def together(recipe, tmp_path_factory):
    """The run folder of a training in two processes, come to its end."""
    folder = job(recipe, tmp_path_factory.mktemp("together"))
    run_folder.run(folder)
    return folder


def test_two_processes_learn_as_one_does_with_the_same_rows_a_step(trained, together):
    assert run_folder.ended(together)["status"] == "succeeded", run_folder.log(together)
    assert steps(together)[-1] == steps(trained)[-1]
    # The last step of an epoch is filled up with the first rows, so that all processes have a batch.
    for name in ("loss", "eval_loss"):
        assert losses(together, name) == pytest.approx(losses(trained, name), rel=0.05, abs=0.01)
    assert set(os.listdir(together / "output" / "adapter")) == set(
        os.listdir(trained / "output" / "adapter")
    )


def test_they_report_and_are_tracked_as_one_run(trained, together):
    from mlflow import MlflowClient

    kinds = [event["event"] for event in run_folder.events(together)]
    for kind in ("started", "facts", "mlflow", "ended"):
        assert kinds.count(kind) == 1, kind
    assert kinds.count("metrics") == len(run_folder.events(trained, "metrics"))
    assert steps(together) == sorted(steps(together))
    [facts] = run_folder.events(together, "facts")
    assert facts["processes"] == 2
    [reported] = run_folder.events(together, "mlflow")
    client = MlflowClient(reported["uri"])
    assert [run.info.status for run in client.search_runs([reported["experiment_id"]])] == [
        "FINISHED"
    ]
    curve = client.get_metric_history(reported["run_id"], "loss")
    assert [point.value for point in sorted(curve, key=lambda p: p.step)] == losses(together)


def test_stopped_at_one_step_and_resumed_they_come_to_the_same_end(recipe, together, tmp_path):
    folder = job(recipe, tmp_path / "run", more={"eval_strategy": "no", "save_strategy": "no"})
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, at_step(5))
    # The studio signals the group; here one process alone has it, and both have to stop.
    ranks(worker)[1].send_signal(signal.SIGTERM)
    assert worker.wait() == 0, run_folder.log(folder)
    stopped = run_folder.ended(folder)
    assert (stopped["status"], stopped["adapter"]) == ("stopped", None)
    [kept] = run_folder.events(folder, "checkpoint")
    assert kept["step"] == steps(folder)[-1] < steps(together)[-1]

    assert run_folder.run(folder, FTS_RUN_ATTEMPT="2") == 0, run_folder.log(folder)
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert f"Going on from checkpoint-{kept['step']}." in texts
    assert steps(folder)[-1] == steps(together)[-1]
    assert losses(folder)[-1] == pytest.approx(losses(together)[-1], rel=1e-2)


def test_the_group_is_stopped_as_the_studio_does(recipe, tmp_path):
    folder = job(recipe, tmp_path / "run", more={"eval_strategy": "no", "num_train_epochs": 50})
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, at_step(3))
    os.killpg(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0, run_folder.log(folder)
    assert run_folder.ended(folder)["status"] == "stopped"
    assert len(run_folder.events(folder, "checkpoint")) == 1
    assert running_in(folder) == []


@pytest.mark.parametrize("rank", [0, 1])
def test_a_killed_process_ends_the_run_with_its_reason(recipe, tmp_path, rank):
    folder = job(recipe, tmp_path / "run", more={"eval_strategy": "no", "num_train_epochs": 50})
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, at_step(3))
    ranks(worker)[rank].kill()
    killed = time.monotonic()
    assert worker.wait() == 1
    assert time.monotonic() - killed < 15
    ended = run_folder.ended(folder)
    assert ended["status"] == "failed"
    assert ended["message"].startswith(f"Process {rank + 1} of 2 was killed by signal 9"), ended
    assert "retry goes on from the last checkpoint" in ended["hint"]
    assert running_in(folder) == []
    assert not list((folder / "output").glob("adapter*"))


SRUN = """\
import os, signal, subprocess, sys

def hear():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

signal.signal(signal.SIGTERM, signal.SIG_IGN)
command = sys.argv[sys.argv.index("sh"):]
nodes = [
    subprocess.Popen(command, env=os.environ | {"SLURM_NODEID": str(node)}, preexec_fn=hear)
    for node in range(int(os.environ["FTS_RUN_NODES"]))
]
sys.exit(max(node.wait() for node in nodes))
"""
"""A ``srun`` for nodes that are all this machine. Asked to end, it waits for what it started, as the
real one does."""

SLOW = """\
import builtins, os, time
real = builtins.open
def opened(file, *more, **named):
    if os.environ.get("RANK") == "0" and str(file).endswith("trainer_state.json") and "w" in str(more):
        time.sleep(float(os.environ["SAVING_TAKES"]))
    return real(file, *more, **named)
builtins.open = opened
"""
"""Has the first process take its time while it writes a checkpoint."""


def test_torchrun_leaves_its_processes_the_time_to_save(recipe, tmp_path):
    more = {
        "eval_strategy": "no",
        "save_strategy": "no",
        "num_train_epochs": 50,
        "report_to": "none",
    }
    folder = job(recipe, tmp_path / "run", more=more, processes=1)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "sitecustomize.py").write_text(SLOW)
    (programs / "srun.py").write_text(SRUN)
    (programs / "srun").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{programs}/srun.py" "$@"\n'
    )
    (programs / "srun").chmod(0o755)
    # By itself torchrun ends them after 30 seconds.
    variables = {
        "FTS_RUN_NODES": "2",
        "SLURM_JOB_ID": str(os.getpid()),
        "FTS_MASTER_ADDR": "127.0.0.1",
        "SAVING_TAKES": "35",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{programs}{os.pathsep}{run_folder.PACKAGE}",
    }
    worker = run_folder.start(folder, **variables)
    run_folder.until(worker, folder, at_step(3))
    os.killpg(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0, run_folder.log(folder)
    assert run_folder.ended(folder)["status"] == "stopped", run_folder.log(folder)
    [kept] = run_folder.events(folder, "checkpoint")
    assert kept["step"] == steps(folder)[-1]
    assert checkpoints.damage(Path(kept["path"]), kept["step"]) is None
    assert running_in(folder) == []


def test_the_processes_end_with_a_worker_that_is_killed(recipe, tmp_path):
    folder = job(recipe, tmp_path / "run", more={"eval_strategy": "no", "num_train_epochs": 50})
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, at_step(3))
    left = ranks(worker)
    worker.kill()
    worker.wait()
    _, running = psutil.wait_procs(left, timeout=15)
    assert running == [] == running_in(folder)


def test_what_fails_on_one_process_alone_is_the_reason(recipe, tmp_path):
    folder = job(recipe, tmp_path / "run", train=recipe["train"][:32], held_out=[])
    # Where the second process names its device, with the model loaded, it has no memory left.
    (tmp_path / "sitecustomize.py").write_text(
        "import builtins, os\n"
        "real = builtins.open\n"
        "def opened(file, *more, **named):\n"
        "    if file == '/proc/cpuinfo' and os.environ.get('RANK') == '1':\n"
        "        raise MemoryError\n"
        "    return real(file, *more, **named)\n"
        "builtins.open = opened\n"
    )
    path = f"{tmp_path}{os.pathsep}{run_folder.PACKAGE}"
    assert run_folder.run(folder, PYTHONPATH=path) == 1
    message = run_folder.ended(folder)["message"]
    assert message.startswith("Process 2 of 2: This machine has too little memory"), message
    assert "[2] MemoryError" in run_folder.log(folder)
    assert running_in(folder) == []


def test_conversations_keep_their_spans_and_padding(recipe, tmp_path):
    curves = []
    for count in (1, 2):
        folder = job(
            recipe,
            tmp_path / str(count),
            [conversation(row) for row in recipe["train"][:64]],
            [],
            {
                "max_steps": 6,
                "logging_steps": 1,
                "gradient_checkpointing": True,
                "report_to": "none",
            },
            row_format="conversation",
            chat=CHAT,
            processes=count,
        )
        assert run_folder.run(folder) == 0, run_folder.log(folder)
        curves.append(losses(folder))
    assert curves[1] == pytest.approx(curves[0], rel=0.02)


def test_kto_keeps_rows_beside_their_neighbors(recipe, tmp_path):
    folder = job(
        recipe,
        tmp_path,
        [unpaired(row) for row in recipe["train"][:128]],
        [unpaired(row) for row in recipe["held_out"][:32]],
        {"num_train_epochs": 1, "eval_on_start": True, "report_to": "none"},
        method="kto",
        chat=CHAT,
    )
    assert run_folder.run(folder) == 0, run_folder.log(folder)
    margins = losses(folder, "eval_rewards/margins")
    assert margins[-1] > 0.1 > margins[0], margins


@pytest.mark.parametrize("wrong", ["two", 1.5, True, -1])
def test_no_number_of_processes_is_refused(recipe, tmp_path, wrong):
    folder = job(recipe, tmp_path, train=recipe["train"][:8], held_out=[], processes=1)
    written = json.loads((folder / "job.json").read_text())
    (folder / "job.json").write_text(json.dumps({**written, "processes": wrong}))
    assert "“processes” in job.json is a number from 1" in run_folder.here(folder)["message"]


def test_more_processes_than_devices_are_refused():
    from fine_tuning_worker import ranks
    from fine_tuning_worker.failure import Failure

    with pytest.raises(Failure, match="2 processes need a GPU each, and this machine has 0"):
        ranks.check_devices("cuda", 2)
    with pytest.raises(Failure, match="on CUDA devices or on a processor"):
        ranks.check_devices("mps", 2)
