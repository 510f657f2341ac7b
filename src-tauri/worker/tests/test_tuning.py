"""Real training of whole models, of adapters that go on, and of LoRA's variants."""

import json
import os
import signal

import pytest
import run_folder
from chat_rows import CHAT, conversation, preference
from test_methods import FEW, done, job, prepared, texts, values

pytestmark = pytest.mark.stack


def output(folder) -> dict:
    """Where a whole model goes."""
    return {
        "adapter": str(folder / "output" / "adapter"),
        "model": str(folder / "output" / "model"),
        "checkpoints": str(folder / "output" / "checkpoints"),
    }


def full(recipe, folder, rows, held_out=(), more=None, **fields):
    """The run folder of a training of the whole model."""
    more = {"learning_rate": 1e-3, **(more or {})}
    return job(
        recipe,
        folder,
        rows,
        held_out,
        more,
        tuning="full",
        lora={},
        output=output(folder),
        **fields,
    )


def log_probability(source, row, adapter=None):
    """How sure a model is of a row's whole completion."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(source)
    model = AutoModelForCausalLM.from_pretrained(source)
    if adapter is not None:
        model = PeftModel.from_pretrained(model, adapter)
    tokens = tokenizer(row["prompt"] + row["completion"], return_tensors="pt")
    begin = len(tokenizer(row["prompt"])["input_ids"])
    with torch.no_grad():
        logs = model(**tokens).logits[0, :-1].log_softmax(-1)
    ids = tokens["input_ids"][0, 1:]
    return logs[torch.arange(len(ids)), ids][begin - 1 :].sum().item()


def adapter_of(folder) -> str:
    return str(folder / "output" / "adapter")


def adapter_init(source) -> dict:
    return {"id": "a", "name": "labels", "source": str(source)}


def test_the_whole_model_is_trained_and_stands_alone(recipe, tmp_path):
    row = recipe["held_out"][0]
    before = log_probability(recipe["model"], row)
    more = {"num_train_epochs": 1}
    folder = full(recipe, tmp_path, recipe["train"][:160], recipe["held_out"][:20], more)
    ended = done(folder)
    place = folder / "output" / "model"
    assert (ended["model"], ended["adapter"]) == (str(place), None)
    names = set(os.listdir(place))
    assert {"config.json", "model.safetensors", "tokenizer.json", "generation_config.json"} <= names
    assert not names & {"adapter_config.json", "adapter_model.safetensors"}
    [facts] = run_folder.events(folder, "facts")
    assert facts["trainable_parameters"] == facts["parameters"]
    assert log_probability(str(place), row) > before + 1
    assert sorted(os.listdir(place.parent)) == ["checkpoints", "model"]


def test_a_whole_model_has_the_template_of_its_run(recipe, tmp_path):
    rows = [conversation(row) for row in recipe["train"][:8]]
    folder = full(recipe, tmp_path, rows, more=FEW, row_format="conversation", chat=CHAT)
    done(folder)
    template = (folder / "output" / "model" / "chat_template.jinja").read_text()
    assert template == CHAT["template"]["text"]


def test_dpo_of_the_whole_model_has_a_copy_to_compare_with(recipe, tmp_path):
    rows = [preference(row, False) for row in recipe["train"][:96]]
    held_out = [preference(row, False) for row in recipe["held_out"][:16]]
    more = {"num_train_epochs": 1, "learning_rate": 5e-4, "eval_on_start": True}
    folder = full(recipe, tmp_path, rows, held_out, more, method="dpo")
    done(folder)
    margins = values(folder, "eval_rewards/margins")
    assert margins[-1] > 0.1 > margins[0] == 0, margins


def test_a_whole_model_stopped_and_resumed_comes_to_its_end(recipe, tmp_path):
    more = {"max_steps": 24, "save_strategy": "no"}
    folder = full(recipe, tmp_path, recipe["train"][:64], more=more)
    worker = run_folder.start(folder)
    run_folder.until(worker, folder, lambda e: e["event"] == "progress" and e["step"] >= 3)
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    [kept] = run_folder.events(folder, "checkpoint")
    done(folder, attempt=2)
    assert f"Going on from checkpoint-{kept['step']}." in texts(folder)
    assert run_folder.events(folder, "progress")[-1]["step"] == 24


def test_an_adapter_goes_on_at_the_loss_where_it_ended(recipe, trained, tmp_path):
    ended = values(trained, "eval_loss")[-1]
    folder = job(
        recipe,
        tmp_path,
        recipe["train"][:32],
        recipe["held_out"],
        {**FEW, "eval_on_start": True, "learning_rate": 1e-4},
        adapter_init=adapter_init(adapter_of(trained)),
        lora={},
    )
    done(folder)
    assert values(folder, "eval_loss")[0] == pytest.approx(ended, rel=1e-3)
    config = json.loads((folder / "output" / "adapter" / "adapter_config.json").read_text())
    assert config["r"] == recipe["lora"]["r"]


def test_dpo_goes_on_with_an_adapter_and_is_compared_with_it(recipe, trained, tmp_path):
    rows = [preference(row, False) for row in recipe["train"][:32]]
    fields = {"method": "dpo", "adapter_init": adapter_init(adapter_of(trained))}
    folder = job(recipe, tmp_path, rows, more={**FEW, "save_steps": 1}, **fields)
    done(folder)
    # Its reference is the adapter as it was, so the first pairs have no margin.
    assert values(folder, "rewards/margins")[0] == 0
    assert values(folder, "logps/chosen")[0] > -1
    assert "ref" not in os.listdir(folder / "output" / "adapter")
    (folder / "output" / "checkpoints" / "checkpoint-2" / "trainer_state.json").unlink()
    done(folder, attempt=2)
    assert "Going on from checkpoint-1." in texts(folder)


def test_early_stopping_keeps_the_best(recipe, tmp_path):
    # So fast that the loss on the rows held back soon goes up.
    more = {
        "num_train_epochs": 30, "learning_rate": 0.02, "eval_strategy": "steps", "eval_steps": 2,
        "save_steps": 7, "lr_scheduler_type": "constant",
    }  # fmt: skip
    rows, held_out = recipe["train"][:16], recipe["held_out"][:16]
    folder = job(recipe, tmp_path, rows, held_out, more, early_stopping_patience=2)
    done(folder)
    losses = values(folder, "eval_loss")
    best = losses.index(min(losses))
    last = run_folder.events(folder, "progress")[-1]
    assert last["step"] < last["max_steps"] and len(losses) == best + 3
    reported = texts(folder)
    assert f"The best checkpoint is kept: that of step {2 * (best + 1)}." in reported
    assert any(text.startswith("Ended early after step") for text in reported)
    assert "For early stopping, a checkpoint is saved with each evaluation." in reported


def test_early_stopping_follows_epochs_by_default(recipe, tmp_path):
    folder = job(
        recipe, tmp_path, recipe["train"][:16], recipe["held_out"][:4], {"num_train_epochs": 2},
        early_stopping_patience=1,
    )  # fmt: skip
    done(folder)
    assert len(values(folder, "eval_loss")) == 2
    assert [event["step"] for event in run_folder.events(folder, "checkpoint")] == [1, 2]


@pytest.mark.parametrize(
    "lora",
    [
        {"use_dora": True},
        {"use_rslora": True},
        {"init_lora_weights": "orthogonal"},
        {"target_modules": ["q_proj", "v_proj"], "rank_pattern": {"q_proj": 2}},
    ],
    ids=lambda lora: next(iter(lora)),
)
def test_variants_of_lora_train_and_load(recipe, tmp_path, lora):
    settings = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear", **lora}
    folder = job(recipe, tmp_path, recipe["train"][:16], more=FEW, lora=settings)
    done(folder)
    row = recipe["held_out"][0]
    plain = log_probability(recipe["model"], row)
    assert log_probability(recipe["model"], row, adapter_of(folder)) != plain


def test_each_setting_reaches_its_library(recipe, tmp_path):
    arguments = {
        "lr_scheduler_type": "cosine",
        "label_smoothing_factor": 0.1,
        "neftune_noise_alpha": 5,
        "packing": True,
        "max_length": 64,
        "eval_strategy": "steps",
        "eval_steps": 5,
        "save_strategy": "steps",
        "save_steps": 5,
        "load_best_model_at_end": True,
        "loraplus_lr_ratio": 4,
    }
    lora = {
        "r": 4,
        "use_dora": True,
        "use_rslora": True,
        "init_lora_weights": "orthogonal",
        "modules_to_save": ["embed_tokens"],
        "rank_pattern": {"q_proj": 8},
        "alpha_pattern": {"q_proj": 16},
    }
    trainer = prepared(
        job(
            recipe, tmp_path, recipe["train"][:8], recipe["held_out"][:8], arguments,
            lora={**lora, "target_modules": ["q_proj", "v_proj"]}, early_stopping_patience=2,
        )
    )  # fmt: skip
    ratio = arguments.pop("loraplus_lr_ratio")
    assert {name: getattr(trainer.args, name) for name in arguments} == arguments
    config = trainer.model.peft_config["default"]
    assert {name: getattr(config, name) for name in lora} == lora
    rate = trainer.args.learning_rate
    # The embeddings have a rate of their own.
    assert {rate, rate * ratio} <= {group["lr"] for group in trainer.optimizer.param_groups}


@pytest.mark.parametrize("start", ["pissa", "olora"])
def test_a_start_that_changes_the_base_is_saved_for_the_base_as_it_was(recipe, tmp_path, start):
    lora = {"r": 4, "lora_alpha": 4, "target_modules": "all-linear", "init_lora_weights": start}
    folder = job(
        recipe, tmp_path, recipe["train"][:32], recipe["held_out"][:16],
        {"max_steps": 4, "save_steps": 2}, lora=lora,
    )  # fmt: skip
    done(folder)
    config = json.loads((folder / "output" / "adapter" / "adapter_config.json").read_text())
    assert (config["init_lora_weights"], config["r"]) == (True, 8)
    # What the training measured last is what the saved adapter gives on the untouched base.
    again = job(
        recipe, tmp_path / "again", recipe["train"][:4], recipe["held_out"][:16],
        {**FEW, "eval_on_start": True}, adapter_init=adapter_init(adapter_of(folder)),
    )  # fmt: skip
    done(again)
    ended = values(folder, "eval_loss")[-1]
    assert values(again, "eval_loss")[0] == pytest.approx(ended, rel=1e-4)


def test_loraplus_has_its_own_rate_for_b(recipe, tmp_path):
    more = {"loraplus_lr_ratio": "16", "weight_decay": 0.1, **FEW}
    folder = job(recipe, tmp_path, recipe["train"][:8], more=more)
    rates = {group["lr"] for group in prepared(folder).optimizer.param_groups if group["params"]}
    assert rates == {0.005, 0.08}
    done(folder)


@pytest.mark.parametrize(
    "bits", [{"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, {"load_in_8bit": True}]
)
def test_quantized_weights_train_on_a_processor(recipe, tmp_path, bits):
    folder = job(recipe, tmp_path, recipe["train"][:32], more=FEW, quantization=bits)
    done(folder)
    assert any(text.startswith("On a processor, quantized weights") for text in texts(folder))
    [facts] = run_folder.events(folder, "facts")
    assert facts["device"] == "cpu" and facts["trainable_parameters"] > 0


def test_an_evaluation_leaves_the_gradients_of_quantized_weights_as_they_are(recipe, tmp_path):
    rows = recipe["train"][:4]
    bits = {"load_in_4bit": True}
    trainer = prepared(job(recipe, tmp_path, rows, rows, FEW, quantization=bits))
    batch = trainer.data_collator([trainer.train_dataset[0]])

    def gradients():
        trainer.model.zero_grad()
        trainer.model.train()
        trainer.compute_loss(trainer.model, dict(batch)).backward()
        found = [p.grad.norm().item() for p in trainer.model.parameters() if p.grad is not None]
        assert max(found) > 0
        return found

    before = gradients()
    trainer.evaluate()
    assert gradients() == pytest.approx(before, rel=1e-3)


def test_the_whole_of_a_quantized_model_is_not_trained(recipe, tmp_path):
    folder = full(recipe, tmp_path, recipe["train"][:8], quantization={"load_in_4bit": True})
    assert "Quantized weights can't be trained" in run_folder.here(folder)["message"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tuning": "half"}, "“half” is not known"),
        ({"tuning": "full", "lora": {}}, "lacks “output.model”"),
        (
            {"adapter_init": {"id": "a", "name": "n", "source": "/not/there"}},
            "“/not/there”, is not there",
        ),
        ({"lora": {"init_lora_weights": "eva"}}, "“eva” of LoRA's weights is computed from data"),
        ({"early_stopping_patience": 0}, "“0” is none"),
        ({"early_stopping_patience": 2}, "this run keeps none"),
        ({"more": {"loraplus_lr_ratio": 0}}, "above 0"),
        ({"more": {"loraplus_lr_ratio": "much"}}, "is a number"),
    ],
)
def test_what_cannot_be_trained_so_is_refused_in_one_sentence(recipe, tmp_path, fields, said):
    ended = run_folder.here(job(recipe, tmp_path, recipe["train"][:4], **fields))
    assert ended["status"] == "failed" and said in ended["message"], ended
    assert "\n" not in ended["message"]


def test_an_adapter_for_another_kind_of_model_does_not_go_on(recipe, trained, tmp_path):
    rows = [preference(row, False) for row in recipe["train"][:4]]
    fields = {"method": "reward", "adapter_init": adapter_init(adapter_of(trained))}
    ended = run_folder.here(job(recipe, tmp_path, rows, **fields))
    assert "another kind of model (CAUSAL_LM)" in ended["message"], ended
