"""Registering a model with MLflow: in a database, and at a real server on loopback."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import run_folder
import tiny_model

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    tiny_model.make(["the quick brown fox", "jumps over the lazy dog"] * 20, folder, steps=20)
    return folder


def job(folder: Path, model: Path, **settings) -> Path:
    folder.mkdir()
    written = {
        "version": 1,
        "kind": "export",
        "id": "e",
        "name": "labels",
        "way": "mlflow",
        "model": {"id": "m", "name": "tiny", "source": str(model)},
        "adapter": None,
        "to": None,
        "samples": ["the quick", "jumps over"],
        "seed": 42,
        "settings": {
            "uri": "",
            "name": "labels",
            "description": None,
            "generation": {},
            **settings,
        },
    }
    (folder / "job.json").write_text(json.dumps(written))
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """``mlflow server`` on loopback, with a database and its own storage."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(folder / "log.txt", "wb") as log:
        server = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-m",
                    "mlflow",
                    "server",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(port),
                ),
                *("--workers", "1", "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"),
                *("--artifacts-destination", str(folder / "artifacts")),
            ],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**run_folder.environment(), "MLFLOW_DISABLE_TELEMETRY": "true"},
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until_it_answers(server, address, folder / "log.txt")
        yield address
    finally:
        os.killpg(server.pid, 15)
        server.wait()


def until_it_answers(server: subprocess.Popen, address: str, log: Path):
    while True:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            try:
                server.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(log.read_text()) from None


def versions(uri: str, name: str) -> list:
    """The registered versions."""
    import mlflow

    return mlflow.MlflowClient(uri, uri).search_model_versions(f"name='{name}'")


def test_a_model_is_registered_at_a_server_and_answers_the_same(tmp_path, model, server):
    import mlflow

    folder = job(
        tmp_path / "run",
        model,
        uri=server,
        description="Labels of tickets",
        generation={"max_new_tokens": 5, "do_sample": False, "temperature": None},
    )
    assert run_folder.run(folder) == 0, run_folder.log(folder)
    ended = run_folder.ended(folder)
    assert (ended["status"], ended["output"]) == ("succeeded", "models:/labels/1")
    report = run_folder.events(folder, "report")[0]["report"]
    assert [check["passed"] for check in report["checks"]] == [True, True]
    assert report["facts"]["version"] == "1"
    assert any(file["path"].endswith("model.safetensors") for file in report["files"])
    [found] = versions(server, "labels")
    assert found.description == "Labels of tickets"
    mlflow.set_tracking_uri(server)
    info = mlflow.models.get_model_info("models:/labels/1")
    assert info.signature.inputs and info.signature.params
    assert info.flavors["transformers"]["task"] == "text-generation"
    loaded = mlflow.pyfunc.load_model("models:/labels/1")
    assert loaded.model_config["max_new_tokens"] == 5
    [answer] = loaded.predict(["the quick"])
    assert isinstance(answer, str)
    assert not list(folder.glob("*.partial"))


def test_a_second_registration_is_the_next_version_in_a_database_too(tmp_path, model):
    uri = f"sqlite:///{tmp_path / 'studio' / 'mlflow.db'}"
    (tmp_path / "studio").mkdir()
    for number in (1, 2):
        folder = job(tmp_path / f"run{number}", model, uri=uri)
        assert run_folder.run(folder) == 0, run_folder.log(folder)
        assert run_folder.ended(folder)["output"] == f"models:/labels/{number}"
        assert sorted(path.name for path in folder.iterdir()) == [
            "events.jsonl",
            "job.json",
            "log.txt",
        ]
    assert len(versions(uri, "labels")) == 2


def test_a_model_that_comes_back_different_is_taken_back(tmp_path, model, monkeypatch):
    from fine_tuning_worker import mlflow_model

    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    # As if the storage had changed a weight.
    monkeypatch.setattr(mlflow_model, "LIMIT", -1.0)
    ended = run_folder.here(job(tmp_path / "run", model, uri=uri))
    assert ended["status"] == "failed" and "Version 1 was taken back" in ended["message"]
    assert versions(uri, "labels") == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"name": "a/b"}, "refuses “a/b”"),
        ({"generation": {"temprature": 1}}, "“temprature”"),
        (
            {"uri": "http://127.0.0.1:9"},
            "The MLflow server at http://127.0.0.1:9 can't be reached.",
        ),
    ],
)
def test_what_cannot_be_registered_is_one_sentence(tmp_path, model, settings, said, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    folder = job(
        tmp_path / "run", model, **{"uri": f"sqlite:///{tmp_path / 'mlflow.db'}", **settings}
    )
    ended = run_folder.here(folder)
    assert ended["status"] == "failed" and said in ended["message"]
