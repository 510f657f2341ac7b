"""How a model judges an answer.

An answer's reward is the score of a reward model, or else beta times how much more likely the trained
model finds it than the reference does, as in DPO and KTO. A model without a reference has no rewards.
"""

from collections.abc import Callable
from dataclasses import dataclass

from . import likelihood
from .likelihood import Tokens

BETA = 0.1
"""The beta of DPO and KTO where a job names none: TRL's default."""


@dataclass(frozen=True)
class Judged:
    """How a model judges an answer."""

    reward: float | None
    log_likelihood: float | None
    """In nats; None from a reward model."""
    tokens: int


@dataclass(frozen=True)
class Judge:
    """A model that judges answers."""

    tokenizer: object
    rendered: bool
    score: Callable[[list[Tokens]], list[float]] | None = None
    """The scores of a reward model."""
    policy: Callable[[list[Tokens]], list[float]] | None = None
    """Log-likelihoods, of a model that is none."""
    reference: Callable[[list[Tokens]], list[float]] | None = None
    """Log-likelihoods by the model before its training."""
    beta: float = BETA

    def encode(self, prompt: str, answers: list[str]) -> list[Tokens]:
        """A prompt with each of its answers."""
        return likelihood.encode(self.tokenizer, prompt, answers, self.rendered)

    def __call__(self, rows: list[Tokens]) -> list[Judged]:
        """Judges the answers of a batch."""
        counts = [row.predicted for row in rows]
        if self.score is not None:
            return [
                Judged(score, None, count)
                for score, count in zip(self.score(rows), counts, strict=True)
            ]
        found = self.policy(rows)
        before = self.reference(rows) if self.reference is not None else [None] * len(rows)
        return [
            Judged(None if other is None else self.beta * (own - other), own, count)
            for own, other, count in zip(found, before, counts, strict=True)
        ]
