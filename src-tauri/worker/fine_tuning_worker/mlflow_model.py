"""Registering a model in an MLflow registry, as a whole in the transformers flavor.

An adapter is merged first: MLflow would store the base model as PEFT has changed it, and fill what it
then misses with random weights when the model is loaded.
"""

from dataclasses import dataclass
from pathlib import Path

from . import generate, models
from . import job as jobs
from .events import Events
from .export import Outcome, check, report, temporary
from .failure import Failure
from .merge import prepare_libraries
from .mlflow_registry import Registered, reach, refusals, register, withdraw
from .stop import Stop
from .tracking import without_credentials

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


def export(job: dict, events: Events, stop: Stop) -> Outcome:
    """Registers the model, loads it back and asks it; the result is its address."""
    settings = jobs.need(job, "settings")
    uri, name = jobs.need(settings, "uri"), jobs.need(settings, "name")
    samples = [text for text in job.get("samples") or TEXTS if text.strip()] or list(TEXTS)
    with stop.at_once():
        reach(uri)
    with temporary("merged") as folder, temporary("loaded") as loaded:
        source, merged = source_of(job, folder, events, stop)
        events.status("loading", f"Loading {job['model'].get('name') or source}")
        with stop.at_once():
            prepare_libraries()
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
            difference, same = compared(registered, samples, before, loaded)
            made = report(job, loaded)
    made |= {
        "output": registered.address,
        "checks": merged.get("checks", []) + checks(difference, same, len(samples)),
        "notes": merged.get("notes", []),
        "facts": merged.get("facts", {}) | facts(registered, uri),
    }
    if difference > LIMIT or not same:
        withdraw(uri, registered)
        events.send("report", report={**made, "output": None})
        raise Failure(
            f"The registered model answers differently: its logits are off by {difference:.2g}. "
            f"Version {registered.version} was taken back.",
            "The log has the details. Look whether the registry's storage keeps files as they are.",
        )
    return Outcome(registered.address, made)


def source_of(job: dict, folder: Path, events: Events, stop: Stop) -> tuple[str, dict]:
    """The folder or Hub name of the model, and what the report says of it. An adapter is merged into
    its base first, in ``folder``."""
    if not job.get("adapter"):
        return jobs.need(job, "model", "source"), {}
    from .merge import merged_or_refused

    return str(folder), merged_or_refused(job, folder, events, stop)


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


def checks(difference: float, same: bool, texts: int) -> list[dict]:
    """The checks of a registration."""
    logits = f"Logits of the loaded model on {texts} texts."
    return [
        check("logits", difference <= LIMIT, logits, difference, LIMIT),
        check("answers", same, "The loaded model gives the same greedy answers."),
    ]


def facts(registered: Registered, uri: str) -> dict:
    """The registration's own facts."""
    return {
        "uri": without_credentials(uri),
        "name": registered.name,
        "version": registered.version,
        "run_id": registered.run_id,
        "experiment_id": registered.experiment_id,
        "source": registered.source,
    }
