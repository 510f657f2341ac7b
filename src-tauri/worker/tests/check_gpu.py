"""Checks the worker on a CUDA device: ``check_gpu.py [CHECK …] [--wheels FOLDER] [--out FILE]``.

Needs a Python from 3.11 with a CUDA torch, and nothing of the studio but this folder and the worker's
package. What else is missing comes from a folder of wheels, made by ``gpu_wheels.py``, which are
unpacked and not installed. Says with which versions it ran, and writes JSON. It is skipped where there
is no CUDA device.
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent.resolve()
sys.path[:0] = [str(HERE), str(HERE.parent)]

SMALL = {
    "model_type": "llama",
    "hidden_size": 256,
    "intermediate_size": 512,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "vocab_size": 1000,
    "max_position_embeddings": 512,
}
"""The model of the checks that measure nothing."""

LIBRARIES = (
    *("torch", "transformers", "peft", "trl", "accelerate", "datasets", "bitsandbytes"),
    *("tokenizers", "safetensors"),
)
"""Those whose versions are printed."""

LEARNED = 0.2
"""How far the loss falls at least."""


class World:
    """Where a check works, and on what."""

    def __init__(self, device: str, folder: Path):
        self.device = device
        self.folder = folder

    def place(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        return made

    def small(self) -> Path:
        import sized_model

        model = self.folder / "small"
        if not model.exists():
            sized_model.make(SMALL, "float32" if self.device == "cpu" else "bfloat16", model)
        return model

    def train(self, name: str, bits: int | None = None, **arguments) -> dict:
        """Trains an adapter of the small model to know eight rows by heart, and gives its losses."""
        import run_folder
        import sized_model

        folder = self.place(name)
        run = run_folder.training(
            folder,
            str(self.small()),
            sized_model.rows("sft", 32, 8),
            [],
            training_arguments={
                "per_device_train_batch_size": 8,
                "max_steps": 40,
                "learning_rate": 0.01,
                "logging_steps": 1,
                "save_strategy": "no",
                "report_to": "none",
                "use_cpu": self.device == "cpu",
                **arguments,
            },
            lora={"r": 16, "lora_alpha": 32, "target_modules": "all-linear"},
            quantization=bits and {f"load_in_{bits}bit": True},
        )
        carry_out(run)
        losses = [
            event["values"]["loss"]
            for event in run_folder.events(run, "metrics")
            if "loss" in event["values"]
        ]
        facts = run_folder.events(run, "facts")[-1]
        assert facts["device"] == self.device, f"it computed on {facts['device']}"
        assert None not in losses, "the loss is no number"
        assert losses[0] - losses[-1] > LEARNED, f"it learned nothing: {losses[0]} to {losses[-1]}"
        return {"device": facts["device"], "first_loss": losses[0], "last_loss": losses[-1]}


def carry_out(run: Path):
    """Lets the worker carry out a run folder, to a good end."""
    import run_folder

    if run_folder.run(run, PYTHONPATH=os.environ["PYTHONPATH"]):
        raise AssertionError(f"the run failed: {run_folder.ended(run)['message']}")


def bfloat16(world: World) -> dict:
    """Trains in bfloat16."""
    return world.train("bfloat16", bf16=True)


def float16(world: World) -> dict:
    """Trains in float16, with scaled gradients."""
    return world.train("float16", fp16=True, bf16=False)


def eight_bits(world: World) -> dict:
    """Trains an adapter of a model in 8 bits."""
    return world.train("eight_bits", bits=8)


def four_bits(world: World) -> dict:
    """Trains an adapter of a model in 4 bits."""
    return world.train("four_bits", bits=4)


def out_of_memory(world: World) -> dict:
    """A training that does not fit into what its process is allowed says so."""
    import run_folder
    import sized_model

    run = run_folder.training(
        world.place("out_of_memory"),
        str(world.small()),
        sized_model.rows("sft", 512, 64),
        [],
        training_arguments={
            "per_device_train_batch_size": 64,
            "max_steps": 1,
            "report_to": "none",
            "gradient_checkpointing": False,
            "use_cpu": world.device == "cpu",
        },
        lora={"r": 16, "target_modules": "all-linear"},
    )
    allowed = subprocess.run(
        [sys.executable, str(HERE / "check_gpu.py"), "--little", world.device, str(run)],
        env=run_folder.environment(PYTHONPATH=os.environ["PYTHONPATH"]),
        capture_output=True,
        text=True,
    )
    reported = run_folder.ended(run)
    assert reported["status"] == "failed", f"it {reported['status']}; {allowed.stderr[-500:]}"
    assert "too little memory" in reported["message"], reported["message"]
    return {"message": reported["message"], "hint": reported["hint"]}


def little(device: str, run: Path):
    """Carries out a run folder in this process with little memory."""
    import run_folder
    import torch

    if device == "cuda":
        # Enough for the model, and not for its activations.
        _, whole = torch.cuda.mem_get_info()
        torch.cuda.set_per_process_memory_fraction(min(1.0, 300e6 / whole))
        run_folder.here(run)
        return
    import resource

    from fine_tuning_worker.train import prepare_libraries

    prepare_libraries()
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    size = used * resource.getpagesize() + 1_000_000_000
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    run_folder.here(run)


def memory(world: World) -> dict:
    """Holds the estimates of memory to the measured peaks."""
    import measure_memory
    import measured_memory

    cases = measured_memory.known("cases")["cases"]
    names = [name for name, case in cases.items() if world.device in case["on"]]
    if world.device == "cpu":
        # They take minutes there; `measure_memory.py` is for that.
        names = names[:1]
    place = world.place("memory")
    for name in names:
        measure_memory.model_of(cases[name]["model"], place)
    measured_memory.use_stack(place / "stack", world.device)
    found = [measure_memory.compare(name, place, world.device) for name in names]
    for one in found:
        print(f"   {measure_memory.line(one)}", flush=True)
    off = [f"{one['case']} {one['off']:+.1%}" for one in found if not one["passed"]]
    reported = {"settings": found}
    if off:
        raise Missed(f"estimates are further off than 10 %: {', '.join(off)}", reported)
    return reported


def evaluation(world: World) -> dict:
    """Evaluates the small model and an adapter of it."""
    import run_folder
    import sized_model

    adapter = trained(world)
    rows = sized_model.rows("sft", 32, 8)
    for row in rows:
        row["features"] = {}
    model = {"id": "m", "name": "small", "source": str(world.small())}
    named = {"id": "a", "name": "adapter", "source": str(adapter)}
    run = run_folder.evaluation(
        world.place("evaluation"),
        rows,
        [
            {"job": "base", "model": model, "adapter": None},
            {"job": "adapter", "model": model, "adapter": named},
        ],
        tracking={},
    )
    carry_out(run)
    results = {one["job"]: one["metrics"] for one in run_folder.events(run, "result")}
    assert results.keys() == {"base", "adapter"}, results
    rouge = {job: metrics["rouge1/v1/mean"] for job, metrics in results.items()}
    assert rouge["adapter"] > rouge["base"], f"the adapter answers no better: {rouge}"
    return {"rouge1": rouge, "latency": results["adapter"]["latency/mean"]}


def try_it(world: World) -> dict:
    """Lets base and adapter answer, as Try it does."""
    import run_folder
    import sized_model

    adapter = trained(world)
    model = {"name": "small", "source": str(world.small())}
    prompt = sized_model.rows("sft", 32, 1)[0]["prompt"]
    named = [{"id": "one", "name": "adapter", "source": str(adapter)}]
    requests = [
        {"request": "load", "model": model, "adapters": named, "quantization": None},
        {
            "request": "generate",
            "id": "1",
            "prompt": prompt,
            "targets": ["base", "one"],
            "generation": {"do_sample": False, "max_new_tokens": 8},
        },
    ]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "fine_tuning_worker", "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=run_folder.environment(PYTHONPATH=os.environ["PYTHONPATH"]),
    )
    try:
        process.stdin.write("".join(json.dumps(one) + "\n" for one in requests))
        process.stdin.flush()
        answers = []
        for line in process.stdout:
            answers.append(json.loads(line))
            assert answers[-1]["answer"] != "error", answers[-1]["message"]
            if answers[-1]["answer"] == "finished":
                break
    finally:
        process.stdin.close()
        process.wait()
    done = {one["target"]: one["output_tokens"] for one in answers if one["answer"] == "done"}
    assert done.keys() == {"base", "one"} and all(done.values()), done
    return {"output_tokens": done}


def trained(world: World) -> Path:
    """The adapter of the training in bfloat16, which is made if that check has not run."""
    adapter = world.folder / "bfloat16" / "output" / "adapter"
    if not adapter.exists():
        bfloat16(world)
    return adapter


CHECKS = {
    check.__name__: check
    for check in (
        *(bfloat16, float16, eight_bits, four_bits),
        *(out_of_memory, evaluation, try_it, memory),
    )
}


class Missed(AssertionError):
    """A check that fails with figures of its own."""

    def __init__(self, message: str, reported: dict):
        super().__init__(message)
        self.reported = reported


def run_check(check, world: World) -> dict:
    """Carries out a check: ``passed``, ``seconds``, a ``message`` where it failed, and its figures."""
    started = time.monotonic()
    reported, message = {}, None
    try:
        reported = check(world)
    except Missed as missed:
        reported, message = missed.reported, str(missed)
    except Exception as error:
        traceback.print_exc()
        message = f"{type(error).__name__}: {error}"
    seconds = round(time.monotonic() - started, 1)
    return {"passed": message is None, "seconds": seconds, "message": message, **reported}


def use_wheels(folder: Path, place: Path):
    """Puts wheels before what is installed, for this process and those it starts."""
    import gpu_wheels

    gpu_wheels.unpack(folder, place)
    sys.path.insert(0, str(place))


def versions() -> dict[str, str]:
    from importlib import metadata

    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    parser.add_argument("--wheels", type=Path, help="a folder of wheels to import from")
    parser.add_argument("--out", type=Path, default=Path("gpu.json"), help="the JSON to write")
    parser.add_argument(
        "--device", choices=("cuda", "cpu"), default="cuda", help="cpu tries the checks themselves"
    )
    parser.add_argument("--little", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.little:
        little(given.little[0], Path(given.little[1]))
        return 0
    if unknown := sorted(set(given.checks) - CHECKS.keys()):
        parser.error(f"there is no check {', '.join(unknown)}; there are {', '.join(CHECKS)}")
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    with tempfile.TemporaryDirectory() as folder:
        if given.wheels:
            use_wheels(given.wheels, Path(folder) / "wheels")
        os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[: 2 + bool(given.wheels)])
        return check_all(given, Path(folder) / "checks")


def check_all(given, folder: Path) -> int:
    """Carries out the checks, writes what came of them, and gives the exit code."""
    report = {"device": given.device, "versions": versions(), "checks": {}}
    missing = lacking(given.device)
    if missing:
        print(f"Skipped: {missing}")
        report["skipped"] = missing
        given.out.write_text(json.dumps(report, indent=2), encoding="utf-8")
        return 0
    import torch

    name = torch.cuda.get_device_name(0) if given.device == "cuda" else "the processor"
    report |= {"name": name, "cuda": torch.version.cuda}
    print(f"On {name} with {', '.join(f'{n} {v}' for n, v in report['versions'].items())}")
    world = World(given.device, folder)
    for check in given.checks or CHECKS:
        print(f"{check}:", flush=True)
        found = report["checks"][check] = run_check(CHECKS[check], world)
        state = "passed" if found["passed"] else f"FAILED, {found['message']}"
        print(f"   {state} ({found['seconds']} s)", flush=True)
        given.out.write_text(json.dumps(report, indent=2), encoding="utf-8")
    failed = [name for name, found in report["checks"].items() if not found["passed"]]
    print(f"\ntests: {len(report['checks']) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def lacking(device: str) -> str | None:
    """Why nothing can be checked here."""
    try:
        import torch
    except ModuleNotFoundError:
        return f"this Python ({sys.executable}) has no torch."
    if device == "cuda" and not torch.cuda.is_available():
        return "this machine has no CUDA device, or its torch can't use it."
    return None


if __name__ == "__main__":
    sys.exit(main())
