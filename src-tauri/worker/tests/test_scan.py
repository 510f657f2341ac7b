"""What must not be published is found wherever it stands."""

import json
import os
import random
import struct

import pytest

import fine_tuning_worker.scan as scanning
from fine_tuning_worker.scan import BLOCK, LONGEST, Machine, scan

HOME = "/home/annabelle"
TOKEN = "hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345"
MACHINE = Machine(
    places=(HOME.encode(), b"/work/studio"), user="annabelle", tokens=(b"sekret-value",)
)
PLANTED = {
    "token": [TOKEN, "sekret-value"],
    "path": [f"{HOME}/models/x", "/work/studio/runs/1"],
}
FILES = (
    "adapter_model.safetensors",
    "config.json",
    "tokenizer.json",
    "README.md",
    "rows.parquet",
    "rows.csv",
    "deep/er/NOTICE",
)


def kinds(path, content, machine=MACHINE):
    return {one.kind for one in scan(path, content, machine)}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", PLANTED)
def test_it_is_found_at_every_place_of_every_file(tmp_path, monkeypatch, name, kind):
    block = 4 * LONGEST
    monkeypatch.setattr(scanning, "BLOCK", block)
    chance = random.Random(0)
    size = 3 * block
    edges = [block, block - LONGEST, 2 * block - LONGEST, 2 * block, 2 * block - 2 * LONGEST]
    path = tmp_path / "file"
    for planted in PLANTED[kind]:
        near = [edge - back for edge in edges for back in range(len(planted) + 1)]
        places = [0, size - len(planted), *near, *(chance.randrange(size - 50) for _ in range(20))]
        for place in places:
            content = bytearray(b"\x9b" * size)
            content[place : place + len(planted)] = planted.encode()
            path.write_bytes(content)
            found = scan(name, path, MACHINE)
            # A path may name the user, which descriptions are searched for.
            assert {one.kind for one in found} - {"user"} == {kind}, (planted, place)
            reported = " ".join(one.sentence() for one in found)
            assert TOKEN not in reported and "sekret-value" not in reported


def test_random_bytes_have_nothing(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(os.urandom(4 * BLOCK))
    assert scan("model.safetensors", path, MACHINE) == []


def test_the_line_is_named(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" * 700_000 + f"x,{HOME}/y\n")
    [found] = scan("rows.csv", path, MACHINE)
    assert found.place == "line 700001"
    assert found.shown == f"{HOME}/y"


@pytest.mark.parametrize(
    "value", ["/models/llama", "~/models/llama", "C:\\Models\\llama", "file:///srv/llama", HOME]
)
def test_a_setting_names_no_absolute_path(value):
    text = json.dumps({"a": {"b": [value]}}).encode()
    [found] = scan("config.json", text, MACHINE)
    assert (found.kind, found.place) == ("path", "“a.b”")


@pytest.mark.parametrize("value", ["org/model", "/think", "a / b", "{{ '/a' }}", "</s>", "1/2"])
def test_a_setting_that_is_no_path_is_left_alone(value):
    assert scan("config.json", json.dumps({"a": value}).encode(), MACHINE) == []


def test_the_header_of_weights_is_read(tmp_path):
    header = json.dumps({"__metadata__": {"from": "/models/llama"}}).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(10)
    assert kinds("model.safetensors", content) == {"path"}


def test_the_user_is_named_in_no_description_or_setting():
    assert kinds("README.md", b"Made by annabelle.") == {"user"}
    assert kinds("config.json", b'{"author": "annabelle"}') == {"user"}
    assert kinds("annabelle/rows.csv", b"a\n") == {"user"}


def test_words_of_rows_and_vocabularies_are_their_own():
    text = b'{"vocab": {"annabelle": 1, "/root": 2, "/home": 3}}'
    assert scan("tokenizer.json", text, MACHINE) == []
    assert scan("rows.csv", b"annabelle,/usr/bin/python\n", MACHINE) == []
    assert scan("README.md", b"annabelles max_length and/or", MACHINE) == []


def test_a_name_that_anyone_can_see_is_no_secret(monkeypatch):
    monkeypatch.setenv("LOGNAME", "annabelle")
    assert Machine.here().user == "annabelle"
    assert Machine.here(published="Annabelle").user is None
    monkeypatch.setenv("LOGNAME", "root")
    assert Machine.here().user is None


def test_the_home_folder_of_another_person_of_this_machine_is_found(tmp_path):
    homes = [f"/home/{name}" for name in os.listdir("/home")] if os.path.isdir("/home") else []
    for home in homes:
        assert kinds("rows.csv", f"{home}/x".encode()) == {"path"}
    assert scan("rows.csv", b"/home/nobody-has-this-name/x", MACHINE) == []
