"""Holds the estimates of memory to what trainings take: ``measure_memory.py FOLDER [CASE …]``.

Trains models of more than 100 million random parameters for two steps each, on the processor, and
prints a table. Fails where an estimate is further off than 10 %. FOLDER takes models and run folders.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
# A fork of a process that has used several threads of OpenMP has none.
os.environ["OMP_NUM_THREADS"] = "1"

import measured_memory as measured  # noqa: E402
import sized_model  # noqa: E402

ALLOWED = 0.1
"""How far an estimate may be off."""

TRIES = 3
"""How often a case is measured whose estimate is further off at first."""


def model_of(name: str, folder: Path) -> Path:
    """The folder of a model, made if it is not there."""
    model = measured.known("cases")["models"][name]
    place = folder / f"model-{name}"
    if not (place / "tokenizer.json").exists():
        made = sized_model.make(model["config"], model["dtype"], place)
        assert made == model["parameters"], f"{name} has {made} parameters"
    return place


def compare(name: str, folder: Path, device: str) -> dict:
    """Measures a case and compares it with its estimate: once where they are close, else three times,
    of which the middle one counts. How a processor's memory is used up differs from time to time."""
    case = measured.known("cases")["cases"][name]
    estimate = measured.known("estimates")[name][device]
    found = []
    while not found or (len(found) < TRIES and abs(off(estimate, found[0])) > ALLOWED):
        found.append(measured_once(name, case, folder, device))
    middle = sorted(found, key=lambda one: one["bytes"])[len(found) // 2]
    far = off(estimate, middle)
    tries = [one["bytes"] for one in found]
    passed = abs(far) <= ALLOWED
    return {
        "case": name,
        "estimate": estimate,
        **middle,
        "tries": tries,
        "off": far,
        "passed": passed,
    }


def off(estimate: int, found: dict) -> float:
    """How far an estimate is off, as a share of what was measured."""
    return estimate / found["bytes"] - 1


def measured_once(name: str, case: dict, folder: Path, device: str) -> dict:
    run = folder / "runs" / name
    shutil.rmtree(run, ignore_errors=True)
    try:
        return measured.measure(case, model_of(case["model"], folder), run, device)
    finally:
        shutil.rmtree(run / "output", ignore_errors=True)


def line(found: dict) -> str:
    megabytes = [f"{found[name] / 1e6:,.0f}" for name in ("estimate", "bytes")]
    return f"| {found['case']} | {megabytes[0]} | {megabytes[1]} | {found['off']:+.1%} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="*")
    given = parser.parse_args()
    folder = given.folder.resolve()
    cases = measured.known("cases")["cases"]
    names = given.cases or [name for name, case in cases.items() if "cpu" in case["on"]]
    # Models are made before the stack is measured.
    for name in names:
        model_of(cases[name]["model"], folder)
    shutil.rmtree(folder / "stack", ignore_errors=True)
    measured.use_stack(folder / "stack", "cpu")
    print(f"The stack takes {measured.resident() / 1e6:,.0f} MB.\n", flush=True)
    print("| Training | Estimate, MB | Measured, MB | Off |\n|---|---|---|---|", flush=True)
    found = []
    for name in names:
        found.append(compare(name, folder, "cpu"))
        print(line(found[-1]), flush=True)
    (folder / "memory.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    off = [one["case"] for one in found if not one["passed"]]
    print(f"\ntests: {len(found) - len(off)} passed, {len(off)} failed")
    if off:
        sys.exit(f"Further off than {ALLOWED:.0%}: {', '.join(off)}")


if __name__ == "__main__":
    main()
