"""Training by axolotl, where it is installed."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

from . import checkpoints, child, device, outputs, tracking
from . import job as jobs
from .axolotl_log import EACH_STEP, Follower
from .events import Events
from .failure import Failure, first_line
from .stop import Stop, Stopped

KERNELS = ("lora_mlp_kernel", "lora_qkv_kernel", "lora_o_kernel", "lora_embedding_kernel")
"""What axolotl switches on by itself, and what breaks off without a CUDA device."""

PRECISIONS = ("bf16", "fp16", "tf32")
"""What needs a CUDA device: left to itself, axolotl takes float16 where there is none."""

FEW = 5_000
"""Up to so many rows axolotl prepares them in its own process: each of the others that it would start
for each step of the preparation takes longer to begin than these rows take."""

PACKS = ("sample_packing", "eval_sample_packing")
"""What packs rows in other processes, of which there has to be one."""

WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
"""What an adapter has when its training has ended. Its config and tokenizer are there before."""

KEPT = (
    "adapter_*", "tokenizer*", "special_tokens_map.json", "added_tokens.json", "vocab.*", "merges.txt",
    "*.model", "chat_template*",
)  # fmt: skip
"""What an adapter consists of: its weights and config, and the tokenizer. Beside it lie a README and a
log that name folders of this machine, and after some methods the base model again."""

OTHERWISE = {"method": "sft", "tuning": "lora", "adapter_init": None, "chat": None}
"""Choices of a job that axolotl makes by its own config, and the values that leave them to it."""

OVERRIDES = {
    "num_train_epochs": "num_epochs",
    "learning_rate": "learning_rate",
    "max_steps": "max_steps",
}
"""What the form sets, and its name in axolotl's config."""

LORA = {
    "r": "lora_r",
    "lora_alpha": "lora_alpha",
    "lora_dropout": "lora_dropout",
    "target_modules": "lora_target_modules",
}


def run_axolotl(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Runs ``axolotl train`` on the job's config and gives the folder of the ``adapter``."""
    adapter = Path(jobs.need(job, "output", "adapter"))
    outputs.check_free(adapter)
    check(job)
    if util.find_spec("axolotl") is None:
        raise Failure(
            "axolotl is not installed in this Python environment.",
            "Choose an environment that has it, or train without axolotl.",
        )
    config = configuration(root, job, events)
    events.send("facts", **device.surroundings(device.kind()))
    with tracked(job, config, events) as variables:
        path = root / "axolotl.yaml"
        path.write_text(as_yaml(config), encoding="utf-8")
        events.status("training", "Training with axolotl")
        # Its own launcher would start a program of the path that belongs to another environment.
        started = [*command(), "train", str(path), "--launcher", "python"]
        follow = Follower(events, Path(config["output_dir"]))
        try:
            child.run(started, stop, os.environ | variables, follow, "axolotl")
        finally:
            follow.look()
    events.status("saving", "Saving the adapter")
    output = Path(config["output_dir"])
    if not any((output / name).exists() for name in WEIGHTS):
        raise Failure("axolotl ended without an adapter.", "Set “adapter: lora” in its config.")
    with outputs.placed(adapter) as folder:
        for file in output.iterdir():
            if file.is_file() and any(file.match(kept) for kept in KEPT):
                shutil.copy2(file, folder / file.name)
    return {"adapter": str(adapter)}


@contextlib.contextmanager
def tracked(job: dict, config: dict, events: Events) -> Iterator[dict[str, str]]:
    """The environment variables of axolotl's process. Its numbers go to an MLflow run that is opened
    here, so that it is known to the studio and ended however the process ends. A config that names a
    server of its own, or wants none, is left to it."""
    variables = {"AXOLOTL_DO_NOT_TRACK": "1", **EACH_STEP}
    # One process would spread over all devices in sight, in a way that transformers is giving up.
    variables["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0")
    elsewhere = config.get("mlflow_tracking_uri") or config.get("use_mlflow") is False
    run = tracking.Tracking(events, job, wanted=not elsewhere)
    run.start(job.get("name") or job["id"], run_id=tracking.earlier_run(events))
    if run.on:
        # The address comes by the environment, not by the config: it may hold a password.
        config["use_mlflow"] = True
        variables |= {"MLFLOW_EXPERIMENT_NAME": run.experiment, "MLFLOW_RUN_ID": run.run_id}
    status = "FAILED"
    try:
        yield variables
        status = "FINISHED"
    except Stopped:
        status = "KILLED"
        raise
    finally:
        run.end(status)


def check(job: dict):
    """Refuses choices that axolotl would not follow."""
    for name, value in OTHERWISE.items():
        if job.get(name) not in (None, value):
            raise Failure(
                f"axolotl takes its settings from its own config, and this run also has “{name}”.",
                "Set it in axolotl's config, or train without axolotl.",
            )


def command() -> list[str]:
    """How axolotl is started: its program beside this interpreter, else its module."""
    program = Path(sys.executable).with_name("axolotl")
    return [str(program)] if program.exists() else [sys.executable, "-m", "axolotl.cli.main"]


def configuration(root: Path, job: dict, events: Events) -> dict:
    """The job's YAML with the paths of this run, and what the form sets, filled in."""
    import yaml

    try:
        config = yaml.safe_load(jobs.need(job, "axolotl"))
    except yaml.YAMLError as error:
        raise Failure(f"The axolotl config is not YAML: {first_line(str(error))}") from error
    if not isinstance(config, dict):
        raise Failure("The axolotl config holds no settings.")
    config["base_model"] = jobs.need(job, "model", "source")
    config["output_dir"] = jobs.need(job, "output", "checkpoints")
    arguments, lora = job.get("training_arguments") or {}, job.get("lora") or {}
    for name, theirs in OVERRIDES.items():
        if arguments.get(name) is not None:
            config[theirs] = arguments[name]
    for name, theirs in LORA.items():
        if lora.get(name) is not None and config.get(theirs) is None:
            config[theirs] = lora[name]
    if not config.get("adapter"):
        config["adapter"] = "lora"
    if device.kind() != "cuda":
        without_cuda(config, events)
    if config.get("seed") is None:
        config["seed"] = job.get("seed", 42)
    config |= datasets(root, job, config, events)
    processes = [config.get(name) for name in ("dataset_num_proc", "dataset_processes")]
    if processes == [None, None] and not any(config.get(name) for name in PACKS) and has_few(job):
        config["dataset_num_proc"] = 0
    if jobs.attempt() > 1 and (found := checkpoints.newest_complete(Path(config["output_dir"]))):
        events.message(f"Going on from {found.name}.")
        config["resume_from_checkpoint"] = str(found)
    return config


def has_few(job: dict) -> bool:
    """Whether the rows of a job are few enough to be prepared by a single process."""
    counts = job.get("rows") or {}
    return (counts.get("train") or 0) + (counts.get("eval") or 0) <= FEW


def without_cuda(config: dict, events: Events):
    """Replaces what needs a CUDA device."""
    config |= dict.fromkeys(KERNELS, False)
    for name in PRECISIONS:
        if config.get(name) not in (None, False, "auto"):
            events.message(f"“{name}” needs a CUDA device; training in 32 bits instead.")
    config |= dict.fromkeys(PRECISIONS, False)
    attention = str(config.get("attn_implementation") or "")
    if config.pop("flash_attention", None) or attention.startswith("flash"):
        events.message(
            "FlashAttention needs a CUDA device; PyTorch's own attention takes its place."
        )
        config["attn_implementation"] = "sdpa"


def datasets(root: Path, job: dict, config: dict, events: Events) -> dict:
    """The rows to train on: the dataset itself where the config names one of axolotl's formats, else
    the rows as the job's prompt renders them."""
    entries = config.get("datasets") or [{}]
    kind = entries[0].get("type") if isinstance(entries[0], dict) else None
    source = (job.get("dataset") or {}).get("path")
    if kind and source:
        counts = job.get("rows") or {}
        kept, total = (
            counts.get("eval") or 0,
            (counts.get("eval") or 0) + (counts.get("train") or 0),
        )
        how = f"its format “{kind}”" if isinstance(kind, str) else "the format in its config"
        events.message(f"axolotl reads the dataset by {how} and splits it by itself.")
        entry = {**entries[0], "path": source, "type": kind}
        if ds_type := {".csv": "csv", ".json": "json", ".jsonl": "json", ".parquet": "parquet"}.get(
            Path(source).suffix
        ):
            entry["ds_type"] = ds_type
        share = kept / total if total else config.get("val_set_size") or 0
        return {"datasets": [entry], "val_set_size": share}
    rows = next(jobs.rows(root / "train.jsonl"), None)
    if rows is None:
        raise Failure("There are no rows to train on.", "Choose a dataset that has some.")
    form = rendered(rows)
    held_out = root / "eval.jsonl"
    found = {"datasets": [{"path": str(root / "train.jsonl"), "ds_type": "json", **form}]}
    if next(jobs.rows(held_out), None) is not None:
        found["test_datasets"] = [
            {"path": str(held_out), "ds_type": "json", "split": "train", **form}
        ]
    # Splitting again would take rows away that are meant for training.
    found["val_set_size"] = 0
    return found


def rendered(row: dict) -> dict:
    """How axolotl reads rows that are rendered already: as they stand, with nothing around them."""
    if "text" in row:
        return {"type": "completion", "field": "text"}
    return {
        "type": {
            "system_prompt": "",
            "field_system": "system",
            "field_instruction": "prompt",
            "field_output": "completion",
            "format": "{instruction}",
            "no_input_format": "{instruction}",
        }
    }


def as_yaml(config: dict) -> str:
    """The config as axolotl reads it."""
    import yaml

    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
