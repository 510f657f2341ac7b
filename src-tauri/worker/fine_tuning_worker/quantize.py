"""Loading weights in fewer bits."""

from importlib import util

from . import names
from .events import Events
from .failure import Failure, first_line

WORKS_ON = ("cuda", "cpu")


def wanted(given: dict | None) -> bool:
    """Whether a job's ``quantization`` asks for fewer bits."""
    return bool(given and (given.get("load_in_4bit") or given.get("load_in_8bit")))


def report_speed(given: dict | None, kind: str, events: Events):
    """Says what quantization costs where no kernels of a GPU help."""
    if wanted(given) and kind == "cpu":
        events.message(
            "On a processor, quantized weights save memory and cost time: they are turned back into "
            "32 bits wherever they are used."
        )


def config(given: dict | None, kind: str):
    """The ``BitsAndBytesConfig`` for a job's ``quantization``, or None where none is asked for.

    Raises ``Failure`` where it can't work: bitsandbytes works on CUDA devices and on processors.
    """
    if not wanted(given):
        return None
    if kind not in WORKS_ON:
        raise Failure(
            "Quantization works on a CUDA device or on a processor, not on this machine's accelerator.",
            "Start the run without quantization, or set use_cpu in the training arguments.",
        )
    if util.find_spec("bitsandbytes") is None:
        raise Failure(
            "Quantization needs the package “bitsandbytes”, which this Python environment lacks.",
            "Install it there, or start the run without quantization.",
        )
    from transformers import BitsAndBytesConfig

    settings = {key: value for key, value in given.items() if key != "quant_method"}
    names.check(settings, BitsAndBytesConfig().to_dict(), "The quantization settings")
    try:
        return BitsAndBytesConfig(**settings)
    except (TypeError, ValueError) as error:
        raise Failure(f"The quantization settings are refused: {first_line(str(error))}") from error


def ready_for_training(model, checkpointing: bool):
    """PEFT's preparation of a quantized model, with the job's choice of gradient checkpointing."""
    from peft import prepare_model_for_kbit_training

    for module in model.modules():
        # An evaluation would pack 4-bit weights for a kernel of processors that has no gradients,
        # and the steps after it would learn next to nothing.
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return prepare_model_for_kbit_training(model, use_gradient_checkpointing=checkpointing)
