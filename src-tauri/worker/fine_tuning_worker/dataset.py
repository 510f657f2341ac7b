"""The rendered rows as the table that TRL trains on."""

from itertools import islice
from pathlib import Path

from . import job as jobs
from .events import Events
from .failure import Failure

BATCH = 10_000


def table(path: Path):
    """The rows of a file as a ``Dataset`` with the columns ``prompt`` and ``completion``, or
    ``text``; None where there are none. Held in memory, packed."""
    import pyarrow as pa
    from datasets import Dataset

    rows = jobs.rows(path)
    first = next(rows, None)
    if first is None:
        return None
    columns = ("text",) if "text" in first else ("prompt", "completion")
    schema = pa.schema([(column, pa.string()) for column in columns])
    values = [picked(first, columns, path)]
    batches = []
    while values:
        batches.append(pa.RecordBatch.from_pylist(values, schema=schema))
        values = [picked(row, columns, path) for row in islice(rows, BATCH)]
    return Dataset(pa.Table.from_batches(batches))


def picked(row: dict, columns: tuple[str, ...], path: Path) -> dict:
    """The texts of a row. Fails by naming the row that lacks one."""
    for column in columns:
        if not isinstance(row.get(column), str):
            raise Failure(
                f"Row {row.get('row')} of “{path.name}” has no {column}.",
                "Start the run anew, so that its rows are prepared again.",
            )
    return {column: row[column] for column in columns}


def tell_boundary(rows, tokenizer, events: Events, looked_at: int = 100):
    """Warns where a prompt's last characters and a completion's first make one token together: the
    model is then trained on a prompt that ends otherwise than the one it will be asked with."""
    if "prompt" not in rows.column_names:
        return
    some = rows[:looked_at]
    alone = tokenizer(some["prompt"])["input_ids"]
    whole = tokenizer([a + b for a, b in zip(some["prompt"], some["completion"], strict=True)])[
        "input_ids"
    ]
    merged = sum(b[: len(a)] != a for a, b in zip(alone, whole, strict=True))
    if merged:
        events.warning(
            f"In {merged} of the first {len(alone)} rows the end of the prompt and the start of the "
            "completion become one token. Let the prompt's template end without the space, and "
            "the completion's begin with it."
        )


def tell_cut(trainer, rows: int, events: Events):
    """Says how many rows the maximum length cut or left out. Raises ``Failure`` if none is left."""
    import pyarrow.compute as pc

    args = trainer.args
    if args.packing or args.max_length is None:
        return
    left = len(trainer.train_dataset)
    longest = f"the maximum length of {args.max_length} tokens"
    if left == 0:
        raise Failure(
            f"No row can be trained on: in every one the prompt alone fills {longest}.",
            "Raise max_length in the training arguments, or shorten the prompt.",
        )
    if left < rows:
        events.warning(
            f"{rows - left} of {rows} rows are left out: their prompt alone fills {longest}."
        )
    tokens = trainer.train_dataset.with_format("arrow")[:]["input_ids"]
    full = pc.sum(pc.greater_equal(pc.list_value_length(tokens), args.max_length)).as_py()
    if full:
        events.warning(f"{full} of {rows} rows reach {longest}; what is longer is cut off.")
