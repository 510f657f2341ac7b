"""A training script of the user's own, with the same contract around it."""

import os
import sys
from pathlib import Path

from . import child, outputs
from . import job as jobs
from .events import Events
from .failure import Failure
from .stop import Stop


def run_script(root: Path, job: dict, events: Events, stop: Stop) -> dict:
    """Runs the script with this interpreter. Gives the ``adapter``'s folder if it left one.

    The script finds the run folder in FTS_RUN_FOLDER, the file of its config (if it has one) in
    FTS_USER_CONFIG, the file to append events to in FTS_EVENTS, and the folder to save an adapter
    into in FTS_ADAPTER_FOLDER; that folder gets its final name when the script has ended well.
    """
    script = Path(jobs.need(job, "script", "path"))
    if not script.is_file():
        raise Failure(f"The script “{script}” is not there.", "Choose a script that exists.")
    adapter = Path(jobs.need(job, "output", "adapter"))
    outputs.check_free(adapter)
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "FTS_RUN_FOLDER": str(root),
        "FTS_EVENTS": str(events.path),
    }
    environment.pop("FTS_USER_CONFIG", None)
    config = job["script"].get("config")
    if config is not None:
        path = root / "user_config"
        path.write_text(config, encoding="utf-8")
        environment["FTS_USER_CONFIG"] = str(path)
    events.status("training", f"Running {script.name}")
    with outputs.placed(adapter) as folder:
        environment["FTS_ADAPTER_FOLDER"] = str(folder)
        child.run([sys.executable, str(script)], stop, environment, lambda _: None, script.name)
        kept = (folder / outputs.ADAPTER).exists()
    if not kept:
        events.warning(f"{script.name} left no adapter, so none can be registered.")
    return {"adapter": str(adapter)} if kept else {}
