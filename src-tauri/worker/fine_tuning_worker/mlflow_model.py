"""Registering a model in an MLflow registry, as a whole in the transformers flavor.

An adapter is merged first: MLflow would store the base model as PEFT has changed it, and fill what it
then misses with random weights when the model is loaded.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import device, generate, models, quiet
from . import job as jobs
from .events import Events
from .failure import Failure
from .mlflow_registry import Registered, reach, refusals, register, withdraw
from .outputs import sha256
from .stop import Stop
from .tracking import without_credentials

MERGED = "merged"
LOADED = "loaded-back"
"""Folders in the run folder: the merged model, and the registered one as it is loaded again."""

LIMIT = 1e-4
"""How much logits of the loaded model may differ: it has the same weights in the same precision."""

PLACES = 16
"""The last tokens of a text whose logits are compared; of all of them they would fill the memory."""

NEW_TOKENS = 16
"""Tokens that are generated for the comparison of answers."""

TEXTS = (
    "The capital of France is",
    "Once upon a time there was",
    "def add(a, b):\n    return",
    "Question: What is 2 + 2?\nAnswer:",
)
"""What is asked where the job has no samples."""


@dataclass(frozen=True)
class Answered:
    """What a model makes of the samples."""

    logits: list
    texts: list[str]


def export(job: dict, events: Events, stop: Stop) -> dict:
    """Registers the model, loads it back, asks it, and gives its address as ``output``."""
    settings = jobs.need(job, "settings")
    uri, name = jobs.need(settings, "uri"), jobs.need(settings, "name")
    root = Path.cwd()
    samples = [text for text in job.get("samples") or TEXTS if text.strip()] or list(TEXTS)
    try:
        with stop.at_once():
            reach(uri)
        source = source_of(job, root / MERGED, events, stop)
        events.status("model", f"Loading {job['model'].get('name') or source}")
        with stop.at_once():
            kind = device.kind()
            quiet.libraries(on_cpu=kind == "cpu")
            device.choose_threads(kind)
            if models.gives_scores(source, None):
                raise Failure(
                    "This model gives scores and writes no text, so it can't be registered for text "
                    "generation.",
                    "Register a model that writes answers.",
                )
            tokenizer, model = models.tokenizer(source), whole(source)
            given = generation(settings, model, tokenizer)
            before = answered(model, tokenizer, samples)
        events.status("registering", f"Registering “{name}”")
        with refusals(uri, name):
            registered = register(job, model, tokenizer, given, samples, before.texts, events, stop)
        del model, tokenizer
        events.status("checking", "Loading the registered model and asking it")
        with stop.at_once(), refusals(uri, name):
            difference, same = compared(registered, samples, before, root / LOADED)
            files = stored(root / LOADED)
        events.send("report", report=report(registered, settings, difference, same, samples, files))
        if difference > LIMIT or not same:
            withdraw(uri, registered)
            raise Failure(
                f"The registered model answers differently: its logits are off by {difference:.2g}. "
                f"Version {registered.version} was taken back.",
                "The log has the details. Look whether the registry's storage keeps files as they are.",
            )
        return {"output": registered.address}
    finally:
        for folder in (MERGED, LOADED):
            shutil.rmtree(root / folder, ignore_errors=True)


def source_of(job: dict, merged: Path, events: Events, stop: Stop) -> str:
    """The folder or Hub name of the model; an adapter is merged into its base first."""
    if not job.get("adapter"):
        return jobs.need(job, "model", "source")
    from .merge import merged_model

    shutil.rmtree(merged, ignore_errors=True)
    merged_model(job, merged, events, stop)
    return str(merged)


def whole(source: str):
    """The model in the precision of its files, on the processor: it is stored as it is."""
    from transformers import AutoModelForCausalLM

    model = models.from_source("model", source, AutoModelForCausalLM.from_pretrained, dtype="auto")
    return model.eval()


def generation(settings: dict, model, tokenizer) -> dict:
    """The settings of answers, checked; those that the model has anyway if none are given."""
    given = {
        key: value for key, value in (settings.get("generation") or {}).items() if value is not None
    }
    given = {key: value for key, value in given.items() if key not in generate.OURS}
    generate.settings(given, model, tokenizer)
    return given


def answered(model, tokenizer, samples: list[str]) -> Answered:
    """The logits of the last tokens of each sample, and greedy answers."""
    import torch

    logits, texts = [], []
    limit = (models.context_length(model) or 1024) - NEW_TOKENS
    for text in samples:
        rows = tokenizer(text, return_tensors="pt", truncation=True, max_length=max(limit, 1))
        with torch.inference_mode():
            logits.append(model(input_ids=rows["input_ids"]).logits[0, -PLACES:].float())
            made = model.generate(
                input_ids=rows["input_ids"],
                attention_mask=rows["attention_mask"],
                max_new_tokens=NEW_TOKENS,
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
            )
        texts.append(
            tokenizer.decode(made[0, rows["input_ids"].shape[1] :], skip_special_tokens=True)
        )
    return Answered(logits, texts)


def compared(
    registered: Registered, samples: list[str], before: Answered, folder: Path
) -> tuple[float, bool]:
    """The largest difference of logits between the model and the registered one as it is loaded from
    the registry, and whether it gives the same greedy answers."""
    import mlflow

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = mlflow.transformers.load_model(
        registered.address, dst_path=str(folder), return_type="components"
    )
    after = answered(parts["model"].eval().to("cpu"), parts["tokenizer"], samples)
    pairs = zip(before.logits, after.logits, strict=True)
    largest = max(
        float((one - other).abs().max()) if one.shape == other.shape else float("inf")
        for one, other in pairs
    )
    return largest, before.texts == after.texts


def stored(folder: Path) -> list[dict]:
    """The files that the registry has, as they were loaded back."""
    return [
        {
            "path": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def report(
    registered: Registered,
    settings: dict,
    difference: float,
    same: bool,
    samples: list[str],
    files: list[dict],
) -> dict:
    """What the studio keeps of it."""
    return {
        "way": "mlflow",
        "output": registered.address,
        "bytes": sum(file["bytes"] for file in files),
        "files": files,
        "checks": [
            {
                "name": "logits",
                "passed": difference <= LIMIT,
                "value": difference,
                "limit": LIMIT,
                "text": f"Logits of the loaded model on {len(samples)} texts.",
            },
            {
                "name": "answers",
                "passed": same,
                "value": None,
                "limit": None,
                "text": "The loaded model gives the same greedy answers.",
            },
        ],
        "notes": [],
        "facts": {
            "uri": without_credentials(settings["uri"]),
            "name": registered.name,
            "version": registered.version,
            "run_id": registered.run_id,
            "experiment_id": registered.experiment_id,
            "source": registered.source,
        },
    }
