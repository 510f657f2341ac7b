"""Training with transformers, PEFT and TRL."""

import os
from pathlib import Path

from . import checkpoints, dataset, device, lengths, outputs, ranks, setup, tuning
from . import job as jobs
from .events import Events
from .stop import Stop, Stopped
from .tracking import Tracking, earlier_run


def train(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Trains as the job says and gives the folder of the finished ``adapter`` or ``model``."""
    tuning.check(job)
    what, place = tuning.place(job)
    outputs.check_free(place)
    with stop.at_once():
        prepare_libraries()
        trainer, tracking = prepare(root, job, events, stop)
        start = None if job.get("adapter_init") else tuning.keep_start(trainer)
    if any(ranks.agree(stop.requested)):
        raise Stopped
    status = "FAILED"
    try:
        run(trainer, job, events, stop)
        if trainer.args.load_best_model_at_end and trainer.state.best_global_step:
            best = trainer.state.best_global_step
            events.message(f"The best checkpoint is kept: that of step {best}.")
        events.status("saving", f"Saving the {what}")
        with ranks.placed(place) as folder:
            tuning.save(trainer, folder, start)
        status = "FINISHED"
    except Stopped:
        status = "KILLED"
        raise
    finally:
        tracking.end(status)
    return {what: str(place)}


def prepare_libraries():
    """The heavy imports, and their quirks."""
    # Progress bars that libraries have no setting for. The run reports its own progress.
    os.environ.setdefault("TQDM_DISABLE", "1")
    if not ranks.inside():
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
    plan = setup.plan(root, job, events)
    events.status("model", "Loading the model")
    tokenizer, model = setup.load(job, plan, events)
    events.status("tokenizing", "Turning the rows into tokens")
    rows = setup.tables(root, plan, tokenizer, events)
    tracking = Tracking(events, job, wanted=plan.to_mlflow and ranks.is_first())
    trainer = setup.trainer(job, plan, tokenizer, model, rows, events, stop)
    dataset.report_boundary(rows["train"], tokenizer, events)
    lengths.report_cut(trainer, plan.method.name, plan.row_format, len(rows["train"]), events)
    events.send("facts", **device.facts(trainer.model, plan.kind))
    tracking.start(job.get("name") or job["id"], run_id=earlier_run(events))
    if tracking.on:
        trainer.add_callback(tracking.callback())
    return trainer, tracking


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
    if resumed:
        checkpoints.name_best_here(resumed)
    try:
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    except Stopped:
        # Asked during an evaluation: that is cut short, and the step it followed is kept.
        save_checkpoint(trainer, events)
        raise
    if any(ranks.agree(stop.requested)) and trainer.state.global_step < trainer.state.max_steps:
        raise Stopped


def save_checkpoint(trainer, events: Events):
    """Saves a checkpoint of the last step from outside the training loop, unless there is one."""
    step = trainer.state.global_step
    path = Path(trainer.args.output_dir) / f"checkpoint-{step}"
    if not any(ranks.agree(checkpoints.damage(path, step) is not None)):
        # Writing it once more would risk it, should the process be killed meanwhile.
        return
    try:
        trainer._save_checkpoint(trainer.model, trial=None)
        trainer.callback_handler.on_save(trainer.args, trainer.state, trainer.control)
    except Exception as error:
        print(f"checkpoint: {error!r}", flush=True)
        events.warning("The last steps could not be saved; a retry goes on from before them.")
