"""The service, started as a person starts it, and stubs made from the contract."""

import importlib
import json
import os
import pathlib
import signal
import subprocess
import sys

import grpc
import pytest

HERE = pathlib.Path(__file__).parent
CRATES = HERE.parents[2]


@pytest.fixture(scope="session")
def contract(tmp_path_factory):
    """The modules that clients generate from the contract: messages and stubs."""
    to = tmp_path_factory.mktemp("stubs")
    proto = CRATES / "wire/proto"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"-I{proto}",
            f"--python_out={to}",
            f"--grpc_python_out={to}",
            "fine_tuning_studio.proto",
        ],
        check=True,
    )
    sys.path.insert(0, str(to))
    return importlib.import_module("fine_tuning_studio_pb2"), importlib.import_module(
        "fine_tuning_studio_pb2_grpc"
    )


class Service:
    """`fts grpc` on a folder of its own, with a hub that is offline and a worker that fails at once."""

    def __init__(self, folder, files, *arguments):
        self.folder = folder.resolve()
        (self.folder / "imports").mkdir()
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="")
        environment = {
            **os.environ,
            "HF_HOME": str(self.folder / "huggingface"),
            "HF_HUB_OFFLINE": "1",
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "FINE_TUNING_STUDIO_WORKER": "/bin/false",
        }
        command = [
            os.environ["FTS"],
            "--db",
            str(self.folder / "studio.db"),
            "grpc",
            "--listen",
            "127.0.0.1:0",
        ]
        command += ["--import-folder", str(self.folder / "imports"), *arguments]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        place = json.loads(self.process.stdout.readline())
        self.address = f"{place['ip']}:{place['port']}"

    def channel(self, **options):
        return grpc.insecure_channel(self.address, options=list(options.items()))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=25)


@pytest.fixture(scope="session")
def table():
    """The recorded table, which the tests in Rust play too."""
    return json.loads((HERE.parent / "calls/recorded.json").read_text(encoding="utf-8"))


@pytest.fixture
def service(tmp_path, table):
    service = Service(tmp_path, table["files"])
    yield service
    if service.process.poll() is None:
        service.end()
