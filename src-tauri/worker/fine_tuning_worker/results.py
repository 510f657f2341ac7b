"""The result files of one combination of model and adapter."""

import csv
import json
import os
from dataclasses import dataclass
from pathlib import Path

from .outputs import sync
from .scrub import write_all

ROWS = "rows.jsonl"
TABLE = "result_evaluation.csv"
AGGREGATES = "aggregregated_results.csv"
"""The spelling is that of the files that existing programs read."""

CHOSEN = "_$useradded$"
"""Marks the columns of the dataset that the user chose to see beside the results."""


@dataclass(frozen=True)
class Layout:
    """What the results of one kind of rows consist of."""

    asked: dict[str, str]
    """The table's columns of what was asked, and where each stands in the evaluation set."""
    found: dict[str, str]
    """The table's columns of what was found, and where each stands in ``rows.jsonl``."""
    more: tuple[str, ...] = ()
    """What ``rows.jsonl`` has besides."""

    @property
    def needed(self) -> set[str]:
        """What a whole line of ``rows.jsonl`` has."""
        return {"row", *self.found.values(), *self.more}


ANSWERS = Layout(
    {"model_input": "prompt", "expected_output": "completion"},
    {
        "outputs": "output",
        "latency": "latency",
        "token_count": "output_tokens",
        "rouge1/v1/score": "rouge1",
        "rougeLsum/v1/score": "rougeLsum",
        "rougeL/v1/score": "rougeL",
    },
    more=("exact_match",),
)

PAIRS = Layout(
    {"model_input": "prompt", "chosen": "chosen", "rejected": "rejected"},
    {
        "right": "right",
        "margin": "margin",
        "rewards/chosen": "chosen_reward",
        "rewards/rejected": "rejected_reward",
        "logps/chosen": "chosen_logps",
        "logps/rejected": "rejected_logps",
        "tokens/chosen": "chosen_tokens",
        "tokens/rejected": "rejected_tokens",
        "latency": "latency",
    },
)

LABELED = Layout(
    {"model_input": "prompt", "completion": "completion", "label": "label"},
    {
        "right": "right",
        "rewards": "reward",
        "logps": "logps",
        "token_count": "tokens",
        "latency": "latency",
    },
    more=("label",),
)


class Results:
    """The folder of one combination. Rows are kept as they come; the tables are made at the end."""

    def __init__(self, folder: Path, layout: Layout, again: bool):
        self.folder = folder
        self.layout = layout
        folder.mkdir(parents=True, exist_ok=True)
        self.rows: dict[int, dict] = self._earlier() if again else {}
        # Written anew: an attempt that was cut off may have left half a line.
        self._replace(ROWS, "".join(line(row) for row in self.rows.values()))
        self._file = os.open(folder / ROWS, os.O_WRONLY | os.O_APPEND)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._file)

    def _earlier(self) -> dict[int, dict]:
        found = {}
        try:
            lines = (self.folder / ROWS).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return {}
        for text in lines:
            try:
                row = json.loads(text)
            except ValueError:
                continue
            if isinstance(row, dict) and self.layout.needed <= row.keys():
                found[row["row"]] = row
        return found

    def add(self, rows: list[dict]):
        """Appends the rows of one batch."""
        write_all(self._file, "".join(line(row) for row in rows).encode())
        self.rows.update((row["row"], row) for row in rows)

    def write_tables(self, asked: list[dict], aggregates: dict[str, float | None]) -> dict:
        """Writes both tables, each in one piece, and gives the rows' table as columns. ``asked`` are
        the rows of the evaluation set; a result belongs to the row with its number."""
        features = list(dict.fromkeys(name for row in asked for name in row.get("features") or {}))
        columns: dict[str, list] = {name + CHOSEN: [] for name in features}
        columns |= {name: [] for name in (*self.layout.asked, *self.layout.found)}
        for row in asked:
            result = self.rows[row["row"]]
            for name in features:
                columns[name + CHOSEN].append(plain((row.get("features") or {}).get(name)))
            for name, key in self.layout.asked.items():
                columns[name].append(row[key])
            for name, key in self.layout.found.items():
                columns[name].append(result[key])
        self._csv(TABLE, list(columns), zip(*columns.values(), strict=True))
        self._csv(AGGREGATES, ["metric", "score"], aggregates.items())
        return columns

    def finished(self) -> bool:
        """Whether both tables are there from an earlier attempt."""
        return (self.folder / TABLE).exists() and (self.folder / AGGREGATES).exists()

    def _csv(self, name: str, header: list[str], rows):
        temporary = self.folder / f"{name}.partial"
        with open(temporary, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        sync(temporary)
        os.replace(temporary, self.folder / name)

    def _replace(self, name: str, text: str):
        temporary = self.folder / f"{name}.partial"
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, self.folder / name)


def line(row: dict) -> str:
    """A row as a line of JSON. Half a surrogate pair, which a model can emit, is escaped."""
    return json.dumps(row) + "\n"


def plain(value):
    """A value of a column as a cell: texts and numbers as they are, the rest as JSON."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    return json.dumps(value, ensure_ascii=False)
