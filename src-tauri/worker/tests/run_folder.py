"""Run folders as the studio writes them, for tests, and the worker started in them."""

import contextlib
import csv
import json
import os
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def rendered(rows: list[dict], prompt: dict, features: tuple[str, ...] | None = None) -> list[dict]:
    """Rows of a dataset with the prompt's templates filled, numbered from 1."""
    made = []
    for number, row in enumerate(rows, start=1):
        line = {
            "row": number,
            "prompt": prompt["input_template"].format(**row),
            "completion": prompt["completion_template"].format(**row),
        }
        if features is not None:
            line["features"] = {name: row[name] for name in features}
        made.append(line)
    return made


def recipe(folder: Path) -> dict:
    """What ``recipe/make.py`` wrote: rows, prompt, settings, and the model's folder."""
    with open(folder / "tickets.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("prompt", "training_arguments", "lora", "generation")
    }
    return {"rows": rows, "model": str(folder / "model"), **read}


def write_lines(path: Path, lines: list[dict]):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def training(folder: Path, model: str, train: list[dict], held_out: list[dict], **job) -> Path:
    """Writes the run folder of a training. ``job`` replaces fields of ``job.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "train.jsonl", train)
    write_lines(folder / "eval.jsonl", held_out)
    identity = str(uuid.uuid4())
    written = {
        "version": 1,
        "kind": "training",
        "id": identity,
        "name": "ticket-labels",
        "framework": "legacy",
        "model": {"id": "m", "name": "tiny-llama", "source": model},
        "dataset": {"id": "d", "name": "tickets", "path": None},
        "prompt": {"id": "p", "name": "label"},
        "seed": 42,
        "training_arguments": {},
        "lora": {},
        "quantization": None,
        "output": {
            "adapter": str(folder / "output" / "adapter"),
            "checkpoints": str(folder / "output" / "checkpoints"),
        },
        "adapter": {"name": "ticket-labels", "register": True},
        "tracking": {"uri": f"sqlite:///{folder / 'mlflow.db'}", "experiment": identity},
        "axolotl": None,
        "script": None,
        "rows": {"train": len(train), "eval": len(held_out)},
        **job,
    }
    (folder / "job.json").write_text(json.dumps(written), encoding="utf-8")
    return folder


def evaluation(folder: Path, rows: list[dict], combinations: list[dict], **job) -> Path:
    """Writes the run folder of an evaluation. ``combinations`` lack only their results folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "eval.jsonl", rows)
    written = {
        "version": 1,
        "kind": "evaluation",
        "id": str(uuid.uuid4()),
        "name": "labels",
        "combinations": [
            {"quantization": None, "folder": str(folder / "results" / one["job"]), **one}
            for one in combinations
        ],
        "generation": {"do_sample": False, "max_new_tokens": 8},
        "seed": 42,
        "batch_size": 32,
        "tracking": {"uri": f"sqlite:///{folder / 'mlflow.db'}", "experiment": "Run: group"},
        "rows": {"train": 0, "eval": len(rows)},
        **job,
    }
    (folder / "job.json").write_text(json.dumps(written), encoding="utf-8")
    return folder


def checkpoint(folder: Path, step: int) -> Path:
    """A checkpoint in a folder of them, whole as far as its files go."""
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "trainer_state.json").write_text(json.dumps({"global_step": step}))
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    weights = len(header).to_bytes(8, "little") + header + bytes(8)
    (path / "adapter_model.safetensors").write_bytes(weights)
    for name in ("optimizer.pt", "scheduler.pt"):
        with zipfile.ZipFile(path / name, "w") as file:
            file.writestr("data", bytes(1000))
    return path


def environment(**more: str) -> dict[str, str]:
    """The environment of a worker: offline, with nothing of the one who runs the tests in it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HF_", "HUGGING", "MLFLOW_", "WANDB_", "FTS_"))
    }
    return {
        **kept,
        "PYTHONPATH": str(PACKAGE),
        "HF_HUB_OFFLINE": "1",
        # So small a model is faster on one core, by far where others use the rest.
        "OMP_NUM_THREADS": "1",
        **more,
    }


def start(folder: Path, **more: str) -> subprocess.Popen:
    """Starts the worker as the studio does: own process group, output appended to the log."""
    with open(folder / "log.txt", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "fine_tuning_worker", "run", str(folder)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment(**more),
        )


def run(folder: Path, **more: str) -> int:
    """Runs the worker to its end and gives its exit code."""
    return start(folder, **more).wait()


def here(folder: Path, attempt: int = 1) -> dict:
    """Does the work of a run folder in this process, and gives how it ended. Where many jobs are to be
    refused, this saves loading the libraries for each."""
    from unittest import mock

    from fine_tuning_worker.events import Events
    from fine_tuning_worker.run import outcome
    from fine_tuning_worker.stop import Stop

    before = Path.cwd()
    os.chdir(folder)
    changes = {"HF_HUB_OFFLINE": "1", "FTS_RUN_ATTEMPT": str(attempt)}
    try:
        with mock.patch.dict(os.environ, changes):
            os.environ.pop("MLFLOW_TRACKING_URI", None)
            return outcome(folder, Events(folder / "events.jsonl"), Stop())
    finally:
        os.chdir(before)


def events(folder: Path, event: str | None = None) -> list[dict]:
    """The events of a run, of one kind if one is named. A half line would fail here."""
    path = folder / "events.jsonl"
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    assert text == "" or text.endswith("\n")
    found = [json.loads(line) for line in text.splitlines()]
    return [one for one in found if event is None or one["event"] == event]


def until(worker: subprocess.Popen, folder: Path, reached) -> dict:
    """Waits for the first event for which ``reached`` holds. Fails if the worker ends before it."""
    while True:
        over = worker.poll() is not None
        # A line still being written has no end yet; it is looked at the next time.
        text = (
            (folder / "events.jsonl").read_text("utf-8")
            if (folder / "events.jsonl").exists()
            else ""
        )
        for line in text[: text.rfind("\n") + 1].splitlines():
            event = json.loads(line)
            if reached(event):
                return event
        assert not over, f"the worker ended first: {text[-1000:]}"
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=0.02)


def ended(folder: Path) -> dict:
    """The last event, which is the end."""
    last = events(folder)[-1]
    assert last["event"] == "ended", last
    return last


def log(folder: Path) -> str:
    return (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
