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


STATUS = {"succeeded": "FINISHED", "stopped": "KILLED"}
"""The status in MLflow of a run that ended so; any other end is a failure."""


def carry_out(folder: str) -> int:
    """Logs the run in that folder as far as it is not logged. Returns the exit code."""
    root = Path(folder).resolve()
    job, events = jobs.load(root), Events(root / "events.jsonl")
    tracking = Tracking(events, job)
    if tracking.on:
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
    """A run of MLflow for each combination that has a result. One whose result is newer than what is
    logged of it goes on in its run."""
    results, logged = {}, {}
    for event in events.earlier("result", "mlflow"):
        name = event.get("job")
        if event["event"] == "mlflow":
            logged[name] = event["run_id"]
            results.pop(name, None)
        else:
            results[name] = event.get("metrics") or {}
    for one in job["combinations"]:
        table = columns(Path(one["folder"]) / TABLE)
        if one["job"] in results and table is not None:
            rows, run_id = len(next(iter(table.values()), [])), logged.get(one["job"])
            log_combination(tracking, job, one, rows, results[one["job"]], table, run_id)


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
    """One run of MLflow with the times of the real one. It goes on in the run in which an earlier
    attempt is logged."""
    from mlflow.entities import Metric
    from mlflow.tracking import MlflowClient

    known, told = unlogged(events)
    if not told:
        return
    client = MlflowClient(tracking.uri)
    experiment, run = known or begun(job, told, client, tracking)
    metrics = [
        Metric(name, value, milliseconds(event), event.get("step") or 0)
        for event in told
        for name, value in (event.get("values") or {}).items()
        if isinstance(value, (int, float))
    ]
    for at in range(0, len(metrics), MOST_AT_ONCE):
        client.log_batch(run, metrics=metrics[at : at + MOST_AT_ONCE])
    status = STATUS.get(told[-1].get("status"), "FAILED")
    client.set_terminated(run, status, end_time=milliseconds(told[-1]))
    tracking.report(experiment, run)


def unlogged(events: Events) -> tuple[tuple[str, str] | None, list[dict]]:
    """The experiment and the run in which the last attempt is logged that is, and the events of the
    attempts after it."""
    known, told, attempt = None, [], None
    for event in events.earlier("started", "metrics", "mlflow", "ended"):
        if event["event"] == "mlflow":
            known, told, attempt = (event["experiment_id"], event["run_id"]), [], None
        elif event["event"] == "started":
            told += attempt or []
            attempt = [event]
        elif attempt is not None:
            attempt.append(event)
    return known, told + (attempt or [])


def begun(job: dict, told: list[dict], client, tracking: Tracking) -> tuple[str, str]:
    """A new run with the settings of the job, and its experiment."""
    import mlflow
    from mlflow.entities import Param

    mlflow.set_tracking_uri(tracking.uri)
    experiment = experiment_id(mlflow, tracking.uri, tracking.experiment)
    name, start = job.get("name") or job["id"], milliseconds(told[0])
    run = client.create_run(experiment, start_time=start, run_name=name).info.run_id
    settings = dict(job.get("training_arguments") or {})
    settings |= {f"lora/{name}": value for name, value in (job.get("lora") or {}).items()}
    params = [Param(name, str(value)[:LONGEST_PARAM]) for name, value in settings.items()]
    for at in range(0, len(params), MOST_PARAMS):
        client.log_batch(run, params=params[at : at + MOST_PARAMS])
    return experiment, run


def milliseconds(event: dict) -> int:
    """The time of an event, as MLflow counts it: since 1970."""
    return int(datetime.datetime.fromisoformat(event["time"]).timestamp() * 1000)
