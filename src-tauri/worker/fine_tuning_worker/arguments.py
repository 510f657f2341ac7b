"""From the job's training arguments to TRL's ``SFTConfig``."""

import dataclasses
import typing

from . import names
from .events import Events
from .failure import Failure, first_line
from .shared import SHARED

RENAMED: dict[str, str] = SHARED["renamed"]
"""Names of earlier releases of transformers and TRL, and what they are called now."""

OURS: list[str] = SHARED["ignored"]["training_arguments"]
"""What the studio decides: where a run writes and where it goes on."""

CHECKPOINTS: dict = SHARED["checkpoints"]
"""Steps between checkpoints and how many are kept by default; see callbacks.SAVED_AFTER."""

WITHOUT_CUDA: dict = SHARED["without_cuda"]
"""The arguments that need CUDA, and the optimizer that replaces one that does."""


def translate(given: dict, known: set[str], evaluates: bool, cuda: bool, events: Events) -> dict:
    """The arguments in today's names, with the defaults of this worker. Says what it changed.

    ``known`` are the names SFTConfig has, ``evaluates`` whether there is an evaluation set. A name
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
    names.check(arguments, known, "The training arguments")
    fit_to_device(arguments, cuda, events)
    fit_to_evaluation(arguments, evaluates, events)
    if "save_strategy" not in given and "save_steps" not in given:
        arguments.update(save_strategy="steps", save_steps=CHECKPOINTS["save_steps"])
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
    """Evaluates once an epoch unless told otherwise, and never without an evaluation set."""
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


def build(arguments: dict, output_dir: str, report_to: list[str]):
    """The ``SFTConfig``. A value that the libraries refuse raises ``Failure`` with their reason."""
    from trl import SFTConfig

    arguments = numbers(arguments, typing.get_type_hints(SFTConfig))
    try:
        return SFTConfig(output_dir=output_dir, report_to=report_to or "none", **arguments)
    except (TypeError, ValueError, ImportError) as error:
        raise Failure(
            f"The training arguments are refused: {first_line(str(error))}",
            "Change the value in the training arguments config.",
        ) from error


def known_names() -> set[str]:
    """The names that ``SFTConfig`` takes."""
    from trl import SFTConfig

    return {field.name for field in dataclasses.fields(SFTConfig) if field.init}
