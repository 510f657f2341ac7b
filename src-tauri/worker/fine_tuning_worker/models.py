"""Loading a base model, its tokenizer and its adapters."""

import os
from pathlib import Path

from . import embeddings, quantize, ranks
from .failure import Failure, first_line


def tokenizer(source: str):
    """The tokenizer of a folder or Hub name. Raises ``Failure`` if there is none."""
    from transformers import AutoTokenizer

    return from_source("tokenizer", source, AutoTokenizer.from_pretrained)


def base(
    source: str,
    kind: str,
    quantization: dict | None,
    reward: bool = False,
    whole: bool = False,
):
    """The causal language model of a folder or Hub name, on the device; with a head that gives one
    number in place of words where it is to be a ``reward`` model.

    Weights keep the precision they were saved in, except on a processor, where 16 bits are slow
    and not everywhere complete, and where the ``whole`` model is trained, as 16 bits lose small
    changes: there they are 32 bits wide.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    bits = quantize.config(quantization, kind)
    options = {"dtype": torch.float32 if kind == "cpu" or whole else "auto"}
    if bits is not None:
        options.update(
            quantization_config=bits,
            device_map={"": ranks.local_rank() if kind == "cuda" else kind},
        )
    auto = AutoModelForCausalLM
    if reward:
        auto = AutoModelForSequenceClassification
        options["num_labels"] = 1
    model = from_source("model", source, auto.from_pretrained, **options)
    return model if bits is not None else model.to(kind)


def config(source: str):
    """The configuration of the model in a folder or of a Hub name."""
    from transformers import AutoConfig

    return from_source("model", source, AutoConfig.from_pretrained)


def gives_scores(source: str, adapter: str | None) -> bool:
    """Whether a model, with that adapter if there is one, gives a score in place of words, as reward
    models do."""
    from peft import PeftConfig

    architectures = config(source).architectures or []
    if any(name.endswith("ForSequenceClassification") for name in architectures):
        return True
    if adapter is None:
        return False
    return from_source("adapter", adapter, PeftConfig.from_pretrained).task_type == "SEQ_CLS"


def with_adapters(model, sources: dict[str, str]):
    """The model with adapters laid over it by name; none of them is merged. It gets embeddings for the
    tokens that they were trained with."""
    from peft import PeftModel

    if sources:
        embeddings.fit(model, list(sources.values()))
    peft = None
    for name, source in sources.items():
        if peft is None:
            load = lambda place: PeftModel.from_pretrained(model, place, adapter_name=name)  # noqa: B023, E731
        else:
            load = lambda place: peft.load_adapter(place, adapter_name=name)  # noqa: B023, E731
        loaded = from_source("adapter", source, load)
        peft = peft or loaded
    return peft if peft is not None else model


def context_length(model) -> int | None:
    """How many tokens the model reads and writes together; None where its files name no limit."""
    return context_of(model.config)


def context_of(config) -> int | None:
    """The same by the model's configuration."""
    length = getattr(config.get_text_config(), "max_position_embeddings", None)
    return length if isinstance(length, int) and length > 0 else None


def from_source(what: str, source: str, load, **options):
    """``load(source)``, with failures that name what was to be loaded and from where."""
    local = os.path.isabs(source) or source.startswith((".", "~"))
    if local and not Path(source).expanduser().is_dir():
        raise Failure(
            f"The folder of the {what}, “{source}”, is not there.",
            "Bring it back, or point the studio to where it is now.",
        )
    try:
        return load(str(Path(source).expanduser()) if local else source, **options)
    except Exception as error:
        text = first_line(str(error))
        if type(error).__name__ == "OutOfMemoryError" or isinstance(error, (MemoryError, Failure)):
            raise
        if local:
            raise Failure(
                f"The {what} in “{source}” can't be loaded: {text}",
                f"Look whether the folder holds a complete {what}; the log has the details.",
            ) from error
        offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")
        raise Failure(
            f"The {what} “{source}” can't be loaded: {text}",
            "The studio is offline, so only what is in the Hub's local cache on this machine can be "
            "used: go online in Settings, or choose a folder."
            if offline
            else "Look at the name, the connection and the Hub's token; the log has the details.",
        ) from error
