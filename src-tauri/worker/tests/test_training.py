"""Real training of the tiny real model."""

import json
import os
import shutil
import signal

import pytest
import run_folder

pytestmark = pytest.mark.stack


def losses(folder, name="loss"):
    return [
        event["values"][name]
        for event in run_folder.events(folder, "metrics")
        if name in event["values"]
    ]


def job(recipe, folder, train=None, held_out=None, more=None, **fields):
    """The run folder of a training by the recipe; ``more`` are further training arguments."""
    arguments = {**recipe["training_arguments"], "report_to": "none", **(more or {})}
    fields = {"training_arguments": arguments, "lora": recipe["lora"], **fields}
    model = fields.pop("from_model", recipe["model"])
    train = recipe["train"] if train is None else train
    held_out = recipe["held_out"] if held_out is None else held_out
    return run_folder.training(folder, model, train, held_out, **fields)


def test_the_model_learns_and_says_so(trained):
    assert run_folder.ended(trained)["status"] == "succeeded", run_folder.log(trained)
    loss = losses(trained)
    assert len(loss) > 10 and loss[-1] < 0.5 * loss[0]
    held_out = losses(trained, "eval_loss")
    assert len(held_out) == 3 and held_out[-1] < held_out[0]
    steps = [event["step"] for event in run_folder.events(trained, "progress")]
    assert steps[0] == 0 and steps == sorted(steps)
    last = run_folder.events(trained, "progress")[-1]
    assert last["step"] == last["max_steps"] > 0
    order = [event["status"] for event in run_folder.events(trained, "status")]
    assert list(dict.fromkeys(order)) == [
        "loading", "model", "tokenizing", "training", "evaluating", "saving",
    ]  # fmt: skip
    [facts] = run_folder.events(trained, "facts")
    assert 0 < facts["trainable_parameters"] < facts["parameters"]
    assert {"torch", "transformers", "peft", "trl"} <= set(facts["versions"])


def test_nothing_but_the_adapter_is_left_in_its_place(trained):
    adapter = trained / "output" / "adapter"
    assert run_folder.ended(trained)["adapter"] == str(adapter)
    names = set(os.listdir(adapter))
    assert {"adapter_config.json", "adapter_model.safetensors", "tokenizer.json"} <= names
    assert sorted(os.listdir(adapter.parent)) == ["adapter", "checkpoints"]


def test_the_adapter_loads_back_and_changes_what_the_model_says(trained, recipe):
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    adapter = trained / "output" / "adapter"
    tokenizer = AutoTokenizer.from_pretrained(adapter)
    base = AutoModelForCausalLM.from_pretrained(recipe["model"])
    row = recipe["held_out"][0]
    tokens = tokenizer(row["prompt"], return_tensors="pt")
    wanted = tokenizer(row["completion"])["input_ids"][0]
    with torch.no_grad():
        before = base(**tokens).logits[0, -1].softmax(-1)[wanted]
        after = PeftModel.from_pretrained(base, adapter)(**tokens).logits[0, -1].softmax(-1)[wanted]
    assert after > 0.3 > before


def test_mlflow_has_the_run_and_its_curve(trained):
    from mlflow import MlflowClient

    [reported] = run_folder.events(trained, "mlflow")
    client = MlflowClient(reported["uri"])
    run = client.get_run(reported["run_id"])
    assert run.info.status == "FINISHED"
    assert run.data.params["learning_rate"] == "0.005"
    assert (
        client.get_experiment(reported["experiment_id"]).name
        == json.loads((trained / "job.json").read_text())["tracking"]["experiment"]
    )
    curve = client.get_metric_history(reported["run_id"], "loss")
    assert [point.value for point in sorted(curve, key=lambda p: p.step)] == losses(trained)


def test_stopped_and_resumed_it_comes_to_the_same_end(recipe, trained, tmp_path):
    # Nothing but the stop itself saves: no evaluation follows it.
    folder = job(recipe, tmp_path / "run", more={"eval_strategy": "no", "save_strategy": "no"})
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e["event"] == "progress" and e["step"] >= 5)
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    stopped = run_folder.ended(folder)
    assert (stopped["status"], stopped["adapter"]) == ("stopped", None)
    [kept] = run_folder.events(folder, "checkpoint")
    whole = run_folder.events(trained, "progress")[-1]["max_steps"]
    assert 5 <= kept["step"] < whole

    assert run_folder.run(folder, FTS_RUN_ATTEMPT="2") == 0
    assert run_folder.ended(folder)["status"] == "succeeded"
    last = run_folder.events(folder, "progress")[-1]
    assert last["step"] == last["max_steps"] == whole
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert f"Going on from checkpoint-{kept['step']}." in texts
    # Each step was trained once: what was stopped and what went on make one training.
    assert losses(folder)[-1] == pytest.approx(losses(trained)[-1], rel=1e-2)


def test_a_killed_run_goes_on_from_its_newest_whole_checkpoint(recipe, tmp_path):
    folder = job(recipe, tmp_path / "run", more={"save_steps": 4, "save_total_limit": 3})
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e["event"] == "checkpoint" and e["step"] >= 12)
    worker.kill()
    worker.wait()
    steps = sorted(
        int(p.name.split("-")[1]) for p in (folder / "output" / "checkpoints").glob("*-*")
    )
    damaged = folder / "output" / "checkpoints" / f"checkpoint-{steps[-1]}" / "optimizer.pt"
    damaged.write_bytes(damaged.read_bytes()[:100] if damaged.exists() else b"")

    assert run_folder.run(folder, FTS_RUN_ATTEMPT="2") == 0
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert any(f"checkpoint-{steps[-1]} is passed over" in text for text in texts)
    assert any(text == f"Going on from checkpoint-{steps[-2]}." for text in texts)
    last = run_folder.events(folder, "progress")[-1]
    assert last["step"] == last["max_steps"]


def test_stop_cuts_an_evaluation_short_and_keeps_the_step_before_it(recipe, tmp_path):
    # One row at a time makes the evaluation long enough to be asked in the midst of it.
    folder = job(
        recipe,
        tmp_path / "run",
        train=recipe["train"][:64],
        held_out=recipe["train"],
        more={"per_device_eval_batch_size": 1},
    )
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e.get("status") == "evaluating")
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    assert run_folder.ended(folder)["status"] == "stopped"
    assert losses(folder, "eval_loss") == []
    assert [event["step"] for event in run_folder.events(folder, "checkpoint")] == [4]

    assert run_folder.run(folder, FTS_RUN_ATTEMPT="2") == 0
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert "Going on from checkpoint-4." in texts
    last = run_folder.events(folder, "progress")[-1]
    assert last["step"] == last["max_steps"] == 12


def test_stop_while_the_libraries_load_ends_at_once(recipe, tmp_path):
    folder = job(recipe, tmp_path / "run")
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e["event"] == "status")
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    assert run_folder.ended(folder)["status"] == "stopped"
    assert not run_folder.events(folder, "progress")


def test_the_usual_arguments_of_a_gpu_train_on_a_processor(recipe, tmp_path):
    usual = {
        "num_train_epochs": 1, "optim": "paged_adamw_32bit", "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": 4, "warmup_ratio": 0.03, "max_grad_norm": 0.3,
        "learning_rate": 0.0002, "fp16": True, "logging_steps": 1, "lr_scheduler_type": "constant",
        "disable_tqdm": True, "report_to": "mlflow", "ddp_find_unused_parameters": False,
    }  # fmt: skip
    lora = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "bias": "none"}
    folder = run_folder.training(
        tmp_path / "run",
        recipe["model"],
        recipe["train"][:16],
        [],
        training_arguments=usual,
        lora=lora,
    )
    ended = run_folder.here(folder)
    assert ended["status"] == "succeeded", ended
    assert len(losses(folder)) == 4
    assert run_folder.events(folder, "mlflow")
    config = json.loads((folder / "output" / "adapter" / "adapter_config.json").read_text())
    assert config["task_type"] == "CAUSAL_LM" and config["r"] == 16


def labels(recipe, folder, rows, **arguments):
    """What is to be learned of the first row, as the trainer has it."""
    from fine_tuning_worker.events import Events
    from fine_tuning_worker.stop import Stop
    from fine_tuning_worker.train import prepare

    folder = job(recipe, folder, train=rows, held_out=[], more=arguments)
    written = json.loads((folder / "job.json").read_text())
    trainer, _ = prepare(folder, written, Events(folder / "events.jsonl"), Stop())
    row = trainer.train_dataset[0]
    learned = [token for token in row["labels"] if token != -100]
    return trainer.processing_class.decode(row["input_ids"]), trainer.processing_class.decode(
        learned
    )


def test_the_loss_is_on_the_completion_by_default(recipe, tmp_path):
    row = recipe["train"][0]
    whole = row["prompt"] + row["completion"] + "</s>"
    assert labels(recipe, tmp_path / "a", [row]) == (whole, row["completion"] + "</s>")
    assert labels(recipe, tmp_path / "b", [row], completion_only_loss=False) == (whole, whole)


def test_a_text_is_learned_whole(recipe, tmp_path):
    text = "Ticket: what now"
    row = {"row": 1, "text": text}
    assert labels(recipe, tmp_path, [row]) == (text + "</s>", text + "</s>")


def test_mlflow_out_of_reach_is_a_warning_and_no_failure(recipe, tmp_path):
    folder = job(
        recipe,
        tmp_path / "run",
        train=recipe["train"][:16],
        held_out=[],
        more={"report_to": "mlflow"},
        tracking={"uri": "sqlite:////dev/null/no/mlflow.db", "experiment": "x"},
    )
    assert run_folder.here(folder)["status"] == "succeeded"
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert any("MLflow can't be reached" in text for text in texts)


def test_rows_that_lose_by_the_maximum_length_are_reported(recipe, tmp_path):
    long = {"row": 2, "prompt": "Ticket: " + "one " * 90, "completion": " refund"}
    rows = [*recipe["train"][:16], long]
    folder = job(recipe, tmp_path / "run", train=rows, held_out=[], more={"max_length": 60})
    assert run_folder.here(folder)["status"] == "succeeded"
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert any(text.startswith("1 of 17 rows are left out") for text in texts)


def test_a_prompt_and_completion_that_grow_together_are_reported(recipe, tmp_path):
    rows = [
        {**row, "prompt": row["prompt"] + " ", "completion": row["completion"].strip()}
        for row in recipe["train"][:16]
    ]
    folder = job(recipe, tmp_path / "run", train=rows, held_out=[])
    assert run_folder.here(folder)["status"] == "succeeded"
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert any(text.startswith("In 16 of the first 16 rows") for text in texts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lora": {"rank": 8}}, "don't know “rank”"),
        ({"lora": {"r": 8, "target_modules": ["not_there"]}}, "not_there"),
        ({"lora": {"r": 0}}, "`r`"),
        ({"more": {"learning_rte": 1}}, "don't know “learning_rte”"),
        ({"more": {"eval_strategy": "hourly"}}, "hourly"),
        ({"more": {"learning_rate": "fast"}}, "fast"),
        ({"more": {"max_length": 5}}, "the prompt alone fills the maximum length of 5 tokens"),
        ({"train": []}, "no rows to train on"),
        ({"train": [{"row": 3, "prompt": "x"}]}, "Row 3"),
        ({"from_model": "/not/there"}, "“/not/there”, is not there"),
        ({"from_model": "nobody/nothing"}, "“nobody/nothing” can't be loaded"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_sentence(recipe, tmp_path, change, said):
    ended = run_folder.here(job(recipe, tmp_path / "run", **change))
    assert ended["status"] == "failed" and said in ended["message"], ended
    assert "Traceback" not in ended["message"] and "\n" not in ended["message"]
    assert ended["hint"]
    assert not (tmp_path / "run" / "output" / "adapter").exists()


def tokenizer_without(recipe, folder, *lost: str, **more: str) -> str:
    """The recipe's model with a tokenizer that lacks some special tokens, and has others."""
    shutil.copytree(recipe["model"], folder)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    config |= {name: None for name in lost} | more
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return str(folder)


def test_a_tokenizer_without_an_end_token_is_refused(recipe, tmp_path):
    model = tokenizer_without(recipe, tmp_path / "model", "eos_token")
    ended = run_folder.here(job(recipe, tmp_path / "run", from_model=model))
    assert ended["status"] == "failed" and "no token that ends a text" in ended["message"], ended


@pytest.mark.parametrize("lost", [("pad_token", "unk_token"), ("unk_token",)])
def test_the_end_token_pads_and_is_learned(recipe, tmp_path, lost):
    from fine_tuning_worker.events import Events
    from fine_tuning_worker.stop import Stop
    from fine_tuning_worker.train import prepare

    same = {} if "pad_token" in lost else {"pad_token": "</s>"}
    model = tokenizer_without(recipe, tmp_path / "model", *lost, **same)
    rows = [
        {"row": 1, "prompt": "Ticket: pay", "completion": " refund"},
        {"row": 2, "prompt": "Ticket: " + "pay me back " * 9, "completion": " refund"},
    ]
    folder = job(recipe, tmp_path / "run", rows, [], {"num_train_epochs": 1}, from_model=model)
    assert run_folder.here(folder)["status"] == "succeeded"

    written = json.loads((folder / "job.json").read_text())
    trainer, _ = prepare(folder, written, Events(folder / "other.jsonl"), Stop())
    end = trainer.processing_class.eos_token_id
    assert trainer.processing_class.pad_token_id == end
    batch = trainer.data_collator(list(trainer.train_dataset))
    assert (batch["input_ids"][0] == end).sum() > 1, "the short row is not padded"
    assert [(row == end).sum() for row in batch["labels"]] == [1, 1]


def test_nothing_in_the_log_of_a_processor_reads_like_a_fault(recipe, tmp_path):
    folder = job(recipe, tmp_path / "run", recipe["train"][:16], recipe["held_out"][:4])
    assert run_folder.run(folder) == 0
    lines = [line for line in run_folder.log(folder).splitlines() if not line.startswith("{")]
    assert [line for line in lines if line.strip()] == []
    [facts] = run_folder.events(folder, "facts")
    assert facts["threads"] == 1, "OMP_NUM_THREADS is not followed"


def test_targets_that_neither_settings_nor_peft_name_are_all_linear(recipe, tmp_path):
    import tiny_architectures
    from transformers import AutoTokenizer

    source = tmp_path / "model"
    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    tiny_architectures.model("smollm3", len(tokenizer), {}).save_pretrained(source)
    tokenizer.save_pretrained(source)
    rows = recipe["train"][:4]
    folder = job(recipe, tmp_path / "run", rows, [], from_model=str(source), lora={"r": 4})
    ended = run_folder.here(folder)
    assert ended["status"] == "succeeded", ended
    texts = [event["text"] for event in run_folder.events(folder, "message")]
    assert any("all linear layers are trained" in text for text in texts)
    config = json.loads((folder / "output" / "adapter" / "adapter_config.json").read_text())
    assert len(config["target_modules"]) == 7
