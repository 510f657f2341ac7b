"""A run from "started" to "ended", with scripts for work: needs no torch."""

import json
import logging
import os
import signal
import subprocess
import sys

import pytest
import run_folder

ADAPTER = """
import json, os
from pathlib import Path
folder = Path(os.environ["FTS_ADAPTER_FOLDER"])
(folder / "adapter_config.json").write_text("{}")
"""


def script(folder, text, config=None, **job):
    """The run folder of a script."""
    path = folder / "own.py"
    path.write_text(text, encoding="utf-8")
    return run_folder.training(
        folder / "run",
        "nowhere",
        [{"row": 1, "text": "x"}],
        [],
        **{"framework": "script", "script": {"path": str(path), "config": config}, **job},
    )


def test_a_script_leaves_an_adapter(tmp_path):
    folder = script(
        tmp_path,
        ADAPTER
        + """
with open(os.environ["FTS_EVENTS"], "a") as events:
    events.write(json.dumps({"event": "metrics", "step": 1, "values": {"loss": 2}}) + "\\n")
print("config:", open(os.environ["FTS_USER_CONFIG"]).read())
print("rows:", (Path(os.environ["FTS_RUN_FOLDER"]) / "train.jsonl").read_text())
""",
        config="rate: 3",
    )
    assert run_folder.run(folder) == 0
    ended = run_folder.ended(folder)
    adapter = folder / "output" / "adapter"
    assert (ended["status"], ended["adapter"]) == ("succeeded", str(adapter))
    assert os.listdir(adapter) == ["adapter_config.json"]
    assert os.listdir(adapter.parent) == ["adapter"]
    first, second, *_ = run_folder.events(folder)
    assert (first["event"], first["attempt"]) == ("started", 1)
    assert (second["event"], second["status"]) == ("status", "loading")
    assert run_folder.events(folder, "metrics")[0]["values"] == {"loss": 2}
    assert "config: rate: 3" in run_folder.log(folder)
    assert '"text": "x"' in run_folder.log(folder)


def test_a_script_that_leaves_none_still_succeeds(tmp_path):
    folder = script(tmp_path, "import os; assert 'FTS_USER_CONFIG' not in os.environ")
    assert run_folder.run(folder, FTS_USER_CONFIG="stale") == 0
    assert run_folder.ended(folder)["adapter"] is None
    assert run_folder.events(folder, "message")[0]["level"] == "warning"


def test_a_script_that_fails_says_why(tmp_path):
    folder = script(tmp_path, "print('so far so good')\nraise ValueError('no luck: 7')")
    assert run_folder.run(folder) == 1
    ended = run_folder.ended(folder)
    assert ended["status"] == "failed"
    assert ended["message"] == "own.py ended with exit code 1: ValueError: no luck: 7"
    assert "Traceback" in run_folder.log(folder) and "Traceback" not in json.dumps(ended)
    assert not (folder / "output" / "adapter").exists()


def test_a_script_that_is_killed_says_by_what(tmp_path):
    folder = script(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert run_folder.run(folder) == 1
    assert "killed by signal 9" in run_folder.ended(folder)["message"]


def test_stop_reaches_the_script_and_ends_the_run_as_stopped(tmp_path):
    folder = script(
        tmp_path,
        """
import signal, sys
def asked(*_):
    print("saying goodbye")
    sys.exit(3)
signal.signal(signal.SIGTERM, asked)
open("ready", "w").write("here I am")
while True:
    signal.pause()
""",
    )
    # Opening the pipe's other end waits until the script is there.
    os.mkfifo(folder / "ready")
    worker = run_folder.start(folder)
    assert (folder / "ready").read_text() == "here I am"
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    assert run_folder.ended(folder)["status"] == "stopped"
    assert "saying goodbye" in run_folder.log(folder)
    assert len(run_folder.events(folder, "ended")) == 1


def test_what_a_script_prints_holds_no_token(tmp_path):
    folder = script(
        tmp_path, "import os\nprint('token', os.environ['HF_TOKEN'])\nexit(os.environ['HF_TOKEN'])"
    )
    assert run_folder.run(folder, HF_TOKEN="hf_abcdefgh") == 1
    assert "token [secret]" in run_folder.log(folder)
    assert "[secret]" in run_folder.ended(folder)["message"]
    for path in ("log.txt", "events.jsonl"):
        assert "hf_abcdefgh" not in (folder / path).read_text()


def test_an_adapter_never_takes_the_place_of_something_else(tmp_path):
    folder = script(tmp_path, ADAPTER)
    there = folder / "output" / "adapter" / "thesis.txt"
    there.parent.mkdir(parents=True)
    there.write_text("years of work")
    assert run_folder.run(folder) == 1
    assert "already holds something" in run_folder.ended(folder)["message"]
    assert there.read_text() == "years of work"


def test_a_retry_replaces_the_adapter_of_the_attempt_before(tmp_path):
    folder = script(tmp_path, ADAPTER)
    assert run_folder.run(folder) == 0
    assert run_folder.run(folder, FTS_RUN_ATTEMPT="2") == 0
    assert [event["attempt"] for event in run_folder.events(folder, "started")] == [1, 2]
    assert os.listdir(folder / "output") == ["adapter"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version 2"),
        ({"kind": "baking"}, "'baking'"),
        ({"framework": "keras", "script": None}, "“keras”"),
        ({"output": {}}, "“output.adapter”"),
        ({"script": {"path": "/not/there.py"}}, "“/not/there.py” is not there"),
        ({"framework": "axolotl", "script": None, "axolotl": "a: 1"}, "axolotl is not installed"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(tmp_path, change, said):
    folder = script(tmp_path, "", **change)
    assert run_folder.run(folder) == 1
    ended = run_folder.ended(folder)
    assert ended["status"] == "failed" and said in ended["message"]
    assert run_folder.events(folder)[0]["event"] == "started"


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_a_broken_job_is_named(tmp_path, text):
    folder = script(tmp_path, "")
    (folder / "job.json").unlink()
    if text is not None:
        (folder / "job.json").write_text(text)
    assert run_folder.run(folder) == 1
    assert "job.json" in run_folder.ended(folder)["message"]


def test_keys_of_a_newer_studio_are_left_alone(tmp_path):
    folder = script(tmp_path, ADAPTER, news={"x": 1})
    assert run_folder.run(folder) == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_said_in_the_log(tmp_path):
    folder = script(tmp_path, ADAPTER)
    (folder / "events.jsonl").symlink_to("/dev/full")
    assert run_folder.run(folder) == 1
    assert "The disk is full." in run_folder.log(folder)


def test_nothing_heavy_is_imported_before_the_run_has_started(tmp_path):
    code = (
        "import sys, pkgutil, importlib, fine_tuning_worker as package\n"
        "for module in pkgutil.iter_modules(package.__path__):\n"
        "    if module.name != '__main__':\n"
        "        importlib.import_module(f'{package.__name__}.{module.name}')\n"
        "heavy = {name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)\n"
        "print(sorted(name for name in heavy if not name.startswith('_')))\n"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env=run_folder.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "['fine_tuning_worker']"


def test_a_missing_kernel_for_quantized_weights_is_no_line_of_the_log():
    from fine_tuning_worker import quiet

    quiet.environment()
    logger = logging.getLogger("bitsandbytes.backends.cpu.ops")
    assert not logger.isEnabledFor(logging.WARNING)
    assert logger.isEnabledFor(logging.ERROR)
