"""Which token fills short rows of a batch."""

from .failure import Failure


def choose(tokenizer, rows: int | None = None) -> str:
    """The padding token, as TRL chooses it: the tokenizer's own, else its end token. One beyond
    ``rows``, for how many tokens the model has an embedding, is none.

    Padding and the end of a text may be the same token: TRL leaves padded places out of the loss by
    their labels, not by their token, so the end is learned all the same. A padding token that is not
    in the vocabulary is none. Raises ``Failure`` where there is no end token either.
    """
    own = tokenizer.pad_token
    number = tokenizer.pad_token_id
    if own is not None and number not in (None, -1) and (rows is None or number < rows):
        return own
    if tokenizer.eos_token is None:
        raise Failure(
            "This model's tokenizer has no padding token and no end token.",
            "Choose a model whose tokenizer has an end token.",
        )
    return tokenizer.eos_token


def apply(tokenizer, rows: int | None = None):
    """Sets the chosen padding token."""
    tokenizer.pad_token = choose(tokenizer, rows)
