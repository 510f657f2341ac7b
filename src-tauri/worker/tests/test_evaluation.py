"""Evaluates the tiny real model and its adapter."""

import csv
import json
import os
import shutil
import signal

import chat_rows
import pytest
import run_folder

from fine_tuning_worker.generate import trimmed


@pytest.mark.parametrize(
    ("tokens", "left"),
    [
        ([5, 6, 2, 5, 3, 3], [5, 6]),
        ([5, 6, 3, 3], [5, 6]),
        ([5, 3, 6], [5, 3, 6]),
        ([2], []),
        ([], []),
        ([5, 9, 2], [5]),
    ],
)
def test_an_answer_ends_at_its_end_token(tokens, left):
    assert trimmed(tokens, ends={2, 9}, pad=3) == left


def job(recipe, trained, folder, rows=None, **fields):
    """An evaluation of base and adapter over the held-out rows."""
    model = {"id": "m", "name": "org/tiny", "source": recipe["model"]}
    adapter = {"id": "a", "name": "labels", "source": str(trained / "output" / "adapter")}
    combinations = [
        {"job": "base", "model": model, "adapter": None},
        {"job": "tuned", "model": model, "adapter": adapter},
    ]
    rows = recipe["held_out"] if rows is None else rows
    fields = {"combinations": combinations, "generation": recipe["generation"], **fields}
    return run_folder.evaluation(folder, rows, **fields)


def rows_of(folder, name):
    text = (folder / "results" / name / "rows.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def metrics(folder):
    return {event["job"]: event["metrics"] for event in run_folder.events(folder, "result")}


@pytest.fixture(scope="module")
def evaluated(recipe, trained, tmp_path_factory):
    rows = [{**row, "features": {"row kind": "odd" if row["row"] % 2 else "even"}}
            for row in recipe["held_out"]]  # fmt: skip
    folder = job(recipe, trained, tmp_path_factory.mktemp("evaluated"), rows)
    run_folder.run(folder)
    return folder


@pytest.mark.stack
def test_the_adapter_beats_the_base(evaluated):
    assert run_folder.ended(evaluated)["status"] == "succeeded", run_folder.log(evaluated)
    made = metrics(evaluated)
    assert made["tuned"]["exact_match/v1"] > 0.9 > 0.6 > made["base"]["exact_match/v1"]
    assert made["tuned"]["rouge1/v1/mean"] > made["base"]["rouge1/v1/mean"]
    assert made["tuned"]["latency/mean"] > 0


@pytest.mark.stack
def test_every_row_is_answered_once_and_reported(evaluated, recipe):
    asked = [row["row"] for row in recipe["held_out"]]
    for name in ("base", "tuned"):
        assert [row["row"] for row in rows_of(evaluated, name)] == asked
        reported = [e for e in run_folder.events(evaluated, "combination") if e["job"] == name]
        assert [e["status"] for e in (reported[0], reported[1], reported[-1])] == [
            "loading", "generating", "scored",
        ]  # fmt: skip
        assert reported[-1]["done"] == reported[-1]["total"] == len(asked)
    row = rows_of(evaluated, "tuned")[0]
    assert row["input_tokens"] > 5 and 1 <= row["output_tokens"] <= 8


@pytest.mark.stack
def test_the_files_hold_the_same_numbers(evaluated, recipe):
    folder = evaluated / "results" / "tuned"
    with open(folder / "result_evaluation.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["model_input"] for row in table] == [row["prompt"] for row in recipe["held_out"]]
    assert [row["outputs"] for row in table] == [
        row["output"] for row in rows_of(evaluated, "tuned")
    ]
    assert table[0]["row kind_$useradded$"] == "odd"
    with open(folder / "aggregregated_results.csv", encoding="utf-8", newline="") as file:
        scores = {row["metric"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == pytest.approx(metrics(evaluated)["tuned"])


@pytest.mark.stack
def test_mlflow_has_a_run_for_each_and_no_model(evaluated):
    from mlflow import MlflowClient

    reported = {event["job"]: event for event in run_folder.events(evaluated, "mlflow")}
    client = MlflowClient(reported["base"]["uri"])
    runs = {name: client.get_run(event["run_id"]) for name, event in reported.items()}
    assert runs["base"].info.run_name == "org-tiny-None"
    assert runs["tuned"].info.run_name == "org-tiny-labels"
    for name, run in runs.items():
        assert run.info.status == "FINISHED"
        assert run.data.metrics == pytest.approx(metrics(evaluated)[name])
        [table] = client.list_artifacts(run.info.run_id)
        assert table.path == "eval_results_table.json"
    assert not client.search_registered_models()


@pytest.mark.stack
def test_padding_changes_no_answer(evaluated, recipe, trained, tmp_path):
    folder = job(recipe, trained, tmp_path, recipe["held_out"][:12], batch_size=1)
    assert run_folder.here(folder)["status"] == "succeeded"
    for name in ("base", "tuned"):
        alone = [row["output"] for row in rows_of(folder, name)]
        assert alone == [row["output"] for row in rows_of(evaluated, name)][:12]


@pytest.mark.stack
def test_a_stopped_evaluation_goes_on_where_it_was(evaluated, recipe, trained, tmp_path):
    folder = job(recipe, trained, tmp_path / "run", batch_size=1)
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e["event"] == "combination" and e["done"] >= 3)
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    assert run_folder.ended(folder)["status"] == "stopped"
    path = folder / "results" / "base" / "rows.jsonl"
    kept = rows_of(folder, "base")
    assert 3 <= len(kept) <= len(recipe["held_out"])
    # A mark that only an answer that was kept can bear, and half a line as a crash leaves it.
    marked = json.dumps({**kept[0], "output": "kept", "exact_match": 0})
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([marked, *lines[1:]]) + '\n{"row": 99, "outp', encoding="utf-8")

    assert run_folder.run(folder, FTS_RUN_ATTEMPT="2") == 0
    after = rows_of(folder, "base")
    assert after[0]["output"] == "kept"
    assert [row["row"] for row in after] == [row["row"] for row in recipe["held_out"]]
    assert (
        metrics(folder)["tuned"]["exact_match/v1"] == metrics(evaluated)["tuned"]["exact_match/v1"]
    )

    # And once more: what is finished is not done again.
    assert run_folder.run(folder, FTS_RUN_ATTEMPT="3") == 0
    assert len(run_folder.events(folder, "result")) == 2


@pytest.mark.stack
def test_sampling_is_the_same_for_the_same_seed(recipe, trained, tmp_path):
    # So warm that a model as sure of itself as this one still varies.
    usual = {
        "do_sample": True, "temperature": 5.0, "max_new_tokens": 6, "top_p": 1, "top_k": 50,
        "num_beams": 1, "repetition_penalty": 1.1, "max_length": None,
    }  # fmt: skip
    made = []
    for number, seed in enumerate((1, 1, 2)):
        folder = job(
            recipe,
            trained,
            tmp_path / str(number),
            recipe["held_out"][:16],
            generation=usual,
            seed=seed,
        )
        assert run_folder.here(folder)["status"] == "succeeded"
        made.append([row["output"] for row in rows_of(folder, "base")])
    assert made[0] == made[1] != made[2]


@pytest.mark.stack
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"generation": {"max_tokens": 5}}, "don't know “max_tokens”"),
        ({"generation": {"do_sample": True, "temperature": -1.0}}, "emperature"),
        ({"rows": []}, "no rows to evaluate on"),
        ({"rows": [{"row": 1, "text": "x"}]}, "Row 1"),
        ({"rows": [{"row": 1, "prompt": "x", "completion": "y"}] * 2}, "same number"),
        (
            {"combinations": [{"job": "j", "model": {"source": "/not/there"}, "adapter": None}]},
            "“/not/there”, is not there",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_refused_in_one_sentence(
    recipe, trained, tmp_path, change, said
):
    ended = run_folder.here(job(recipe, trained, tmp_path, **change))
    assert ended["status"] == "failed" and said in ended["message"], ended
    assert "\n" not in ended["message"]


@pytest.mark.stack
def test_a_folder_that_is_no_adapter_is_named(recipe, trained, tmp_path):
    (tmp_path / "empty").mkdir()
    one = {
        "job": "j",
        "model": {"source": recipe["model"]},
        "adapter": {"id": "a", "name": "empty", "source": str(tmp_path / "empty")},
    }
    ended = run_folder.here(job(recipe, trained, tmp_path / "run", combinations=[one]))
    assert ended["status"] == "failed" and str(tmp_path / "empty") in ended["message"]


def tokenizer_with(recipe, *special):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    tokenizer.add_special_tokens({"additional_special_tokens": list(special)})
    return tokenizer


@pytest.mark.stack
def test_an_answer_ends_where_its_template_ends_a_turn(recipe):
    from transformers import AutoModelForCausalLM

    from fine_tuning_worker.chat import end_of_turn
    from fine_tuning_worker.generate import ends

    tokenizer = tokenizer_with(recipe, "<|end|>")
    turn = tokenizer.convert_tokens_to_ids("<|end|>")
    template = "{% for m in messages %}{{ m.role + ': ' + m.content + END }}{% endfor %}"
    special = template.replace("END", "'\\n<|end|>'")
    assert end_of_turn(tokenizer, special) == turn
    assert end_of_turn(tokenizer, template.replace("END", "'.'")) is None
    assert end_of_turn(tokenizer, "{{ raise_exception('no') }}") is None
    assert end_of_turn(tokenizer, None) is None

    model = AutoModelForCausalLM.from_pretrained(recipe["model"])
    assert ends(model, tokenizer, special) == [tokenizer.eos_token_id, turn]
    assert ends(model, tokenizer, chat_rows.TEMPLATE) == tokenizer.eos_token_id
    assert ends(model, tokenizer, None) == tokenizer.eos_token_id


@pytest.mark.stack
def test_prompts_that_are_rendered_get_no_token(recipe, tmp_path):
    """The tokenizer here begins plain texts with a token, as many do."""
    source = chat_rows.begins_texts(recipe["model"], tmp_path / "model")
    model = {"id": "m", "name": "m", "source": source}
    row = chat_rows.asked(recipe["held_out"][0])
    tokens = len(tokenizer_with(recipe)(row["prompt"])["input_ids"])
    for chat, begin in ((chat_rows.CHAT, 0), (None, 1)):
        one = {"job": "base", "model": model, "adapter": None, "chat": chat}
        folder = run_folder.evaluation(tmp_path / f"run{begin}", [row], [one])
        ended = run_folder.here(folder)
        assert ended["status"] == "succeeded", ended
        [answered] = rows_of(folder, "base")
        assert answered["input_tokens"] == begin + tokens
    with open(folder / "results" / "base" / "result_evaluation.csv", newline="") as file:
        [line] = csv.DictReader(file)
    assert line["expected_output"] == row["expected"]


def narrow(recipe, folder, context: int) -> dict:
    """The recipe's model, which now has room for so many tokens."""
    shutil.copytree(recipe["model"], folder)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "max_position_embeddings": context}), encoding="utf-8")
    return {"id": "n", "name": "narrow", "source": str(folder)}


@pytest.mark.stack
def test_rows_without_room_are_left_out_for_all_and_reported(recipe, trained, tmp_path):
    tokenizer = tokenizer_with(recipe)
    rows = recipe["held_out"][:3]
    tokens = len(tokenizer(rows[0]["prompt"])["input_ids"])
    long = {**rows[1], "prompt": " ".join([rows[1]["prompt"]] * 3)}
    wide = {"job": "wide", "model": {"source": recipe["model"]}, "adapter": None}
    model = narrow(recipe, tmp_path / "model", tokens + 12)
    both = [{"job": "narrow", "model": model, "adapter": None}, wide]
    folder = job(recipe, trained, tmp_path / "run", [rows[0], long, rows[2]], combinations=both)
    assert run_folder.here(folder)["status"] == "succeeded", run_folder.log(folder)
    for name in ("narrow", "wide"):
        assert [row["row"] for row in rows_of(folder, name)] == [rows[0]["row"], rows[2]["row"]]
    warnings = [e["text"] for e in run_folder.events(folder, "message") if e["level"] == "warning"]
    count = len(tokenizer(long["prompt"])["input_ids"])
    assert (
        f"Rows that are left out, because a model has no room for them: 1. Row {long['row']} has "
        f"{count} tokens for “narrow”, which has room for {tokens + 12}." in warnings
    )

    folder = job(recipe, trained, tmp_path / "none", [long], combinations=both)
    ended = run_folder.here(folder)
    assert ended["message"].startswith("No row can be evaluated: all are longer"), ended


@pytest.mark.stack
def test_an_answer_ends_where_the_room_does(recipe, trained, tmp_path):
    """And no answer beside it changes."""
    rows = recipe["held_out"][:4]
    tokenizer = tokenizer_with(recipe)
    counts = [len(tokenizer(row["prompt"])["input_ids"]) for row in rows]
    model = narrow(recipe, tmp_path / "model", max(counts) + 2)
    generation = {"max_new_tokens": 5, "min_new_tokens": 5, "do_sample": False}
    made = {}
    for name, source in (("narrow", model), ("wide", {"source": recipe["model"]})):
        one = {"job": name, "model": source, "adapter": None}
        folder = job(
            recipe, trained, tmp_path / name, rows, combinations=[one], generation=generation
        )
        assert run_folder.here(folder)["status"] == "succeeded", run_folder.log(folder)
        made[name] = rows_of(folder, name)
    for count, found, whole in zip(counts, made["narrow"], made["wide"], strict=True):
        assert found["output_tokens"] == min(5, max(counts) + 2 - count)
        assert whole["output"].startswith(found["output"]) and whole["output_tokens"] == 5
