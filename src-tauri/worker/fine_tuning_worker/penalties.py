"""Penalties for tokens that an answer has already, as OpenAI defines them
(https://platform.openai.com/docs/api-reference/chat/create). Transformers has its own kind alone, which
multiplies and counts the prompt too."""

from dataclasses import dataclass


@dataclass
class Penalties:
    """What is subtracted from the score of a token: once if the answer has it, and for each time."""

    presence: float = 0.0
    frequency: float = 0.0

    def processor(self, begin: int):
        """A logits processor, for answers that begin behind so many tokens."""
        import torch
        from transformers import LogitsProcessor

        given = self

        class Lowered(LogitsProcessor):
            def __call__(self, input_ids, scores):
                made = input_ids[:, begin:]
                ones = torch.ones_like(made, dtype=scores.dtype)
                counts = torch.zeros_like(scores).scatter_add_(1, made, ones)
                return scores - given.presence * (counts > 0) - given.frequency * counts

        return Lowered()
