"""The export to GGUF, the format of llama.cpp: one file with weights, tokenizer and chat template."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from . import gguf_check, gguf_limits, llamacpp, models
from .events import Events
from .export import Outcome, placed, report, temporary
from .failure import Failure
from .job import need
from .stop import Stop

CHECKED_WITH = "f16"
"""The type in which a base is written to check an adapter on it."""


@dataclass
class Made:
    """What is known of a file that was written."""

    checks: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    model: Path | None = None
    """The model's folder that the file was made from, as long as it is there."""


def export(job: dict, events: Events, stop: Stop) -> Outcome:
    """Writes the GGUF file of a job."""
    to = Path(need(job, "to"))
    alone = need(job, "settings").get("of") == "adapter"
    with placed(job, to) as partial, temporary("gguf") as folder:
        folder.mkdir()
        made = (write_adapter if alone else write_model)(job, partial, folder, events, stop)
    warn(made.checks, events)
    written = report(job, to, checks=made.checks, notes=made.notes, facts=made.facts)
    return Outcome(str(to), written)


def write_model(job: dict, to: Path, folder: Path, events: Events, stop: Stop) -> Made:
    """Writes the model, or the model merged with the adapter, and compares it with the original."""
    kind = gguf_limits.kind(need(job, "settings", "type"))
    base = model_folder(need(job, "model", "source"))
    adapter = (job.get("adapter") or {}).get("source")
    architecture = gguf_limits.check_model(base)
    gguf_limits.check_vocabulary(base, adapter)
    if models.gives_scores(str(base), adapter):
        raise Failure(
            "This is a reward model: it gives scores and no answers, so llama.cpp can't run it.",
            "Merge it into a folder, which Transformers loads.",
        )
    if kind.quantizer and not llamacpp.has_quantizer():
        raise Failure(
            f"llama.cpp's quantizer, which writes {kind.name}, does not run on this machine.",
            "Choose q8_0, or f16 and quantize it elsewhere.",
        )
    made = Made(model=base)
    if adapter:
        tokens, rows = gguf_limits.vocabulary(base)
        if tokens <= rows:
            # A tokenizer that can't be converted is found before the long part of the work.
            events.status("converting", "Trying the tokenizer")
            vocabulary = folder / "vocabulary.gguf"
            llamacpp.convert(base, vocabulary, "f16", events, stop, "--vocab-only")
        merge_into(made, folder / "merged", job, events, stop)
        gguf_limits.check_vocabulary(made.model)
    samples = original(made.model, None, job, events, stop)
    events.status("converting", f"Converting to {kind.name}")
    if kind.quantizer:
        unquantized, lossless = folder / "unquantized.gguf", lossless_kind(made.model)
        llamacpp.convert(made.model, unquantized, lossless, events, stop)
        events.status("quantizing", f"Quantizing to {kind.name}")
        replaced = llamacpp.quantize(unquantized, to, kind.ftype, events, stop)
        unquantized.unlink()
        if replaced:
            made.notes.append(
                f"{replaced} tensors have rows that {kind.name} can't divide into its blocks of 256; "
                "they have a wider type."
            )
    else:
        llamacpp.convert(made.model, to, kind.name, events, stop)
    events.status("checking", "Comparing answers with the original's")
    made.checks += gguf_check.checks(to, kind.name, samples, folder, stop)
    made.facts = facts(kind.name, "merged" if adapter else "model", architecture)
    return made


def merge_into(made: Made, folder: Path, job: dict, events: Events, stop: Stop):
    """Merges the job's adapter into a folder that the file is made from. Fails where the merged model
    answers differently."""
    from . import merge

    merged = merge.merged_model(job, folder, events, stop)
    made.checks, made.notes, made.model = merged["checks"], merged["notes"], folder
    for one in made.checks:
        if one["passed"] is False:
            raise Failure(
                f"The merged model answers differently: {one['text']}",
                "Use the adapter beside its base model.",
            )


def write_adapter(job: dict, to: Path, folder: Path, events: Events, stop: Stop) -> Made:
    """Writes the adapter alone, and compares it, on the base, with the original."""
    kind = gguf_limits.kind(need(job, "settings", "type"))
    if kind.quantizer:
        raise Failure("An adapter is not quantized.", "Choose f16, which keeps it small as well.")
    base = model_folder(need(job, "model", "source"))
    adapter = Path(need(job, "adapter", "source"))
    architecture = gguf_limits.check_model(base)
    gguf_limits.check_adapter(adapter_config(adapter))
    gguf_limits.check_vocabulary(base)
    events.status("converting", f"Converting the adapter to {kind.name}")
    llamacpp.convert_adapter(adapter, base, to, kind.name, events, stop)
    made = Made(model=base, facts=facts(kind.name, "adapter", architecture))
    samples = original(base, adapter, job, events, stop)
    events.status("checking", "Converting the base model for the check")
    written = folder / "base.gguf"
    llamacpp.convert(base, written, CHECKED_WITH, events, stop)
    events.status("checking", "Comparing answers with the original's")
    # The base is in 16 bits there, so no more than that can be asked of the adapter on it.
    judged_as = "q8_0" if kind.name == "q8_0" else "bf16"
    made.checks = gguf_check.checks(written, judged_as, samples, folder, stop, to)
    made.notes.append("It works on the base model alone that it was trained on, as GGUF.")
    return made


def original(
    model: Path, adapter: Path | None, job: dict, events: Events, stop: Stop
) -> list[dict]:
    """The answers of the original to the job's samples."""
    events.status("checking", "Asking the original, to compare with")
    texts = job.get("samples") or []
    return gguf_check.original(str(model), adapter and str(adapter), texts, stop)


def facts(kind: str, of: str, architecture: str) -> dict:
    """The report's facts about the file."""
    return {"type": kind, "of": of, "architecture": architecture, "versions": llamacpp.versions()}


def lossless_kind(folder: Path) -> str:
    """The type that holds the weights of a model's folder as they are."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    precision = config.get("dtype") or config.get("torch_dtype")
    return {"float16": "f16", "float32": "f32"}.get(str(precision), "bf16")


def model_folder(source: str) -> Path:
    """The folder of a model: its own, or that of a Hub name in the Hub's local cache."""
    folder = Path(source).expanduser()
    if folder.is_absolute() or source.startswith((".", "~")):
        if not folder.is_dir():
            raise Failure(
                f"The folder of the model, “{source}”, is not there.",
                "Bring it back, or point the studio to where it is now.",
            )
        return folder
    from huggingface_hub import snapshot_download

    left_out = ["*.gguf", "*.onnx", "*.h5", "*.msgpack", "*.ot", "original/*"]
    try:
        return Path(snapshot_download(source, ignore_patterns=left_out))
    except Exception as error:
        raise Failure(
            f"The files of the model “{source}” can't be had: {error}",
            "Look at the name, the connection and the Hub's token, or fetch the model first.",
        ) from error


def adapter_config(adapter: Path) -> dict:
    """The settings of an adapter's folder."""
    path = adapter / "adapter_config.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Failure(f"“{path}” can't be read, so what the adapter is can't be known.") from None


def warn(checks: list[dict], events: Events):
    """A warning for each check that did not pass."""
    for check in checks:
        if check["passed"] is False:
            events.warning(f"A check did not pass: {check['text']}")
