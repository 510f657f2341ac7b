"""A name on the Hub with a commit is that commit, whatever is newer."""

import pytest

from fine_tuning_worker import pinned
from fine_tuning_worker.failure import Failure

OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A local cache with two commits of a model, of which the newer is its newest, and no network."""
    constants = pytest.importorskip("huggingface_hub.constants")
    repository = tmp_path / "models--acme--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(NEW)
    for commit in (OLD, NEW):
        snapshot = repository / "snapshots" / commit
        snapshot.mkdir(parents=True)
        (snapshot / "config.json").write_text("{}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return repository / "snapshots"


def test_each_source_of_a_job_is_placed(cache):
    def source(**more):
        return {"source": "acme/tiny", **more}

    job = {
        "model": source(revision=OLD),
        "adapter_init": source(),
        "combinations": [{"model": source(revision=NEW), "adapter": None}],
        "adapters": [source(revision=OLD)],
    }
    pinned.place(job)
    assert job["model"]["source"] == str(cache / OLD)
    assert job["adapter_init"]["source"] == "acme/tiny"
    assert job["combinations"][0]["model"]["source"] == str(cache / NEW)
    assert job["adapters"][0]["source"] == str(cache / OLD)


def test_a_commit_that_is_not_there_is_named(cache):
    with pytest.raises(Failure, match=r"acme/tiny.*cccccccccccc"):
        pinned.folder("acme/tiny", "c" * 40)


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        (["c.json", "model.safetensors", "pytorch_model.bin"], ["c.json", "model.safetensors"]),
        (["config.json", "pytorch_model.bin", "tf_model.h5"], ["config.json", "pytorch_model.bin"]),
        (["model.safetensors", "onnx/model.onnx", "original/x.safetensors"], ["model.safetensors"]),
        (["config.json"], ["config.json"]),
    ],
)
def test_weights_in_one_form_are_fetched(files, kept):
    utils = pytest.importorskip("huggingface_hub.utils")
    assert list(utils.filter_repo_objects(files, ignore_patterns=pinned.left_out(files))) == kept
