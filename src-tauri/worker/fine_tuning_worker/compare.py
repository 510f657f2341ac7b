"""Comparing a model that was written with what it was made from, by the logits for texts."""

import contextlib
import inspect
from dataclasses import dataclass
from pathlib import Path

from . import models
from .events import Events
from .export import check as checked

LONGEST = 128
"""Tokens of a text that are compared; the rest is cut off."""

PLACES = 16
"""Places of a text whose logits are compared."""

LIMIT_32 = 1e-3
"""The largest difference of logits with which a result of 32 bits is good."""

LIMIT_16 = 0.05
"""The same with 16 bits, as a part of the adapter's own effect on logits."""

NO_EFFECT = 1e-6
"""An adapter that changes logits by less changes nothing."""


@dataclass
class Expected:
    """Logits of a base model with its adapter, and the largest change that the adapter makes."""

    logits: list
    effect: float


@dataclass
class Checked:
    """The check of a report, and what else was measured."""

    check: dict
    facts: dict


def encoded(tokenizer, texts: list[str], model) -> list:
    """The tokens of texts, those without any left out."""
    rows = [tokenizer(text, return_tensors="pt")["input_ids"][:, :LONGEST] for text in texts]
    limit = models.context_length(model) or LONGEST
    return [row[:, :limit] for row in rows if row.shape[1] > 0]


def expected(peft, texts: list, events: Events) -> Expected:
    """What the merged model is to answer."""
    with in_32_bits(peft):
        after = logits(peft, texts, events)
        with peft.disable_adapter():
            before = logits(peft, texts, events)
    return Expected(after, difference(after, before))


def check(folder: Path, texts: list, expected: Expected, written, events: Events) -> Checked:
    """Loads a model that was written, and compares it."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    scores = models.gives_scores(str(folder), None)
    auto = AutoModelForSequenceClassification if scores else AutoModelForCausalLM
    model, loading = auto.from_pretrained(folder, dtype="auto", output_loading_info=True)
    missing = sorted(loading["missing_keys"]) + sorted(loading["unexpected_keys"])
    with in_32_bits(model.eval()):
        found = difference(logits(model, texts, events), expected.logits)
    wide = written == torch.float32
    limit = LIMIT_32 if wide else max(LIMIT_16 * expected.effect, LIMIT_32)
    passed = found <= limit and not missing
    what = "scores" if scores else "logits"
    text = (
        f"The largest difference of {what} from the base model with the adapter is {found:.2g} on "
        f"{len(texts)} texts; the adapter itself changes them by up to {expected.effect:.2g}."
    )
    if missing:
        text = f"Weights are missing or unknown in the written folder: {', '.join(missing[:3])}."
    if expected.effect < NO_EFFECT:
        text += " The adapter changes nothing."
    facts = {"largest_difference": found, "adapter_effect": expected.effect, "texts": len(texts)}
    return Checked(checked("logits", bool(passed), text, found, limit), facts)


def logits(model, texts: list, events: Events) -> list:
    """The logits at places that are spread over each text."""
    import torch

    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    keeps = "logits_to_keep" in inspect.signature(base.forward).parameters
    answers = []
    for number, tokens in enumerate(texts):
        places = (
            torch.linspace(0, tokens.shape[1] - 1, min(PLACES, tokens.shape[1])).long().unique()
        )
        options = {"logits_to_keep": places} if keeps else {}
        answer = model(input_ids=tokens, use_cache=False, **options).logits.float()
        # A head that gives scores gives them once for a text.
        whole = answer.dim() == 3 and not keeps
        answers.append((answer[:, places] if whole else answer).clone())
        events.work(number + 1, len(texts), "rows")
    return answers


def difference(some: list, others: list) -> float:
    """The largest difference of logits. Of different vocabularies, the tokens of both count."""
    largest = 0.0
    for one, other in zip(some, others, strict=True):
        width = min(one.shape[-1], other.shape[-1])
        found = (one[..., :width] - other[..., :width]).abs().max().item()
        # What is no number is no answer.
        largest = max(largest, found) if found == found else float("inf")
    return largest


@contextlib.contextmanager
def in_32_bits(model):
    """Inside, the model computes in 32 bits: the weights of each module are widened while it is used,
    so that they are in memory once."""
    import torch

    handles, narrow = [], {}

    def widen(module, _inputs):
        for parameter in module.parameters(recurse=False):
            if parameter.is_floating_point() and parameter.dtype != torch.float32:
                narrow.setdefault(module, []).append((parameter, parameter.data))
                parameter.data = parameter.data.float()

    def give_back(module, _inputs, _outputs):
        for parameter, data in narrow.pop(module, []):
            parameter.data = data

    for module in model.modules():
        own = module.parameters(recurse=False)
        if any(parameter.dtype != torch.float32 for parameter in own):
            handles.append(module.register_forward_pre_hook(widen))
            handles.append(module.register_forward_hook(give_back, always_call=True))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
