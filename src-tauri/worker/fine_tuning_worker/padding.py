"""Which token fills short rows of a batch."""

from .failure import Failure


def choose(tokenizer) -> str:
    """The padding token to train with: the first of these that there is.

    The tokenizer's own, unless it is also the end of a text (a model that learns to ignore padding
    would then never learn to stop); the token for the unknown, with the same proviso; an added token
    whose text contains "pad"; an added token whose text contains "reserved". Raises ``Failure`` if
    there is none. The vocabulary is never enlarged.
    """
    own = tokenizer.pad_token
    if own is not None and tokenizer.pad_token_id != -1 and own != tokenizer.eos_token:
        return own
    unknown = tokenizer.unk_token
    if unknown is not None and unknown != tokenizer.eos_token:
        return unknown
    added = [str(token) for token in tokenizer.added_tokens_decoder.values()]
    for word in ("pad", "reserved"):
        for text in added:
            if word in text and text != tokenizer.eos_token:
                return text
    raise Failure(
        "This model's tokenizer has no token that can be used for padding: it has no padding token "
        "of its own, no token for the unknown, and no added token named after padding or reserved.",
        "Give the tokenizer a padding token that is not its end token and save it with the model, "
        "or choose a model that has one.",
    )


def apply(tokenizer):
    """Sets the chosen padding token."""
    tokenizer.pad_token = choose(tokenizer)
