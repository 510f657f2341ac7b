"""Evaluates answers that are compared, and compares the numbers with TRL's own."""

import csv
import json
import shutil

import pytest
import run_folder
from chat_rows import CHAT, TEMPLATE, preference, unpaired

pytestmark = pytest.mark.stack

HELD_OUT = 40


def trained(recipe, folder, method, rows, **fields):
    """The place of what a training leaves, and the training arguments."""
    arguments = {
        **recipe["training_arguments"],
        "report_to": "none",
        "num_train_epochs": 1,
        **fields.pop("more", {}),
    }
    run_folder.training(
        folder,
        recipe["model"],
        rows,
        [],
        training_arguments=arguments,
        lora=recipe["lora"],
        method=method,
        **fields,
    )
    ended = run_folder.here(folder)
    assert ended["status"] == "succeeded", ended
    return ended["adapter"] or ended["model"]


@pytest.fixture(scope="module")
def preferred(recipe, tmp_path_factory) -> str:
    """An adapter that DPO has trained on plain texts."""
    rows = [preference(row, False) for row in recipe["train"][:128]]
    folder = tmp_path_factory.mktemp("preferred")
    return trained(recipe, folder, "dpo", rows, more={"beta": 0.3})


def evaluated(folder, rows, combinations, **fields):
    """The metrics of each combination, and its lines."""
    run_folder.evaluation(
        folder, rows, combinations, **{"row_format": "preference", "batch_size": 7, **fields}
    )
    ended = run_folder.here(folder)
    assert ended["status"] == "succeeded", ended
    metrics = {event["job"]: event["metrics"] for event in run_folder.events(folder, "result")}
    lines = {
        one["job"]: [
            json.loads(line)
            for line in (folder / "results" / one["job"] / "rows.jsonl").read_text().splitlines()
        ]
        for one in combinations
    }
    return metrics, lines


def base(recipe, **fields):
    model = {"id": "m", "name": "tiny", "source": recipe["model"]}
    return {"job": "base", "model": model, "adapter": None, **fields}


def tuned(recipe, adapter, **fields):
    source = {"id": "a", "name": "preferred", "source": adapter}
    return {**base(recipe), "job": "tuned", "adapter": source, **fields}


def trl_rows(rows, chat):
    """The same rows for TRL: rendered texts as messages that its template leaves as they are."""
    from datasets import Dataset

    from fine_tuning_worker import chat as chats

    roles = {"prompt": "user", "chosen": "assistant", "rejected": "assistant"}
    roles["completion"] = "assistant"

    def as_it_takes(name, value):
        return chats.messages(roles[name], value) if chat and name in roles else value

    names = {*roles, "label"}
    made = [{n: as_it_takes(n, v) for n, v in row.items() if n in names} for row in rows]
    return Dataset.from_list(made)


def by_trl(recipe, adapter, method, rows, chat, folder, **arguments):
    """What TRL's own evaluation of the trained adapter gives."""
    from peft import AutoPeftModelForCausalLM, AutoPeftModelForSequenceClassification
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from fine_tuning_worker import chat as chats
    from fine_tuning_worker import padding
    from fine_tuning_worker.methods import METHODS

    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    padding.apply(tokenizer)
    if chat:
        tokenizer.chat_template = chats.VERBATIM
    reward = method == "reward"
    auto = AutoPeftModelForSequenceClassification if reward else AutoPeftModelForCausalLM
    model = auto.from_pretrained(adapter, **({"num_labels": 1} if reward else {}))
    if not reward:
        arguments |= {"beta": 0.3}
    dataset = trl_rows(rows, chat)
    made = METHODS[method]
    trainer = made.trainer(chat)(
        model=model.merge_and_unload() if not reward else model,
        args=made.config()(
            output_dir=str(folder),
            report_to="none",
            use_cpu=True,
            bf16=False,
            per_device_eval_batch_size=8,
            **arguments,
        ),
        train_dataset=dataset,
        eval_dataset=dataset,
        processing_class=tokenizer,
        **({} if reward else {"ref_model": AutoModelForCausalLM.from_pretrained(recipe["model"])}),
    )
    return trainer.evaluate()


@pytest.mark.parametrize("chat", [False, True], ids=["plain", "rendered"])
def test_the_numbers_are_those_of_dpo_in_trl(recipe, preferred, tmp_path, chat):
    rows = [preference(row, chat) for row in recipe["held_out"][:HELD_OUT]]
    fields = {"chat": CHAT} if chat else {}
    metrics, lines = evaluated(
        tmp_path / "run", rows, [tuned(recipe, preferred, beta=0.3, **fields)]
    )
    made = metrics["tuned"]
    reported = by_trl(recipe, preferred, "dpo", rows, chat, tmp_path / "trl")
    for name in ("accuracies", "margins", "chosen", "rejected"):
        wanted = reported[f"eval_rewards/{name}"]
        assert made[f"rewards/{name}"] == pytest.approx(wanted, abs=1e-3), name
    for name in ("chosen", "rejected"):
        assert made[f"logps/{name}"] == pytest.approx(reported[f"eval_logps/{name}"], abs=1e-3)
    assert made["rewards/margins"] > 0.1
    right = [line["right"] for line in lines["tuned"]]
    assert sum(right) / len(right) == made["rewards/accuracies"]


def test_an_adapter_prefers_the_chosen_answers_more_often_than_its_base(
    recipe, preferred, tmp_path
):
    rows = [preference(row, False) for row in recipe["held_out"][:HELD_OUT]]
    rows[0]["features"] = {"kind": "first"}
    both = [base(recipe), tuned(recipe, preferred, beta=0.3)]
    metrics, lines = evaluated(tmp_path / "run", rows, both)
    assert metrics["tuned"]["rewards/accuracies"] > 0.8
    for name in ("logps/accuracies", "logps_per_token/accuracies"):
        assert metrics["tuned"][name] > metrics["base"][name] + 0.2, metrics
    assert not any(name.startswith("rewards/") for name in metrics["base"])
    line = lines["base"][0]
    assert line["chosen_reward"] is None
    assert line["margin"] == line["chosen_logps"] - line["rejected_logps"]
    assert line["right"] == int(line["margin"] > 0)
    # The adapter's rewards are measured from the log-likelihoods of its base.
    one = lines["tuned"][0]
    wanted = 0.3 * (one["chosen_logps"] - line["chosen_logps"])
    assert one["chosen_reward"] == pytest.approx(wanted, abs=1e-4)
    # Padding changes nothing.
    alone, _ = evaluated(tmp_path / "alone", rows, both, batch_size=1)
    for name in ("base", "tuned"):
        del alone[name]["latency/mean"], metrics[name]["latency/mean"]
        assert alone[name] == pytest.approx(metrics[name], abs=1e-4)
    with open(tmp_path / "run" / "results" / "tuned" / "result_evaluation.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert (table[0]["chosen"], table[0]["kind_$useradded$"]) == (rows[0]["chosen"], "first")
    assert float(table[0]["margin"]) == one["margin"]
    with open(tmp_path / "run" / "results" / "base" / "aggregregated_results.csv") as file:
        assert "logps/margins" in file.read()


def test_a_model_that_is_trained_as_a_whole_is_compared_with_its_base(recipe, tmp_path):
    rows = [preference(row, False) for row in recipe["train"][:64]]
    folder = tmp_path / "training"
    output = {
        "adapter": str(folder / "none"),
        "model": str(folder / "model"),
        "checkpoints": str(folder / "checkpoints"),
    }
    whole = trained(recipe, folder, "dpo", rows, tuning="full", output=output)
    held_out = [preference(row, False) for row in recipe["held_out"][:HELD_OUT]]
    model = {"id": "w", "name": "whole", "source": whole}
    reference = {"id": "m", "name": "tiny", "source": recipe["model"]}
    metrics, lines = evaluated(
        tmp_path / "run",
        held_out,
        [
            base(recipe),
            {"job": "whole", "model": model, "adapter": None, "reference": reference},
            {"job": "unknown", "model": model, "adapter": None},
        ],
    )
    assert metrics["whole"]["rewards/accuracies"] > 0.6
    assert "rewards/accuracies" not in metrics["unknown"]
    for one, other in zip(lines["whole"], lines["base"], strict=True):
        moved = 0.1 * (one["chosen_logps"] - other["chosen_logps"])
        assert one["chosen_reward"] == pytest.approx(moved, abs=1e-4)


@pytest.mark.parametrize("chat", [False, True], ids=["plain", "rendered"])
def test_a_reward_model_is_evaluated_by_its_scores(recipe, tmp_path, chat):
    fields = {"chat": CHAT} if chat else {}
    rows = [preference(row, chat) for row in recipe["train"][:128]]
    adapter = trained(recipe, tmp_path / "training", "reward", rows, **fields)
    held_out = [preference(row, chat) for row in recipe["held_out"][:HELD_OUT]]
    both = [base(recipe, **fields), tuned(recipe, adapter, **fields)]
    metrics, lines = evaluated(tmp_path / "run", held_out, both)
    whole = [
        {
            **row,
            "chosen": row["prompt"] + row["chosen"],
            "rejected": row["prompt"] + row["rejected"],
        }
        for row in held_out
    ]
    for row in whole:
        del row["prompt"]
    reported = by_trl(recipe, adapter, "reward", whole, chat, tmp_path / "trl")
    made = metrics["tuned"]
    assert made["rewards/accuracies"] == pytest.approx(reported["eval_accuracy"])
    assert made["rewards/margins"] == pytest.approx(reported["eval_margin"], abs=1e-3)
    assert not any(name.startswith("logps") for name in made)
    assert lines["tuned"][0]["chosen_logps"] is None
    assert "logps/accuracies" in metrics["base"]

    # It writes no answers.
    asked = [{"row": 1, "prompt": "Ticket: x\nLabel:", "completion": " refund"}]
    folder = run_folder.evaluation(tmp_path / "answers", asked, [tuned(recipe, adapter)])
    ended = run_folder.here(folder)
    assert ended["status"] == "failed"
    assert ended["message"] == "“preferred” gives scores for answers and writes none."


def test_labeled_answers_are_right_by_the_sign_of_their_reward(recipe, preferred, tmp_path):
    rows = [unpaired(row, False) for row in recipe["held_out"][:HELD_OUT]]
    metrics, lines = evaluated(
        tmp_path / "run",
        rows,
        [base(recipe), tuned(recipe, preferred, beta=0.3)],
        row_format="unpaired_preference",
    )
    reported = by_trl(recipe, preferred, "kto", rows, False, tmp_path / "trl", **KTO)
    made = metrics["tuned"]
    for name in ("rewards/chosen", "rewards/rejected", "rewards/margins", "logps/chosen"):
        assert made[name] == pytest.approx(reported[f"eval_{name}"], abs=2e-3), name
    assert made["rewards/accuracies"] > 0.7
    assert all(
        line["right"] == int((line["reward"] > 0) == line["label"]) for line in lines["tuned"]
    )
    assert lines["base"][0]["right"] is None
    assert set(metrics["base"]) == {"latency/mean", "logps/chosen", "logps/rejected"}


KTO = {"loss_type": "apo_zero_unpaired"}


def test_a_combination_has_its_own_rows_where_its_template_is_another(recipe, preferred, tmp_path):
    """Both texts of a row are judged under its number."""
    plain = [preference(row, False) for row in recipe["held_out"][:8]]
    rendered = [preference(row) for row in recipe["held_out"][:8]]
    folder = tmp_path / "run"
    folder.mkdir()
    run_folder.write_lines(folder / "eval-2.jsonl", rendered)
    other = {**CHAT, "template": {**CHAT["template"], "text": TEMPLATE}}
    both = [base(recipe), {**base(recipe, chat=other, rows="eval-2.jsonl"), "job": "rendered"}]
    metrics, lines = evaluated(folder, plain, both)
    assert metrics["base"]["logps/chosen"] != metrics["rendered"]["logps/chosen"]
    assert [line["row"] for line in lines["base"]] == [line["row"] for line in lines["rendered"]]
    with open(folder / "results" / "rendered" / "result_evaluation.csv", newline="") as file:
        assert [row["model_input"] for row in csv.DictReader(file)] == [
            row["prompt"] for row in rendered
        ]


def test_rows_that_are_no_pairs_are_named(recipe, tmp_path):
    rows = [{"row": 3, "prompt": "a", "chosen": "b"}]
    folder = run_folder.evaluation(tmp_path, rows, [base(recipe)], row_format="preference")
    ended = run_folder.here(folder)
    assert ended["message"].startswith("Row 3 has no prompt, or not both a chosen and a rejected")


def test_pairs_without_room_are_left_out(recipe, tmp_path):
    from transformers import AutoTokenizer

    rows = [preference(row, False) for row in recipe["held_out"][:3]]
    long = {**rows[1], "rejected": " refund" * 200}
    source = shutil.copytree(recipe["model"], tmp_path / "model")
    config = json.loads((source / "config.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(source)
    most = max(len(tokenizer(row["prompt"])["input_ids"]) for row in rows) + 8
    (source / "config.json").write_text(json.dumps({**config, "max_position_embeddings": most}))
    one = {**base(recipe), "model": {"source": str(source)}}
    _, lines = evaluated(tmp_path / "run", [rows[0], long, rows[2]], [one])
    assert [line["row"] for line in lines["base"]] == [rows[0]["row"], rows[2]["row"]]
    [reported] = [event["text"] for event in run_folder.events(tmp_path / "run", "message")
              if event["text"].startswith("Rows that are left out")]  # fmt: skip
    assert f"Row {long['row']} has 2" in reported and f"room for {most}" in reported
