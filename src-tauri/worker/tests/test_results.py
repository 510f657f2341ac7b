import csv
import json

import pytest

from fine_tuning_worker import scores
from fine_tuning_worker.results import ANSWERS, Results

ASKED = [
    {"row": 9, "prompt": "Same?", "completion": " yes", "features": {"a b'c": "x", "n": [1]}},
    {"row": 4, "prompt": "Same?", "completion": " no, é\n", "features": {"a b'c": "y", "n": None}},
]


def result(row, output, match):
    return {
        "row": row,
        "output": output,
        "exact_match": match,
        "rouge1": 0.5,
        "rougeL": 0.25,
        "rougeLsum": 0.75,
        "latency": 0.125,
        "input_tokens": 2,
        "output_tokens": 3,
    }


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_tables_have_the_names_and_columns_that_programs_read(tmp_path):
    with Results(tmp_path, ANSWERS, again=False) as results:
        # In another order than asked, and with two prompts alike: the row's number joins them.
        results.add([result(4, "nay", 0), result(9, "yes", 1)])
        totals = scores.aggregates([results.rows[row["row"]] for row in ASKED])
        columns = results.write_tables(ASKED, totals)
    assert read(tmp_path / "result_evaluation.csv") == [
        ["a b'c_$useradded$", "n_$useradded$", "model_input", "expected_output", "outputs",
         "latency", "token_count", "rouge1/v1/score", "rougeLsum/v1/score", "rougeL/v1/score"],
        ["x", "[1]", "Same?", " yes", "yes", "0.125", "3", "0.5", "0.75", "0.25"],
        ["y", "", "Same?", " no, é\n", "nay", "0.125", "3", "0.5", "0.75", "0.25"],
    ]  # fmt: skip
    assert read(tmp_path / "aggregregated_results.csv") == [
        ["metric", "score"],
        ["latency/mean", "0.125"],
        ["exact_match/v1", "0.5"],
        ["rouge1/v1/mean", "0.5"],
        ["rougeLsum/v1/mean", "0.75"],
        ["rougeL/v1/mean", "0.25"],
    ]
    assert columns["outputs"] == ["yes", "nay"]
    assert not list(tmp_path.glob("*.partial"))


def test_another_attempt_keeps_whole_rows_and_drops_the_rest(tmp_path):
    whole = json.dumps(result(9, "yes", 1))
    (tmp_path / "rows.jsonl").write_text(f'{whole}\n{{"row": 5}}\n{{"row": 4, "out')
    with Results(tmp_path, ANSWERS, again=True) as results:
        assert list(results.rows) == [9]
        results.add([result(4, "\ud800", 0)])
    lines = (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["row"] for line in lines] == [9, 4]


def test_a_first_attempt_starts_anew(tmp_path):
    (tmp_path / "rows.jsonl").write_text(json.dumps(result(9, "yes", 1)) + "\n")
    with Results(tmp_path, ANSWERS, again=False) as results:
        assert results.rows == {}
    assert (tmp_path / "rows.jsonl").read_text() == ""


@pytest.mark.parametrize(
    ("output", "expected", "match"),
    [("yes", " yes\n", 1), ("Yes", "yes", 0), ("yes no", "yes", 0), ("", " ", 1)],
)
def test_exact_match_ignores_the_white_space_around(output, expected, match):
    assert scores.exact_match(output, expected) == match


@pytest.mark.stack
def test_rouge_is_that_of_the_field():
    rouge = scores.Rouge()
    made = rouge("the cat sat\non the mat", "the cat lay\non the mat")
    assert made["rouge1"] == pytest.approx(5 / 6)
    assert made["rougeL"] == pytest.approx(5 / 6)
    # One more word of six in common, but not in order, unless the lines are taken one by one.
    made = rouge("on the mat\nthe cat", "the cat\non the mat")
    assert made["rouge1"] == 1.0
    assert made["rougeL"] == pytest.approx(3 / 5)
    assert made["rougeLsum"] == 1.0
