"""Logs to MLflow what a run elsewhere measured and could not log itself."""

import csv
import datetime
from pathlib import Path

from . import job as jobs
from .arguments import reporters
from .events import Events
from .results import TABLE
from .tracking import Tracking, experiment_id, log_combination

MOST_AT_ONCE = 1000
"""Metrics in one request, the most that MLflow takes."""
MOST_PARAMS = 100
"""Parameters in one request, the most that MLflow takes."""
LONGEST_PARAM = 6000
"""Characters of a parameter, the most that MLflow takes."""


def carry_out(folder: str) -> int:
    """Logs the run in that folder unless it is logged. Returns the exit code."""
    root = Path(folder).resolve()
    job, events = jobs.load(root), Events(root / "events.jsonl")
    tracking = Tracking(events, job)
    if tracking.on and not events.earlier("mlflow"):
        if job["kind"] == "evaluation":
            combinations(job, events, tracking)
        elif wants_mlflow(job):
            tracking.do(training, job, events, tracking)
    return 0


def wants_mlflow(job: dict) -> bool:
    """Whether the studio's own trainer was to log to MLflow. A script logs by itself, or not at all."""
    wanted, _ = reporters(dict(job.get("training_arguments") or {}))
    return wanted and job.get("framework", "legacy") == "legacy"


def combinations(job: dict, events: Events, tracking: Tracking):
    """A run of MLflow for each combination that has a result."""
    results = {event["job"]: event.get("metrics") or {} for event in events.earlier("result")}
    for one in job["combinations"]:
        table = columns(Path(one["folder"]) / TABLE)
        if one["job"] in results and table is not None:
            rows = len(next(iter(table.values()), []))
            log_combination(tracking, job, one, rows, results[one["job"]], table)


def columns(path: Path) -> dict[str, list] | None:
    """A table by its columns, with numbers as numbers."""
    if not path.exists():
        return None
    with open(path, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return {name: [value_of(row[at]) for row in rows] for at, name in enumerate(header)}


def value_of(text: str):
    """What a cell holds."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text or None


def training(job: dict, events: Events, tracking: Tracking):
    """One run of MLflow with the times of the real one."""
    import mlflow
    from mlflow.entities import Metric, Param
    from mlflow.tracking import MlflowClient

    mlflow.set_tracking_uri(tracking.uri)
    client = MlflowClient(tracking.uri)
    started, ended = events.earlier("started"), events.earlier("ended")
    experiment = experiment_id(mlflow, tracking.uri, tracking.experiment)
    run = client.create_run(
        experiment,
        start_time=milliseconds(started[0]) if started else None,
        run_name=job.get("name") or job["id"],
    ).info
    settings = dict(job.get("training_arguments") or {})
    settings |= {f"lora/{name}": value for name, value in (job.get("lora") or {}).items()}
    params = [Param(name, str(value)[:LONGEST_PARAM]) for name, value in settings.items()]
    for at in range(0, len(params), MOST_PARAMS):
        client.log_batch(run.run_id, params=params[at : at + MOST_PARAMS])
    metrics = [
        Metric(name, value, milliseconds(event), event.get("step") or 0)
        for event in events.earlier("metrics")
        for name, value in (event.get("values") or {}).items()
        if isinstance(value, (int, float))
    ]
    for at in range(0, len(metrics), MOST_AT_ONCE):
        client.log_batch(run.run_id, metrics=metrics[at : at + MOST_AT_ONCE])
    client.set_terminated(
        run.run_id, "FINISHED", end_time=milliseconds(ended[-1]) if ended else None
    )
    tracking.report(experiment, run.run_id)


def milliseconds(event: dict) -> int:
    """The time of an event, as MLflow counts it: since 1970."""
    return int(datetime.datetime.fromisoformat(event["time"]).timestamp() * 1000)
