"""Evaluates combinations of models and adapters over one set of rows."""

import contextlib
import gc
import json
from pathlib import Path

from . import chat, device, generate, models, quantize, quiet, scores
from . import job as jobs
from .events import Events
from .failure import Failure
from .results import Results
from .shared import SHARED
from .stop import Stop
from .tracking import Tracking

BATCH: int = SHARED["evaluation"]["batch_size"]


def evaluate(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Carries out an evaluation, of which nothing is registered. A base model that several
    combinations share is loaded once."""
    asked = rows_of(root)
    groups: dict[str, list[dict]] = {}
    for one in jobs.need(job, "combinations"):
        base = [jobs.need(one, "model", "source"), one.get("quantization")]
        groups.setdefault(json.dumps(base, sort_keys=True), []).append(one)
    tracking = Tracking(events, job)
    with stop.at_once():
        prepare_libraries()
        kind = device.kind()
        quiet.libraries(on_cpu=kind == "cpu")
        device.choose_threads(kind)
        given = [combinations[0].get("quantization") for combinations in groups.values()]
        for one in given:
            quantize.config(one, kind)
        quantize.tell_speed(next(filter(quantize.wanted, given), None), kind, events)
    for number, combinations in enumerate(groups.values()):
        left = [one for one in combinations if not finished(one, asked, events)]
        if left:
            group(left, asked, job, kind, number == 0, events, stop, tracking)
    return {}


def prepare_libraries():
    """The heavy imports, and their quirks."""
    import torch  # noqa: F401
    import transformers

    transformers.utils.logging.disable_progress_bar()


def rows_of(root: Path) -> list[dict]:
    """The evaluation set. What a conversation expects as its last answer is its completion. Raises
    ``Failure`` for what can't be evaluated."""
    asked = list(jobs.rows(root / "eval.jsonl"))
    if not asked:
        raise Failure("There are no rows to evaluate on.", "Choose more rows, or another dataset.")
    for row in asked:
        if "expected" in row:
            row["completion"] = row.pop("expected")
        if not isinstance(row.get("prompt"), str) or not isinstance(row.get("completion"), str):
            raise Failure(
                f"Row {row.get('row')} has no prompt or nothing to compare the answer with.",
                "Choose a prompt with a template for the input and one for the completion.",
            )
    if len({row.get("row") for row in asked}) < len(asked):
        raise Failure("Two rows of eval.jsonl have the same number.")
    return asked


def finished(one: dict, asked: list[dict], events: Events) -> bool:
    """Whether an earlier attempt has this combination's results; says so again if it has."""
    if jobs.attempt() == 1:
        return False
    known = any(event.get("job") == one["job"] for event in events.earlier("result"))
    with Results(Path(one["folder"]), again=True) as results:
        whole = results.finished() and all(row["row"] in results.rows for row in asked)
    if known and whole:
        tell(events, one, "scored", len(asked), len(asked))
    return known and whole


def group(
    combinations: list[dict],
    asked: list[dict],
    job: dict,
    kind: str,
    first: bool,
    events: Events,
    stop: Stop,
    tracking: Tracking,
):
    """The combinations of one base model."""
    named = {one["job"]: f"adapter_{n}" for n, one in enumerate(combinations) if one.get("adapter")}
    source = combinations[0]["model"]["source"]
    for one in combinations:
        tell(events, one, "loading", 0, len(asked))
    events.status("model", f"Loading {combinations[0]['model'].get('name') or source}")
    with stop.at_once():
        tokenizer = generate.ready(models.tokenizer(source))
        model = models.base(source, kind, combinations[0].get("quantization"))
        configs = {
            one["job"]: generate.settings(
                job.get("generation") or {}, model, tokenizer, chat.template(one)
            )
            for one in combinations
        }
        adapters = {
            named[one["job"]]: jobs.need(one, "adapter", "source")
            for one in combinations
            if one.get("adapter")
        }
        model = models.with_adapters(model, adapters).eval()
    if first:
        events.send("facts", **device.facts(model, kind))
    events.status("generating", "Letting the models answer")
    for one in combinations:
        with answering(model, named.get(one["job"])):
            config = configs[one["job"]]
            combination(one, model, tokenizer, config, asked, job, events, stop, tracking)
    del model
    gc.collect()
    if kind == "cuda":
        import torch

        torch.cuda.empty_cache()


@contextlib.contextmanager
def answering(model, adapter: str | None):
    """Inside, the model answers with one adapter, or as the base it is."""
    if adapter is not None:
        model.set_adapter(adapter)
        yield
    elif hasattr(model, "disable_adapter"):
        with model.disable_adapter():
            yield
    else:
        yield


def combination(one, model, tokenizer, config, asked, job, events, stop, tracking):
    """Generates and scores what is still missing of one combination, and writes its results."""
    from transformers import set_seed

    set_seed(job["seed"] if isinstance(job.get("seed"), int) else 42)
    rouge = scores.Rouge()
    size = max(1, int(job.get("batch_size") or BATCH))
    rendered = one.get("chat") is not None
    total = len(asked)
    with Results(Path(one["folder"]), again=jobs.attempt() > 1) as results:
        missing = [row for row in asked if row["row"] not in results.rows]
        tell(events, one, "generating", total - len(missing), total)
        for start in range(0, len(missing), size):
            batch = missing[start : start + size]
            stop.check()
            made = generate.answers(
                model,
                tokenizer,
                [row["prompt"] for row in batch],
                config,
                lambda: stop.requested,
                rendered=rendered,
            )
            # What was cut short is no answer: the batch is done again by a retry.
            stop.check()
            results.add([scored(r, a, rouge) for r, a in zip(batch, made, strict=True)])
            if events.throttled(one["job"]):
                tell(events, one, "generating", total - len(missing) + start + len(batch), total)
        totals = scores.aggregates([results.rows[row["row"]] for row in asked])
        table = results.write_tables(asked, totals)
    track(one, job, totals, table, events, tracking)
    events.send("result", job=one["job"], metrics=totals)
    tell(events, one, "scored", total, total)


def scored(row: dict, answer: generate.Answer, rouge: scores.Rouge) -> dict:
    """The line of ``rows.jsonl`` for one answer."""
    return {
        "row": row["row"],
        "output": answer.text,
        "exact_match": scores.exact_match(answer.text, row["completion"]),
        **rouge(answer.text, row["completion"]),
        "latency": answer.latency,
        "input_tokens": answer.input_tokens,
        "output_tokens": answer.output_tokens,
    }


def track(one: dict, job: dict, totals: dict, table: dict, events: Events, tracking: Tracking):
    """Logs a combination's numbers and table to MLflow."""
    adapter = (one.get("adapter") or {}).get("name")
    model = one["model"].get("name") or one["model"]["source"]
    earlier = [event for event in events.earlier("mlflow") if event.get("job") == one["job"]]
    tracking.start(
        f"{model}-{adapter}".replace("/", "-"),
        job=one["job"],
        run_id=earlier[-1]["run_id"] if earlier else None,
    )
    tracking.params(
        {
            "model": model,
            "adapter": str(adapter),
            "seed": job.get("seed"),
            "rows": len(table["outputs"]),
            **{
                f"generation.{name}": value for name, value in (job.get("generation") or {}).items()
            },
        }
    )
    tracking.metrics(totals)
    tracking.table(table, "eval_results_table.json")
    tracking.end()


def tell(events: Events, one: dict, status: str, done: int, total: int):
    """Says how far a combination is."""
    events.send("combination", job=one["job"], status=status, done=done, total=total)
