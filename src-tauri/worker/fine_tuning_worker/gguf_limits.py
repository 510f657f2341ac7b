"""What can be written as GGUF, and what would come out wrong there, from ``gguf.json``."""

import json
from dataclasses import dataclass
from pathlib import Path

from . import embeddings
from .failure import Failure

KNOWN = json.loads(Path(__file__).with_name("gguf.json").read_text(encoding="utf-8"))

MERGE_INSTEAD = "Export the merged model instead."


@dataclass(frozen=True)
class Kind:
    """A type that the weights of a GGUF file can have."""

    name: str
    bits: float
    """Of a weight, about."""
    ftype: int
    """llama.cpp's number for it."""
    quantizer: bool
    """Whether llama.cpp's quantizer writes it, and not the converter."""


KINDS = {one["name"]: Kind(**one) for one in KNOWN["types"]}


def kind(name: str) -> Kind:
    """The type of this name."""
    if name not in KINDS:
        raise Failure(f"“{name}” is no type of GGUF files; they are {', '.join(KINDS)}.")
    return KINDS[name]


def check_model(folder: Path) -> str:
    """The architecture of a model's folder. Raises ``Failure`` if it can't be converted."""
    path = folder / "config.json"
    try:
        named = json.loads(path.read_text(encoding="utf-8")).get("architectures") or []
    except (OSError, ValueError):
        raise Failure(
            f"“{path}” can't be read, so the model's architecture is not known."
        ) from None
    if not named:
        raise Failure(f"“{path}” names no architecture, so the model can't be converted to GGUF.")
    if named[0] not in KNOWN["architectures"]:
        raise Failure(
            f"Models of the architecture {named[0]} can't be converted to GGUF: llama.cpp's converter "
            "does not know it.",
            "The merged model as a folder runs in Transformers.",
        )
    return named[0]


def check_vocabulary(folder: Path, adapter: str | None = None):
    """Raises ``Failure`` if a model's tokenizer has tokens that neither the model nor the ``adapter``
    that is merged into it has weights for: llama.cpp would not load the file."""
    tokens, rows = vocabulary(folder)
    if adapter:
        rows = embeddings.wanted_by(adapter, rows)
    if tokens > rows:
        raise Failure(
            f"The tokenizer has {tokens:,} tokens, and the model has weights for {rows:,}, so "
            "llama.cpp can't load it.",
            "Take the tokens without weights out of the tokenizer, or train the embedding of the added "
            "tokens too.",
        )


def vocabulary(folder: Path) -> tuple[int, int]:
    """How many tokens a model's tokenizer has, and for how many there are weights; none of both where
    the files do not say. The tokens of a SentencePiece file that are beyond the weights are left out by
    the converter."""
    if (folder / "tokenizer.model").is_file():
        return 0, 0
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # The converter says what it lacks.
        return 0, 0
    rows = config.get("vocab_size") or (config.get("text_config") or {}).get("vocab_size")
    pieces = (tokenizer.get("model") or {}).get("vocab") or []
    numbers = pieces.values() if isinstance(pieces, dict) else range(len(pieces))
    added = (token["id"] for token in tokenizer.get("added_tokens") or [])
    return (1 + max([*numbers, *added], default=-1), rows) if rows else (0, 0)


def check_adapter(config: dict):
    """Raises ``Failure`` if a GGUF file can't hold this adapter, or would hold another one."""
    for law in KNOWN["adapter"]:
        if config.get(law["setting"]) not in law["allowed"]:
            raise Failure(
                f"This adapter has {law['what']} ({law['setting']}), which a GGUF file of an adapter "
                "can't hold.",
                MERGE_INSTEAD,
            )
    targets = config.get("target_modules") or []
    targets = [targets] if isinstance(targets, str) else targets
    for name in targets:
        if name.rsplit(".", 1)[-1] in KNOWN["embeddings"]:
            raise Failure(
                f"This adapter changes the embeddings ({name}), which a GGUF file of an adapter can't "
                "hold.",
                MERGE_INSTEAD,
            )
