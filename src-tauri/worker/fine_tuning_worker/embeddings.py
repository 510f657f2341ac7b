"""Tokens for which a model has no embedding."""

from .failure import Failure

OF_TOKENS = ("input_ids", "prompt_ids", "chosen_ids", "rejected_ids", "completion_ids")
"""How the names of a trainer's columns of tokens end."""


def rows(model) -> int | None:
    """For how many tokens a model has an embedding; None where that is not known. The weight itself may
    be spread over processes, or lie behind an adapter's."""
    count = getattr(model.config.get_text_config(), "vocab_size", None)
    return count if isinstance(count, int) and count > 0 else None


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
            "Choose a chat template without that token, such as plain roles, or a model that was made "
            "for these rows.",
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
