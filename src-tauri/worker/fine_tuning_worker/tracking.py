"""MLflow: the run's numbers where the field looks for them.

A tracking server that can't be reached is no reason to lose a run: the worker says so once and goes
on without it.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from . import job as jobs
from .events import Events
from .failure import first_line


class Tracking:
    """One MLflow run after another, in one experiment."""

    def __init__(self, events: Events, job: dict, wanted: bool = True):
        settings = job.get("tracking") or {}
        self._events = events
        self.run_id: str | None = None
        self.experiment = settings.get("experiment") or job.get("id") or "Default"
        self.uri = os.environ.get("MLFLOW_TRACKING_URI") or settings.get("uri")
        self.on = wanted and bool(self.uri)
        if self.on:
            os.environ["MLFLOW_TRACKING_URI"] = self.uri
            os.environ.setdefault("MLFLOW_FLATTEN_PARAMS", "TRUE")

    def start(self, name: str, job: str | None = None, run_id: str | None = None):
        """Opens a run, or an earlier one again, and reports its identity."""
        self.do(self._start, name, job, run_id)

    def _start(self, name: str, job: str | None, run_id: str | None):
        import mlflow

        mlflow.set_tracking_uri(self.uri)
        if run_id:
            run = mlflow.start_run(run_id=run_id)
        else:
            run = mlflow.start_run(
                experiment_id=experiment_id(mlflow, self.uri, self.experiment), run_name=name
            )
        self.report(run.info.experiment_id, run.info.run_id, job)

    def report(self, experiment: str, run: str, job: str | None = None):
        """Reports the identity of a run."""
        self.run_id = run
        self._events.send(
            "mlflow",
            uri=without_credentials(self.uri),
            experiment_id=experiment,
            run_id=run,
            job=job,
        )

    def params(self, values: dict):
        """Logs what the run was made with."""
        self.do(lambda mlflow: mlflow.log_params(values), module=True)

    def metrics(self, values: dict[str, float]):
        """Logs numbers."""
        self.do(lambda mlflow: mlflow.log_metrics(values), module=True)

    def table(self, columns: dict[str, list], name: str):
        """Logs a table, columns by name."""
        self.do(lambda mlflow: mlflow.log_table(columns, name), module=True)

    def end(self, status: str = "FINISHED"):
        """Closes the open run; ``status`` is MLflow's: FINISHED, FAILED or KILLED."""
        self.do(lambda mlflow: mlflow.active_run() and mlflow.end_run(status), module=True)

    def do(self, call, *arguments, module: bool = False):
        """Calls what logs, with the module ``mlflow`` if asked for, while MLflow can be reached."""
        if not self.on:
            return
        try:
            if module:
                import mlflow

                arguments = (mlflow,)
            call(*arguments)
        except Exception as error:
            self.give_up(error)

    def give_up(self, error: Exception):
        """Goes on without tracking, and says so."""
        self.on = False
        print(f"MLflow: {error!r}", flush=True)
        self._events.warning(
            f"MLflow can't be reached, so the run goes on without it: {first_line(str(error))}"
        )

    def callback(self):
        """The Trainer callback that logs a training: transformers' own, for as long as it works."""
        from transformers.integrations import MLflowCallback

        tracking = self

        class Guarded(MLflowCallback):
            def on_train_begin(self, *arguments, **named):
                tracking.do(lambda: super(Guarded, self).on_train_begin(*arguments, **named))

            def on_log(self, *arguments, **named):
                tracking.do(lambda: super(Guarded, self).on_log(*arguments, **named))

            def on_save(self, *arguments, **named):
                tracking.do(lambda: super(Guarded, self).on_save(*arguments, **named))

            def on_train_end(self, *arguments, **named):
                tracking.do(lambda: super(Guarded, self).on_train_end(*arguments, **named))

        return Guarded()


def log_combination(
    tracking: Tracking,
    job: dict,
    one: dict,
    rows: int,
    totals: dict,
    table: dict[str, list],
    run_id: str | None = None,
):
    """Logs a combination of an evaluation: its settings, numbers and table. ``run_id`` is an earlier
    run to go on in."""
    adapter = (one.get("adapter") or {}).get("name")
    model = one["model"].get("name") or one["model"]["source"]
    tracking.start(f"{model}-{adapter}".replace("/", "-"), job=one["job"], run_id=run_id)
    generation = job.get("generation") or {}
    tracking.params(
        {
            "model": model,
            "adapter": str(adapter),
            "seed": job.get("seed"),
            "rows": rows,
            **{f"generation.{name}": value for name, value in generation.items()},
        }
    )
    tracking.metrics({name: value for name, value in totals.items() if value is not None})
    tracking.table(table, "eval_results_table.json")
    tracking.end()


def experiment_id(mlflow, uri: str, name: str) -> str:
    """The experiment of that name, which is made if there is none."""
    found = mlflow.get_experiment_by_name(name)
    if found is not None:
        return found.experiment_id
    place = None
    if uri.startswith("sqlite:////"):
        # Without this, MLflow would put files into the folder the process happens to be in.
        database = Path(uri.removeprefix("sqlite:///"))
        place = (database.parent / "mlflow-artifacts").as_uri()
    return mlflow.create_experiment(name, artifact_location=place)


def earlier_run(events: Events) -> str | None:
    """The MLflow run of an earlier attempt, to go on in."""
    if jobs.attempt() == 1:
        return None
    found = events.earlier("mlflow")
    return found[-1]["run_id"] if found else None


def without_credentials(uri: str) -> str:
    """An address without the name and password it may carry."""
    parts = urlsplit(uri)
    if "@" not in parts.netloc:
        return uri
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
