"""The rows of an evaluation, and what is found out about them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import job as jobs
from . import methods, preferences, results, scores
from .events import Events
from .failure import Failure
from .results import Layout
from .shared import SHARED
from .stop import Stop
from .tracking import Tracking

BATCH: int = SHARED["evaluation"]["batch_size"]

ROWS = "eval.jsonl"


@dataclass(frozen=True)
class Kind:
    """A kind of rows."""

    columns: dict[str, type]
    lacks: Failure
    """What is said of a row that lacks one of the columns, after its number."""
    layout: Layout
    aggregates: Callable[[list[dict]], dict[str, float | None]]
    """The numbers over all results of a combination."""
    status: str
    """What goes on meanwhile, in the events."""
    message: str
    """The same for people."""


ANSWERED = Kind(
    {"prompt": str, "completion": str},
    Failure(
        "has no prompt or nothing to compare the answer with.",
        "Choose a prompt with a template for the input and one for the completion.",
    ),
    results.ANSWERS,
    scores.aggregates,
    "generating",
    "Letting the models answer",
)
PAIRED = Kind(
    methods.COLUMNS[methods.PREFERENCE],
    Failure("has no prompt, or not both a chosen and a rejected answer.", "Choose other rows."),
    results.PAIRS,
    preferences.pair_aggregates,
    "comparing",
    "Comparing answers",
)
LABELED = Kind(
    methods.COLUMNS[methods.UNPAIRED],
    Failure("has no prompt, no completion or no label.", "Choose other rows."),
    results.LABELED,
    preferences.labeled_aggregates,
    "comparing",
    "Comparing answers",
)


@dataclass(frozen=True)
class Evaluation:
    """What all combinations of a job share."""

    job: dict
    kind: Kind
    files: dict[str, list[dict]]
    """The rows of each file."""
    device: str
    events: Events
    stop: Stop
    tracking: Tracking

    def rows(self, one: dict) -> list[dict]:
        """The rows of a combination, which has its own where its chat template is another."""
        return self.files[file_of(one)]

    @property
    def size(self) -> int:
        """How many rows are done at once."""
        return max(1, int(self.job.get("batch_size") or BATCH))


def file_of(one: dict) -> str:
    """The file with a combination's rows."""
    return one.get("rows") or ROWS


def kind_of(job: dict) -> Kind:
    """The kind of a job's rows. Conversations and filled prompts are answered."""
    return {methods.PREFERENCE: PAIRED, methods.UNPAIRED: LABELED}.get(
        job.get("row_format"), ANSWERED
    )


def rows_of(root: Path, name: str, kind: Kind) -> list[dict]:
    """The rows of a file. What a conversation expects as its last answer is its completion. Raises
    ``Failure`` for what can't be evaluated."""
    asked = list(jobs.rows(root / name))
    if not asked:
        raise Failure("There are no rows to evaluate on.", "Choose more rows, or another dataset.")
    for row in asked:
        if "expected" in row:
            row["completion"] = row.pop("expected")
        if not all(isinstance(row.get(name), type_) for name, type_ in kind.columns.items()):
            raise Failure(f"Row {row.get('row')} {kind.lacks.message}", kind.lacks.hint)
    if len({row.get("row") for row in asked}) < len(asked):
        raise Failure(f"Two rows of {name} have the same number.")
    return asked
