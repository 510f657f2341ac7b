"""The rows of a run as the table that TRL trains on."""

from itertools import islice
from pathlib import Path

from . import chat, conversation, methods
from . import job as jobs
from .events import Events
from .failure import Failure

BATCH = 10_000


def first(path: Path) -> dict | None:
    """The first row of a file; None where there are none."""
    return next(jobs.rows(path), None)


def table(path: Path, row_format: str, tokenizer, verbatim: bool, events: Events):
    """The rows of a file as a ``Dataset`` of the format's columns, held in memory, packed; None where
    there are none. Conversations are tokens already. ``verbatim`` = texts are messages of
    ``chat.VERBATIM``, so that TRL adds no token to them."""
    if first(path) is None:
        return None
    if row_format == methods.CONVERSATION:
        rows, empty = conversation.table(path, tokenizer)
        if empty:
            events.warning(
                f"{empty} of {empty + len(rows)} rows of “{path.name}” are left out: "
                "nothing in them is learned."
            )
        return rows if len(rows) else None
    return texts(path, methods.COLUMNS[row_format], verbatim)


def texts(path: Path, columns: dict[str, type], verbatim: bool):
    """The rows of a file as a ``Dataset`` of texts and labels."""
    import pyarrow as pa
    from datasets import Dataset

    text = pa.string()
    if verbatim:
        text = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
    types = {str: text, bool: pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    rows = jobs.rows(path)
    batches = []
    while values := [picked(row, columns, path, verbatim) for row in islice(rows, BATCH)]:
        batches.append(pa.RecordBatch.from_pylist(values, schema=schema))
    return Dataset(pa.Table.from_batches(batches))


def picked(row: dict, columns: dict[str, type], path: Path, verbatim: bool) -> dict:
    """The columns of a row. Fails by naming the row that lacks one."""
    for column, kind in columns.items():
        if not isinstance(row.get(column), kind):
            raise Failure(
                f"Row {row.get('row')} of “{path.name}” has no {column}.",
                "Start the run anew, so that its rows are prepared again.",
            )
    made = {column: row[column] for column in columns}
    if verbatim:
        for column in made.keys() - {"label"}:
            role = "user" if column == "prompt" else "assistant"
            made[column] = chat.messages(role, made[column])
    return made


def report_boundary(rows, tokenizer, events: Events, looked_at: int = 100):
    """Warns where a prompt's last characters and an answer's first make one token together: the model
    is then trained on a prompt that ends otherwise than the one it will be asked with."""
    if "prompt" not in rows.column_names:
        return
    some = rows[:looked_at]
    rendered = not isinstance(some["prompt"][0], str)
    prompts, answers = (
        [text[0]["content"] if rendered else text for text in some[column]]
        for column in ("prompt", "completion" if "completion" in some else "chosen")
    )
    alone = tokenizer(prompts, add_special_tokens=not rendered)["input_ids"]
    pairs = [a + b for a, b in zip(prompts, answers, strict=True)]
    whole = tokenizer(pairs, add_special_tokens=not rendered)["input_ids"]
    merged = sum(b[: len(a)] != a for a, b in zip(alone, whole, strict=True))
    if not merged:
        return
    answer = "completion" if "completion" in some else "answer"
    events.warning(
        f"In {merged} of the first {len(alone)} rows the end of the prompt and the start of the "
        f"{answer} become one token. "
        + (
            "The chat template leaves no border between them."
            if rendered
            else "Let the prompt's template end without the space, and the completion's begin with it."
        )
    )
