"""Training with transformers, PEFT and TRL."""

import os
from pathlib import Path

from . import (
    architecture,
    arguments,
    callbacks,
    chat,
    checkpoints,
    dataset,
    device,
    lengths,
    methods,
    models,
    outputs,
    padding,
    quantize,
    quiet,
    tuning,
)
from . import job as jobs
from .events import Events
from .failure import Failure, first_line
from .stop import Stop, Stopped
from .tracking import Tracking


def train(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Trains as the job says and gives the folder of the finished ``adapter`` or ``model``."""
    tuning.check(job)
    what, place = tuning.place(job)
    outputs.check_free(place)
    with stop.at_once():
        prepare_libraries()
        trainer, tracking = prepare(root, job, events, stop)
        start = None if job.get("adapter_init") else tuning.keep_start(trainer)
    status = "FAILED"
    try:
        run(trainer, job, events, stop)
        if trainer.args.load_best_model_at_end and trainer.state.best_global_step:
            best = trainer.state.best_global_step
            events.message(f"The best checkpoint is kept: that of step {best}.")
        events.status("saving", f"Saving the {what}")
        with outputs.placed(place) as folder:
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
    method = methods.of(job)
    quantize.config(job.get("quantization"), kind)
    lora = tuning.new_adapter(job, method)
    template = chat.template(job)
    first = dataset.first(root / "train.jsonl")
    if first is None:
        raise Failure("There are no rows to train on.", "Choose a dataset that has some.")
    row_format = methods.row_format(job, method, first)
    if template is not None and row_format in (methods.PROMPT_COMPLETION, methods.TEXT):
        raise Failure(
            f"Rows of the format “{row_format}” are not rendered by a chat template.",
            "Take the chat template out, or train on conversations.",
        )
    evaluates = dataset.first(root / "eval.jsonl") is not None
    wanted = arguments.translate(
        given,
        arguments.known_names(method),
        evaluates,
        kind == "cuda",
        events,
        job.get("early_stopping_patience"),
    )
    fit_loss(wanted, method, row_format, events)
    if method.name == "orpo":
        # Its trainer sets this by itself, and warns about it.
        wanted["remove_unused_columns"] = False
    to_mlflow, others = arguments.reporters(wanted)
    loraplus = arguments.take_loraplus(wanted)
    config = arguments.build(wanted, jobs.need(job, "output", "checkpoints"), others, method)
    methods.check(method, config, events)
    quantize.tell_speed(job.get("quantization"), kind, events)

    events.status("model", "Loading the model")
    source = jobs.need(job, "model", "source")
    tokenizer = models.tokenizer(source)
    rendered = template is not None or row_format == methods.CONVERSATION
    if tokenizer.eos_token is None and not rendered:
        raise Failure(
            "This model's tokenizer has no token that ends a text, so the model can't learn to stop.",
            "Choose a model whose tokenizer has an end token.",
        )
    padding.apply(tokenizer)
    reward = method.name == "reward"
    model = models.base(source, kind, job.get("quantization"), reward, tuning.is_full(job))
    architecture.fit(model, lora, config, events)
    if quantize.wanted(job.get("quantization")):
        model = ready_for_few_bits(model, config)
    if job.get("adapter_init"):
        model = tuning.going_on(model, job, method, events)

    events.status("tokenizing", "Turning the rows into tokens")
    # ORPO's own trainer tokenizes texts as they stand.
    verbatim = rendered and method.name in ("dpo", "kto", "reward")
    tables = {
        name: dataset.table(root / f"{name}.jsonl", row_format, tokenizer, verbatim, events)
        for name in ("train", "eval")
    }
    if tables["train"] is None:
        raise Failure(
            "No row can be trained on: in none of them anything is learned.",
            "Choose another part of the conversations to train on.",
        )
    if method.name == "kto":
        # It takes rows in their order, and makes its pairs of neighbors.
        tables["train"] = tables["train"].shuffle(seed=config.seed)
    tracking = Tracking(events, job, wanted=to_mlflow)
    saves = "save_strategy" not in given and "save_steps" not in given
    own = tokenizer.chat_template
    if verbatim:
        tokenizer.chat_template = chat.VERBATIM
    trainer = make_trainer(
        method.trainer(rendered),
        model=model,
        args=config,
        train_dataset=tables["train"],
        eval_dataset=tables["eval"],
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[callbacks.reporter(events, stop, saves), *early_end(job, events)],
    )
    # The template of the run goes along with what is saved, so that all who use it render alike.
    tokenizer.chat_template = template if template is not None else own
    tuning.use_loraplus(trainer, loraplus)
    if method.name == "orpo":
        lengths.leave_out_full(trainer)
    dataset.tell_boundary(tables["train"], tokenizer, events)
    lengths.tell_cut(trainer, method.name, row_format, len(tables["train"]), events)
    events.send("facts", **device.facts(trainer.model, kind))
    tracking.start(job.get("name") or job["id"], run_id=earlier_run(events))
    if tracking.on:
        trainer.add_callback(tracking.callback())
    return trainer, tracking


def fit_loss(wanted: dict, method: methods.Method, row_format: str, events: Events):
    """Places the loss of supervised fine-tuning: on completions, on whole texts, or on the spans that
    the rows of conversations carry."""
    if method.name != "sft":
        return
    if row_format == methods.PROMPT_COMPLETION:
        wanted.setdefault("completion_only_loss", True)
        return
    if row_format == methods.CONVERSATION and (
        wanted.get("completion_only_loss") or wanted.get("assistant_only_loss")
    ):
        events.message(
            "What is learned of a conversation is chosen with its rows, not by arguments."
        )
        wanted.pop("assistant_only_loss", None)
    wanted["completion_only_loss"] = False


def early_end(job: dict, events: Events) -> list:
    """The callback that ends a training early, if the job asks for it."""
    patience = job.get("early_stopping_patience")
    return [] if patience is None else [callbacks.early_end(patience, events)]


def ready_for_few_bits(model, config):
    """PEFT's preparation of a quantized model, with the job's choice of gradient checkpointing."""
    from peft import prepare_model_for_kbit_training

    for module in model.modules():
        # An evaluation would pack 4-bit weights for a kernel of processors that has no gradients,
        # and the steps after it would learn next to nothing.
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return prepare_model_for_kbit_training(
        model, use_gradient_checkpointing=config.gradient_checkpointing
    )


def make_trainer(kind, **parts):
    """TRL's trainer of the class ``kind``. What it refuses becomes a ``Failure`` with its reason."""
    try:
        return kind(**parts)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise Failure(
            f"The training can't be set up: {first_line(str(error))}",
            "Change the training arguments or the LoRA config; the log has the details.",
        ) from error


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
