"""Loading weights in fewer bits."""

from importlib import util

from . import names
from .failure import Failure, first_line


def config(given: dict | None, kind: str):
    """The ``BitsAndBytesConfig`` for a job's ``quantization``, or None where none is asked for.

    Raises ``Failure`` where it can't work: bitsandbytes needs a CUDA device.
    """
    if not given or not (given.get("load_in_4bit") or given.get("load_in_8bit")):
        return None
    if kind != "cuda":
        raise Failure(
            "Quantization needs a CUDA device, and this machine has none that works.",
            "Start the run without quantization, or on a machine with such a device.",
        )
    if util.find_spec("bitsandbytes") is None:
        raise Failure(
            "Quantization needs the package “bitsandbytes”, which this Python environment lacks.",
            "Install it there, or start the run without quantization.",
        )
    from transformers import BitsAndBytesConfig

    wanted = {key: value for key, value in given.items() if key != "quant_method"}
    names.check(wanted, BitsAndBytesConfig().to_dict(), "The quantization settings")
    try:
        return BitsAndBytesConfig(**wanted)
    except (TypeError, ValueError) as error:
        raise Failure(f"The quantization settings are refused: {first_line(str(error))}") from error
