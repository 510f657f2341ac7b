"""Merged models answer as the base model with the adapter, whatever the adapter changes."""

import json
import os
from pathlib import Path

import pytest
import tiny_model

pytestmark = pytest.mark.stack

TEXTS = ["The printer is broken again.", "My invoice is wrong, please help.", "Thanks!"]


@pytest.fixture(scope="module")
def tokenizer():
    return tiny_model.make_tokenizer(TEXTS * 3)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def base(folder: Path, tokenizer, tied=False, dtype="float32", rows=None) -> str:
    """A model in a folder."""
    import torch

    model = tiny_model.make_model(tokenizer)
    if tied:
        model.config.tie_word_embeddings = True
        model.tie_weights()
    if rows:
        model.resize_token_embeddings(rows, mean_resizing=False)
    model.to(getattr(torch, dtype)).save_pretrained(folder / "base")
    tokenizer.save_pretrained(folder / "base")
    return str(folder / "base")


def adapter(
    folder: Path, source: str, tokenizer=None, resized=None, scores=False, **settings
) -> str:
    """An adapter with random weights in a folder, as if it were trained."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    torch.manual_seed(1)
    auto = AutoModelForSequenceClassification if scores else AutoModelForCausalLM
    model = auto.from_pretrained(source, **({"num_labels": 1} if scores else {}))
    if resized:
        model.resize_token_embeddings(resized, mean_resizing=False)
    task = "SEQ_CLS" if scores else "CAUSAL_LM"
    given = {"r": 4, "target_modules": ["q_proj", "v_proj", "down_proj"], **settings}
    peft = get_peft_model(model, LoraConfig(task_type=task, **given))
    with torch.no_grad():
        for name, parameter in peft.named_parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * (0.3 if "lora_" in name else 0.05))
    peft.save_pretrained(folder / "adapter", save_embedding_layers=bool(resized) or "auto")
    if tokenizer is not None:
        tokenizer.save_pretrained(folder / "adapter")
    return str(folder / "adapter")


def job(source: str, adapter: str, to: Path, **settings) -> dict:
    return {
        "version": 1,
        "kind": "export",
        "id": "run",
        "name": "merged",
        "way": "merge",
        "model": {"id": "m", "name": "tiny", "source": source},
        "adapter": {"id": "a", "name": "labels", "source": adapter},
        "trained_quantized": False,
        "to": str(to),
        "samples": TEXTS,
        "seed": 42,
        "settings": {"precision": None, "shard_size": None, "register": True, **settings},
    }


def merge(given: dict) -> dict:
    """Carries a merge out, and gives its report."""
    from fine_tuning_worker.events import Events
    from fine_tuning_worker.export import export
    from fine_tuning_worker.stop import Stop

    events = Events("events.jsonl")
    ended = export(Path.cwd(), given, events, Stop())
    [sent] = events.earlier("report")
    assert ended == {"output": given["to"]}
    return sent["report"]


def logits(model, tokenizer, text=TEXTS[0]):
    import torch

    with torch.no_grad():
        return model.eval()(**tokenizer(text, return_tensors="pt")).logits.float()


CASES = {
    "lora": {},
    "all linear": {"target_modules": "all-linear"},
    "rslora": {"use_rslora": True, "lora_alpha": 16},
    "dora": {"use_dora": True},
    "rank patterns": {"rank_pattern": {"v_proj": 8}, "alpha_pattern": {"down_proj": 32}},
    "modules to save": {"modules_to_save": ["embed_tokens", "lm_head"]},
    "a module that is normalized": {"modules_to_save": ["norm"]},
    "tokens": {"trainable_token_indices": {"embed_tokens": [5, 6, 7]}},
    "the head": {"target_modules": ["q_proj", "lm_head"]},
    "the embedding": {"target_modules": ["q_proj", "embed_tokens"]},
}


@pytest.mark.parametrize("tied", [False, True], ids=["apart", "tied"])
@pytest.mark.parametrize("case", CASES)
def test_a_merged_model_answers_as_its_base_with_the_adapter(case, tied, folder, tokenizer):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source = base(folder, tokenizer, tied=tied)
    trained = adapter(folder, source, **CASES[case])
    report = merge(job(source, trained, folder / "merged"))
    [check] = report["checks"]
    assert check["passed"] and check["value"] < 1e-3 < report["facts"]["adapter_effect"]

    merged = AutoModelForCausalLM.from_pretrained(folder / "merged")
    plain = AutoModelForCausalLM.from_pretrained(source)
    wanted = PeftModel.from_pretrained(plain, trained)
    read = AutoTokenizer.from_pretrained(folder / "merged")
    for text in TEXTS:
        difference = logits(merged, read, text) - logits(wanted, tokenizer, text)
        assert difference.abs().max() < 1e-3
    assert {file["path"] for file in report["files"]} == set(os.listdir(folder / "merged"))
    assert report["bytes"] == sum(file["bytes"] for file in report["files"])
    assert os.listdir(folder).count("merged") == 1 and not list(folder.glob(".merged*"))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_16_bits_stay_16_bits_and_are_measured_by_the_effect(dtype, folder, tokenizer):
    source = base(folder, tokenizer, dtype=dtype)
    report = merge(job(source, adapter(folder, source), folder / "merged"))
    facts, [check] = report["facts"], report["checks"]
    assert facts["precision"] == dtype
    assert check["passed"] and 0 < check["value"] < check["limit"] < facts["adapter_effect"]
    assert json.loads((folder / "merged/config.json").read_text())["dtype"] == dtype


def test_the_precision_is_chosen_and_the_shards_are_cut(folder, tokenizer):
    from transformers import AutoModelForCausalLM

    source = base(folder, tokenizer)
    given = job(
        source, adapter(folder, source), folder / "merged", precision="bfloat16", shard_size=100_000
    )
    report = merge(given)
    shards = [file for file in report["files"] if file["path"].startswith("model-0000")]
    assert len(shards) > 3 and all(file["bytes"] < 300_000 for file in shards)
    read = AutoModelForCausalLM.from_pretrained(folder / "merged", dtype="auto")
    assert str(read.dtype) == "torch.bfloat16"
    for file in (folder / "merged").glob("*.safetensors"):
        assert file.stat().st_mode & 0o777 == 0o644


def test_a_tied_head_stays_tied_where_it_is_not_changed(folder, tokenizer):
    source = base(folder, tokenizer, tied=True)
    report = merge(job(source, adapter(folder, source), folder / "merged"))
    assert report["facts"]["tied_embeddings"] and report["notes"] == []
    whole = sum(file["bytes"] for file in report["files"] if file["path"].endswith(".safetensors"))
    assert abs(whole - (Path(source) / "model.safetensors").stat().st_size) < 1_000


@pytest.mark.parametrize("own", [False, True], ids=["base's", "adapter's"])
def test_tokens_that_the_base_has_no_weights_for_are_noted(own, folder, tokenizer):
    """As in Gemma 3 1B, whose tokenizer has a token for images."""
    from transformers import AutoTokenizer

    source = base(folder, tokenizer)
    more = tiny_model.make_tokenizer(TEXTS * 3)
    more.add_tokens(["<|image|>"])
    more.save_pretrained(source)
    trained = adapter(folder, source, more if own else None)
    report = merge(job(source, trained, folder / "merged"))
    assert report["checks"][0]["passed"]
    [note] = report["notes"]
    assert "no weights for 1 of its tokenizer's tokens, such as “<|image|>”" in note
    assert len(AutoTokenizer.from_pretrained(folder / "merged")) == len(more)

    more.add_tokens(["<|user|>"])
    more.save_pretrained(trained)
    assert "tokens, and the model has weights for" in refused(
        job(source, trained, folder / "again")
    )


@pytest.mark.parametrize("tied", [False, True], ids=["apart", "tied"])
def test_added_tokens_come_with_the_adapter(tied, folder, tokenizer):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source = base(folder, tokenizer, tied=tied)
    more = tiny_model.make_tokenizer(TEXTS * 3)
    more.add_tokens(["<|user|>", "<|assistant|>"])
    more.chat_template = "{{ messages[0].content }}<|assistant|>"
    trained = adapter(
        folder, source, more, resized=len(more), modules_to_save=["embed_tokens", "lm_head"]
    )
    report = merge(job(source, trained, folder / "merged"))
    assert report["checks"][0]["passed"]
    read = AutoTokenizer.from_pretrained(folder / "merged")
    assert (len(read), read.chat_template) == (len(more), more.chat_template)
    merged = AutoModelForCausalLM.from_pretrained(folder / "merged")
    assert merged.get_input_embeddings().weight.shape[0] == len(more)
    assert merged.config.vocab_size == len(more)


def test_a_reward_model_keeps_its_head(folder, tokenizer):
    from transformers import AutoModelForSequenceClassification

    source = base(folder, tokenizer)
    trained = adapter(folder, source, scores=True, modules_to_save=["score"])
    report = merge(job(source, trained, folder / "merged"))
    assert report["checks"][0]["passed"] and "scores" in report["checks"][0]["text"]
    merged = AutoModelForSequenceClassification.from_pretrained(folder / "merged")
    assert merged.config.num_labels == 1


def test_experts_in_one_parameter_are_merged(folder, tokenizer):
    import torch
    from transformers import MixtralConfig, MixtralForCausalLM

    torch.manual_seed(0)
    config = MixtralConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        num_local_experts=4,
    )
    MixtralForCausalLM(config).save_pretrained(folder / "base")
    tokenizer.save_pretrained(folder / "base")
    experts = ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]
    source = str(folder / "base")
    trained = adapter(folder, source, target_modules=["q_proj"], target_parameters=experts)
    report = merge(job(source, trained, folder / "merged"))
    assert report["checks"][0]["passed"] and report["facts"]["adapter_effect"] > 0.01
    names = {file["path"] for file in report["files"]}
    assert "model.safetensors" in names


def refused(given: dict) -> str:
    """The sentence with which a merge fails. Nothing is left where it was to be written."""
    from fine_tuning_worker.failure import explain

    before = set(os.listdir(Path(given["to"]).parent))
    with pytest.raises(Exception) as failure:
        merge(given)
    assert set(os.listdir(Path(given["to"]).parent)) - before <= {"events.jsonl"}
    return explain(failure.value).message


def test_a_merge_that_differs_is_not_kept(folder, tokenizer, monkeypatch):
    from fine_tuning_worker import untie

    source = base(folder, tokenizer, tied=True)
    trained = adapter(folder, source, target_modules=["q_proj", "lm_head"])
    # As PEFT alone does it.
    monkeypatch.setattr(untie, "needed", lambda peft: False)
    assert "answers differently" in refused(job(source, trained, folder / "merged"))


def test_what_cannot_be_merged_is_said(folder, tokenizer):
    from peft import PromptTuningConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    source = base(folder, tokenizer)
    biased = adapter(folder, source, target_modules=["q_proj"], lora_bias=True)
    assert "can't be merged" in refused(job(source, biased, folder / "merged"))
    more = tiny_model.make_tokenizer(TEXTS * 3)
    more.add_tokens(["<|user|>"])
    more.save_pretrained(biased)
    assert "tokens, and the model has weights for" in refused(
        job(source, biased, folder / "merged")
    )

    prompts = PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4)
    peft = get_peft_model(AutoModelForCausalLM.from_pretrained(source), prompts)
    peft.save_pretrained(folder / "prompts")
    assert "changes no weights" in refused(job(source, str(folder / "prompts"), folder / "merged"))

    config = json.loads((folder / "base/config.json").read_text())
    config["quantization_config"] = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    (folder / "base/config.json").write_text(json.dumps(config))
    assert "is quantized" in refused(job(source, biased, folder / "merged"))


def test_weights_too_large_for_float16_are_refused(folder, tokenizer):
    import torch
    from safetensors.torch import load_file, save_file

    source = base(folder, tokenizer)
    weights = load_file(folder / "base/model.safetensors")
    weights["model.norm.weight"] = torch.full_like(weights["model.norm.weight"], 1e6)
    save_file(weights, folder / "base/model.safetensors", metadata={"format": "pt"})
    given = job(source, adapter(folder, source), folder / "merged", precision="float16")
    assert "too large for float16" in refused(given)


def test_a_place_that_is_taken_is_left_alone(folder, tokenizer):
    source = base(folder, tokenizer)
    trained = adapter(folder, source)
    (folder / "merged").mkdir()
    (folder / "merged/notes.txt").write_text("mine")
    assert "already holds something" in refused(job(source, trained, folder / "merged"))
    assert (folder / "merged/notes.txt").read_text() == "mine"


def test_a_disk_that_fills_leaves_nothing(folder, tokenizer):
    """Files may grow no further than a part of the weights, as on a disk that fills."""
    import resource
    import signal

    source = base(folder, tokenizer)
    given = job(source, adapter(folder, source), folder / "merged")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        said = refused(given)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert said == "A file would become larger than its disk or the system lets it."


def test_a_full_disk_is_named_whoever_says_it():
    from fine_tuning_worker.failure import explain

    said = "Error while serializing: I/O error: No space left on device (os error 28)"
    assert explain(RuntimeError(said)).message == "The disk is full."
