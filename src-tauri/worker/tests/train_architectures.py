"""Trains a tiny model of each class that ``AutoModelForCausalLM`` builds, one step, by the worker's own
code: ``train_architectures.py OUT [TYPE …]``. All types if none is named.

OUT/TYPE/model keeps each model. OUT/architectures.json has, by type, what came of those that could be
built from a shrunk configuration:

* ``class``: the class of transformers.
* ``refused``: why it could not be trained; absent if it was.
* ``linear``: the modules that ``all-linear`` stands for, with ``*`` for numbers.
* ``kept``: linear layers that LoRA can't change, which the worker leaves out of ``all-linear``.
* ``head``: the output layer, which ``all-linear`` leaves out.
* ``biased``: whether the output layer has a bias.
* ``embeddings``: modules of embeddings, which LoRA can change if they are named.
* ``fused``: parameters of experts that are one tensor, which LoRA's modules don't reach.
* ``disk``: modules whose weights have another name in the files, by their names in the model.
* ``unfiled``: modules whose weights are no tensors of their own in the files.
* ``transposed``: whether weights have a row for each input, as GPT-2's do.
* ``tied``: whether several linear layers share a weight, which is in the files once.
* ``experts``: the names by which PEFT takes fused experts for the separate ones of earlier releases.
* ``peft``: the targets that PEFT chooses where none are named; absent where it has no choice.

OUT/counts.json has, by type, how many parameters PEFT trains with some LoRA settings.

The exit code is 1 if a type that was named could not be trained.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", OMP_NUM_THREADS="1")
sys.path.insert(0, str(Path(__file__).parent.parent))

import run_folder
import tiny_architectures
import tiny_model

LONGEST = 120
"""Seconds that a type may take."""

ROWS = [
    {
        "row": number,
        "prompt": f"Ticket {number}: where is my money? Label:",
        "completion": " refund",
    }
    for number in range(1, 5)
]

ARGUMENTS = {
    "max_steps": 1,
    "per_device_train_batch_size": 2,
    "max_length": 64,
    "save_strategy": "no",
    "report_to": "none",
}


DEFAULT = {
    "r": 4,
    "lora_alpha": 8,
    "lora_dropout": 0.05,
    "target_modules": "all-linear",
    "bias": "none",
    "task_type": "CAUSAL_LM",
}
"""The studio's default, of a smaller rank."""


def lora(**more) -> dict:
    return {"r": 4, "lora_alpha": 8, "task_type": "CAUSAL_LM", **more}


def pattern(name: str) -> str:
    """The name of a module with ``*`` for numbers."""
    return re.sub(r"(^|(?<=\.))\d+(?=\.|$)", "*", name)


PREFIXES = (
    "model",
    "language_model",
    "text_model",
    "transformer",
    "decoder",
    "base_model",
    "backbone",
)
"""Parts of names that differ between files and models and distinguish no modules."""


def modules(model) -> dict:
    """What there is in a model for LoRA to change."""
    import torch
    from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as known
    from peft.utils.transformers_weight_conversion import _MODEL_TO_CONVERSION_PATTERN as conversion
    from transformers.pytorch_utils import Conv1D

    from fine_tuning_worker.architecture import unchangeable

    head = model.get_output_embeddings()
    kept = unchangeable(model)
    found = {"linear": [], "kept": [], "head": [], "embeddings": []}
    for name, module in model.named_modules():
        if module is head:
            found["head"].append(pattern(name))
        elif isinstance(module, (torch.nn.Linear, Conv1D)):
            found["kept" if name in kept else "linear"].append(pattern(name))
        elif isinstance(module, torch.nn.Embedding):
            found["embeddings"].append(pattern(name))
    fused = [
        pattern(name)
        for name, parameter in model.named_parameters()
        if parameter.ndim == 3 and "expert" in name
    ]
    made = {name: sorted(set(names)) for name, names in {**found, "fused": fused}.items() if names}
    if getattr(head, "bias", None) is not None:
        made["biased"] = True
    targets = known.get(model.config.model_type)
    if targets is not None:
        made["peft"] = sorted(targets) if not isinstance(targets, str) else targets
    weights = [
        module.weight.data_ptr()
        for module in model.modules()
        if isinstance(module, (torch.nn.Linear, Conv1D)) and module is not head
    ]
    if len(set(weights)) < len(weights):
        made["tied"] = True
    if any(isinstance(module, Conv1D) for module in model.modules()):
        made["transposed"] = True
    old = conversion.get(model.config.model_type)
    if old in ("mixtral", "qwen2_moe"):
        made["experts"] = old
    return made


def on_disk(model, source: Path, linear: list[str]) -> dict:
    """Where the weights of linear layers are in the files, as far as their names don't say."""
    from safetensors import safe_open

    def short(name: str) -> str:
        return ".".join(part for part in pattern(name).split(".") if part not in PREFIXES)

    def content(tensor) -> tuple:
        return tuple(tensor.shape), tensor.numpy().tobytes()

    by_content, names = {}, set()
    for path in source.glob("*.safetensors"):
        with safe_open(path, "pt") as tensors:
            keys = tensors.keys()
            for name in keys:
                module = name.removesuffix(".weight")
                names.add(short(module))
                tensor = tensors.get_tensor(name)
                by_content[content(tensor)] = module
    disk, unfiled = {}, set()
    for name, module in model.named_modules():
        if pattern(name) not in linear or short(name) in names:
            continue
        file = by_content.get(content(module.weight.detach()))
        if file is None:
            unfiled.add(pattern(name))
        else:
            disk[pattern(name)] = pattern(file)
    found = {"disk": disk, "unfiled": sorted(unfiled)}
    return {name: value for name, value in found.items() if value}


def counts(source: Path, names: dict) -> list[dict]:
    """How many parameters PEFT trains, by its own count, with settings of each way to name modules."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoConfig, AutoModelForCausalLM

    from fine_tuning_worker import architecture

    last = names["linear"][-1].rsplit(".", 1)[-1]
    wanted = [
        lora(target_modules="all-linear"),
        lora(target_modules=[last]),
        lora(target_modules=rf".*\.{re.escape(last)}"),
        lora(target_modules="all-linear", exclude_modules=[last], use_dora=True),
    ]
    if names.get("head"):
        wanted.append(
            lora(target_modules=[last], modules_to_save=[names["head"][0].rsplit(".", 1)[-1]])
        )
    leaves = sorted({name.rsplit(".", 1)[-1] for name in names["linear"]} - {"*"})
    stack = next(
        (name.split(".*.")[0].rsplit(".", 1)[-1] for name in names["linear"] if ".*." in name), ""
    )
    wanted += [
        lora(
            target_modules=leaves,
            rank_pattern={leaves[0]: 2, r".*\.1\..*": 6},
            alpha_pattern={last: 3},
        ),
        lora(
            target_modules=leaves, rank_pattern={rf"^.*\.0\..*{re.escape(last)}": 3}, use_dora=True
        ),
        lora(target_modules=leaves, layers_to_transform=[1]),
        lora(target_modules=leaves, layers_to_transform=0, layers_pattern=[stack]),
        lora(
            target_modules=[],
            target_parameters=[f"{last}.weight"],
            rank_pattern={f"{last}.weight": 3},
        ),
    ]
    for name in names.get("fused", ()):
        parameter = ".".join(name.rsplit(".", 2)[-2:])
        wanted.append(lora(target_modules=[], target_parameters=[parameter]))
        wanted.append(lora(target_parameters=[parameter], rank_pattern={parameter: 5}))
    counted = []
    for settings in wanted:
        try:
            with torch.device("meta"):
                model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(source))
                config = LoraConfig(**settings)
                architecture.keep_out(config, model)
                peft = get_peft_model(model, config)
        except Exception as error:
            counted.append({"lora": settings, "refused": str(error).splitlines()[0][:200]})
            continue
        counted.append({"lora": settings, "trainable": peft.get_nb_trainable_parameters()[0]})
    return counted


def attempt(model_type: str, folder: Path) -> tuple[dict, list[dict]]:
    """What came of a type, and what PEFT counts in it."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    made = {"class": MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[model_type]}
    counted: list[dict] = []
    texts = [row["prompt"] + row["completion"] for row in ROWS]
    tokenizer = tiny_model.make_tokenizer(texts * 20)
    tokens = {
        f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("bos", "eos", "pad")
    }
    source = folder / "model"
    try:
        model = tiny_architectures.model(model_type, len(tokenizer), tokens)
        made |= modules(model)
        model.save_pretrained(source)
        made |= on_disk(model, source, made["linear"])
        tokenizer.save_pretrained(source)
        del model
    except ImportError as error:
        return {**made, "refused": reason(error)}, counted
    with contextlib.suppress(Exception):
        counted = counts(source, made)
    run = run_folder.training(
        folder / "run", str(source), ROWS, [], training_arguments=ARGUMENTS, lora=DEFAULT
    )
    ended = run_folder.here(run)
    if ended["status"] != "succeeded":
        made["refused"] = ended["message"]
    else:
        [facts] = run_folder.events(run, "facts")
        assert counted and facts["trainable_parameters"] == counted[0]["trainable"], (
            facts,
            counted,
        )
    return made, counted


def reason(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()[:200]


@contextlib.contextmanager
def no_longer_than(seconds: int):
    """Raises ``TimeoutError`` in what takes longer."""

    def late(*_):
        raise TimeoutError(f"it took more than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def printed_to(path: Path):
    """Sends what this process prints, libraries included, to a file."""
    saved = [os.dup(descriptor) for descriptor in (1, 2)]
    with open(path, "ab") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for descriptor, before in enumerate(saved, start=1):
            os.dup2(before, descriptor)
            os.close(before)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("types", nargs="*")
    given = parser.parse_args()
    found, counted = {}, {}
    for model_type in given.types or tiny_architectures.types():
        folder = given.out / model_type
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with printed_to(folder / "log.txt"), no_longer_than(LONGEST):
                found[model_type], counted[model_type] = attempt(model_type, folder)
        except Exception as error:
            print(f"{model_type}: not built: {reason(error)}", flush=True)
            continue
        print(f"{model_type}: {found[model_type].get('refused', 'trained')}", flush=True)
    for name, value in (("architectures", found), ("counts", counted)):
        lines = [f"{json.dumps(key)}: {json.dumps(value[key])}" for key in sorted(value)]
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        (given.out / f"{name}.json").write_text(text, encoding="utf-8")
    failed = [name for name in given.types if "refused" in found.get(name, {"refused": None})]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
