import json
import subprocess
import sys

import pytest
from run_folder import environment


def probe(*arguments, isolated=False):
    run = subprocess.run(
        [
            sys.executable,
            *(["-S"] if isolated else []),
            "-m",
            "fine_tuning_worker",
            "probe",
            *arguments,
        ],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def test_an_interpreter_without_packages_says_what_is_missing():
    report = probe(isolated=True)
    assert report["python"] == ".".join(map(str, sys.version_info[:3]))
    assert report["executable"] == sys.executable
    assert report["packages"]["torch"] is None and "torch" in report["missing"]
    assert "bitsandbytes" in report["packages"] and "bitsandbytes" not in report["missing"]
    assert report["accelerators"] == []


@pytest.mark.stack
def test_the_whole_stack_is_found():
    report = probe()
    assert report["missing"] == []
    assert report["packages"]["torch"][0].isdigit()
    assert all({"kind", "name", "memory_bytes"} <= set(one) for one in report["accelerators"])
