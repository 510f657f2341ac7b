"""Whether a GGUF file answers as the model that it was made from."""

import math
from pathlib import Path

from . import device, generate, llamacpp, models
from .export import check
from .stop import Stop

NEW_TOKENS = 16
PROMPT_TOKENS = 128
"""Of a sample, those that are given. So the check takes seconds, whatever the samples."""

LOGPROB_LIMITS = {"f32": 0.01, "f16": 0.05, "bf16": 0.1, "q8_0": 0.2}
"""How far the log-probability of the likeliest first token may be off, in nats, by the type of the
weights. K-quants change a model by as much as they do, which is reported and has no limit."""

SAME_ANSWERS = {"f32": 0.75, "f16": 0.75, "bf16": 0.75, "q8_0": 0.5}
"""The share of samples that must get the same answer. Of two tokens that are equally likely, the
order of additions decides, so not even 32 bits give all the same."""


def original(source: str, adapter: str | None, samples: list[str], stop: Stop) -> list[dict]:
    """The greedy answers of the model as Transformers has it: the ``prompt`` as tokens, the
    ``answer`` as a text, and the likeliest first token with its log-probability (``first``,
    ``logprob``)."""
    import torch

    with stop.at_once():
        tokenizer = models.tokenizer(source)
        place = device.kind()
        device.choose_threads(place)
        model = models.base(source, place, None)
        model = models.with_adapters(model, {"adapter": adapter} if adapter else {}).eval()
        config = settings(model, tokenizer)
        made = []
        for text in samples:
            prompt = tokenizer(text)["input_ids"][:PROMPT_TOKENS]
            if not prompt:
                continue
            rows = torch.tensor([prompt], device=model.device)
            with torch.inference_mode():
                output = model.generate(
                    input_ids=rows, attention_mask=torch.ones_like(rows), generation_config=config
                )
            first = torch.log_softmax(output.logits[0][0].float(), dim=-1)
            likeliest = int(first.argmax())
            tokens = output.sequences[0, len(prompt) :].tolist()
            ends = generate.end_tokens(config) | set(tokenizer.all_special_ids)
            made.append(
                {
                    "text": text,
                    "whole": len(prompt) < PROMPT_TOKENS,
                    "prompt": prompt,
                    "answer": tokenizer.decode(before_end(tokens, ends)),
                    # llama.cpp gives no log-probability of a token that is half a character.
                    "first": None if "\ufffd" in tokenizer.decode([likeliest]) else likeliest,
                    "logprob": float(first[likeliest]),
                }
            )
    del model
    device.free(place)
    return made


def settings(model, tokenizer):
    """Greedy, without the penalties and the like of the model's own generation config."""
    from transformers import GenerationConfig

    config = GenerationConfig(
        do_sample=False,
        max_new_tokens=NEW_TOKENS,
        eos_token_id=generate.ends(model, tokenizer, None),
        pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0,
        return_dict_in_generate=True,
        output_logits=True,
    )
    model.generation_config = config
    return config


def checks(
    file: Path, kind: str, of: list[dict], folder: Path, stop: Stop, adapter: Path | None = None
) -> list[dict]:
    """Has llama.cpp load the file, with an ``adapter`` where there is one, and answer, and compares.

    Raises ``Failure`` if llama.cpp can't load it.
    """
    whole = [one for one in of if one["whole"]]
    request = {
        "model": str(file),
        "adapter": str(adapter) if adapter else None,
        "context": PROMPT_TOKENS + NEW_TOKENS + 16,
        "new_tokens": NEW_TOKENS,
        "prompts": [one["prompt"] for one in of] + [one["text"] for one in whole],
    }
    answered = llamacpp.answers(folder, request, stop)
    by_tokens, by_text = answered[: len(of)], answered[len(of) :]
    return [
        check("loads", True, "llama.cpp loads the file and answers."),
        *([tokens_check(whole, by_text)] if whole else []),
        *logprob_check(kind, of, by_tokens),
        *([answers_check(kind, of, by_tokens)] if of else []),
    ]


def tokens_check(of: list[dict], answered: list[dict]) -> dict:
    """Whether the file's own tokenizer splits the samples as the model's does."""
    pairs = zip(of, answered, strict=True)
    off = sum(len(one["prompt"]) != other["prompt_tokens"] for one, other in pairs)
    text = f"{off} of {len(of)} samples have another number of tokens in the file."
    return check("tokens", off == 0, text)


def logprob_check(kind: str, of: list[dict], answered: list[dict]) -> list[dict]:
    """How far the log-probability of the first token is off at most; nothing without one to compare."""
    differences = []
    for one, other in zip(of, answered, strict=True):
        if one["first"] is not None:
            found = other["first"].get(str(one["first"]))
            differences.append(math.inf if found is None else abs(found - one["logprob"]))
    if not differences:
        return []
    worst = max(differences)
    limit = LOGPROB_LIMITS.get(kind)
    text = f"The log-probability of the likeliest first token is off by {worst:.4f} nats at most."
    if not math.isfinite(worst):
        text = "The likeliest first token of a sample is not among the 20 likeliest of the file."
    passed = None if limit is None else worst <= limit
    return [check("log_probability", passed, text, worst if math.isfinite(worst) else None, limit)]


def answers_check(kind: str, of: list[dict], answered: list[dict]) -> dict:
    """The share of samples whose greedy answer is the same text."""
    pairs = zip(of, answered, strict=True)
    same = sum(comparable(one["answer"]) == comparable(other["text"]) for one, other in pairs)
    share = same / len(of)
    least = SAME_ANSWERS.get(kind)
    text = f"{same} of {len(of)} samples get the same answer of up to {NEW_TOKENS} tokens."
    if least is not None:
        text += f" Good from {math.ceil(least * len(of))} on."
    return check("answers", None if least is None else share >= least, text, share)


def comparable(text: str) -> str:
    """A text up to the first character that is not complete, which each side writes in its own way."""
    return text.split("\ufffd")[0].strip()


def before_end(tokens: list[int], ends) -> list[int]:
    """The tokens before the first that ends an answer."""
    return next((tokens[:place] for place, token in enumerate(tokens) if token in ends), tokens)
