"""What of a model is trained: a new adapter, one that goes on, or all of it."""

import shutil
from pathlib import Path

from . import embeddings, models, names, quantize, ranks
from . import job as jobs
from .events import Events
from .failure import Failure, first_line
from .methods import Method
from .shared import SHARED

OURS: list[str] = SHARED["ignored"]["lora_config"]
"""Names in the config of a finished adapter that a training decides by itself."""

FROM_DATA = ("eva", "corda", "lora_ga", "loftq")
"""Starts of LoRA that PEFT computes from data or from a quantization of its own, and would replace by
the plain start without a word."""

CHANGES_BASE = ("pissa", "olora")
"""Starts of LoRA that take something out of the base model's weights. PEFT converts such an adapter, as
it is saved, into one that fits the base as it was."""

INITIAL = "initial"
"""The folder beside the checkpoints that holds such an adapter as it started."""


def is_full(job: dict) -> bool:
    """Whether all weights of the model are trained."""
    tuning = job.get("tuning") or "lora"
    if tuning not in ("lora", "full"):
        raise Failure(f"The tuning “{tuning}” is not known.", "It is “lora” or “full”.")
    return tuning == "full"


def check(job: dict):
    """Refuses choices that exclude each other."""
    if not is_full(job):
        return
    if quantize.wanted(job.get("quantization")):
        raise Failure(
            "Quantized weights can't be trained, so the whole model can't be either.",
            "Train an adapter, or take the quantization out.",
        )
    if job.get("adapter_init"):
        raise Failure(
            "The whole model is trained, without an adapter to continue.",
            "Train an adapter, or continue none.",
        )


def place(job: dict) -> tuple[str, Path]:
    """What comes of a training, ``adapter`` or ``model``, and its folder."""
    what = "model" if is_full(job) else "adapter"
    return what, Path(jobs.need(job, "output", what))


def lora_config(given: dict, reward: bool = False):
    """PEFT's ``LoraConfig`` of the job's settings. A ``reward`` model also trains its head."""
    import dataclasses

    from peft import LoraConfig

    # The config of a saved adapter names its own base model, and is for use rather than training.
    settings = {key: value for key, value in given.items() if key not in OURS}
    settings.setdefault("task_type", "CAUSAL_LM")
    known = {field.name for field in dataclasses.fields(LoraConfig) if field.init}
    names.check(settings, known, "The LoRA settings")
    if reward:
        # With it PEFT trains the new head too, and saves it.
        settings["task_type"] = "SEQ_CLS"
    try:
        return LoraConfig(**settings)
    except (TypeError, ValueError) as error:
        raise Failure(
            f"The LoRA settings are refused: {first_line(str(error))}",
            "Change the value in the LoRA config.",
        ) from error


def new_adapter(job: dict, method: Method):
    """The config of the adapter that is to be made, or None where none is."""
    if is_full(job) or job.get("adapter_init"):
        return None
    config = lora_config(job.get("lora") or {}, method.name == "reward")
    start = str(config.init_lora_weights).lower()
    if start in FROM_DATA:
        raise Failure(
            f"The start “{start}” of LoRA's weights is computed from data, which is not done here.",
            "Choose another init_lora_weights: true, gaussian, orthogonal, pissa or olora.",
        )
    return config


def going_on(model, job: dict, method: Method, events: Events):
    """The model with the adapter whose training goes on."""
    from peft import PeftConfig, PeftModel

    source = jobs.need(job, "adapter_init", "source")
    saved = models.from_source("adapter", source, PeftConfig.from_pretrained)
    wanted = "SEQ_CLS" if method.name == "reward" else "CAUSAL_LM"
    if saved.task_type not in (None, wanted):
        raise Failure(
            f"The adapter “{job['adapter_init'].get('name') or source}” is for another kind of model "
            f"({saved.task_type}) than this method trains ({wanted}).",
            "Choose another adapter to go on from, or another method.",
        )
    events.message("The adapter goes on with the LoRA settings that it was made with.")
    embeddings.fit(model, [source])
    return models.from_source(
        "adapter", source, lambda place: PeftModel.from_pretrained(model, place, is_trainable=True)
    )


def keep_start(trainer) -> Path | None:
    """Saves the adapter as it starts, if it has to be converted in the end, and gives its folder."""
    start = str(getattr(config_of(trainer.model), "init_lora_weights", "")).lower()
    if not start.startswith(CHANGES_BASE):
        return None
    folder = Path(trainer.args.output_dir).resolve() / INITIAL
    if ranks.is_first():
        shutil.rmtree(folder, ignore_errors=True)
        trainer.model.save_pretrained(str(folder), selected_adapters=["default"])
    return folder


def config_of(model):
    """The config of the adapter that is trained; None where there is none."""
    return getattr(model, "peft_config", {}).get("default")


def save(trainer, folder: Path, start: Path | None):
    """Writes the adapter or the model, with its tokenizer. ``start`` is the folder of an adapter that
    ``keep_start`` made."""
    trainer.save_model(str(folder))
    if not ranks.is_first():
        return
    if start is not None:
        trainer.model.save_pretrained(
            str(folder),
            selected_adapters=["default"],
            path_initial_model_for_weight_conversion=str(start),
        )
    # The copy of the adapter that a preference training was compared with.
    shutil.rmtree(folder / "ref", ignore_errors=True)


def use_loraplus(trainer, ratio: float | None):
    """Has LoRA's B matrices learn ``ratio`` times as fast as its A matrices (LoRA+)."""
    from peft.optimizers import create_loraplus_optimizer

    if ratio is None:
        return
    if config_of(trainer.model) is None:
        raise Failure(
            "LoRA+ sets the learning rates of an adapter, and this run trains the whole model.",
            "Take loraplus_lr_ratio out of the training arguments.",
        )
    kind, settings = trainer.get_optimizer_cls_and_kwargs(trainer.args, trainer.model)
    trainer.optimizer = create_loraplus_optimizer(
        trainer.model,
        kind,
        loraplus_lr_ratio=ratio,
        loraplus_weight_decay=trainer.args.weight_decay,
        **settings,
    )
