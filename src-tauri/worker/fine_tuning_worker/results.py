"""The result files of one combination of model and adapter."""

import csv
import json
import os
from pathlib import Path

from .outputs import sync
from .scrub import write_all

ROWS = "rows.jsonl"
TABLE = "result_evaluation.csv"
AGGREGATES = "aggregregated_results.csv"
"""The spelling is that of the files that existing programs read."""

CHOSEN = "_$useradded$"
"""Marks the columns of the dataset that the user chose to see beside the results."""

COLUMNS = {
    "latency": "latency",
    "token_count": "output_tokens",
    "rouge1/v1/score": "rouge1",
    "rougeLsum/v1/score": "rougeLsum",
    "rougeL/v1/score": "rougeL",
}
"""The columns of numbers in the table, and where each stands in ``rows.jsonl``."""

NEEDED = ("row", "output", "exact_match", *COLUMNS.values())


class Results:
    """The folder of one combination. Rows are kept as they come; the tables are made at the end."""

    def __init__(self, folder: Path, again: bool):
        self.folder = folder
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
            if isinstance(row, dict) and all(name in row for name in NEEDED):
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
        columns |= {"model_input": [], "expected_output": [], "outputs": []}
        columns |= {name: [] for name in COLUMNS}
        for row in asked:
            result = self.rows[row["row"]]
            for name in features:
                columns[name + CHOSEN].append(plain((row.get("features") or {}).get(name)))
            columns["model_input"].append(row["prompt"])
            columns["expected_output"].append(row["completion"])
            columns["outputs"].append(result["output"])
            for name, key in COLUMNS.items():
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
