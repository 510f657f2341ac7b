"""From the job's training arguments to the config of its method in TRL."""

import dataclasses
import typing

from . import names
from .events import Events
from .failure import Failure, first_line
from .methods import METHODS, Method
from .shared import SHARED

SFT = METHODS["sft"]

RENAMED: dict[str, str] = SHARED["renamed"]
"""Names of earlier releases of transformers and TRL, and what they are called now."""

OURS: list[str] = SHARED["ignored"]["training_arguments"]
"""What the studio decides: where a run writes and where it goes on."""

CHECKPOINTS: dict = SHARED["checkpoints"]
"""Steps between checkpoints and how many are kept by default; see callbacks.SAVED_AFTER."""

EVAL_STEPS = 10
"""Steps between evaluations where the arguments say “steps” and no number: TRL's steps between logs."""

LORAPLUS = "loraplus_lr_ratio"
"""An argument that TRL does not have: how much faster LoRA's B matrices learn (LoRA+)."""

GROWS = "resize_embeddings"
"""Another: whether the model gets embeddings for those tokens of its tokenizer that it has none for."""

WITHOUT_CUDA: dict = SHARED["without_cuda"]
"""The arguments that need CUDA, and the optimizer that replaces one that does."""


def translate(
    given: dict,
    known: set[str],
    evaluates: bool,
    cuda: bool,
    events: Events,
    patience: int | None = None,
) -> dict:
    """The arguments in today's names, with the defaults of this worker. Says what it changed.

    ``known`` are the names that the method's config has, ``evaluates`` whether there is an evaluation
    set, ``patience`` after how many evaluations without a lower loss the training ends early. A name
    that is neither known nor a former one raises ``Failure``.
    """
    arguments = {}
    for name, value in given.items():
        if name in OURS:
            continue
        if name == "warmup_ratio" and name not in known:
            # A number of steps below one is a share of all steps now. An explicit number of
            # steps has always come before the ratio.
            if value and not given.get("warmup_steps"):
                arguments["warmup_steps"] = float(value)
            continue
        if name == "group_by_length" and name not in known:
            if value:
                arguments["train_sampling_strategy"] = "group_by_length"
            continue
        if name in RENAMED and name not in known:
            name = RENAMED[name]
            if name in given:
                continue
        arguments[name] = value
    names.check(arguments, known | {LORAPLUS, GROWS}, "The training arguments")
    fit_to_device(arguments, cuda, events)
    fit_to_evaluation(arguments, evaluates, events)
    if "save_strategy" not in given and "save_steps" not in given:
        arguments.update(save_strategy="steps", save_steps=CHECKPOINTS["save_steps"])
    if patience is not None:
        saves = "save_strategy" in given or "save_steps" in given
        fit_to_early_stopping(arguments, patience, evaluates, saves, events)
    arguments.setdefault("save_total_limit", CHECKPOINTS["save_total_limit"])
    arguments.setdefault("logging_first_step", True)
    arguments["disable_tqdm"] = True
    return arguments


def fit_to_device(arguments: dict, cuda: bool, events: Events):
    """Without CUDA, takes out what needs it, so that the usual arguments train anywhere."""
    if cuda and not arguments.get("use_cpu"):
        return
    for name in WITHOUT_CUDA["switches"]:
        if arguments.get(name):
            events.message(f"“{name}” needs a CUDA device; training in 32 bits instead.")
    arguments["fp16"] = arguments["bf16"] = False
    arguments.pop("tf32", None)
    # Pinned memory speeds up copies to a GPU, and torch warns where there is none.
    arguments.setdefault("dataloader_pin_memory", False)
    optimizer = str(arguments.get("optim", ""))
    if any(mark in optimizer for mark in WITHOUT_CUDA["optimizers"]):
        other = arguments["optim"] = WITHOUT_CUDA["optimizer"]
        events.message(f"The optimizer “{optimizer}” needs a CUDA device; using {other} instead.")


def fit_to_evaluation(arguments: dict, evaluates: bool, events: Events):
    """Evaluates once an epoch unless set otherwise, and never without an evaluation set."""
    if evaluates:
        if "eval_strategy" not in arguments:
            # Evaluating every so many steps is meant where the number of steps is given.
            arguments["eval_strategy"] = "steps" if arguments.get("eval_steps") else "epoch"
        return
    wanted = str(arguments.get("eval_strategy", "no")) not in ("no", "None")
    if wanted or arguments.get("load_best_model_at_end"):
        events.message("There is no evaluation set, so nothing is evaluated while training.")
    arguments["eval_strategy"] = "no"
    arguments.pop("load_best_model_at_end", None)
    arguments.pop("eval_on_start", None)


def fit_to_early_stopping(
    arguments: dict, patience: int, evaluates: bool, saves: bool, events: Events
):
    """Saves a checkpoint with each evaluation, and goes back to the best one at the end. ``saves`` =
    the job names a rhythm of its own for checkpoints."""
    if isinstance(patience, bool) or not isinstance(patience, int) or patience < 1:
        raise Failure(
            f"Early stopping waits for a number of evaluations, and “{patience}” is none.",
            "Set it to 1 or more.",
        )
    if not evaluates:
        raise Failure(
            "Early stopping looks at the loss on rows kept for evaluation, and this run keeps none.",
            "Keep a share of the rows for evaluation, or take early stopping out.",
        )
    rhythm = str(arguments["eval_strategy"])
    if rhythm not in ("steps", "epoch"):
        raise Failure(
            f"Early stopping looks at each evaluation, and eval_strategy is “{rhythm}”.",
            "Set eval_strategy to “epoch” or “steps”, or take early stopping out.",
        )
    arguments["load_best_model_at_end"] = True
    arguments.setdefault("metric_for_best_model", "eval_loss")
    if arguments.get("save_strategy") == "best":
        return
    wanted = {"save_strategy": rhythm}
    if rhythm == "steps":
        every = arguments.get("eval_steps") or arguments.get("logging_steps") or EVAL_STEPS
        wanted |= {"eval_steps": every, "save_steps": every}
    changed = [
        name
        for name, value in wanted.items()
        if name.startswith("save") and arguments.get(name) not in (None, value)
    ]
    arguments.update(wanted)
    if saves and changed:
        events.message("For early stopping, a checkpoint is saved with each evaluation.")


def take_loraplus(arguments: dict) -> float | None:
    """Takes the ratio of LoRA+ out of the arguments; None where it is not set."""
    ratio = numbers({LORAPLUS: arguments.pop(LORAPLUS, None)}, {LORAPLUS: float})[LORAPLUS]
    if ratio is not None and (isinstance(ratio, bool) or not ratio > 0):
        raise Failure(
            f"The training argument “{LORAPLUS}” is a number above 0, and “{ratio}” is none.",
            "Change the value in the training arguments config.",
        )
    return ratio


def take_grows(arguments: dict) -> bool:
    """Takes out whether embeddings are added."""
    wanted = arguments.pop(GROWS, None)
    if wanted not in (None, True, False):
        raise Failure(
            f"The training argument “{GROWS}” is true or false, and “{wanted}” is neither.",
            "Change the value in the training arguments config.",
        )
    return bool(wanted)


def reporters(arguments: dict) -> tuple[bool, list[str]]:
    """Takes ``report_to`` out: whether MLflow is wanted (it is by default), and the others."""
    wanted = arguments.pop("report_to", "mlflow")
    listed = [wanted] if isinstance(wanted, str) else list(wanted or ["none"])
    if "all" in listed:
        return True, []
    return "mlflow" in listed, [name for name in listed if name not in ("mlflow", "none")]


def numbers(arguments: dict, types: dict[str, object]) -> dict:
    """The arguments with numbers that were written as texts ("2e-4") made numbers. Raises ``Failure``
    for a text where a number belongs: the libraries would notice in the middle of the work."""
    made = dict(arguments)
    for name, value in arguments.items():
        kinds = set(typing.get_args(types[name]) or (types[name],)) - {type(None)}
        if not isinstance(value, str) or not kinds <= {int, float}:
            continue
        try:
            number = float(value)
        except ValueError:
            raise Failure(
                f"The training argument “{name}” is a number, and “{value}” is none.",
                "Change the value in the training arguments config.",
            ) from None
        made[name] = number if float in kinds else int(number)
    return made


def build(arguments: dict, output_dir: str, report_to: list[str], method: Method = SFT):
    """The method's config. A value that the libraries refuse raises ``Failure`` with their reason."""
    config = method.config()
    arguments = numbers(arguments, typing.get_type_hints(config))
    try:
        return config(output_dir=output_dir, report_to=report_to or "none", **arguments)
    except (TypeError, ValueError, ImportError) as error:
        raise Failure(
            f"The training arguments are refused: {first_line(str(error))}",
            "Change the value in the training arguments config.",
        ) from error


def known_names(method: Method = SFT) -> set[str]:
    """The names that the method's config takes."""
    return {field.name for field in dataclasses.fields(method.config()) if field.init}
