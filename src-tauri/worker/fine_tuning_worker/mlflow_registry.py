"""A model registry of MLflow: what can be asked of it, and its refusals in sentences."""

import contextlib
import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from .events import Events
from .failure import Failure, explain, first_line
from .stop import Stop
from .tracking import experiment_id, without_credentials

EXPERIMENT = "Registered models"
"""The MLflow experiment in which the run of a registration is."""

TASK = "text-generation"

REQUIREMENTS = ("torch", "transformers", "accelerate", "safetensors", "sentencepiece", "mlflow")
"""Packages that loading takes, pinned to the versions here as far as they are installed."""


@dataclass(frozen=True)
class Registered:
    """A version of a registered model."""

    name: str
    version: str
    run_id: str
    experiment_id: str
    source: str

    @property
    def address(self) -> str:
        """How MLflow names it."""
        return f"models:/{self.name}/{self.version}"


def reach(uri: str):
    """Raises ``Failure`` if the registry can't be used, before anything slow."""
    import mlflow

    own = os.environ.get("MLFLOW_TRACKING_URI", "")
    if without_credentials(own) == uri:
        # That of the environment may carry a name and a password, which no file has.
        uri = own
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    with refusals(uri, None):
        mlflow.MlflowClient().search_registered_models(max_results=1)


def register(
    job: dict,
    model,
    tokenizer,
    given: dict,
    samples: list[str],
    answers: list[str],
    events: Events,
    stop: Stop,
) -> Registered:
    """Logs the model to an MLflow run of its own and registers it under its name."""
    import mlflow
    from mlflow.models import infer_signature

    settings = job["settings"]
    uri, name = settings["uri"], settings["name"]
    client = mlflow.MlflowClient()
    with (
        stop.at_once(),
        mlflow.start_run(
            experiment_id=experiment_id(mlflow, uri, EXPERIMENT), run_name=name
        ) as run,
    ):
        events.send(
            "mlflow",
            uri=without_credentials(uri),
            experiment_id=run.info.experiment_id,
            run_id=run.info.run_id,
            job=None,
        )
        mlflow.log_params(parameters(job))
        logged = mlflow.transformers.log_model(
            transformers_model={"model": model, "tokenizer": tokenizer},
            name="model",
            task=TASK,
            signature=infer_signature(samples[:1], answers[:1], params=plain(given) or None),
            pip_requirements=requirements(),
            model_config=given or None,
            registered_model_name=name,
        )
    made = str(logged.registered_model_version)
    if settings.get("description"):
        client.update_model_version(name, made, description=settings["description"])
        if not client.get_registered_model(name).description:
            client.update_registered_model(name, description=settings["description"])
    found = client.get_model_version(name, made)
    return Registered(name, made, run.info.run_id, run.info.experiment_id, found.source)


def parameters(job: dict) -> dict:
    """What the model was made of, for the MLflow run."""
    made = {"base_model": job["model"].get("name") or job["model"]["source"]}
    if job.get("adapter"):
        made["adapter"] = job["adapter"].get("name") or job["adapter"]["source"]
    return made


def plain(given: dict) -> dict:
    """The settings that a signature can describe: one value each."""
    return {
        key: value for key, value in given.items() if isinstance(value, (bool, int, float, str))
    }


def requirements() -> list[str]:
    """The packages that loading takes, in the versions that are installed here."""
    found = []
    for name in REQUIREMENTS:
        with contextlib.suppress(PackageNotFoundError):
            # A build's own mark, as in 2.15.0+cpu, is in no registry.
            found.append(f"{name}=={version(name).partition('+')[0]}")
    return found


def withdraw(uri: str, registered: Registered):
    """Takes the version back."""
    import mlflow

    with refusals(uri, registered.name):
        mlflow.MlflowClient().delete_model_version(registered.name, registered.version)


@contextlib.contextmanager
def refusals(uri: str, name: str | None):
    """Says in one sentence what MLflow answers."""
    from mlflow.exceptions import MlflowException

    place = without_credentials(uri)
    try:
        yield
    except Failure:
        raise
    except MlflowException as error:
        code = error.error_code
        if code in ("UNAUTHENTICATED", "PERMISSION_DENIED") or "403" in str(error)[:200]:
            raise Failure(
                f"The MLflow server at {place} refuses: {first_line(error.message)}",
                "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
            ) from error
        if "Max retries exceeded" in str(error) or "Connection" in str(error):
            raise Failure(
                f"The MLflow server at {place} can't be reached.",
                "Look at the address, and whether the server runs.",
            ) from error
        what = f"“{name}”" if name else "this"
        raise Failure(
            f"The MLflow registry at {place} refuses {what}: {first_line(error.message)}",
            "Look at the name and the address.",
        ) from error
    except OSError as error:
        raise explain(error) from error
