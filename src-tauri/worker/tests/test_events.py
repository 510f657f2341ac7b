import json
import math
import os
import re

import pytest

from fine_tuning_worker.events import Events, finite


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_event_is_one_line_with_its_time(tmp_path):
    events = Events(tmp_path / "events.jsonl")
    events.status("loading", "Loading\nthe libraries")
    events.message("ok")
    first, second = lines(tmp_path / "events.jsonl")
    assert first["event"] == "status" and first["message"] == "Loading\nthe libraries"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert second == {**second, "event": "message", "level": "info", "text": "ok"}


def test_what_json_cannot_hold_becomes_null(tmp_path):
    events = Events(tmp_path / "events.jsonl")
    events.send("metrics", step=1, values={"loss": math.nan, "grad_norm": math.inf, "rate": 0.1})
    [event] = lines(tmp_path / "events.jsonl")
    assert event["values"] == {"loss": None, "grad_norm": None, "rate": 0.1}


def test_foreign_numbers_become_ours():
    class Scalar:
        def item(self):
            return 3.5

    assert finite({"a": Scalar(), 1: [True, None, "x"]}) == {"a": 3.5, "1": [True, None, "x"]}


def test_half_a_line_of_an_earlier_attempt_spoils_nothing(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text('{"event":"mlflow","run_id":"r"}\n{"event":"metr', encoding="utf-8")
    events = Events(path)
    events.message("again")
    assert path.read_text(encoding="utf-8").splitlines()[-1].startswith('{"time"')
    assert events.earlier("mlflow") == [{"event": "mlflow", "run_id": "r"}]
    assert [event["text"] for event in events.earlier("message")] == ["again"]


def test_progress_is_throttled_but_the_last_always_comes(tmp_path):
    events = Events(tmp_path / "events.jsonl")
    assert events.throttled("progress")
    assert not events.throttled("progress")
    assert events.throttled("other")
    assert events.throttled("progress", last=True)


def test_tokens_never_reach_an_event(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_verysecret")
    events = Events(tmp_path / "events.jsonl")
    events.send("ended", message="401 for hf_verysecret", more=[{"x": "hf_verysecret!"}])
    text = (tmp_path / "events.jsonl").read_text(encoding="utf-8")
    assert "verysecret" not in text
    assert text.count("[secret]") == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_an_error(tmp_path):
    os.symlink("/dev/full", tmp_path / "events.jsonl")
    with pytest.raises(OSError):
        Events(tmp_path / "events.jsonl").message("x")
