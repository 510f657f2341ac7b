"""Embeddings of tokens that a model has none for: added, trained, saved, merged and read again."""

import pytest
import run_folder
from chat_rows import CHAT, conversation, preference, unpaired
from test_methods import FEW, done, job, texts
from test_tuning import adapter_of, full, log_probability

pytestmark = pytest.mark.stack

ADDED = "<|added|>"


def model(recipe, folder, tied=False, padding=False) -> dict:
    """The recipe with a model whose tokenizer holds one token more than the model has embeddings."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(recipe["model"])
    if padding:
        tokenizer.add_special_tokens({"pad_token": ADDED})
    else:
        tokenizer.add_tokens([ADDED], special_tokens=True)
    tokenizer.save_pretrained(folder)
    AutoModelForCausalLM.from_pretrained(recipe["model"], tie_word_embeddings=tied).save_pretrained(
        folder
    )
    return {**recipe, "model": str(folder)}


def ending(recipe, method: str) -> tuple[list[dict], dict]:
    """Rows whose good answers end with the added token, and the fields of a job with them."""
    some = recipe["train"][:32]
    if method == "sft":
        return [{**row, "completion": row["completion"] + ADDED} for row in some], {}
    if method == "conversation":
        made = [conversation(row) for row in some]
        for row in made:
            row["text"] += ADDED
            row["loss"] = [[row["loss"][0][0], len(row["text"])]]
        return made, {"row_format": "conversation", "chat": CHAT}
    if method == "kto":
        made = [unpaired(row) for row in some]
        return [{**row, "completion": row["completion"] + ADDED} for row in made], {
            "method": "kto", "chat": CHAT,
        }  # fmt: skip
    made = [preference(row) for row in some]
    return [{**row, "chosen": row["chosen"] + ADDED} for row in made], {
        "method": method, "chat": CHAT,
    }  # fmt: skip


LORA = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj"]}
MORE = {"max_steps": 8, "per_device_train_batch_size": 8, "learning_rate": 0.02}


def log_of_added(model, tokenizer, row: dict) -> float:
    """How sure a loaded model is of the added token behind a text."""
    import torch

    text = row.get("text") or row["prompt"] + (row.get("completion") or row["chosen"])
    tokens = tokenizer(text.removesuffix(ADDED), return_tensors="pt", add_special_tokens=False)
    with torch.no_grad():
        logs = model(**tokens).logits[0, -1].log_softmax(-1)
    return logs[len(tokenizer) - 1].item()


@pytest.mark.parametrize(
    ("method", "tied"),
    [
        ("sft", False), ("sft", True), ("conversation", True), ("dpo", False), ("dpo", True),
        ("kto", True), ("orpo", False), ("reward", False),
    ],
)  # fmt: skip
def test_added_tokens_are_learned_and_saved_by_themselves(recipe, tmp_path, method, tied):
    """And what is saved loads onto the model as it was."""
    import torch
    from safetensors import safe_open

    from fine_tuning_worker import embeddings, models

    recipe = model(recipe, tmp_path / "model", tied)
    some, fields = ending(recipe, method)
    more = {**MORE, "resize_embeddings": True}
    folder = job(recipe, tmp_path / "run", some, some[:4], more, lora=LORA, **fields)
    done(folder)
    assert any("Embeddings for 1 added token are" in text for text in texts(folder)), texts(folder)
    with safe_open(f"{adapter_of(folder)}/adapter_model.safetensors", framework="pt") as tensors:
        sizes = {name: tensors.get_slice(name).get_shape() for name in tensors.keys()}  # noqa: SIM118
    embedded = [size for name, size in sizes.items() if "embed_tokens" in name or "lm_head" in name]
    # One row of the embedding, and one of the head where it is a matrix of its own.
    assert embedded == [[1, 64]] * (1 if tied or method == "reward" else 2), sizes
    tokenizer = models.tokenizer(recipe["model"])
    added = len(tokenizer) - 1
    base = models.base(recipe["model"], "cpu", None, method == "reward")
    peft = models.with_adapters(base, {"default": adapter_of(folder)}).eval()
    # Where the two are apart, the last token of an answer changes the head alone.
    learned = (embeddings.head(base) or base.get_input_embeddings()).weight[added]
    with peft.disable_adapter():
        plain = (embeddings.head(base) or base.get_input_embeddings()).weight
        torch.testing.assert_close(plain[added], plain[:added].mean(0))
        assert not torch.allclose(learned, plain[added])
        before = None if method == "reward" else log_of_added(peft, tokenizer, some[0])
    if method in ("sft", "conversation"):
        assert log_of_added(peft, tokenizer, some[0]) > before + 1, before


@pytest.mark.parametrize("method", ["sft", "dpo", "kto"])
def test_a_whole_model_has_the_added_tokens(recipe, tmp_path, method):
    from fine_tuning_worker import models

    recipe = model(recipe, tmp_path / "model")
    some, fields = ending(recipe, method)
    folder = full(
        recipe, tmp_path / "run", some, some[:4], {**FEW, "resize_embeddings": True}, **fields
    )
    done(folder)
    trained = models.base(str(folder / "output" / "model"), "cpu", None)
    tokenizer = models.tokenizer(str(folder / "output" / "model"))
    assert trained.config.vocab_size == len(tokenizer) == trained.lm_head.weight.shape[0]


def test_an_adapter_with_added_tokens_goes_on_and_is_merged(recipe, tmp_path, monkeypatch):
    """Also one that began on weights in 4 bits."""
    import test_merge
    from transformers import AutoModelForCausalLM

    recipe = model(recipe, tmp_path / "model", tied=True)
    some, fields = ending(recipe, "sft")
    more = {**MORE, "resize_embeddings": True}
    bits = {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}
    first = job(
        recipe, tmp_path / "first", some, (), {**more, "max_steps": 4}, lora=LORA,
        quantization=bits, **fields,
    )  # fmt: skip
    done(first)
    source = adapter_of(first)
    monkeypatch.chdir(tmp_path)
    second = job(
        recipe,
        tmp_path / "second",
        some,
        (),
        more,
        adapter_init={"source": source},
        lora={},
        **fields,
    )
    done(second)
    report = test_merge.merge(
        test_merge.job(recipe["model"], adapter_of(second), tmp_path / "merged")
    )
    assert report["checks"][0]["passed"], report
    merged = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    assert merged.config.tie_word_embeddings
    from fine_tuning_worker import models

    tokenizer = models.tokenizer(str(tmp_path / "merged"))
    base = models.base(recipe["model"], "cpu", None)
    peft = models.with_adapters(base, {"default": adapter_of(second)}).eval()
    row = some[0]
    assert log_of_added(merged, tokenizer, row) == pytest.approx(
        log_of_added(peft, tokenizer, row), abs=1e-4
    )


def test_where_no_token_was_added_nothing_is(recipe, tmp_path):
    more = {**FEW, "resize_embeddings": True}
    folder = job(recipe, tmp_path, recipe["train"][:8], (), more, lora=LORA)
    done(folder)
    assert any("for all tokens of its tokenizer" in text for text in texts(folder)), texts(folder)


@pytest.mark.parametrize("where", [[5, 6], {"embed_tokens": [5, 6], "lm_head": [7]}])
def test_tokens_named_in_the_settings_are_trained_beside_added_ones(recipe, tmp_path, where):
    from test_methods import prepared

    recipe = model(recipe, tmp_path / "model")
    some, fields = ending(recipe, "sft")
    lora = {**LORA, "trainable_token_indices": where}
    more = {**FEW, "resize_embeddings": True}
    trainer = prepared(job(recipe, tmp_path / "run", some, (), more, lora=lora, **fields))
    inner = trainer.model.get_base_model()
    added = inner.config.vocab_size - 1
    last = {
        "embed_tokens": [5, 6, added],
        "lm_head": [7, added] if isinstance(where, dict) else [added],
    }
    found = {
        "embed_tokens": inner.get_input_embeddings().token_adapter.token_indices["default"],
        "lm_head": inner.get_output_embeddings().token_adapter.token_indices["default"],
    }
    assert found == last


@pytest.mark.parametrize("tied", [False, True])
def test_tokens_of_a_tied_model_are_trained(recipe, tmp_path, tied):
    recipe = model(recipe, tmp_path / "model", tied)
    lora = {**LORA, "trainable_token_indices": [5, 6]}
    done(job(recipe, tmp_path / "run", recipe["train"][:8], (), FEW, lora=lora))


@pytest.mark.parametrize("method", ["sft", "dpo", "kto", "orpo", "reward", "conversation", "full"])
def test_tokens_without_an_embedding_are_refused_before_the_first_step(recipe, tmp_path, method):
    recipe = model(recipe, tmp_path / "model")
    rows = recipe["train"][:4]
    if method == "conversation":
        rows = [conversation(row) for row in rows]
        rows[-1] = {**rows[-1], "text": rows[-1]["text"] + "<|added|>"}
        fields = {"row_format": "conversation", "chat": CHAT}
    elif method in ("sft", "full"):
        rows = [*rows[:-1], {**rows[-1], "completion": " refund<|added|>"}]
        fields = {}
    else:
        rows = [unpaired(row) if method == "kto" else preference(row) for row in rows]
        answer = "completion" if method == "kto" else "rejected"
        rows[-1] = {**rows[-1], answer: " refund<|added|>"}
        fields = {"method": method, "chat": CHAT}
    make = full if method == "full" else job
    ended = run_folder.here(make(recipe, tmp_path / "run", rows, (), FEW, **fields))
    assert ended["status"] == "failed", ended
    assert "the token “<|added|>”, number" in ended["message"], ended
    assert "resize_embeddings" in ended["hint"], ended
    assert "embeddings for" in ended["message"] and "plain roles" in ended["hint"], ended


def test_a_padding_token_without_an_embedding_is_not_used(recipe, tmp_path):
    recipe = model(recipe, tmp_path / "model", padding=True)
    done(job(recipe, tmp_path / "run", recipe["train"][:8], more=FEW))


def test_embeddings_that_are_trained_are_saved_and_load_onto_the_plain_model(recipe, tmp_path):
    """All of them, or those of single tokens."""
    from safetensors import safe_open

    row = recipe["held_out"][0]
    for number, lora in enumerate(
        ({"modules_to_save": ["embed_tokens", "lm_head"]}, {"trainable_token_indices": [5, 6]})
    ):
        settings = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj"], **lora}
        folder = job(recipe, tmp_path / str(number), recipe["train"][:16], more=FEW, lora=settings)
        done(folder)
        path = f"{adapter_of(folder)}/adapter_model.safetensors"
        with safe_open(path, framework="pt") as tensors:
            kept = [name for name in tensors.keys() if "embed_tokens" in name]  # noqa: SIM118
        assert kept, path
        plain = log_probability(recipe["model"], row)
        assert log_probability(recipe["model"], row, adapter_of(folder)) != plain
