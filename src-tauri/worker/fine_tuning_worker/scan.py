"""What must not leave this machine in files that are published: tokens, its paths, and its user's name.

A file is read once, in blocks, whatever its size and form. What is looked for depends on the file:

- tokens, the home folder and other places of this machine: anywhere in any file;
- absolute paths of any kind, and the user's name as a word: in what programs and people write as
  settings and descriptions. Rows and the vocabulary of a tokenizer have such words of their own.
"""

import getpass
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from .scrub import secrets

BLOCK = 1 << 20
"""Bytes that are read at once."""

LONGEST = 1 << 10
"""Bytes of a block that are looked at again with the next one, so that nothing hides at the border.
Longer than all that is looked for and what must stand around it."""

SHOWN = 80
"""Characters of a place in a file that a finding shows."""

PER_FILE = 10
"""The number of findings of a file that are reported. One is enough to refuse it."""

SETTINGS_SIZE = 4 << 20
"""Bytes up to which a file of settings is parsed as a whole."""

COMMON_NAMES = {
    *("root", "user", "admin", "administrator", "guest", "test"),
    *("ubuntu", "debian", "ec2-user", "azureuser", "runner", "jovyan", "cdsw"),
}
"""User names that are ordinary words, or the same on many machines: they identify no one."""

VOCABULARY = (
    "tokenizer.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "added_tokens.json",
    "tekken.json",
)
"""Files with the words of a tokenizer."""

TOKEN = re.compile(rb"hf_[A-Za-z0-9]{20,}")
ABSOLUTE = re.compile(r"^(?:file://)?(?:/[^/\s]+/[^\s]|~/\S|[A-Za-z]:[\\/]+\S|\\\\[\w.-]+\\)")
HOMES = re.compile(rb"(?:/home/|/Users/|[A-Za-z]:[\\/]{1,2}Users[\\/]{1,2})[\w.@+-]+")
PATH_CHARACTERS = re.compile(rb"[^\s\"'<>|\x00-\x1f]*")


@dataclass(frozen=True)
class Finding:
    """Something that must not be published."""

    path: str
    """The file, as it is called in the repository."""
    kind: str
    """``token``, ``path`` or ``user``."""
    place: str
    """Where in the file, in words: a line, a key or a byte."""
    shown: str
    """What stands there; of a token only its beginning."""

    def sentence(self) -> str:
        """What was found, as one sentence."""
        what = {"token": "a token", "path": "a path of this machine", "user": "your user name"}
        return f"“{self.path}” has {what[self.kind]} at {self.place}: “{self.shown}”."


@dataclass(frozen=True)
class Machine:
    """What is looked for."""

    places: tuple[bytes, ...]
    """Folders of this machine, without a separator at the end."""
    user: str | None
    """The user's name, unless it is an ordinary word."""
    tokens: tuple[bytes, ...]
    """The values of the token variables."""

    @classmethod
    def here(cls, more: Iterable[str] = (), published: str = "") -> "Machine":
        """This machine. ``more`` are further folders of it; ``published`` is the owner of the
        repository, whose name anyone can see."""
        folders = {str(Path.home()), os.path.realpath(Path.home()), *more}
        places = {form for folder in folders for form in forms(folder)}
        return cls(
            tuple(sorted(places)),
            user_name(published),
            tuple(value.encode() for value in secrets()),
        )


def forms(folder: str) -> Iterator[bytes]:
    """The ways in which a folder is written in files."""
    folder = folder.rstrip("/\\")
    if len(Path(folder).parts) < 2:
        # The root of a file system stands in every path.
        return
    yield folder.encode()
    if "\\" in folder:
        yield folder.replace("\\", "\\\\").encode()
        yield folder.replace("\\", "/").encode()


def user_name(published: str = "") -> str | None:
    """The user's name, if it identifies a person."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        return None
    if len(name) < 3 or name.lower() in COMMON_NAMES or name.lower() == published.lower():
        return None
    return name


def scan(path: str, content: Path | bytes, machine: Machine) -> list[Finding]:
    """What must not be published of a file, or of the bytes that are to be one. ``path`` is its name in
    the repository, which is looked at too."""
    found = named(path, machine)
    with io.BytesIO(content) if isinstance(content, bytes) else open(content, "rb") as file:
        found += anywhere(path, file, machine)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        found += in_settings(path, settings_of(path, file, size), machine)
    unique: dict[tuple[str, str], Finding] = {}
    for one in found:
        unique.setdefault((one.kind, one.shown), one)
    return list(unique.values())[:PER_FILE]


def named(path: str, machine: Machine) -> list[Finding]:
    """Findings in the name of a file."""
    if TOKEN.search(path.encode()) or any(token in path.encode() for token in machine.tokens):
        return [Finding("…", "token", "its name", "hf_…")]
    words = re.split(r"[^\w.-]+", path)
    if machine.user and machine.user in words:
        return [Finding(path, "user", "its name", machine.user)]
    return []


def anywhere(path: str, file: BinaryIO, machine: Machine) -> list[Finding]:
    """Tokens and places of this machine, anywhere in a file."""
    found: list[Finding] = []
    held, begin, lines = b"", 0, 1
    is_text = not path.endswith((".safetensors", ".parquet", ".arrow", ".model", ".gz", ".zst"))
    while True:
        block = file.read(BLOCK)
        window = held + block
        last = len(block) < BLOCK
        # What begins in the part that is kept is looked at with all that follows it.
        end = len(window) if last else max(len(window) - LONGEST, 0)
        for offset, kind, shown in hits(window, end, machine):
            line = lines + window.count(b"\n", 0, offset)
            place = f"line {line}" if is_text else f"byte {begin + offset:,}"
            found.append(Finding(path, kind, place, shown))
            if len(found) >= PER_FILE:
                return found
        if last:
            return found
        if is_text:
            lines += window.count(b"\n", 0, end)
        # What stands before a place decides whether it is one: some bytes are kept for that.
        begin += end
        held = window[end:]


def hits(window: bytes, end: int, machine: Machine) -> Iterator[tuple[int, str, str]]:
    """The tokens and places that begin before ``end``."""
    for offset in each(window, b"hf_", end):
        if TOKEN.match(window, offset):
            yield offset, "token", "hf_…"
    for token in machine.tokens:
        for offset in each(window, token, end):
            yield offset, "token", token[:3].decode(errors="replace") + "…"
    for place in machine.places:
        for offset in each(window, place, end):
            if is_place(window, offset, place):
                yield offset, "path", excerpt(window, offset)
    for name in (b"/home/", b"/Users/", b"\\Users\\"):
        for offset in each(window, name, end):
            # On Windows the drive stands before it, and JSON doubles the separators.
            starts = [offset - 2, offset - 3] if name[:1] == b"\\" else [offset]
            for start in starts:
                match = HOMES.match(window, start) if start >= 0 else None
                if match and os.path.isdir(match[0].decode(errors="replace")):
                    yield start, "path", excerpt(window, start)


def each(window: bytes, wanted: bytes, end: int) -> Iterator[int]:
    """Where ``wanted`` begins, before ``end``."""
    offset = window.find(wanted)
    while 0 <= offset < end:
        yield offset
        offset = window.find(wanted, offset + 1)


def is_place(window: bytes, offset: int, place: bytes) -> bool:
    """Whether a folder is named there, with something in it: a tokenizer may have the word “/root”."""
    after = window[offset + len(place) : offset + len(place) + 3]
    return bool(re.match(rb"[/\\]{1,2}[\w.@+-]", after))


def excerpt(window: bytes, offset: int) -> str:
    """The path that begins there."""
    text = PATH_CHARACTERS.match(window, offset, offset + SHOWN)[0].decode(errors="replace")
    return text.replace("\\\\", "\\")


def settings_of(path: str, file: BinaryIO, size: int) -> bytes:
    """The part of a file in which programs write settings: all of a small one, the header of
    safetensors."""
    if not path.endswith(".safetensors"):
        return file.read() if size <= SETTINGS_SIZE else b""
    length = int.from_bytes(file.read(8), "little")
    return file.read(length) if length <= min(size, 100_000_000) else b""


def in_settings(path: str, head: bytes, machine: Machine) -> list[Finding]:
    """Absolute paths, and the user's name, in a file of settings or a description."""
    name = path.rsplit("/", 1)[-1]
    if name in VOCABULARY:
        return []
    if name.endswith((".safetensors", ".json")):
        try:
            value = json.loads(head)
        except ValueError:
            return []
        if name.endswith(".safetensors"):
            value = value.get("__metadata__", {}) if isinstance(value, dict) else {}
        elif isinstance(value, list):
            # Rows of a dataset.
            return []
        return [one for key, text in texts(value) for one in of_value(path, key, text, machine)]
    if name.endswith(".md"):
        return in_description(path, head.decode(errors="replace"), machine)
    return []


def texts(value, key: str = "") -> Iterator[tuple[str, str]]:
    """The texts of parsed JSON, each with the keys that lead to it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, key)


def of_value(path: str, key: str, text: str, machine: Machine) -> Iterator[Finding]:
    """Findings in the value of a setting."""
    if ABSOLUTE.match(text) or text.encode() in machine.places:
        yield Finding(path, "path", f"“{key}”", text[:SHOWN])
    elif machine.user and is_word(machine.user, text):
        yield Finding(path, "user", f"“{key}”", machine.user)


def in_description(path: str, text: str, machine: Machine) -> list[Finding]:
    """Findings in the lines of a description."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for word in re.split(r"[\s\"'`()<>\[\]]+", line):
            if re.match(r"(?:/home/|/Users/|/root/|/mnt/|/media/|~/|[A-Za-z]:\\)\S", word):
                found.append(Finding(path, "path", f"line {number}", word[:SHOWN]))
        if machine.user and is_word(machine.user, line):
            found.append(Finding(path, "user", f"line {number}", machine.user))
    return found


def is_word(word: str, text: str) -> bool:
    """Whether a word stands in a text by itself."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def as_json(found: Iterable[Finding]) -> list[dict]:
    """Findings with their sentences."""
    return [{**asdict(one), "text": one.sentence()} for one in found]
