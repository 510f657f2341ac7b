"""Where exports put what they write: in its place at once, or nowhere."""

import errno
import os
import subprocess

import pytest

from fine_tuning_worker import export
from fine_tuning_worker.failure import Failure, explain


def fill(partial, files=("config.json", "model.safetensors")):
    partial.mkdir()
    for name in files:
        (partial / name).write_text(partial.name)


def placed(place, identity="a"):
    return export.placed({"id": identity}, place)


def names(folder):
    return sorted(os.listdir(folder))


def test_a_folder_takes_its_place_when_it_is_whole(tmp_path):
    with placed(tmp_path / "deep/merged") as partial:
        fill(partial)
        assert not (tmp_path / "deep/merged").exists()
    assert names(tmp_path / "deep") == ["merged"]


@pytest.mark.parametrize("what", ["folder", "file"])
def test_of_two_exports_to_one_place_the_first_stays_whole(what, tmp_path):
    place = tmp_path / "merged"

    def write(partial):
        fill(partial) if what == "folder" else partial.write_text(partial.name)

    with pytest.raises(Failure, match="already holds something"), placed(place, "a") as first:
        write(first)
        with placed(place, "b") as second:
            write(second)
    assert names(tmp_path) == ["merged"]
    read = place / "model.safetensors" if what == "folder" else place
    assert read.read_text() == ".merged.b.partial"


def test_what_is_put_there_in_the_last_moment_stays(tmp_path, monkeypatch):
    place = tmp_path / "merged"
    replace = os.replace

    def late(partial, to):
        to.mkdir()
        (to / "notes.txt").write_text("mine")
        replace(partial, to)

    monkeypatch.setattr(os, "replace", late)
    with pytest.raises(Failure, match="already holds something"), placed(place) as partial:
        fill(partial)
    assert names(tmp_path) == ["merged"] and names(place) == ["notes.txt"]


@pytest.fixture
def disk(tmp_path):
    """A disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        subprocess.run(made, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk, on Linux")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_file_that_is_put_there_in_the_last_moment_stays(tmp_path, monkeypatch):
    place = tmp_path / "model.gguf"
    link = os.link

    def late(partial, to):
        to.write_text("mine")
        link(partial, to)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(Failure, match="already holds something"), placed(place) as partial:
        partial.write_text("made")
    assert (names(tmp_path), place.read_text()) == (["model.gguf"], "mine")


def test_a_file_takes_its_place_where_it_can_have_one_name_alone(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    with placed(tmp_path / "model.gguf") as partial:
        partial.write_text("made")
    assert (names(tmp_path), (tmp_path / "model.gguf").read_text()) == (["model.gguf"], "made")


def test_a_disk_that_fills_is_said_and_empty_again(disk):
    with pytest.raises(OSError) as full, placed(disk / "merged") as partial:
        fill(partial)
        (partial / "more.safetensors").write_bytes(bytes(2 << 20))
    assert full.value.errno == errno.ENOSPC
    assert explain(full.value).message == "The disk is full."
    assert names(disk) == []
    (disk / "again").write_bytes(bytes(900_000))
