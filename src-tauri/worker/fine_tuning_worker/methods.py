"""The methods of training: their rows, and their classes in TRL."""

from dataclasses import dataclass

from .events import Events
from .failure import Failure

PROMPT_COMPLETION, TEXT, CONVERSATION = "prompt_completion", "text", "conversation"
PREFERENCE, UNPAIRED = "preference", "unpaired_preference"

COLUMNS = {
    TEXT: {"text": str},
    CONVERSATION: {"text": str, "loss": list},
    PREFERENCE: {"prompt": str, "chosen": str, "rejected": str},
    UNPAIRED: {"prompt": str, "completion": str, "label": bool},
    PROMPT_COMPLETION: {"prompt": str, "completion": str},
}
"""The columns of each row format, the more special formats first."""


@dataclass(frozen=True)
class Method:
    """A way to train."""

    name: str
    title: str
    """What people call it."""
    formats: tuple[str, ...]
    """The row formats that it takes."""

    def config(self):
        """The class of its arguments in TRL."""
        return getattr(self._module(), f"{self._stem()}Config")

    def trainer(self, rendered: bool):
        """The class of its trainer. ``rendered`` = its rows hold all that the tokens stand for."""
        if self.name == "orpo":
            from .orpo import trainer

            return trainer(rendered)
        return getattr(self._module(), f"{self._stem()}Trainer")

    def _stem(self) -> str:
        return "Reward" if self.name == "reward" else self.name.upper()

    def _module(self):
        if self.name == "orpo":
            import trl.experimental.orpo as module
        else:
            import trl as module
        return module


METHODS = {
    method.name: method
    for method in (
        Method("sft", "Supervised fine-tuning", (PROMPT_COMPLETION, TEXT, CONVERSATION)),
        Method("dpo", "DPO", (PREFERENCE,)),
        Method("kto", "KTO", (UNPAIRED,)),
        Method("orpo", "ORPO", (PREFERENCE,)),
        Method("reward", "A reward model", (PREFERENCE,)),
    )
}


def of(job: dict) -> Method:
    """The method of a job; supervised fine-tuning where it names none."""
    name = job.get("method") or "sft"
    if name not in METHODS:
        raise Failure(f"The method “{name}” is not known.", f"It is one of {', '.join(METHODS)}.")
    return METHODS[name]


def row_format(job: dict, method: Method, first: dict) -> str:
    """The format of the job's rows, of which ``first`` is the first. Raises ``Failure`` for one that
    the method can't be trained with."""
    named = job.get("row_format")
    if named is not None and named not in COLUMNS:
        raise Failure(
            f"The row format “{named}” is not known.", f"It is one of {', '.join(COLUMNS)}."
        )
    found = named or next(
        (
            name
            for name, columns in COLUMNS.items()
            if name != TEXT and columns.keys() <= first.keys()
        ),
        TEXT if "text" in first else PROMPT_COMPLETION,
    )
    if found not in method.formats:
        raise Failure(
            f"{method.title} is not trained on rows of the format “{found}”.",
            f"It takes {' or '.join(f'“{name}”' for name in method.formats)}.",
        )
    return found


def check(method: Method, config, events: Events):
    """Refuses arguments that the method can't work with, and says what is special about it."""
    if method.name == "orpo":
        events.message(
            "ORPO is experimental in TRL: a later release may change it or leave it out."
        )
    if method.name == "kto" and config.loss_type != "apo_zero_unpaired":
        check_kto(config)


def check_kto(config):
    """KTO's estimate of how far the model has moved pairs each prompt with a neighbor's answer."""
    if config.per_device_train_batch_size < 2:
        raise Failure(
            "KTO compares each row with the other rows of its batch, and a batch of 1 has no others.",
            "Set per_device_train_batch_size to 2 or more, or loss_type to “apo_zero_unpaired”.",
        )
    if str(config.train_sampling_strategy) != "sequential":
        raise Failure(
            "KTO pairs rows with their neighbors before the training, so it takes them in order; the "
            f"arguments ask for the order “{config.train_sampling_strategy}”.",
            "Take train_sampling_strategy and group_by_length out: the rows are shuffled beforehand.",
        )
