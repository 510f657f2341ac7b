"""Real training of conversations and preferences."""

import json
import os
import signal
from pathlib import Path

import chat_rows
import pytest
import run_folder
from chat_rows import CHAT, conversation, preference, unpaired

pytestmark = pytest.mark.stack

FEW = {"max_steps": 2, "per_device_train_batch_size": 4}


def job(recipe, folder, train, held_out=(), more=None, **fields):
    """The run folder of a training by the recipe; ``more`` are further training arguments."""
    arguments = {**recipe["training_arguments"], "report_to": "none", **(more or {})}
    fields = {"training_arguments": arguments, "lora": recipe["lora"], **fields}
    model = fields.pop("from_model", recipe["model"])
    return run_folder.training(folder, model, train, list(held_out), **fields)


def done(folder, attempt=1):
    """Carries out a training in this process, to its good end."""
    ended = run_folder.here(folder, attempt)
    assert ended["status"] == "succeeded", ended
    return ended


def values(folder, name):
    """What was logged of a number, in order."""
    logged = run_folder.events(folder, "metrics")
    return [event["values"][name] for event in logged if name in event["values"]]


def texts(folder):
    return [event["text"] for event in run_folder.events(folder, "message")]


def prepared(folder):
    """The trainer of a run folder, ready to train."""
    from fine_tuning_worker.events import Events
    from fine_tuning_worker.stop import Stop
    from fine_tuning_worker.train import prepare

    written = json.loads((folder / "job.json").read_text())
    trainer, _ = prepare(folder, written, Events(folder / "events.jsonl"), Stop())
    return trainer


@pytest.fixture(scope="module")
def chatted(recipe, tmp_path_factory) -> Path:
    """A finished training on conversations."""
    folder = job(
        recipe,
        tmp_path_factory.mktemp("chatted"),
        [conversation(row) for row in recipe["train"]],
        [conversation(row) for row in recipe["held_out"][:20]],
        {"num_train_epochs": 2},
        row_format="conversation",
        chat=CHAT,
    )
    done(folder)
    return folder


def test_a_conversation_teaches_a_turn_that_depends_on_an_earlier_one(recipe, chatted, tmp_path):
    model = {"id": "m", "name": "tiny", "source": recipe["model"]}
    adapter = {"id": "a", "name": "labels", "source": str(chatted / "output" / "adapter")}
    one = {"model": model, "chat": CHAT}
    rows = [chat_rows.asked(row) for row in recipe["held_out"]]
    folder = run_folder.evaluation(
        tmp_path,
        rows,
        [{"job": "base", "adapter": None, **one}, {"job": "tuned", "adapter": adapter, **one}],
    )
    ended = run_folder.here(folder)
    assert ended["status"] == "succeeded", ended
    made = {e["job"]: e["metrics"]["exact_match/v1"] for e in run_folder.events(folder, "result")}
    assert made["tuned"] > 0.9 > 0.4 > made["base"], made


def test_the_template_of_a_run_goes_along_with_its_adapter(chatted):
    assert (
        chatted / "output" / "adapter" / "chat_template.jinja"
    ).read_text() == chat_rows.TEMPLATE
    [checkpoint, *_] = (chatted / "output" / "checkpoints").glob("checkpoint-*")
    assert (checkpoint / "chat_template.jinja").read_text() == chat_rows.TEMPLATE


def labels_of_trl(recipe, row, **arguments):
    """The tokens and labels that TRL makes of a row with its own switches."""
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    tokenizer.chat_template = chat_rows.TEMPLATE
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(recipe["model"]),
        args=SFTConfig(
            output_dir="unused", report_to="none", use_cpu=True, bf16=False, **arguments
        ),
        train_dataset=Dataset.from_list([row]),
        processing_class=tokenizer,
    )
    return [trainer.train_dataset[0][name] for name in ("input_ids", "labels")]


@pytest.mark.parametrize("on", ["assistant_turns", "last_turn"])
def test_labels_are_those_of_trl(recipe, tmp_path, monkeypatch, on):
    monkeypatch.chdir(tmp_path)
    turns = chat_rows.messages(recipe["train"][0])
    turns[1]["content"] = "Noté, 你好 👍🏽 — so be it."
    text, spans = chat_rows.rendered(turns)
    if on == "assistant_turns":
        wanted = labels_of_trl(recipe, {"messages": turns}, assistant_only_loss=True)
    else:
        wanted = labels_of_trl(recipe, {"prompt": turns[:-1], "completion": turns[-1:]})
        # All that TRL counts as the completion: with the line's end behind its last token.
        spans = [[spans[-1][0], len(text)]]
    row = {"row": 1, "text": text, "loss": spans}
    trainer = prepared(job(recipe, tmp_path / "run", [row], row_format="conversation", chat=CHAT))
    made = trainer.train_dataset[0]
    assert [made["input_ids"], made["labels"]] == wanted
    learned = [token for token in made["labels"] if token != -100]
    assert trainer.processing_class.decode(learned).startswith(
        "Noté, 你好 👍🏽 — so be it.</s>"
        if on == "assistant_turns"
        else turns[-1]["content"] + "</s>"
    )


def test_conversations_that_lose_by_the_maximum_length_or_teach_nothing_are_reported(
    recipe, tmp_path
):
    rows = [conversation(row) for row in recipe["train"][:4]]
    rows.append({**rows[0], "loss": []})
    late = conversation(recipe["train"][4])
    rows.append({**late, "loss": [[len(late["text"]) - 2, len(late["text"])]]})
    folder = job(
        recipe, tmp_path, rows, row_format="conversation", chat=CHAT, more={"max_length": 36, **FEW}
    )
    done(folder)
    assert "1 of 6 rows of “train.jsonl” are left out: nothing in them is learned." in texts(folder)
    [left_out] = [text for text in texts(folder) if "lies within" in text]
    assert left_out.startswith("1 of 5 rows are left out: nothing that is learned lies within")


@pytest.mark.parametrize("lost", ["loss", "length"])
def test_rows_for_evaluation_that_are_all_left_out_end_no_training(recipe, tmp_path, lost):
    rows = [conversation(row) for row in recipe["train"][:4]]
    [held_out] = [conversation(row) for row in recipe["held_out"][:1]]
    if lost == "loss":
        held_out["loss"] = []
    else:
        held_out = {"row": 1, "text": "one " * 90 + "two", "loss": [[360, 363]]}
    fields = {"row_format": "conversation", "chat": CHAT}
    more = {"max_length": 60, **FEW}
    folder = job(recipe, tmp_path / "run", rows, [held_out], more, **fields)
    done(folder)
    assert values(folder, "eval_loss") == []
    assert any(text.startswith("No row kept for evaluation") for text in texts(folder))
    folder = job(
        recipe, tmp_path / "early", rows, [held_out], more, early_stopping_patience=1, **fields
    )
    assert "best checkpoint can't be found" in run_folder.here(folder)["message"]


def test_conversations_are_packed(recipe, tmp_path):
    rows = [conversation(row) for row in recipe["train"][:32]]
    more = {"packing": True, "max_length": 128, "max_steps": 1}
    done(job(recipe, tmp_path, rows, more=more, row_format="conversation", chat=CHAT))


def tokens_seen(recipe, folder, method, rows, chat):
    """What the trainer makes of the first row, and its tokenizer."""
    fields = {"chat": CHAT} if chat else {}
    trainer = prepared(job(recipe, folder, rows, method=method, more=FEW, **fields))
    return trainer.train_dataset[0], trainer.processing_class


@pytest.mark.parametrize("chat", [True, False], ids=["rendered", "plain"])
@pytest.mark.parametrize("method", ["dpo", "kto", "orpo", "reward"])
def test_rendered_rows_get_no_token_and_plain_ones_an_end(recipe, tmp_path, method, chat):
    """The tokenizer here also begins plain texts with a token, as many do."""
    model = chat_rows.begins_texts(recipe["model"], tmp_path / "model")
    recipe = {**recipe, "model": model}
    row = recipe["train"][1]
    made = unpaired(row, chat) if method == "kto" else preference(row, chat)
    # Batches of KTO need two rows; both are the same, as it shuffles them.
    seen, tokenizer = tokens_seen(recipe, tmp_path / "run", method, [made] * 2, chat)
    begin, end = ([], []) if chat else ([tokenizer.bos_token_id], [tokenizer.eos_token_id])

    def ids(text):
        return tokenizer(text, add_special_tokens=False)["input_ids"]

    prompt = begin + ids(made["prompt"])
    answers = {
        name: ids(made["prompt"] + made[name])[len(ids(made["prompt"])) :] + end
        for name in ("completion", "chosen", "rejected")
        if name in made
    }
    if method == "dpo":
        assert seen["prompt_ids"] == prompt
        assert (seen["chosen_ids"], seen["rejected_ids"]) == (
            answers["chosen"],
            answers["rejected"],
        )
    elif method == "kto":
        assert (seen["prompt_ids"], seen["completion_ids"]) == (prompt, answers["completion"])
    elif method == "reward":
        assert seen["chosen_ids"] == prompt + answers["chosen"]
        assert seen["rejected_ids"] == prompt + answers["rejected"]
    else:
        for name in ("chosen", "rejected"):
            assert seen[f"{name}_input_ids"] == prompt + answers[name]
            assert seen[f"{name}_labels"] == [-100] * len(prompt) + answers[name]
    assert tokenizer.chat_template == (chat_rows.TEMPLATE if chat else None)


@pytest.mark.parametrize("chat", [True, False], ids=["rendered", "plain"])
def test_dpo_raises_the_margin_of_pairs_held_back(recipe, tmp_path, chat):
    folder = job(
        recipe,
        tmp_path,
        [preference(row, chat) for row in recipe["train"][:192]],
        [preference(row, chat) for row in recipe["held_out"][:32]],
        {"num_train_epochs": 2 if chat else 1, "eval_strategy": "epoch", "eval_on_start": True},
        method="dpo",
        **({"chat": CHAT} if chat else {}),
    )
    done(folder)
    margins = values(folder, "eval_rewards/margins")
    assert margins[0] == 0 and margins[-1] > 0.1, margins
    for name in ("rewards/chosen", "rewards/accuracies", "logps/rejected", "entropy"):
        assert values(folder, name), name


def test_kto_prefers_what_is_labeled_good(recipe, tmp_path):
    folder = job(
        recipe,
        tmp_path,
        [unpaired(row) for row in recipe["train"][:128]],
        [unpaired(row) for row in recipe["held_out"][:32]],
        {"num_train_epochs": 1, "eval_on_start": True},
        method="kto",
        chat=CHAT,
    )
    done(folder)
    margins = values(folder, "eval_rewards/margins")
    assert margins[-1] > 0.1 > margins[0], margins
    assert values(folder, "kl")


def test_orpo_trains_and_says_that_it_is_experimental(recipe, tmp_path):
    full = {"prompt": "one " * 90, "chosen": " a", "rejected": " b"}
    rows = [preference(row) for row in recipe["train"][:32]] + [{"row": 33, **full}]
    more = {"num_train_epochs": 2, "max_length": 60, "per_device_train_batch_size": 8}
    folder = job(recipe, tmp_path, rows, more=more, method="orpo", chat=CHAT)
    done(folder)
    assert values(folder, "loss")[-1] < values(folder, "loss")[0]
    assert values(folder, "log_odds_ratio")
    assert any("ORPO is experimental" in text for text in texts(folder))
    assert any(text.startswith("1 of 33 rows are left out") for text in texts(folder))


def test_a_reward_model_scores_the_preferred_higher(recipe, tmp_path):
    rows = [preference(row, False) for row in recipe["train"][:128]]
    folder = job(recipe, tmp_path, rows, more={"num_train_epochs": 2}, method="reward")
    done(folder)
    assert values(folder, "accuracy")[-1] > 0.7
    config = json.loads((folder / "output" / "adapter" / "adapter_config.json").read_text())
    assert config["task_type"] == "SEQ_CLS" and "score" in config["modules_to_save"]


def test_dpo_stopped_and_resumed_comes_to_its_end(recipe, tmp_path):
    rows = [preference(row, False) for row in recipe["train"][:128]]
    more = {"max_steps": 24, "save_strategy": "no", "per_device_train_batch_size": 4}
    folder = job(recipe, tmp_path, rows, more=more, method="dpo")
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e["event"] == "progress" and e["step"] >= 3)
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    [kept] = run_folder.events(folder, "checkpoint")
    assert run_folder.ended(folder)["status"] == "stopped" and kept["step"] < 24
    done(folder, attempt=2)
    assert f"Going on from checkpoint-{kept['step']}." in texts(folder)
    assert run_folder.events(folder, "progress")[-1]["step"] == 24


def test_arguments_are_those_of_the_method(recipe, tmp_path):
    rows = [preference(row) for row in recipe["train"][:8]]
    more = {"loss_type": ["sigmoid", "sft"], "loss_weights": [0.8, 1.0], "beta": "0.2", **FEW}
    folder = job(recipe, tmp_path, rows, more=more, method="dpo", chat=CHAT)
    written = json.loads((folder / "job.json").read_text())
    del written["training_arguments"]["learning_rate"]
    (folder / "job.json").write_text(json.dumps(written))
    trainer = prepared(folder)
    assert (trainer.args.beta, trainer.args.loss_type) == (0.2, ["sigmoid", "sft"])
    # DPO's own default, not that of supervised fine-tuning.
    assert trainer.args.learning_rate == 1e-6


ROWS = {
    "conversation": {"row": 1, "text": "a</s>", "loss": [[0, 1]]},
    "preference": {"row": 1, "prompt": "a", "chosen": "b", "rejected": "c"},
    "unpaired_preference": {"row": 1, "prompt": "a", "completion": "b", "label": True},
}


@pytest.mark.parametrize(
    ("rows", "fields", "said"),
    [
        ("preference", {"method": "dppo"}, "“dppo” is not known"),
        ("preference", {"row_format": "pairs"}, "“pairs” is not known"),
        ("preference", {}, "not trained on rows of the format “preference”"),
        (
            "conversation",
            {"method": "dpo"},
            "DPO is not trained on rows of the format “conversation”",
        ),
        ("unpaired_preference", {"method": "dpo"}, "format “unpaired_preference”"),
        ("preference", {"method": "dpo", "more": {"packing": True}}, "don't know “packing”"),
        ("preference", {"method": "dpo", "more": {"loss_type": ["sigmoidal"]}}, "sigmoidal"),
        (
            "unpaired_preference",
            {"method": "kto", "more": {"per_device_train_batch_size": 1}},
            "a batch of 1 has no others",
        ),
        (
            "unpaired_preference",
            {"method": "kto", "more": {"group_by_length": True}},
            "takes them in order",
        ),
        (
            {"row": 7, "prompt": "a", "completion": "b", "label": "yes"},
            {"method": "kto"},
            "Row 7 of “train.jsonl” has no label",
        ),
        (
            {"row": 7, "prompt": "a", "completion": "b"},
            {"chat": CHAT},
            "not rendered by a chat template",
        ),
        (
            {"row": 7, "text": "a", "loss": []},
            {"row_format": "conversation", "chat": CHAT},
            "in none of them anything is learned",
        ),
        (
            {"row": 7, "text": "a"},
            {"row_format": "conversation", "chat": CHAT},
            "Row 7 of “train.jsonl” has no text or no spans",
        ),
    ],
)
def test_what_does_not_fit_a_method_is_refused_in_one_sentence(
    recipe, tmp_path, rows, fields, said
):
    row = ROWS[rows] if isinstance(rows, str) else rows
    ended = run_folder.here(job(recipe, tmp_path / "run", [row] * 2, **fields))
    assert ended["status"] == "failed" and said in ended["message"], ended
    assert "\n" not in ended["message"] and ended["hint"]


def test_a_tokenizer_without_offsets_is_refused(tmp_path):
    from fine_tuning_worker import conversation as conversations
    from fine_tuning_worker.failure import Failure

    class Slow:
        is_fast = False

    with pytest.raises(Failure, match="which characters a token stands for"):
        conversations.table(tmp_path / "train.jsonl", Slow())
