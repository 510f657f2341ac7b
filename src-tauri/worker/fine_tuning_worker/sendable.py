"""Which files of a model, an adapter or a dataset are published, and as what.

Only files that are named here are sent. The state of a training, its arguments, checkpoints and logs
are not among them, nor are pickled weights, which run code where they are loaded.
"""

import fnmatch
import json
import re
from dataclasses import dataclass
from pathlib import Path

from .failure import Failure

TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tekken.json",
    "chat_template.jinja",
    "additional_chat_templates/*.jinja",
    "preprocessor_config.json",
    "processor_config.json",
)
TERMS = ("LICENSE*", "NOTICE*", "USE_POLICY*")
ADAPTER = ("adapter_config.json", "adapter_model.safetensors", *TOKENIZER, *TERMS)
MODEL = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "model-*-of-*.safetensors",
    "model.safetensors.index.json",
    *TOKENIZER,
    *TERMS,
)
ROWS = re.compile(
    r"\.(csv|tsv|json|jsonl|ndjson|parquet|arrow)(\.(gz|zst|bz2|xz|lz4))?$", re.IGNORECASE
)

CARD = "README.md"

BASE_KEYS = {
    "adapter_config.json": "base_model_name_or_path",
    "config.json": "_name_or_path",
    "tokenizer_config.json": "name_or_path",
}
"""Keys under which libraries write where something was loaded from."""


@dataclass
class Sent:
    """A file of the repository."""

    path: str
    """Its name in the repository."""
    content: Path | bytes
    """The file, or what is sent in its stead."""
    rewritten: str | None = None
    """How it differs from the file it was made of, in a sentence."""

    def size(self) -> int:
        """Bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


@dataclass
class Sending:
    """What is sent of a source, and what is left."""

    files: list[Sent]
    left_out: list[str]


def choose(what: str, source: str, base: str | None = None, card: str | None = None) -> Sending:
    """The files of an ``adapter``, a ``model`` or a ``dataset``, or a ``card`` alone. ``base`` is the
    Hub name of the model that an adapter belongs to or a model was made of.

    Raises ``Failure`` if there is nothing to publish, or if an adapter names a folder as its base and
    no ``base`` is known.
    """
    if what == "card":
        return Sending([Sent(CARD, (card or "").encode())], [])
    place = Path(source)
    if not place.exists():
        raise Failure(
            f"“{source}” is not there.", "Bring it back, or point the studio to where it is now."
        )
    if what == "dataset":
        sending = rows_of(place)
    else:
        sending = weights_of(place, ADAPTER if what == "adapter" else MODEL, what)
    for sent in sending.files:
        name_base(sent, base)
    if card is not None:
        # It is sent in place of the folder's own.
        sending.files = [sent for sent in sending.files if sent.path != CARD]
        sending.left_out = [name for name in sending.left_out if name != CARD]
        sending.files.append(Sent(CARD, card.encode()))
    sending.files.sort(key=lambda sent: sent.path)
    return sending


def weights_of(folder: Path, allowed: tuple[str, ...], what: str) -> Sending:
    """The files of a model or an adapter."""
    sending = Sending([], [])
    for path in files_in(folder):
        name = path.relative_to(folder).as_posix()
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in allowed):
            sending.files.append(Sent(name, path))
        else:
            sending.left_out.append(name)
    if not any(sent.path.endswith(".safetensors") for sent in sending.files):
        raise Failure(
            f"“{folder}” has no weights of the {what} in safetensors.",
            "Pickled weights (.bin) are not published: they run code where they are loaded. Load the "
            f"{what} and save it again with safetensors.",
        )
    return sending


def rows_of(place: Path) -> Sending:
    """The files of a dataset: one file, or a folder in the Hub's layout."""
    if place.is_file():
        return Sending([Sent(place.name, place)], [])
    sending = Sending([], [])
    for path in files_in(place):
        name = path.relative_to(place).as_posix()
        if ROWS.search(name) or any(
            fnmatch.fnmatchcase(name, pattern) for pattern in (CARD, *TERMS)
        ):
            sending.files.append(Sent(name, path))
        else:
            sending.left_out.append(name)
    if not any(ROWS.search(sent.path) for sent in sending.files):
        raise Failure(
            f"“{place}” has no files with rows.", "Choose a folder with the dataset's files."
        )
    return sending


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and its subfolders, hidden ones left out, in order."""
    if not folder.is_dir():
        raise Failure(f"“{folder}” is no folder.")
    found = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            found.append(path)
    return found


def name_base(sent: Sent, base: str | None):
    """Replaces a folder of this machine, as the place of the base model, by its name on the Hub."""
    key = BASE_KEYS.get(sent.path)
    if key is None:
        return
    try:
        value = json.loads(
            sent.content.read_bytes() if isinstance(sent.content, Path) else sent.content
        )
    except ValueError as error:
        raise Failure(f"“{sent.path}” is not JSON: {error}.") from None
    named = value.get(key) if isinstance(value, dict) else None
    if not isinstance(named, str) or named == base or (not is_place(named) and base is None):
        return
    if base is not None and (sent.path == "adapter_config.json" or is_place(named)):
        value[key] = base
        sent.rewritten = f"“{key}” is “{base}”."
    elif sent.path == "adapter_config.json":
        raise Failure(
            "The adapter names a folder of this machine as its base model, and the base model's name "
            "on the Hub is not known.",
            "Say which model of the Hub it belongs to, as organization/name.",
        )
    elif is_place(named):
        del value[key]
        sent.rewritten = f"“{key}”, a folder of this machine, is left out."
    else:
        return
    sent.content = (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def is_place(name: str) -> bool:
    """Whether a model is named by a folder: a name of the Hub is one word, or two with a slash."""
    return (
        not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name) or name.startswith(".") or Path(name).is_dir()
    )
