"""Prompts in, texts out."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from . import chat, names, padding
from .failure import Failure, first_line
from .penalties import Penalties
from .shared import SHARED
from .writing import Writer

NEW_TOKENS: int = SHARED["evaluation"]["generation"]["max_new_tokens"]
"""How many tokens an answer has at most if the job doesn't say (the reference's default)."""

OURS: list[str] = SHARED["ignored"]["generation_config"]
"""Names of a generation config that make no difference here, or would break the results."""


@dataclass
class Answer:
    """One generated text. Token counts leave out padding and the end token."""

    text: str
    input_tokens: int
    output_tokens: int
    latency: float
    """Seconds for its batch, shared evenly among the batch's rows."""
    ended: bool
    """Whether an end token ended it."""


def settings(given: dict, model, tokenizer, template: str | None = None):
    """The ``GenerationConfig`` for a job's ``generation``. Raises ``Failure`` for an unknown name or
    a refused value; null means "not set". Answers to prompts that a chat ``template`` rendered also
    end where the template ends a turn."""
    from transformers import GenerationConfig

    known = [name for name in vars(GenerationConfig()) if not name.startswith("_")]
    names.check(given, known, "The generation settings")
    wanted = {
        name: value for name, value in given.items() if value is not None and name not in OURS
    }
    if "max_new_tokens" not in wanted and "max_length" not in wanted:
        wanted["max_new_tokens"] = NEW_TOKENS
    if "eos_token_id" not in wanted:
        wanted["eos_token_id"] = ends(model, tokenizer, template)
    wanted.setdefault("pad_token_id", tokenizer.pad_token_id)
    try:
        config = GenerationConfig(**wanted)
        config.validate()
    except (TypeError, ValueError, AttributeError) as error:
        raise Failure(
            f"The generation settings are refused: {first_line(str(error))}",
            "Change the value in the generation config.",
        ) from error
    return config


def ends(model, tokenizer, template: str | None) -> list[int] | int | None:
    """The tokens that end an answer: the model's own, else the tokenizer's, and the one that ends a
    turn."""
    own = model.generation_config.eos_token_id
    if own is None:
        own = tokenizer.eos_token_id
    turn = chat.end_of_turn(tokenizer, template)
    found = own if isinstance(own, list) else [own] if own is not None else []
    return own if turn is None or turn in found else [*found, turn]


def ready(tokenizer):
    """Sets the tokenizer up for generating: padding on the left, so that every prompt of a batch
    ends where its answer begins."""
    padding.apply(tokenizer)
    tokenizer.padding_side = "left"
    return tokenizer


def interruption(asked: Callable[[], bool]):
    """A stopping criterion that ends a generation between two tokens when ``asked()``."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList

    class Interruption(StoppingCriteria):
        def __call__(self, input_ids, scores, **_):
            return torch.full((len(input_ids),), asked(), device=input_ids.device)

    return StoppingCriteriaList([Interruption()])


def answers(
    model,
    tokenizer,
    prompts: list[str],
    config,
    asked: Callable[[], bool],
    writer: Writer | None = None,
    rendered: bool = False,
    penalties: Penalties | None = None,
) -> list[Answer]:
    """Generates for one batch. Ends early, with what there is, when ``asked()``. No token is added to
    prompts that are ``rendered`` already. A ``writer`` sees the tokens of the only prompt."""
    import torch
    from transformers import LogitsProcessorList

    rows = tokenizer(
        prompts, return_tensors="pt", padding=True, add_special_tokens=not rendered
    ).to(model.device)
    stopping = interruption(asked)
    if writer is not None:
        stopping.append(writer.criterion())
    begin = rows["input_ids"].shape[1]
    processors = LogitsProcessorList([] if writer is None else writer.processor())
    if penalties is not None:
        # Behind the writer's, which computes how likely tokens are for the model.
        processors.append(penalties.processor(begin))
    started = time.monotonic()
    with torch.inference_mode():
        output = model.generate(
            input_ids=rows["input_ids"],
            attention_mask=rows["attention_mask"],
            generation_config=config,
            stopping_criteria=stopping,
            logits_processor=processors,
            tokenizer=tokenizer,
        )
    latency = (time.monotonic() - started) / len(prompts)
    counts = rows["attention_mask"].sum(dim=1).tolist()
    last = end_tokens(config)
    made = []
    for count, tokens in zip(counts, output[:, begin:].tolist(), strict=True):
        ended = not last.isdisjoint(tokens)
        tokens = trimmed(tokens, last, config.pad_token_id)
        text = tokenizer.decode(tokens, skip_special_tokens=True)
        made.append(Answer(text, count, len(tokens), latency, ended))
    return made


def end_tokens(config) -> set[int]:
    """The tokens that end a text."""
    ends = config.eos_token_id
    if ends is None:
        return set()
    return set(ends) if isinstance(ends, (list, tuple)) else {ends}


def trimmed(tokens: list[int], ends: set[int], pad: int | None) -> list[int]:
    """The tokens before the first end token, and without the padding a shorter row has behind it."""
    for place, token in enumerate(tokens):
        if token in ends:
            return tokens[:place]
    while tokens and tokens[-1] == pad:
        tokens = tokens[:-1]
    return tokens
