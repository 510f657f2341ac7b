"""From a job to a trainer that is ready for its first step."""

import copy
from dataclasses import dataclass
from pathlib import Path

from . import (
    architecture,
    arguments,
    callbacks,
    chat,
    dataset,
    device,
    embeddings,
    lengths,
    methods,
    models,
    padding,
    quantize,
    quiet,
    ranks,
    tuning,
)
from . import job as jobs
from .events import Events
from .failure import Failure, first_line
from .stop import Stop

VERBATIM = ("dpo", "kto", "reward")
"""The methods whose trainers add tokens to plain texts, so that rendered ones come as messages."""


@dataclass(frozen=True)
class Plan:
    """What a job comes to on this machine, before a model is loaded."""

    kind: str
    """The device: ``cuda``, ``mps`` or ``cpu``."""
    method: methods.Method
    row_format: str
    template: str | None
    """The text of the chat template that rendered the rows; None for plain ones."""
    config: object
    """The method's config in TRL."""
    lora: object | None
    """PEFT's config of a new adapter; None where none is made."""
    loraplus: float | None
    grows: bool
    """Whether the model gets embeddings for tokens that it has none for."""
    to_mlflow: bool
    saves_by_clock: bool
    """Whether the job names no rhythm for checkpoints."""

    @property
    def rendered(self) -> bool:
        """Whether the rows' texts hold all that their tokens stand for."""
        return self.template is not None or self.row_format == methods.CONVERSATION


def plan(root: Path, job: dict, events: Events) -> Plan:
    """Reads a job, and refuses what can't work: this comes before the minutes that loading may take."""
    given = dict(job.get("training_arguments") or {})
    given.setdefault("seed", job.get("seed", 42))
    kind = device.kind(bool(given.get("use_cpu") or given.get("no_cuda")))
    quiet.libraries(on_cpu=kind == "cpu")
    device.choose_threads(kind)
    ranks.join(kind, given)
    method = methods.of(job)
    quantize.config(job.get("quantization"), kind)
    lora = tuning.new_adapter(job, method)
    template = chat.template(job)
    row_format = format_of(root, job, method, template)
    wanted = arguments.translate(
        given,
        arguments.known_names(method),
        dataset.first(root / "eval.jsonl") is not None,
        kind == "cuda",
        events,
        job.get("early_stopping_patience"),
    )
    if ranks.inside() and kind == "cpu":
        # accelerate joins processes on a processor only where it is set to compute there.
        wanted["use_cpu"] = True
    fit_to_method(wanted, method, row_format, events)
    to_mlflow, others = arguments.reporters(wanted)
    loraplus, grows = arguments.take_loraplus(wanted), arguments.take_grows(wanted)
    config = arguments.build(wanted, jobs.need(job, "output", "checkpoints"), others, method)
    methods.check(method, config, events)
    quantize.report_speed(job.get("quantization"), kind, events)
    saves = "save_strategy" not in given and "save_steps" not in given
    return Plan(kind, method, row_format, template, config, lora, loraplus, grows, to_mlflow, saves)


def format_of(root: Path, job: dict, method: methods.Method, template: str | None) -> str:
    """The format of the rows to train on."""
    first = dataset.first(root / "train.jsonl")
    if first is None:
        raise Failure("There are no rows to train on.", "Choose a dataset that has some.")
    row_format = methods.row_format(job, method, first)
    if template is not None and row_format in (methods.PROMPT_COMPLETION, methods.TEXT):
        raise Failure(
            f"Rows of the format “{row_format}” are not rendered by a chat template.",
            "Take the chat template out, or train on conversations.",
        )
    return row_format


def fit_to_method(wanted: dict, method: methods.Method, row_format: str, events: Events):
    """Sets arguments that follow from the method and its rows. The loss of supervised fine-tuning is on
    completions, on whole texts, or on the spans that the rows of conversations carry."""
    if method.name == "orpo":
        # Its trainer sets this by itself, and warns about it.
        wanted["remove_unused_columns"] = False
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


def load(job: dict, plan: Plan, events: Events):
    """The tokenizer and the model, prepared for training."""
    source = jobs.need(job, "model", "source")
    tokenizer = models.tokenizer(source)
    if tokenizer.eos_token is None and not plan.rendered:
        raise Failure(
            "This model's tokenizer has no token that ends a text, so the model can't learn to stop.",
            "Choose a model whose tokenizer has an end token.",
        )
    reward = plan.method.name == "reward"
    bits = job.get("quantization")
    model = models.base(source, plan.kind, bits, reward, tuning.is_full(job))
    if plan.grows and not job.get("adapter_init"):
        embeddings.grow(model, tokenizer, plan.lora, events)
    padding.apply(tokenizer, embeddings.rows(model))
    architecture.fit(model, plan.lora, plan.config, events)
    if quantize.wanted(bits):
        model = quantize.ready_for_training(model, plan.config.gradient_checkpointing)
    if job.get("adapter_init"):
        model = tuning.going_on(model, job, plan.method, events)
    return tokenizer, model


def tables(root: Path, plan: Plan, tokenizer, events: Events) -> dict:
    """The rows to train on and those to evaluate on, or None in place of the latter."""
    verbatim = plan.rendered and plan.method.name in VERBATIM
    made = {
        name: dataset.table(root / f"{name}.jsonl", plan.row_format, tokenizer, verbatim, events)
        for name in ("train", "eval")
    }
    if made["train"] is None:
        raise Failure(
            "No row can be trained on: in none of them anything is learned.",
            "Choose another part of the conversations to train on.",
        )
    if plan.method.name == "kto":
        # It takes rows in their order, and makes its pairs of neighbors, which are the two answers to
        # one prompt where rows were made of pairs.
        made = {name: rows and rows.shuffle(plan.config.seed) for name, rows in made.items()}
    return made


def trainer(job: dict, plan: Plan, tokenizer, model, rows: dict, events: Events, stop: Stop):
    """TRL's trainer. What it refuses becomes a ``Failure`` with its reason."""
    # The template of the run goes along with what is saved, so that all who use it render alike.
    kept = plan.template if plan.template is not None else tokenizer.chat_template
    if plan.rendered and plan.method.name in VERBATIM:
        tokenizer.chat_template = chat.VERBATIM
    if rows["eval"] is None:
        without_evaluation(plan.config, events)
    more = {}
    if plan.grows and tuning.is_full(job) and reads_reference(plan):
        # TRL would load the base again, without the added embeddings.
        more["ref_model"] = copy.deepcopy(model)
    patience = job.get("early_stopping_patience")
    ends = [] if patience is None else [callbacks.early_end(patience, events)]
    try:
        made = plan.method.trainer(plan.rendered)(
            model=model,
            args=plan.config,
            train_dataset=rows["train"],
            eval_dataset=rows["eval"],
            processing_class=tokenizer,
            peft_config=plan.lora,
            callbacks=[callbacks.reporter(events, stop, plan.saves_by_clock), *ends],
            **more,
        )
    except (TypeError, ValueError, NotImplementedError) as error:
        raise Failure(
            f"The training can't be set up: {first_line(str(error))}",
            "Change the training arguments or the LoRA config; the log has the details.",
        ) from error
    tokenizer.chat_template = kept
    embeddings.check(made, tokenizer)
    embeddings.show_bias(made.model)
    embeddings.keep_out(made.model)
    tuning.use_loraplus(made, plan.loraplus)
    if plan.method.name == "orpo":
        lengths.leave_out_full(made)
    if made.eval_dataset is not None and len(made.eval_dataset) == 0:
        made.eval_dataset = None
        without_evaluation(plan.config, events)
    return made


def reads_reference(plan: Plan) -> bool:
    """Whether the model as it was stays loaded beside the one that is trained."""
    return plan.method.name in ("dpo", "kto") and not plan.config.precompute_ref_log_probs


def without_evaluation(config, events: Events):
    """Takes out the evaluations of a run whose rows for them have all been left out."""
    from transformers.trainer_utils import IntervalStrategy

    if config.eval_strategy == IntervalStrategy.NO:
        return
    if config.load_best_model_at_end:
        raise Failure(
            "The best checkpoint can't be found: no row kept for evaluation can be used.",
            "Raise max_length, choose other rows, or take early stopping out.",
        )
    config.eval_strategy = IntervalStrategy.NO
    config.eval_on_start = False
    events.warning(
        "No row kept for evaluation can be used, so nothing is evaluated while training."
    )
