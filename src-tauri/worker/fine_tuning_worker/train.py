"""Training an adapter with transformers, PEFT and TRL."""

import os
from pathlib import Path

from . import (
    architecture,
    arguments,
    callbacks,
    checkpoints,
    dataset,
    device,
    models,
    names,
    outputs,
    padding,
    quantize,
    quiet,
)
from . import job as jobs
from .events import Events
from .failure import Failure, first_line
from .shared import SHARED
from .stop import Stop, Stopped
from .tracking import Tracking

OURS: list[str] = SHARED["ignored"]["lora_config"]
"""Names in the config of a finished adapter that a training decides by itself."""


def train(root: Path, job: dict, events: Events, stop: Stop) -> str:
    """Trains as the job says and gives the folder of the finished adapter."""
    adapter = Path(jobs.need(job, "output", "adapter"))
    outputs.check_free(adapter)
    with stop.at_once():
        prepare_libraries()
        trainer, tracking = prepare(root, job, events, stop)
    status = "FAILED"
    try:
        run(trainer, job, events, stop)
        save(trainer, adapter, events)
        status = "FINISHED"
    except Stopped:
        status = "KILLED"
        raise
    finally:
        tracking.end(status)
    return str(adapter)


def prepare_libraries():
    """The heavy imports, and their quirks."""
    # TRL trains on one device per process: with several in sight, the first.
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")
    import datasets
    import torch  # noqa: F401
    import transformers
    import trl  # noqa: F401

    datasets.disable_progress_bars()
    transformers.utils.logging.disable_progress_bar()


def prepare(root: Path, job: dict, events: Events, stop: Stop):
    """Everything up to the first step: the trainer, and the tracking of its run."""
    given = dict(job.get("training_arguments") or {})
    given.setdefault("seed", job.get("seed", 42))
    kind = device.kind(bool(given.get("use_cpu") or given.get("no_cuda")))
    quiet.libraries(on_cpu=kind == "cpu")
    device.choose_threads(kind)
    # These refuse what can't work, so they come before the minutes that loading may take.
    quantize.config(job.get("quantization"), kind)
    lora = lora_config(job.get("lora") or {})

    rows = dataset.table(root / "train.jsonl")
    if rows is None:
        raise Failure("There are no rows to train on.", "Choose a dataset that has some.")
    held_out = dataset.table(root / "eval.jsonl")

    wanted = arguments.translate(
        given, arguments.known_names(), held_out is not None, kind == "cuda", events
    )
    if "prompt" in rows.column_names:
        wanted.setdefault("completion_only_loss", True)
    else:
        wanted["completion_only_loss"] = False
    to_mlflow, others = arguments.reporters(wanted)
    config = arguments.build(wanted, jobs.need(job, "output", "checkpoints"), others)

    events.status("model", "Loading the model")
    source = jobs.need(job, "model", "source")
    tokenizer = models.tokenizer(source)
    if tokenizer.eos_token is None:
        raise Failure(
            "This model's tokenizer has no token that ends a text, so the model can't learn to stop.",
            "Choose a model whose tokenizer has an end token.",
        )
    padding.apply(tokenizer)
    model = models.base(source, kind, job.get("quantization"))
    architecture.fit(model, lora, config, events)
    if job.get("quantization"):
        model = ready_for_few_bits(model, config)

    events.status("tokenizing", "Turning the rows into tokens")
    tracking = Tracking(events, job, wanted=to_mlflow)
    saves = "save_strategy" not in given and "save_steps" not in given
    trainer = make_trainer(
        model=model,
        args=config,
        train_dataset=rows,
        eval_dataset=held_out,
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[callbacks.reporter(events, stop, saves)],
    )
    dataset.tell_boundary(rows, tokenizer, events)
    dataset.tell_cut(trainer, len(rows), events)
    events.send("facts", **device.facts(trainer.model, kind))
    tracking.start(job.get("name") or job["id"], run_id=earlier_run(events))
    if tracking.on:
        trainer.add_callback(tracking.callback())
    return trainer, tracking


def lora_config(given: dict):
    """PEFT's ``LoraConfig`` of the job's settings."""
    import dataclasses

    from peft import LoraConfig

    # The config of a saved adapter names its own base model, and is for use rather than training.
    settings = {key: value for key, value in given.items() if key not in OURS}
    settings.setdefault("task_type", "CAUSAL_LM")
    known = {field.name for field in dataclasses.fields(LoraConfig) if field.init}
    names.check(settings, known, "The LoRA settings")
    try:
        return LoraConfig(**settings)
    except (TypeError, ValueError) as error:
        raise Failure(
            f"The LoRA settings are refused: {first_line(str(error))}",
            "Change the value in the LoRA config.",
        ) from error


def ready_for_few_bits(model, config):
    """PEFT's preparation of a quantized model, with the job's choice of gradient checkpointing."""
    from peft import prepare_model_for_kbit_training

    return prepare_model_for_kbit_training(
        model, use_gradient_checkpointing=config.gradient_checkpointing
    )


def make_trainer(**parts):
    """TRL's trainer. What it refuses becomes a ``Failure`` with its reason."""
    from trl import SFTTrainer

    try:
        trainer = SFTTrainer(**parts)
    except (TypeError, ValueError) as error:
        raise Failure(
            f"The training can't be set up: {first_line(str(error))}",
            "Change the training arguments or the LoRA config; the log has the details.",
        ) from error
    return trainer


def earlier_run(events: Events) -> str | None:
    """The MLflow run of an earlier attempt, to go on in."""
    if jobs.attempt() == 1:
        return None
    found = events.earlier("mlflow")
    return found[-1]["run_id"] if found else None


def run(trainer, job: dict, events: Events, stop: Stop):
    """Trains to the end, or saves a checkpoint and raises ``Stopped``."""
    resumed = None
    if jobs.attempt() > 1:
        resumed = checkpoints.newest_complete(
            Path(job["output"]["checkpoints"]),
            lambda path, why: events.warning(f"{path.name} is passed over: {why}."),
        )
        events.message(
            f"Going on from {resumed.name}." if resumed else "No checkpoint to go on from; anew."
        )
    try:
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    except Stopped:
        # Asked during an evaluation: that is cut short, and the step it followed is kept.
        save_checkpoint(trainer, events)
        raise
    if stop.requested and trainer.state.global_step < trainer.state.max_steps:
        raise Stopped


def save_checkpoint(trainer, events: Events):
    """Saves a checkpoint of the last step from outside the training loop, unless there is one."""
    step = trainer.state.global_step
    path = Path(trainer.args.output_dir) / f"checkpoint-{step}"
    if checkpoints.damage(path, step) is None:
        # Writing it once more would risk it, should the process be killed meanwhile.
        return
    try:
        trainer._save_checkpoint(trainer.model, trial=None)
        trainer.callback_handler.on_save(trainer.args, trainer.state, trainer.control)
    except Exception as error:
        print(f"checkpoint: {error!r}", flush=True)
        events.warning("The last steps could not be saved; a retry goes on from before them.")


def save(trainer, adapter: Path, events: Events):
    """Puts the adapter and its tokenizer in their place, all at once."""
    events.status("saving", "Saving the adapter")
    with outputs.placed(adapter) as folder:
        trainer.save_model(str(folder))
