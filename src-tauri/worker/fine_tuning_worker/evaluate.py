"""Evaluates combinations of models and adapters over one set of rows."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

from . import asked, device, embeddings, generate, measures, models, padding, quantize, quiet, room
from . import job as jobs
from .asked import Evaluation
from .events import Events
from .failure import Failure
from .results import Results
from .stop import Stop
from .tracking import Tracking, log_combination


def evaluate(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Carries out an evaluation, of which nothing is registered. A base model that several
    combinations share is loaded once."""
    kind = asked.kind_of(job)
    combinations = jobs.need(job, "combinations")
    files = {asked.file_of(one) for one in combinations}
    rows = {name: asked.rows_of(root, name, kind) for name in files}
    tracking = Tracking(events, job)
    groups: dict[str, list[dict]] = {}
    with stop.at_once():
        prepare_libraries()
        on = device.kind()
        quiet.libraries(on_cpu=on == "cpu")
        device.choose_threads(on)
        for one in combinations:
            quantize.config(one.get("quantization"), on)
            groups.setdefault(loaded_with(one), []).append(one)
        given = [one.get("quantization") for one in combinations]
        quantize.report_speed(next(filter(quantize.wanted, given), None), on, events)
        rows = room.fitting(job, kind, rows, events)
    evaluation = Evaluation(job, kind, rows, on, events, stop, tracking)
    for number, members in enumerate(groups.values()):
        left = [one for one in members if not finished(one, evaluation)]
        if left:
            group(left, evaluation, number == 0)
    return {}


def loaded_with(one: dict) -> str:
    """A text that combinations have in common whose base model is loaded once."""
    base = [
        jobs.need(one, "model", "source"),
        one.get("quantization"),
        models.gives_scores(one["model"]["source"], (one.get("adapter") or {}).get("source")),
    ]
    return json.dumps(base, sort_keys=True)


def prepare_libraries():
    """The heavy imports, and their quirks."""
    import torch  # noqa: F401
    import transformers

    transformers.utils.logging.disable_progress_bar()


def finished(one: dict, evaluation: Evaluation) -> bool:
    """Whether an earlier attempt has this combination's results; says so again if it has."""
    if jobs.attempt() == 1:
        return False
    events, rows = evaluation.events, evaluation.rows(one)
    known = any(event.get("job") == one["job"] for event in events.earlier("result"))
    with Results(Path(one["folder"]), evaluation.kind.layout, again=True) as results:
        whole = results.finished() and all(row["row"] in results.rows for row in rows)
    if known and whole:
        report(events, one, "scored", len(rows), len(rows))
    return known and whole


def group(combinations: list[dict], evaluation: Evaluation, first: bool):
    """The combinations of one base model."""
    events, on = evaluation.events, evaluation.device
    source = combinations[0]["model"]["source"]
    name = combinations[0]["model"].get("name") or source
    bits = combinations[0].get("quantization")
    named = {one["job"]: f"adapter_{n}" for n, one in enumerate(combinations) if one.get("adapter")}
    adapters = {
        named[one["job"]]: jobs.need(one, "adapter", "source")
        for one in combinations
        if one.get("adapter")
    }
    reward = models.gives_scores(source, next(iter(adapters.values()), None))
    if reward and evaluation.kind is asked.ANSWERED:
        [scoring, *_] = [one["adapter"] for one in combinations if one.get("adapter")] or [
            combinations[0]["model"]
        ]
        raise Failure(
            f"“{scoring.get('name') or scoring['source']}” gives scores for answers and writes none.",
            "Evaluate a reward model on preferences, with a chosen and a rejected answer.",
        )
    for one in combinations:
        report(events, one, "loading", 0, len(evaluation.rows(one)))
    with evaluation.stop.at_once():
        tokenizer = generate.ready(models.tokenizer(source))
    before = {
        one["job"]: measures.likelihoods_before(one, tokenizer, evaluation)
        for one in combinations
        if one.get("reference") and not one.get("adapter") and not reward
    }
    events.status("model", f"Loading {name}")
    with evaluation.stop.at_once():
        model = models.base(source, on, bits, reward)
        padding.apply(tokenizer, embeddings.rows(model))
        model = models.with_adapters(model, adapters).eval()
        measured = {
            one["job"]: measures.of(
                one, model, tokenizer, reward, before.get(one["job"]), evaluation
            )
            for one in combinations
        }
    if first:
        events.send("facts", **device.facts(model, on))
    events.status(evaluation.kind.status, evaluation.kind.message)
    for one in combinations:
        with answering(model, named.get(one["job"])):
            combination(one, measured[one["job"]], evaluation)
    del model, measured
    device.free(on)


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


def combination(one: dict, measured: Callable[[list[dict]], list[dict]], evaluation: Evaluation):
    """Measures what is still missing of one combination, and writes its results."""
    from transformers import set_seed

    job, kind, events, stop = evaluation.job, evaluation.kind, evaluation.events, evaluation.stop
    set_seed(job["seed"] if isinstance(job.get("seed"), int) else 42)
    rows = evaluation.rows(one)
    total, size = len(rows), evaluation.size
    with Results(Path(one["folder"]), kind.layout, again=jobs.attempt() > 1) as results:
        missing = [row for row in rows if row["row"] not in results.rows]
        report(events, one, kind.status, total - len(missing), total)
        for start in range(0, len(missing), size):
            batch = missing[start : start + size]
            stop.check()
            made = measured(batch)
            # What was cut short is no answer: the batch is done again by a retry.
            stop.check()
            results.add(made)
            if events.throttled(one["job"]):
                report(events, one, kind.status, total - len(missing) + start + len(batch), total)
        totals = kind.aggregates([results.rows[row["row"]] for row in rows])
        table = results.write_tables(rows, totals)
    track(one, total, totals, table, evaluation)
    events.send("result", job=one["job"], metrics=totals)
    report(events, one, "scored", total, total)


def track(one: dict, rows: int, totals: dict, table: dict, evaluation: Evaluation):
    """Logs a combination's numbers and table to MLflow."""
    job, events = evaluation.job, evaluation.events
    earlier = [event for event in events.earlier("mlflow") if event.get("job") == one["job"]]
    if evaluation.kind is not asked.ANSWERED:
        job = {**job, "generation": None}
    run_id = earlier[-1]["run_id"] if earlier else None
    log_combination(evaluation.tracking, job, one, rows, totals, table, run_id)


def report(events: Events, one: dict, status: str, done: int, total: int):
    """Reports how far a combination is."""
    events.send("combination", job=one["job"], status=status, done=done, total=total)
