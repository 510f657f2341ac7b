"""axolotl's config, what it printed, and a program in axolotl's place that prints as it does."""

import json
from pathlib import Path

import pytest
import run_folder

from fine_tuning_worker.axolotl import configuration
from fine_tuning_worker.axolotl_log import BAR, Follower, logged
from fine_tuning_worker.events import Events

PRINTED = Path(__file__).parent / "axolotl"
"""What axolotl 0.19.0 printed on a processor, with the paths of its folders made short."""

ROWS = [{"row": 1, "prompt": "a", "completion": "b"}]


def test_a_logged_step_is_read_as_transformers_prints_it():
    line = "{'loss': '5.1', 'grad_norm': 1.5, 'learning_rate': 0.0002, 'epoch': 0.29}"
    assert logged(f"  3%| {line}\n") == {
        "loss": 5.1, "grad_norm": 1.5, "learning_rate": 0.0002, "epoch": 0.29,
    }  # fmt: skip
    assert logged("{'loss': nothing}") is None
    assert logged("{'names': ['x']}") is None
    assert logged("plain words") is None


def test_only_the_trainings_own_bar_counts():
    assert BAR.match(" 10%|█         | 10/102 [00:01<00:09,  9.9it/s]").groups() == ("10", "102")
    assert BAR.match("Map: 10%|█         | 10/102 [00:01<00:09,  9.9it/s]") is None


def config_of(folder, text="adapter:\nlora_r: 4\n", **fields):
    folder = run_folder.training(
        folder,
        "/models/tiny",
        fields.pop("train", ROWS),
        fields.pop("held_out", ROWS),
        framework="axolotl",
        axolotl=text,
        training_arguments={"num_train_epochs": 3, "learning_rate": 0.01},
        lora={"r": 16, "lora_alpha": 32},
        **fields,
    )
    job = json.loads((folder / "job.json").read_text())
    return folder, configuration(folder, job, Events(folder / "events.jsonl"))


@pytest.mark.stack
def test_the_paths_and_the_form_are_filled_in(tmp_path):
    folder, config = config_of(tmp_path / "run", "base_model:\nnum_epochs: 9\nlora_r: 4\n")
    assert config["base_model"] == "/models/tiny"
    assert config["output_dir"] == str(folder / "output" / "checkpoints")
    assert (config["num_epochs"], config["learning_rate"]) == (3, 0.01)
    assert (config["adapter"], config["lora_r"], config["lora_alpha"]) == ("lora", 4, 32)
    assert config["seed"] == 42
    assert config["lora_qkv_kernel"] is config["lora_mlp_kernel"] is False
    # Left to itself, axolotl would take float16.
    assert config["bf16"] is config["fp16"] is False
    assert config["dataset_num_proc"] == 0
    [data] = config["datasets"]
    assert data["path"] == str(folder / "train.jsonl")
    assert data["type"]["field_instruction"] == "prompt"
    assert data["type"]["field_output"] == "completion"
    [held_out] = config["test_datasets"]
    assert held_out["path"] == str(folder / "eval.jsonl")
    assert config["val_set_size"] == 0


@pytest.mark.stack
def test_whole_texts_and_no_evaluation_set(tmp_path):
    _, config = config_of(tmp_path / "run", train=[{"row": 1, "text": "x"}], held_out=[])
    assert (config["datasets"][0]["type"], config["datasets"][0]["field"]) == ("completion", "text")
    assert "test_datasets" not in config


@pytest.mark.stack
@pytest.mark.parametrize(
    ("text", "rows", "processes"),
    [("dataset_num_proc: 3\n", 2, 3), ("sample_packing: true\n", 2, None), ("\n", 30_000, None)],
)
def test_other_processes_prepare_rows_where_they_are_asked_for_or_many(
    tmp_path, text, rows, processes
):
    _, config = config_of(
        tmp_path / "run", f"adapter: lora\n{text}", rows={"train": rows, "eval": 0}
    )
    assert config.get("dataset_num_proc") == processes


@pytest.mark.stack
def test_a_format_of_axolotl_reads_the_dataset_itself(tmp_path):
    _, config = config_of(
        tmp_path / "run",
        "datasets:\n  - path:\n    type: alpaca\n",
        dataset={"id": "d", "name": "n", "path": "/data/rows.jsonl"},
        rows={"train": 90, "eval": 10},
    )
    assert config["datasets"] == [{"path": "/data/rows.jsonl", "type": "alpaca", "ds_type": "json"}]
    assert config["val_set_size"] == 0.1


STAND_IN = """
import os, sys, yaml
from pathlib import Path
assert sys.argv[1] == "train" and sys.argv[3:] == ["--launcher", "python"]
assert os.environ["AXOLOTL_DO_NOT_TRACK"] == "1"
config = yaml.safe_load(open(sys.argv[2]))
print("logs to", os.environ["MLFLOW_RUN_ID"], config["use_mlflow"], os.environ["MLFLOW_TRACKING_URI"])
print("Map: 100%|##| 900/900 [00:01<00:00, 9.9it/s]")
for step in (1, 2):
    print(f"\\r {step * 50}%|##| {step}/2 [00:01<00:00, 9.9it/s]", end="")
    print(f"\\n{{'loss': {3 - step}.5, 'epoch': {step / 2}}}")
    print("100%|##| 7/7 [00:01<00:00, 9.9it/s]")
out = Path(config["output_dir"])
(out / "checkpoint-2").mkdir(parents=True)
# Besides, DPO saves the base model.
base = ("config.json", "model.safetensors")
for name in ("adapter_config.json", "tokenizer.json", "README.md", "debug.log", *base):
    (out / name).write_text("{}")
if config["adapter"] == "lora":
    (out / "adapter_model.safetensors").write_text("{}")
"""


@pytest.fixture
def installed(tmp_path) -> str:
    """The path of Python's packages with the program in axolotl's place."""
    package = tmp_path / "site" / "axolotl" / "cli"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "main.py").write_text(STAND_IN)
    return f"{run_folder.PACKAGE}:{tmp_path / 'site'}"


@pytest.mark.stack
def test_a_run_of_axolotl_has_the_same_events(tmp_path, installed):
    folder, _ = config_of(tmp_path / "run")
    assert run_folder.run(folder, PYTHONPATH=installed) == 0, run_folder.log(folder)
    assert [e["values"] for e in run_folder.events(folder, "metrics")] == [
        {"loss": 2.5},
        {"loss": 1.5},
    ]
    assert [e["step"] for e in run_folder.events(folder, "metrics")] == [1, 2]
    last = run_folder.events(folder, "progress")[-1]
    assert (last["step"], last["max_steps"]) == (2, 2)
    [run] = run_folder.events(folder, "mlflow")
    assert f"logs to {run['run_id']} True {run['uri']}" in run_folder.log(folder)
    adapter = folder / "output" / "adapter"
    assert run_folder.ended(folder)["adapter"] == str(adapter)
    assert sorted(p.name for p in adapter.iterdir()) == [
        "adapter_config.json", "adapter_model.safetensors", "tokenizer.json",
    ]  # fmt: skip


@pytest.mark.stack
def test_a_config_without_weights_is_no_success(tmp_path, installed):
    # axolotl writes the config of an adapter before it trains one.
    folder, _ = config_of(tmp_path / "run", "adapter: qlora\n")
    assert run_folder.run(folder, PYTHONPATH=installed) == 1
    assert run_folder.ended(folder)["message"] == "axolotl ended without an adapter."


def followed(folder: Path, name: str) -> Events:
    """The events of what axolotl printed. Its lines end as the worker reads them: in \\r too."""
    events = Events(folder / "events.jsonl")
    follow = Follower(events, folder)
    with open(PRINTED / name, encoding="utf-8") as printed:
        for line in printed:
            follow(line)
    return events


def measured(events: Events, name: str) -> list[tuple[int, float]]:
    return [
        (event["step"], event["values"][name])
        for event in events.earlier("metrics")
        if name in event["values"]
    ]


def test_a_training_is_followed_by_what_axolotl_printed(tmp_path):
    events = followed(tmp_path, "sft.txt")
    # Every second step is logged, all are drawn, and those of evaluations are none of the training's.
    assert [step for step, _ in measured(events, "loss")] == [2, 4, 6, 8]
    assert [step for step, _ in measured(events, "eval_loss")] == [0, 4, 8, 9]
    assert [step for step, _ in measured(events, "train_loss")] == [9]
    last = events.earlier("progress")[-1]
    assert (last["step"], last["max_steps"]) == (9, 9)
    names = {name for event in events.earlier("metrics") for name in event["values"]}
    assert "learning_rate" in names and not any(name.startswith("memory/") for name in names)


def test_preferences_are_followed_with_the_numbers_of_their_method(tmp_path):
    events = followed(tmp_path, "dpo.txt")
    margins = measured(events, "rewards/margins")
    assert [step for step, _ in margins] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert margins[0][1] == 0 and margins[-1][1] > 0.02


def test_a_checkpoint_is_reported_once_it_is_whole(tmp_path):
    """Whether or not the trainer of the method prints that it saves."""
    events = Events(tmp_path / "events.jsonl")
    folder = tmp_path / "checkpoints"
    # Of an earlier attempt.
    run_folder.checkpoint(folder, 2)
    follow = Follower(events, folder)
    state = run_folder.checkpoint(folder, 4) / "trainer_state.json"
    state.rename(tmp_path / "later")
    follow(" 56%|#####5    | 5/9 [00:05<00:05,  1.35s/it]\n")
    assert events.earlier("checkpoint") == []
    (tmp_path / "later").rename(state)
    for _ in range(2):
        follow(" 67%|######6   | 6/9 [00:06<00:04,  1.35s/it]\n")
    run_folder.checkpoint(folder, 9)
    follow.look()
    reported = [(event["step"], event["path"]) for event in events.earlier("checkpoint")]
    assert reported == [(step, str(folder / f"checkpoint-{step}")) for step in (4, 9)]


@pytest.mark.stack
@pytest.mark.parametrize(
    "said", ["flash_attention: true\n", "attn_implementation: flash_attention_2\n"]
)
def test_without_a_cuda_device_its_attention_is_replaced(tmp_path, said):
    folder, config = config_of(tmp_path / "run", said)
    assert (config["attn_implementation"], "flash_attention" in config) == ("sdpa", False)
    assert "FlashAttention" in run_folder.events(folder, "message")[0]["text"]


@pytest.mark.parametrize(
    "choice", [{"method": "dpo"}, {"tuning": "full"}, {"chat": {"template": {}}}]
)
def test_choices_that_axolotl_would_not_follow_are_refused(tmp_path, choice):
    folder = run_folder.training(
        tmp_path, "/m", ROWS, [], framework="axolotl", axolotl="a: 1", **choice
    )
    ended = run_folder.here(folder)
    assert ended["status"] == "failed" and "its own config" in ended["message"]
