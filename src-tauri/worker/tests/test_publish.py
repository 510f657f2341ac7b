"""Publishing: which files are sent, what is refused, and an upload with all that can go wrong."""

import hashlib
import json
import os
import signal
import struct
from importlib.util import find_spec
from pathlib import Path

import pytest
import run_folder
from fake_hub import TOKEN, FakeHub

from fine_tuning_worker import sendable
from fine_tuning_worker.failure import Failure

needs_hub = pytest.mark.skipif(find_spec("huggingface_hub") is None, reason="needs huggingface_hub")

CARD = "---\nbase_model: org/base\n---\n\n# Labels\n"
FILES = "<!-- files -->"


def weights(size: int = 100_000) -> bytes:
    header = json.dumps({"__metadata__": {"format": "pt"}}).encode()
    return struct.pack("<Q", len(header)) + header + os.urandom(size)


def adapter(folder: Path, base: str = "org/base") -> Path:
    """An adapter as a training leaves it, with what must not be sent beside it."""
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "base_model_name_or_path": base})
    )
    (folder / "adapter_model.safetensors").write_bytes(weights())
    (folder / "tokenizer_config.json").write_text("{}")
    (folder / "README.md").write_text(f"trained on {base}")
    for name in ("training_args.bin", "optimizer.pt", "log.txt", ".cache"):
        (folder / name).write_text("/root/secret")
    (folder / "checkpoint-5").mkdir()
    (folder / "checkpoint-5" / "adapter_model.safetensors").write_bytes(b"x")
    return folder


def job(folder: Path, source: Path, what: str = "adapter", **settings) -> Path:
    """The run folder of a publication."""
    folder.mkdir()
    written = {
        "version": 1,
        "kind": "export",
        "id": "e",
        "name": "labels",
        "way": "publish",
        "model": None if what == "dataset" else {"id": "m", "name": "base", "source": str(source)},
        what: {"id": "a", "name": "labels", "source": str(source)},
        "to": None,
        "samples": [],
        "seed": 42,
        "settings": {
            "repository": "me/labels",
            "private": True,
            "revision": "main",
            "what": what,
            "card": CARD,
            "message": "Labels",
            **settings,
        },
    }
    (folder / "job.json").write_text(json.dumps(written))
    return folder


@pytest.fixture
def hub():
    with FakeHub() as hub:
        yield hub


def publish(folder: Path, hub: FakeHub, **more: str) -> dict:
    """Runs the worker, and gives how it ended."""
    online = {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": hub.address, "HF_TOKEN": TOKEN}
    run_folder.run(folder, **{**online, **more})
    assert TOKEN not in run_folder.log(folder)
    assert TOKEN not in (folder / "events.jsonl").read_text()
    return run_folder.ended(folder)


def test_only_what_belongs_to_an_adapter_is_sent(tmp_path):
    sending = sendable.choose("adapter", str(adapter(tmp_path / "a")), "org/base", CARD)
    assert [sent.path for sent in sending.files] == [
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "tokenizer_config.json",
    ]
    assert sending.left_out == [
        "checkpoint-5/adapter_model.safetensors",
        "log.txt",
        "optimizer.pt",
        "training_args.bin",
    ]


def test_a_folder_as_base_is_replaced_by_its_name_or_refused(tmp_path):
    folder = str(adapter(tmp_path / "a", base="/models/base"))
    with pytest.raises(Failure, match="names a folder of this machine as its base model"):
        sendable.choose("adapter", folder)
    sending = sendable.choose("adapter", folder, "org/base")
    [config] = [sent for sent in sending.files if sent.path == "adapter_config.json"]
    assert json.loads(config.content)["base_model_name_or_path"] == "org/base"


def test_a_model_names_no_folder_it_was_loaded_from(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "config.json").write_text('{"_name_or_path": "/models/base", "x": 1}')
    (tmp_path / "m" / "model.safetensors").write_bytes(weights())
    sending = sendable.choose("model", str(tmp_path / "m"))
    assert json.loads(sending.files[0].content) == {"x": 1}


def test_pickled_weights_are_not_sent(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(Failure, match="no weights of the model in safetensors"):
        sendable.choose("model", str(tmp_path / "m"))


@needs_hub
def test_an_adapter_arrives_as_it_is(tmp_path, hub):
    source = adapter(tmp_path / "a", base="/models/base")
    folder = job(tmp_path / "run", source, base_model="org/base")
    ended = publish(folder, hub)
    assert (ended["status"], ended["output"]) == ("succeeded", f"{hub.address}/me/labels")
    there = hub.repositories["me/labels"]
    assert there["private"]
    assert there["files"]["README.md"].decode() == CARD
    assert (
        there["files"]["adapter_model.safetensors"]
        == (source / "adapter_model.safetensors").read_bytes()
    )
    assert (
        json.loads(there["files"]["adapter_config.json"])["base_model_name_or_path"] == "org/base"
    )
    [event] = run_folder.events(folder, "report")
    report = event["report"]
    assert [check["passed"] for check in report["checks"]] == [True, True]
    assert {file["path"] for file in report["files"]} == set(there["files"])
    assert report["facts"]["created"] and report["facts"]["private"]
    last = run_folder.events(folder, "work")[-1]
    assert last["done"] == last["total"] == report["bytes"]
    # The storage of large files is another machine.
    assert hub.authorizations == {f"Bearer {TOKEN}", None}
    assert not list(folder.glob("*.partial"))


@needs_hub
def test_the_card_names_the_files_as_they_are_sent(tmp_path, hub):
    source = adapter(tmp_path / "a", base="/models/base")
    publish(job(tmp_path / "run", source, base_model="org/base", card=f"{CARD}\n{FILES}\n"), hub)
    files = hub.repositories["me/labels"]["files"]
    card = files.pop("README.md").decode()
    assert FILES not in card
    for name, data in files.items():
        assert f"| {name} | {len(data)} | `{hashlib.sha256(data).hexdigest()}` |" in card


@needs_hub
def test_a_dataset_goes_to_a_repository_of_datasets(tmp_path, hub):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "x"}\n')
    ended = publish(job(tmp_path / "run", rows, "dataset", private=False), hub)
    assert ended["output"] == f"{hub.address}/datasets/me/labels"
    assert set(hub.repositories["me/labels"]["files"]) == {"rows.jsonl", "README.md"}
    assert not hub.repositories["me/labels"]["private"]


@needs_hub
@pytest.mark.parametrize("fault", ["cut", 500, (429, 1)])
def test_an_upload_that_breaks_goes_on(tmp_path, hub, fault):
    hub.faults["PUT /storage"] = [fault]
    ended = publish(job(tmp_path / "run", adapter(tmp_path / "a")), hub)
    assert ended["status"] == "succeeded"
    assert hub.count("PUT /storage") == 2


@needs_hub
def test_starting_again_sends_only_what_is_missing(tmp_path, hub):
    hub.faults["POST /api/models/me/labels/commit"] = [403]
    folder = job(tmp_path / "run", adapter(tmp_path / "a"))
    ended = publish(folder, hub)
    assert ended["status"] == "failed"
    assert ended["message"] == "The token may not write to “me/labels”."
    ended = publish(folder, hub, FTS_RUN_ATTEMPT="2")
    assert ended["status"] == "succeeded"
    assert hub.count("PUT /storage") == 1


@needs_hub
@pytest.mark.parametrize(
    ("request_", "fault", "said"),
    [
        ("POST /api/repos/create", 403, "may not write to “me/labels”"),
        ("POST /api/repos/create", 409, "The name “me/labels” is taken on the Hub."),
        ("POST /api/repos/create", 401, "does not accept the token"),
        ("PUT /storage", (429, 4000), "it asks to come back in 4000 s."),
    ],
)
def test_a_refusal_of_the_hub_is_one_sentence(tmp_path, hub, request_, fault, said):
    hub.faults[request_] = [fault]
    ended = publish(job(tmp_path / "run", adapter(tmp_path / "a")), hub)
    assert ended["status"] == "failed"
    assert said in ended["message"] and ended["hint"]
    assert "me/labels" not in hub.repositories or not hub.repositories["me/labels"]["files"]


@needs_hub
def test_nothing_private_goes_to_a_repository_that_everyone_reads(tmp_path, hub):
    hub.repositories["me/labels"] = {"private": False, "files": {}}
    folder = job(tmp_path / "run", adapter(tmp_path / "a"))
    ended = publish(folder, hub)
    assert "everyone can read it" in ended["message"]
    assert hub.count("PUT") == 0
    (tmp_path / "run" / "job.json").unlink()
    (tmp_path / "run").rename(tmp_path / "before")
    ended = publish(job(tmp_path / "run", tmp_path / "a", private=False), hub)
    assert ended["status"] == "succeeded"


@needs_hub
@pytest.mark.parametrize(
    ("settings", "environment", "said"),
    [
        ({"card": "---\nbroken\n---\n"}, {}, "The Hub refuses the card: - broken YAML"),
        ({"card": f"{CARD}{TOKEN}"}, {}, "has a token at line 6"),
        ({}, {"HF_TOKEN": ""}, "There is no token for the Hub"),
        ({}, {"HF_HUB_OFFLINE": "1"}, "set to work offline"),
    ],
)
def test_what_cannot_be_published_is_refused_before_anything_is_sent(
    tmp_path, hub, settings, environment, said
):
    ended = publish(job(tmp_path / "run", adapter(tmp_path / "a"), **settings), hub, **environment)
    assert ended["status"] == "failed" and said in ended["message"]
    assert hub.count("PUT") == 0


@needs_hub
def test_a_stop_ends_an_upload_between_two_bytes(tmp_path, hub):
    source = adapter(tmp_path / "a")
    (source / "adapter_model.safetensors").write_bytes(weights(200_000_000))
    folder = job(tmp_path / "run", source)
    worker = run_folder.start(folder, HF_HUB_OFFLINE="0", HF_ENDPOINT=hub.address, HF_TOKEN=TOKEN)
    run_folder.until(worker, folder, lambda event: event["event"] == "work" and event["done"])
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    assert run_folder.ended(folder)["status"] == "stopped"
    assert hub.commits == 0
    assert not list(folder.glob("*.partial"))


@pytest.mark.stack
def test_an_adapter_is_merged_and_the_model_published(tmp_path, hub, recipe, trained):
    folder = job(tmp_path / "run", Path(recipe["model"]), "merged", base_model="org/base")
    written = json.loads((folder / "job.json").read_text())
    written["adapter"] = {
        "id": "a",
        "name": "labels",
        "source": str(trained / "output" / "adapter"),
    }
    written["samples"] = ["a ticket"]
    (folder / "job.json").write_text(json.dumps(written))
    ended = publish(folder, hub, OMP_NUM_THREADS="1")
    assert ended["status"] == "succeeded", run_folder.log(folder)
    files = hub.repositories["me/labels"]["files"]
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= set(files)
    assert "adapter_config.json" not in files
    checks = run_folder.events(folder, "report")[0]["report"]["checks"]
    assert {check["name"]: check["passed"] for check in checks}["arrived"]
    assert all(check["passed"] for check in checks)
    assert hub.count("PUT /storage") == 1
