"""Embeddings of tokens: those that a model lacks, those that are added, and those of an adapter."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path

from .events import Events
from .failure import Failure

OF_TOKENS = ("input_ids", "prompt_ids", "chosen_ids", "rejected_ids", "completion_ids")
"""How the names of a trainer's columns of tokens end."""

MODULES = ("embed_tokens", "wte", "embed_in", "word_embeddings", "embedding", "lm_head")
"""Names of modules whose rows are tokens."""


def rows(model) -> int | None:
    """For how many tokens a model has an embedding; None where that is not known. The weight itself may
    be spread over processes, or lie behind an adapter's."""
    count = getattr(model.config.get_text_config(), "vocab_size", None)
    return count if isinstance(count, int) and count > 0 else None


def tokens_of(tokenizer) -> int:
    """The number behind that of a tokenizer's last token."""
    return max(tokenizer.get_vocab().values(), default=-1) + 1


def resize(model, wanted: int):
    """Gives a model embeddings for so many tokens. Those that are added start as the mean of the
    others: the same in each process, and never the likeliest as long as nothing is learned of them."""
    import torch

    before = rows(model)
    if before is None or before == wanted:
        return
    if model.get_input_embeddings().weight.shape[0] < before:
        raise Failure(
            "Embeddings can't be added to a model whose weights are spread over processes.",
            "Train on one device, or as copies (DDP).",
        )
    try:
        model.resize_token_embeddings(wanted, mean_resizing=False)
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        raise Failure(
            f"Embeddings can't be added to a {type(model).__name__}.",
            "Choose rows or a chat template without the added tokens.",
        ) from error
    with torch.no_grad():
        for module in (model.get_input_embeddings(), head(model)):
            for name in ("weight", "bias"):
                values = getattr(module, name, None)
                if values is not None and values.shape[0] > before:
                    values[before:] = values[:before].float().mean(0).to(values.dtype)


def head(model):
    """The layer that gives a number for each token; None where a model has none."""
    return getattr(model, "get_output_embeddings", lambda: None)()


def grow(model, tokenizer, lora, events: Events) -> bool:
    """Adds embeddings for those tokens of the tokenizer that the model has none for, and has LoRA train
    them where not the whole model is. Gives whether there were any."""
    before, wanted = rows(model), tokens_of(tokenizer)
    if before is None or wanted <= before:
        events.message("The model has embeddings for all tokens of its tokenizer: none is added.")
        return False
    resize(model, wanted)
    if lora is not None:
        learn(lora, model, range(before, wanted))
    noun = "token" if wanted - before == 1 else "tokens"
    events.message(
        f"Embeddings for {wanted - before:,} added {noun} are trained. They start as the mean of the "
        "others."
    )
    return True


def learn(lora, model, tokens: range):
    """Has LoRA train the embeddings of tokens, and their rows of the head, beside those that its
    settings name."""
    named = lora.trainable_token_indices or {}
    ends = {id(module) for module in (model.get_input_embeddings(), head(model)) if module}
    # A head that shares its matrix with the embeddings is named as well: PEFT ties the two.
    names = [name for name, module in model.named_modules() if id(module) in ends]
    if not isinstance(named, dict):
        named = {names[0]: named}
    for name in names:
        if any(name.endswith(whole) for whole in lora.modules_to_save or ()):
            continue
        key = next((key for key in named if name.endswith(key)), name)
        named[key] = sorted({*named.get(key, ()), *tokens})
    lora.trainable_token_indices = named


def keep_out(model):
    """Has an adapter saved without the whole embeddings of a grown model, which PEFT adds by default:
    the added ones are in the adapter, and the others are those of the base."""
    if hasattr(model, "peft_config"):
        model.save_pretrained = functools.partial(
            model.save_pretrained, save_embedding_layers=False
        )


def show_bias(model):
    """Makes the bias of a head readable whose rows PEFT trains, as TRL reads it beside the weights and
    PEFT's layer does not have it."""
    from peft.utils.other import TrainableTokensWrapper

    outer = head(model)
    if not isinstance(outer, TrainableTokensWrapper):
        return
    if getattr(outer.original_module, "bias", None) is not None:
        raise Failure(
            "The head of this model has a bias, which PEFT leaves out where it trains single tokens.",
            "Take trainable_token_indices out, and name embeddings and head in modules_to_save.",
        )
    outer.__dict__["bias"] = None


def fit(model, adapters: list[str]):
    """Gives a model as many embeddings as the adapters in these folders were trained with, if they were
    trained with more."""
    before = rows(model)
    if before is not None:
        resize(model, max(before, *(wanted_by(adapter, before) for adapter in adapters)))


def wanted_by(adapter: str, before: int) -> int:
    """How many embeddings a model that has so many ``before`` needs for the adapter in a folder."""
    for name, shape in whole(adapter):
        if any(f".{module}." in name for module in MODULES):
            return shape[0]
    try:
        config = json.loads((Path(adapter).expanduser() / "adapter_config.json").read_bytes())
        named = config.get("trainable_token_indices") or []
        listed = named.values() if isinstance(named, dict) else [named]
        return max([before, *(token + 1 for tokens in listed for token in tokens)])
    except (OSError, ValueError, AttributeError, TypeError):
        # Loading the adapter says what is wrong with it.
        return before


def whole(adapter: str) -> Iterator[tuple[str, list[int]]]:
    """The names and shapes of the matrices that an adapter replaces as a whole."""
    for name, shape in shapes(adapter):
        if name.endswith(".weight") and "lora_" not in name:
            yield name, shape


def shapes(adapter: str) -> Iterator[tuple[str, list[int]]]:
    """The names and shapes of an adapter's tensors, where it lies in a folder."""
    from safetensors import SafetensorError, safe_open

    path = Path(adapter).expanduser() / "adapter_model.safetensors"
    if not path.exists():
        return
    try:
        with safe_open(path, framework="pt") as tensors:
            for name in tensors.keys():  # noqa: SIM118
                yield name, tensors.get_slice(name).get_shape()
    except (OSError, SafetensorError):
        # Loading the adapter says what is wrong with it.
        return


def check(trainer, tokenizer):
    """Raises ``Failure`` where the rows of a training use a token that the model has no embedding for:
    looking it up would end the training in the middle, with an index as its only reason."""
    most = rows(trainer.model)
    if most is None:
        return
    for table in (trainer.train_dataset, trainer.eval_dataset):
        last = -1 if table is None else greatest(table)
        if last < most:
            continue
        token = tokenizer.convert_ids_to_tokens(last)
        raise Failure(
            f"The rows use the token “{token}”, number {last:,} of the tokenizer, and the model has "
            f"embeddings for {most:,} tokens alone.",
            "Set resize_embeddings in the training arguments, which adds and trains an embedding for "
            "each added token, or choose a chat template without that token, such as plain roles.",
        )


def greatest(table) -> int:
    """The greatest token of a trainer's rows; -1 where there are none."""
    import pyarrow.compute as pc

    columns = table.with_format("arrow")[:]
    found = [
        pc.max(pc.list_flatten(columns[name])).as_py()
        for name in columns.column_names
        if name.endswith(OF_TOKENS)
    ]
    return max((token for token in found if token is not None), default=-1)
