"""What a run elsewhere measured reaches the MLflow of this machine as if it had been logged there."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import run_folder

pytestmark = pytest.mark.stack

TABLE = "eval_results_table.json"


def moved(folder, to, **job):
    """A copy of a run folder whose run could not log, with a server of its own."""
    shutil.copytree(folder, to)
    events = [event for event in run_folder.events(to) if event["event"] != "mlflow"]
    run_folder.write_lines(to / "events.jsonl", events)
    written = json.loads((to / "job.json").read_text(encoding="utf-8"))
    written["tracking"]["uri"] = f"sqlite:///{to / 'replayed.db'}"
    (to / "job.json").write_text(json.dumps({**written, **job}), encoding="utf-8")
    return to


def log(folder):
    command = [sys.executable, "-m", "fine_tuning_worker", "log", str(folder)]
    subprocess.run(command, check=True, env=run_folder.environment(), timeout=300)
    return run_folder.events(folder, "mlflow")


def runs(reported):
    """The runs of MLflow that were reported, by their jobs."""
    from mlflow.tracking import MlflowClient

    return {
        event.get("job"): (client := MlflowClient(event["uri"]), client.get_run(event["run_id"]))
        for event in reported
    }


def history(client, run, name):
    """The steps and the values of a measure, with numbers rounded as the window shows them."""
    found = client.get_metric_history(run.info.run_id, name)
    return [(one.step, round(one.value, 4)) for one in found]


def test_a_training_has_the_same_curves_as_one_that_logged(recipe, trained, tmp_path):
    there = moved(trained, tmp_path / "run")
    reported = log(there)
    [(client, run)] = runs(reported).values()
    [(real_client, real)] = runs(run_folder.events(trained, "mlflow")).values()
    measured = [(event["step"], event["values"]) for event in run_folder.events(trained, "metrics")]
    names = {name for _, values in measured for name in values}
    assert {"loss", "eval_loss"} <= names
    for name in names:
        wanted = [(step, round(values[name], 4)) for step, values in measured if name in values]
        assert history(client, run, name) == wanted
    shared = set(run.data.metrics) & set(real.data.metrics)
    assert {"loss", "eval_loss"} <= shared
    for name in shared:
        assert history(client, run, name) == history(real_client, real, name)
    assert (run.info.run_name, run.info.status) == (real.info.run_name, "FINISHED")
    assert abs(run.info.start_time - real.info.start_time) < 600_000
    assert run.data.params["learning_rate"] == real.data.params["learning_rate"]
    assert run.data.params["lora/r"] == str(recipe["lora"]["r"])
    # It is logged once.
    assert log(there) == reported


def test_attempts_that_did_not_succeed_are_logged_with_their_end_in_one_run(tmp_path):
    tracking = {"uri": f"sqlite:///{tmp_path / 'replayed.db'}", "experiment": "attempts"}
    folder = run_folder.training(tmp_path / "run", "acme/tiny", [], [], tracking=tracking)
    seconds = iter(range(60))

    def happen(event, **fields):
        time = f"2026-01-01T00:00:{next(seconds):02}.000Z"
        with open(folder / "events.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps({"time": time, "event": event, **fields}) + "\n")

    steps = []
    for attempt, (end, status) in enumerate(
        [("failed", "FAILED"), ("stopped", "KILLED"), (None, "FAILED"), ("succeeded", "FINISHED")]
    ):
        happen("started", attempt=attempt + 1)
        steps.append(attempt + 1)
        happen("metrics", step=steps[-1], values={"loss": 1.0})
        if end:
            happen("ended", status=end)
        told = log(folder)
        assert len(told) == attempt + 1
        [(client, run)] = runs(told).values()
        assert (run.info.run_id, run.info.status) == (told[0]["run_id"], status)
        assert [step for step, _ in history(client, run, "loss")] == steps
        # It is logged once.
        assert log(folder) == told


def test_an_evaluation_has_the_same_numbers_and_table(recipe, trained, tmp_path):
    model = {"id": "m", "name": "org/tiny", "source": recipe["model"]}
    adapter = {"id": "a", "name": "labels", "source": str(trained / "output" / "adapter")}
    folder = run_folder.evaluation(
        tmp_path / "evaluated",
        recipe["held_out"][:4],
        [{"job": "tuned", "model": model, "adapter": adapter}],
        generation=recipe["generation"],
    )
    run_folder.run(folder)
    [(real_client, real)] = runs(run_folder.events(folder, "mlflow")).values()
    there = moved(folder, tmp_path / "there")
    [(client, run)] = runs(log(there)).values()
    assert run.data.params == real.data.params
    assert run.data.metrics == pytest.approx(real.data.metrics)
    tables = [
        json.loads(Path(one.download_artifacts(of.info.run_id, TABLE)).read_text(encoding="utf-8"))
        for one, of in ((client, run), (real_client, real))
    ]
    assert tables[0]["columns"] == tables[1]["columns"]
    assert len(tables[0]["data"]) == len(tables[1]["data"]) == 4
    for replayed, logged in zip(tables[0]["data"], tables[1]["data"], strict=True):
        assert [str(cell) for cell in replayed] == [str(cell) for cell in logged]


@pytest.mark.parametrize(
    "more",
    [{"training_arguments": {"report_to": "none"}}, {"framework": "script"}],
    ids=["not to MLflow", "a script"],
)
def test_what_would_not_log_here_is_not_logged(tmp_path, more):
    folder = run_folder.training(tmp_path / "run", "acme/tiny", [], [], **more)
    lines = [
        {"event": "started", "time": "2026-01-01T00:00:00.000Z"},
        {
            "event": "metrics",
            "time": "2026-01-01T00:00:01.000Z",
            "step": 1,
            "values": {"loss": 1.0},
        },
    ]
    run_folder.write_lines(folder / "events.jsonl", lines)
    assert log(folder) == []
