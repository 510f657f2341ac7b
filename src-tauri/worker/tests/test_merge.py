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


def adapter(folder: Path, source: str, tokenizer=None, resized=None, scores=False, **settings) -> str:
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
