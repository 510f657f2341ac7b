"""Merging an adapter into its base model: a full model folder that other programs load."""

import contextlib
import threading
from pathlib import Path

from . import compare, device, embeddings, models, quiet, untie
from .events import Events
from .export import Outcome, check_room, placed, report
from .failure import Failure, first_line
from .job import need
from .stop import Stop

SHARD = 5_000_000_000
"""The largest size of a file of weights, in bytes, unless the job says otherwise."""

TOKENIZER = ("tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json")
"""Files that a tokenizer is loaded from."""


def export(job: dict, events: Events, stop: Stop) -> Outcome:
    """Merges, writes, loads what was written and compares it."""
    to = Path(need(job, "to"))
    with placed(job, to) as partial:
        merged = merged_model(job, partial, events, stop)
        made = {**report(job, partial, **merged), "output": str(to)}
        refuse_different(made, events)
        stop.check()
    return Outcome(str(to), made)


def merged_or_refused(job: dict, folder: Path, events: Events, stop: Stop) -> dict:
    """As ``merged_model``, for a way that needs merged weights: they are refused where they answer
    differently."""
    merged = merged_model(job, folder, events, stop)
    refuse_different({**report(job, None), **merged}, events)
    return merged


def refuse_different(made: dict, events: Events):
    """Raises ``Failure`` if a report says that the merged model answers differently."""
    bad = [one for one in made["checks"] if one["passed"] is False]
    if bad:
        events.send("report", report={**made, "output": None, "files": [], "bytes": 0})
        raise Failure(
            f"The merged model answers differently, so it was not kept: {bad[0]['text']}",
            "Merge in 32 bits, or use the adapter beside its base model.",
        )


def merged_model(job: dict, folder: Path, events: Events, stop: Stop) -> dict:
    """Writes the merged model of a job into a folder that is not there yet. Gives the ``checks``,
    ``notes`` and ``facts`` of its report.

    The weights are in memory once: each module is merged in place.
    """
    import torch

    prepare_libraries()
    base, adapter = need(job, "model", "source"), need(job, "adapter", "source")
    settings = job.get("settings") or {}
    samples = job.get("samples") or []
    notes = []
    events.status("loading", f"Loading {job['model'].get('name') or base}")
    with stop.at_once(), torch.no_grad():
        tokenizer, tokenizer_source = tokenizer_of(base, adapter)
        model, written = load(base, adapter, settings.get("precision"))
        notes += fit_vocabulary(model, adapter, tokenizer, models.tokenizer(base))
        check_room(folder, size_of(model, written))
        events.send("facts", **device.facts(model, "cpu"))
        peft = models.with_adapters(model, {"default": adapter}).eval()
        texts = compare.encoded(tokenizer, samples, model)
    events.status("comparing", "Asking the base model with the adapter")
    with stop.at_once(), torch.no_grad():
        expected = compare.expected(peft, texts, events)
    events.status("merging", "Merging the adapter")
    with stop.at_once(), torch.no_grad():
        if untie.needed(peft):
            untie.embeddings(peft)
            notes.append(
                "The model's head and its embedding were one matrix. The adapter changes them apart, "
                "so the merged model has both."
            )
        model = merge(peft)
        del peft
        narrow(model, written)
    events.status("writing", "Writing the model")
    with stop.at_once(), written_bytes(folder, size_of(model, written), events):
        limit = settings.get("shard_size") or SHARD
        model.save_pretrained(folder, max_shard_size=limit)
        tokenizer.save_pretrained(folder)
        parameters = sum(parameter.numel() for parameter in model.parameters())
        tied = bool(model.config.get_text_config().tie_word_embeddings)
    readable(folder)
    del model
    device.free("cpu")
    events.status("checking", "Loading the merged model and comparing it")
    with stop.at_once(), torch.no_grad():
        checked = compare.check(folder, texts, expected, written, events)
    if job.get("trained_quantized"):
        notes.append(
            "The adapter was trained on quantized weights. It is merged into the weights before they "
            "were quantized, so answers can differ a little from those in training."
        )
    facts = {
        "precision": str(written).removeprefix("torch."),
        "parameters": parameters,
        "tied_embeddings": tied,
        "tokenizer": tokenizer_source,
        "chat_template": bool(getattr(tokenizer, "chat_template", None)),
        **checked.facts,
    }
    return {"checks": [checked.check], "notes": notes, "facts": facts}


def prepare_libraries():
    """The heavy imports, and their quirks. All is computed on the processor: each module once, and
    weights need not fit on a GPU."""
    import peft  # noqa: F401
    import transformers

    transformers.utils.logging.disable_progress_bar()
    quiet.libraries(on_cpu=True)
    device.choose_threads("cpu")


def tokenizer_of(base: str, adapter: str):
    """The adapter's tokenizer, with its chat template, as it was trained; else the base's. And which
    of the two it is."""
    own = Path(adapter).is_dir() and any((Path(adapter) / name).exists() for name in TOKENIZER)
    tokenizer = models.tokenizer(adapter if own else base)
    if own and not getattr(tokenizer, "chat_template", None):
        template = getattr(models.tokenizer(base), "chat_template", None)
        if template:
            tokenizer.chat_template = template
    return tokenizer, "adapter" if own else "model"


def load(base: str, adapter: str, precision: str | None):
    """The base model on the processor, and the precision that is written. Where that is not its own,
    it is widened to 32 bits, so that each weight is rounded once."""
    import torch
    from peft import PeftConfig
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSequenceClassification

    config = models.from_source("model", base, AutoConfig.from_pretrained)
    if getattr(config, "quantization_config", None):
        raise Failure(
            "The base model is quantized, and an adapter merged into such weights answers "
            "differently.",
            "Choose the model that it was quantized from.",
        )
    lora = models.from_source("adapter", adapter, PeftConfig.from_pretrained)
    if lora.is_prompt_learning:
        raise Failure(
            f"An adapter of {lora.peft_type.value} changes no weights, so it can't be merged.",
            "Use it as an adapter, beside its base model.",
        )
    options = {"dtype": "auto"}
    auto = AutoModelForCausalLM
    if models.gives_scores(base, adapter):
        auto = AutoModelForSequenceClassification
        if scores := scores_of(adapter):
            options["num_labels"] = scores
    model = models.from_source("model", base, auto.from_pretrained, **options)
    written = getattr(torch, precision) if precision else model.dtype
    if model.dtype != written:
        for parameter in model.parameters():
            if parameter.is_floating_point():
                parameter.data = parameter.data.float()
    return model, written


def scores_of(adapter: str) -> int | None:
    """How many numbers the head that an adapter brings gives; None where the base has its own."""
    heads = (shape[0] for name, shape in embeddings.whole(adapter) if ".score." in name)
    return next(heads, None)


def fit_vocabulary(model, adapter: str, tokenizer, of_base) -> list[str]:
    """Gives the model as many rows of tokens as the adapter has, where it was trained with more, and
    refuses a tokenizer with added tokens that there are no rows for. Some models are published with
    such tokens, among them Gemma 3 1B: those of the base's own tokenizer are noted."""
    before = embeddings.rows(model) or 0
    rows = embeddings.wanted_by(adapter, before)
    embeddings.resize(model, rows)
    numbers = tokenizer.get_vocab()
    beyond = sorted(token for token, number in numbers.items() if number >= rows)
    if set(beyond) - of_base.get_vocab().keys():
        raise Failure(
            f"The tokenizer has {embeddings.tokens_of(tokenizer):,} tokens, and the model has weights "
            f"for {rows:,}.",
            "Train the embedding of the added tokens too, or take them out of the tokenizer.",
        )
    if not beyond:
        return []
    return [
        f"The base model has no weights for {len(beyond):,} of its tokenizer's tokens, such as "
        f"“{beyond[0]}”. The merged model can't read them either."
    ]


def merge(peft):
    """The base model with the adapter merged into it, module by module."""
    try:
        return peft.merge_and_unload(progressbar=False, safe_merge=True)
    except (ValueError, RuntimeError, NotImplementedError) as error:
        if "NaNs detected" in str(error):
            raise Failure(
                "The merged weights overflow: some are not numbers any more.",
                "The adapter or the base model is damaged; try the training's earlier checkpoint.",
            ) from error
        raise Failure(
            f"This adapter can't be merged: {first_line(str(error))}",
            "Use it as an adapter, beside its base model.",
        ) from error


def narrow(model, written):
    """Rounds the weights to the precision that is written, one after the other."""
    import torch

    for name, parameter in model.named_parameters():
        if not parameter.is_floating_point() or parameter.dtype == written:
            continue
        narrowed = parameter.data.to(written)
        if written == torch.float16 and not torch.isfinite(narrowed).all():
            raise Failure(
                f"The weights of “{name}” are too large for float16.",
                "Choose bfloat16, which has the range of 32 bits.",
            )
        parameter.data = narrowed


def size_of(model, written) -> int:
    """The bytes of a model's weights in a precision."""
    return sum(parameter.numel() for parameter in model.parameters()) * written.itemsize


def readable(folder: Path):
    """Gives files of weights, which are written for their owner alone, the rights of the others."""
    for path in folder.glob("*.safetensors"):
        path.chmod(0o644)


@contextlib.contextmanager
def written_bytes(folder: Path, total: int, events: Events):
    """Inside, says how many bytes of a folder are written."""
    over = threading.Event()

    def watch():
        while not over.wait(0.2):
            done = sum(path.stat().st_size for path in folder.glob("*") if path.exists())
            events.work(min(done, total), total, "bytes")

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
    events.work(total, total, "bytes")
