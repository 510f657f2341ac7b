"""Conversations that are rendered already: their tokens, and which of them are learned."""

from itertools import islice
from pathlib import Path

from . import job as jobs
from .failure import Failure

BATCH = 1_000
IGNORED = -100
"""The label of a token that is not learned."""


def table(path: Path, tokenizer) -> tuple[object, int]:
    """The rows of a file as a ``Dataset`` with the columns ``input_ids`` and ``labels``, which TRL
    leaves as they are but for the maximum length; and how many rows had nothing to learn and were
    left out. The tokens are those of the text, with none added."""
    import pyarrow as pa
    from datasets import Dataset

    if not tokenizer.is_fast:
        raise Failure(
            "This model's tokenizer does not say which characters a token stands for, so the loss "
            "can't be placed on parts of a conversation.",
            "Choose a model with a fast tokenizer (tokenizer.json), or train on prompt and completion.",
        )
    rows, batches, empty = checked(path), [], 0
    while some := list(islice(rows, BATCH)):
        columns = {"input_ids": [], "labels": []}
        made = tokenizer(
            [row["text"] for row in some],
            add_special_tokens=False,
            return_offsets_mapping=True,
            return_attention_mask=False,
            verbose=False,
        )
        for row, ids, offsets in zip(some, made["input_ids"], made["offset_mapping"], strict=True):
            learned = labels(ids, offsets, row["loss"])
            if (learned == IGNORED).all():
                empty += 1
                continue
            columns["input_ids"].append(ids)
            columns["labels"].append(learned)
        batches.append(
            pa.RecordBatch.from_pydict(
                {name: pa.array(values, pa.list_(pa.int64())) for name, values in columns.items()}
            )
        )
    return Dataset(pa.Table.from_batches(batches)), empty


def checked(path: Path):
    """The rows of a file. Fails by naming the one that has no text or no spans."""
    for row in jobs.rows(path):
        if not isinstance(row.get("text"), str) or not isinstance(row.get("loss"), list):
            raise Failure(
                f"Row {row.get('row')} of “{path.name}” has no text or no spans that are learned.",
                "Start the run anew, so that its rows are prepared again.",
            )
        yield row


def labels(ids: list[int], offsets: list[tuple[int, int]], spans: list[list[int]]):
    """The tokens that touch one of the spans, ``IGNORED`` in place of the others. Offsets and spans
    count code points, and their ends are exclusive."""
    import numpy as np

    starts, ends = np.array(offsets, dtype=np.int64).reshape(-1, 2).T
    learned = np.zeros(len(ids), dtype=bool)
    for start, end in spans:
        inside = (starts < end) & (ends > start)
        # Some tokenizers take white space out of offsets: nothing is left of a line break's.
        inside |= (starts == ends) & (start < ends) & (ends <= end)
        places = np.flatnonzero(inside)
        if len(places):
            learned[places[0] : places[-1] + 1] = True
    return np.where(learned, np.array(ids, dtype=np.int64), IGNORED)
