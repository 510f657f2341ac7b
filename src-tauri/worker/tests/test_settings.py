"""What the installed libraries take of settings, beside what the studio says of them.

``settings.json`` holds cases that the studio's own test reads too; ``names.json`` is the studio's
list of names.
"""

import dataclasses
import json
from pathlib import Path

import pytest

from fine_tuning_worker import arguments
from fine_tuning_worker.events import Events
from fine_tuning_worker.failure import Failure

CASES = json.loads(Path(__file__).with_name("settings.json").read_text())
NAMES = Path(__file__).parents[2] / "crates" / "configs" / "src" / "settings" / "names.json"


def fields(config) -> set[str]:
    return {field.name for field in dataclasses.fields(config) if field.init}


def build(kind: str, settings: dict, folder: Path):
    """Makes the library's own object of the settings, as a run does."""
    if kind == "lora_config":
        from fine_tuning_worker.tuning import lora_config

        return lora_config(settings)
    if kind == "bitsandbytes_config":
        from transformers import BitsAndBytesConfig

        return BitsAndBytesConfig(**settings)
    if kind == "generation_config":
        from transformers import GenerationConfig

        return GenerationConfig(**settings).validate()
    made = arguments.translate(
        settings, arguments.known_names(), True, True, Events(folder / "events.jsonl")
    )
    made.setdefault("use_cpu", True)
    if not {"eval_strategy", "evaluation_strategy"} & settings.keys():
        # The worker's choice for a training that is evaluated, not the library's.
        del made["eval_strategy"]
    made.pop("report_to", None)
    return arguments.build(made, str(folder), [])


@pytest.mark.stack
@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["settings"])[:60])
def test_the_libraries_take_and_refuse_what_the_studio_says(case, tmp_path):
    try:
        build(case["type"], case["settings"], tmp_path)
        taken = True
    except (Failure, TypeError, ValueError, AttributeError):
        taken = False
    assert taken == case["taken"], case


@pytest.mark.stack
def test_the_studio_knows_the_names_of_the_installed_libraries():
    from peft import LoraConfig
    from transformers import BitsAndBytesConfig, GenerationConfig
    from trl import SFTConfig

    from fine_tuning_worker.methods import METHODS

    public = lambda names: {name for name in names if not name.startswith("_")}  # noqa: E731
    assert {kind: set(names) for kind, names in json.loads(NAMES.read_text()).items()} == {
        "training_arguments": fields(SFTConfig),
        "lora_config": fields(LoraConfig),
        "generation_config": public(vars(GenerationConfig())),
        "bitsandbytes_config": public(BitsAndBytesConfig().to_dict()),
        "studio": {arguments.LORAPLUS, arguments.GROWS},
        **{
            name: fields(method.config()) - fields(SFTConfig)
            for name, method in METHODS.items()
            if name != "sft"
        },
        **{
            f"not_{name}": fields(SFTConfig) - fields(method.config())
            for name, method in METHODS.items()
            if name != "sft"
        },
    }
