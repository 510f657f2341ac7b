"""How likely a model finds an answer, and how a reward model scores it."""

import inspect
from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """A prompt with an answer behind it."""

    ids: tuple[int, ...]
    begin: int
    """The place of the answer's first token."""

    @property
    def predicted(self) -> int:
        """How many tokens of the answer are predicted: all but one without a token before it."""
        return len(self.ids) - self.first

    @property
    def first(self) -> int:
        """The place of the first token that is predicted."""
        return min(max(self.begin, 1), len(self.ids))


def encode(tokenizer, prompt: str, answers: list[str], rendered: bool) -> list[Tokens]:
    """A prompt with each of its answers, in the tokens that TRL's preference trainers use. Nothing is
    added to texts that are ``rendered``; each plain answer gets one end token."""
    from trl.data_utils import common_prefix_length

    end = "" if rendered else tokenizer.eos_token or ""

    def ids(text: str) -> list[int]:
        return tokenizer(text, add_special_tokens=not rendered, verbose=False)["input_ids"]

    question = ids(prompt)
    made = [ids(prompt + (text if text.endswith(end) else text + end)) for text in answers]
    # Tokens may merge where the prompt ends, so the answers begin where they differ from it.
    begin = min(common_prefix_length(question, one) for one in made)
    return [Tokens(tuple(one), begin) for one in made]


def log_likelihoods(model, rows: list[Tokens], pad: int) -> list[float]:
    """The log-probability of each answer: the sum over its tokens, in nats."""
    import torch

    ids, mask = batch(rows, pad, model.device)
    kept = {}
    if "logits_to_keep" in parameters(model):
        # Scores of all words at each place of a long prompt would fill the memory.
        kept["logits_to_keep"] = ids.shape[1] - min(row.first for row in rows) + 1
    with torch.inference_mode():
        logits = model(input_ids=ids, attention_mask=mask, use_cache=False, **kept).logits
        skipped = ids.shape[1] - logits.shape[1]
        return [
            total(logits[place, row.first - 1 - skipped : len(row.ids) - 1 - skipped], row)
            for place, row in enumerate(rows)
        ]


def total(logits, row: Tokens) -> float:
    """The log-probability of a row's answer, from the logits at the places before its tokens."""
    import torch

    wanted = torch.tensor(row.ids[row.first :], device=logits.device, dtype=torch.long)
    logits = logits.float()
    chosen = logits.gather(-1, wanted.unsqueeze(-1)).squeeze(-1)
    return (chosen - logits.logsumexp(-1)).sum().item()


def scores(model, rows: list[Tokens], pad: int) -> list[float]:
    """What a reward model gives for each prompt with its answer."""
    import torch

    ids, mask = batch(rows, pad, model.device)
    with torch.inference_mode():
        return model(input_ids=ids, attention_mask=mask).logits.float().squeeze(-1).tolist()


def batch(rows: list[Tokens], pad: int, device):
    """The tokens of rows and the places that are theirs, padded on the right."""
    import torch

    longest = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), longest), pad, dtype=torch.long)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for place, row in enumerate(rows):
        ids[place, : len(row.ids)] = torch.tensor(row.ids, dtype=torch.long)
        mask[place, : len(row.ids)] = 1
    return ids.to(device), mask.to(device)


def parameters(model) -> set[str]:
    """The names that a model's forward pass takes, also under an adapter."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return set(inspect.signature(inner.forward).parameters)
