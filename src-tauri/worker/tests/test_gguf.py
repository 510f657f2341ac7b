"""The export to GGUF: what is refused before the work, and what llama.cpp makes of what is written."""

import json
import os
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gguf_architectures
import pytest
import tiny_gguf

from fine_tuning_worker import gguf, gguf_limits, llamacpp
from fine_tuning_worker.events import Events
from fine_tuning_worker.failure import Failure
from fine_tuning_worker.stop import Stop, Stopped

PLAIN = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj", "v_proj"]}

REFUSED = {
    "peft_type": "LOHA",
    "task_type": "SEQ_CLS",
    "use_dora": True,
    "use_rslora": True,
    "init_lora_weights": "pissa_niter_4",
    "alpha_pattern": {"q_proj": 32},
    "bias": "all",
    "lora_bias": True,
    "modules_to_save": ["lm_head"],
    "trainable_token_indices": [5],
    "target_parameters": ["experts.gate_up_proj"],
    "layer_replication": [[0, 1], [0, 1]],
    "use_qalora": True,
}


def test_a_plain_adapter_can_be_written():
    gguf_limits.check_adapter(PLAIN)


def test_every_law_about_adapters_has_a_case():
    assert set(REFUSED) == {law["setting"] for law in gguf_limits.KNOWN["adapter"]}


@pytest.mark.parametrize("setting", REFUSED)
def test_an_adapter_that_would_come_out_wrong_is_refused(setting):
    with pytest.raises(Failure) as refused:
        gguf_limits.check_adapter({**PLAIN, setting: REFUSED[setting]})
    assert setting in refused.value.message
    assert refused.value.hint == gguf_limits.MERGE_INSTEAD


@pytest.mark.parametrize("target", ["lm_head", "model.embed_tokens", "wte"])
def test_an_adapter_of_embeddings_is_refused(target):
    with pytest.raises(Failure, match="embeddings"):
        gguf_limits.check_adapter({**PLAIN, "target_modules": ["q_proj", target]})


def test_an_architecture_that_is_not_known_is_refused_by_name(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"architectures": ["HyenaForCausalLM"]}))
    with pytest.raises(Failure, match="HyenaForCausalLM can't be converted"):
        gguf_limits.check_model(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"]}))
    assert gguf_limits.check_model(tmp_path) == "LlamaForCausalLM"


@pytest.mark.parametrize("pieces", [{"a": 0, "b": 1, "c": 2}, [["a", 0.0], ["b", 0.0], ["c", 0.0]]])
@pytest.mark.parametrize("place", ["", "text_config"])
def test_a_tokenizer_larger_than_the_embedding_is_refused(pieces, place, tmp_path):
    def folder(rows, *added):
        config = {"vocab_size": rows}
        (tmp_path / "config.json").write_text(json.dumps({place: config} if place else config))
        tokens = [{"id": number, "content": f"<{number}>"} for number in added]
        read = {"model": {"vocab": pieces}, "added_tokens": tokens}
        (tmp_path / "tokenizer.json").write_text(json.dumps(read))
        return tmp_path

    gguf_limits.check_vocabulary(folder(3))
    gguf_limits.check_vocabulary(folder(64, 3, 4))
    with pytest.raises(Failure, match="has 3 tokens, and the model has weights for 2,"):
        gguf_limits.check_vocabulary(folder(2))
    with pytest.raises(Failure, match="has 5 tokens, and the model has weights for 4,"):
        gguf_limits.check_vocabulary(folder(4, 3, 4))
    brings = {"trainable_token_indices": {"model.embed_tokens": [4], "lm_head": [4]}}
    (tmp_path / "adapter_config.json").write_text(json.dumps(brings))
    gguf_limits.check_vocabulary(folder(4, 3, 4), str(tmp_path))
    # The converter leaves those out.
    (tmp_path / "tokenizer.model").write_bytes(b"")
    gguf_limits.check_vocabulary(folder(4, 3, 4))


def test_what_a_converter_says_becomes_a_sentence():
    assert (
        "tokenizer"
        in llamacpp.reason(["NotImplementedError: BPE pre-tokenizer was not recognized"]).message
    )
    assert (
        llamacpp.reason(["OSError: [Errno 28] No space left on device"]).message
        == "The disk is full."
    )
    assert llamacpp.reason([]) is None


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_gguf.make(tmp_path_factory.mktemp("gguf") / "model")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Exports in a run folder of its own; gives how it ended and the report."""
    monkeypatch.chdir(tmp_path)

    def export(model, settings, adapter=None, to="made/tiny.gguf", stop=None):
        job = {
            "id": "x",
            "way": "gguf",
            "name": "tiny",
            "model": {"id": "m", "name": "tiny", "source": str(model)},
            "adapter": adapter and {"id": "a", "name": "a", "source": str(adapter)},
            "to": str(tmp_path / to),
            "settings": settings,
            "samples": [*tiny_gguf.TEXTS, "é 漢"],
        }
        outcome = gguf.export(job, Events(tmp_path / "events.jsonl"), stop or Stop())
        assert outcome.output == job["to"]
        return outcome.report

    return export


def left(folder):
    """The names of what an export has left in its run folder and beside its file."""
    return sorted(os.path.relpath(path, folder) for path in folder.rglob("*") if path.is_file())


@pytest.mark.gguf
def test_the_architectures_are_those_of_the_pinned_converter():
    assert gguf_architectures.known() == gguf_limits.KNOWN["architectures"]


@pytest.mark.gguf
@pytest.mark.parametrize("kind", ["f32", "f16", "bf16", "q8_0"])
def test_a_model_answers_as_before(kind, model, run, tmp_path):
    report = run(model, {"type": kind, "of": "merged"})
    assert {check["name"]: check["passed"] for check in report["checks"]} == {
        "loads": True,
        "tokens": True,
        "log_probability": True,
        "answers": True,
    }, report["checks"]
    assert left(tmp_path) == ["events.jsonl", "made/tiny.gguf"]
    assert report["bytes"] == (tmp_path / "made/tiny.gguf").stat().st_size
    assert report["facts"]["type"] == kind


@pytest.mark.gguf
def test_a_file_is_loaded_without_a_sample_too(model, run, tmp_path):
    """Where nothing is asked, llama.cpp's server has hardly started when the process ends. Of a hundred
    that were taken down then, five waited forever."""
    path = tmp_path / "tiny.gguf"
    run(model, {"type": "f16", "of": "merged"}, to="tiny.gguf")
    request = {"model": str(path), "context": 160, "new_tokens": 16, "prompts": []}
    (tmp_path / "asked.json").write_text(json.dumps(request), encoding="utf-8")

    def start(number: int):
        command = [
            *llamacpp.ours("answer"),
            str(tmp_path / "asked.json"),
            str(tmp_path / f"{number}"),
        ]
        package = {"PYTHONPATH": str(Path(llamacpp.__file__).parent.parent)}
        subprocess.run(command, env=os.environ | package, timeout=120, check=True)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(24)))


@pytest.mark.gguf
def test_k_quants_are_smaller_and_answer(model, run, tmp_path):
    sizes = [
        run(model, {"type": kind, "of": "merged"}, to=f"made/{kind}.gguf")["bytes"]
        for kind in ("q8_0", "q6_k", "q4_k_m")
    ]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 3
    units = {event["unit"] for event in Events(tmp_path / "events.jsonl").earlier("work")}
    assert units == {"bytes", "tensors"}


@pytest.mark.gguf
def test_an_adapter_alone_answers_on_its_base_as_in_peft(model, run, tmp_path):
    adapter = tiny_gguf.adapter(model, tmp_path / "adapter")
    report = run(model, {"type": "f16", "of": "adapter"}, adapter)
    assert all(check["passed"] for check in report["checks"]), report["checks"]
    assert report["bytes"] < 200_000


@pytest.mark.gguf
def test_an_adapter_that_only_the_merged_model_can_hold_is_merged(model, run, tmp_path):
    adapter = tiny_gguf.adapter(model, tmp_path / "adapter", use_dora=True)
    report = run(model, {"type": "f32", "of": "merged"}, adapter)
    passed = {check["name"]: check["passed"] for check in report["checks"]}
    assert passed["logits"] and passed["log_probability"] and passed["answers"], report["checks"]
    assert left(tmp_path / "made") == ["tiny.gguf"]
    assert [path.name for path in tmp_path.glob("*.partial")] == []


@pytest.mark.gguf
def test_the_check_finds_an_adapter_that_is_wrong(model, run, tmp_path, monkeypatch):
    # What the law about rsLoRA prevents: its scale is lost in the file.
    adapter = tiny_gguf.adapter(model, tmp_path / "adapter", use_rslora=True, lora_alpha=64, r=16)
    monkeypatch.setattr(gguf_limits, "check_adapter", lambda config: None)
    report = run(model, {"type": "f32", "of": "adapter"}, adapter)
    passed = {check["name"]: check["passed"] for check in report["checks"]}
    assert passed["log_probability"] is False


@pytest.mark.gguf
def test_a_tokenizer_that_the_converter_does_not_know_is_a_sentence(tmp_path, run):
    import tiny_model

    tiny_model.make(list(tiny_gguf.TEXTS) * 10, tmp_path / "model")
    with pytest.raises(Failure, match="does not know this model's tokenizer"):
        run(tmp_path / "model", {"type": "f16", "of": "merged"})
    assert not (tmp_path / "made/tiny.gguf").exists()
    assert not list((tmp_path / "made").iterdir())


@pytest.mark.gguf
def test_a_tokenizer_larger_than_the_embedding_is_a_sentence(model, run, tmp_path):
    from transformers import AutoTokenizer

    shutil.copytree(model, tmp_path / "model")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "model")
    tokenizer.add_tokens(["<|more|>"])
    tokenizer.save_pretrained(tmp_path / "model")
    for of in ("merged", "adapter"):
        adapter = tiny_gguf.adapter(model, tmp_path / "adapter") if of == "adapter" else None
        with pytest.raises(Failure, match="tokens, and the model has weights for"):
            run(tmp_path / "model", {"type": "f16", "of": of}, adapter)
    assert not list((tmp_path / "made").iterdir())


@pytest.mark.gguf
def test_a_stop_ends_the_converter_and_leaves_nothing(model, run, tmp_path, monkeypatch):
    stop = Stop()
    convert = llamacpp.convert

    def asked_in_the_middle(*given):
        threading.Timer(0.5, stop._asked).start()
        convert(*given)

    monkeypatch.setattr(llamacpp, "convert", asked_in_the_middle)
    with pytest.raises(Stopped):
        run(model, {"type": "f16", "of": "merged"}, stop=stop)
    assert left(tmp_path) == ["events.jsonl"]


def test_a_file_that_is_there_is_not_replaced(tmp_path, run):
    (tmp_path / "made").mkdir()
    (tmp_path / "made/tiny.gguf").write_text("mine")
    with pytest.raises(Failure, match="already holds something"):
        run(tmp_path / "model", {"type": "f16", "of": "merged"})
    assert (tmp_path / "made/tiny.gguf").read_text() == "mine"
