import pytest

from fine_tuning_worker.arguments import numbers, reporters, translate
from fine_tuning_worker.events import Events
from fine_tuning_worker.failure import Failure

KNOWN = {
    "learning_rate", "num_train_epochs", "warmup_steps", "eval_strategy", "eval_steps", "max_length",
    "use_cpu", "fp16", "bf16", "tf32", "optim", "save_strategy", "save_steps", "save_total_limit",
    "logging_steps", "logging_first_step", "disable_tqdm", "load_best_model_at_end", "report_to",
    "train_sampling_strategy", "eval_on_start",
}  # fmt: skip


@pytest.fixture
def events(tmp_path):
    return Events(tmp_path / "events.jsonl")


def test_former_names_are_translated(events):
    given = {
        "warmup_ratio": 0.03,
        "evaluation_strategy": "steps",
        "max_seq_length": 512,
        "no_cuda": True,
        "group_by_length": True,
    }
    made = translate(given, KNOWN, evaluates=True, cuda=True, events=events)
    assert made["warmup_steps"] == 0.03
    assert made["eval_strategy"] == "steps"
    assert made["max_length"] == 512
    assert made["use_cpu"] is True
    assert made["train_sampling_strategy"] == "group_by_length"


def test_a_name_that_is_known_is_not_translated(events):
    made = translate({"warmup_ratio": 0.1}, KNOWN | {"warmup_ratio"}, False, True, events)
    assert made["warmup_ratio"] == 0.1 and "warmup_steps" not in made


def test_steps_come_before_the_ratio_and_new_names_before_old(events):
    given = {
        "warmup_ratio": 0.1,
        "warmup_steps": 7,
        "max_seq_length": 1,
        "max_length": 2,
        "evaluation_strategy": "no",
        "eval_strategy": "epoch",
    }
    made = translate(given, KNOWN, True, True, events)
    assert (made["warmup_steps"], made["max_length"], made["eval_strategy"]) == (7, 2, "epoch")


def test_an_unknown_name_is_refused_with_those_near_it(events):
    with pytest.raises(Failure) as failure:
        translate({"learning_rte": 1}, KNOWN, False, True, events)
    assert "“learning_rte”" in failure.value.message
    assert "“learning_rate”" in failure.value.hint


def test_where_a_run_writes_is_not_the_configs_to_say(events):
    made = translate({"output_dir": "/tmp/x", "logging_dir": "y"}, KNOWN, False, True, events)
    assert "output_dir" not in made and "logging_dir" not in made


def test_without_cuda_the_usual_arguments_still_train(events):
    given = {"fp16": True, "tf32": True, "optim": "paged_adamw_32bit"}
    made = translate(given, KNOWN, False, cuda=False, events=events)
    assert made["fp16"] is False and made["bf16"] is False and "tf32" not in made
    assert made["optim"] == "adamw_torch"
    texts = [event["text"] for event in events.earlier("message")]
    assert any("fp16" in text for text in texts) and any("paged" in text for text in texts)
    with_cuda = translate(given, KNOWN, False, cuda=True, events=events)
    assert with_cuda["fp16"] is True and with_cuda["optim"] == "paged_adamw_32bit"


def test_an_evaluation_set_is_evaluated_each_epoch_by_default(events):
    assert translate({}, KNOWN, True, True, events)["eval_strategy"] == "epoch"
    assert translate({"eval_steps": 5}, KNOWN, True, True, events)["eval_strategy"] == "steps"
    assert translate({"eval_strategy": "no"}, KNOWN, True, True, events)["eval_strategy"] == "no"


def test_without_an_evaluation_set_nothing_asks_for_one(events):
    given = {"eval_strategy": "steps", "load_best_model_at_end": True, "eval_on_start": True}
    made = translate(given, KNOWN, False, True, events)
    assert made["eval_strategy"] == "no"
    assert "load_best_model_at_end" not in made and "eval_on_start" not in made


def test_who_is_reported_to():
    assert reporters({}) == (True, [])
    assert reporters({"report_to": "none"}) == (False, [])
    assert reporters({"report_to": None}) == (False, [])
    assert reporters({"report_to": ["mlflow", "wandb"]}) == (True, ["wandb"])
    assert reporters({"report_to": "tensorboard"}) == (False, ["tensorboard"])


def test_numbers_written_as_texts_are_numbers():
    types = {"rate": float, "steps": int | None, "optim": str, "either": float | str | None}
    given = {"rate": "2e-4", "steps": "10", "optim": "adamw", "either": "5"}
    made = numbers(given, types)
    assert made == {"rate": 0.0002, "steps": 10, "optim": "adamw", "either": "5"}
    with pytest.raises(Failure, match="“rate” is a number, and “fast” is none"):
        numbers({"rate": "fast"}, types)
