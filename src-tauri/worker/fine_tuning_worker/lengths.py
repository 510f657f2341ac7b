"""What the maximum length does to the rows of a training."""

from . import methods
from .events import Events
from .failure import Failure

ANSWERS = {
    "sft": ("input_ids",),
    "dpo": ("chosen_ids", "rejected_ids"),
    "kto": ("completion_ids",),
    "orpo": ("chosen_input_ids", "rejected_input_ids"),
}
"""The columns of tokens that a trainer makes, of which the longest counts. Those of DPO and KTO come
behind the prompt's."""

WHY = {
    methods.CONVERSATION: "nothing that is learned lies within {}",
    "reward": "an answer with its prompt is longer than {}",
}
"""Why a row is left out, where it isn't its prompt alone."""

PROMPT_ALONE = "their prompt alone fills {}"


def leave_out_full(trainer):
    """Leaves out the rows of ORPO whose prompt fills the maximum length, as TRL's others do."""

    def has_answers(row: dict) -> bool:
        return all(
            any(label != -100 for label in row[f"{name}_labels"]) for name in ("chosen", "rejected")
        )

    trainer.train_dataset = trainer.train_dataset.filter(has_answers)
    if trainer.eval_dataset is not None:
        trainer.eval_dataset = trainer.eval_dataset.filter(has_answers)


def report_cut(trainer, method: str, row_format: str, rows: int, events: Events):
    """Says how many rows the maximum length cut or left out. Raises ``Failure`` if none is left."""
    args = trainer.args
    if getattr(args, "packing", False) or args.max_length is None:
        return
    left = len(trainer.train_dataset)
    longest = f"the maximum length of {args.max_length} tokens"
    why = WHY.get(method) or WHY.get(row_format) or PROMPT_ALONE
    if left == 0:
        reason = (
            why.format(longest) if why is not PROMPT_ALONE else f"the prompt alone fills {longest}"
        )
        raise Failure(
            f"No row can be trained on: in every one {reason}.",
            "Raise max_length in the training arguments, or shorten the prompt.",
        )
    if left < rows:
        events.warning(f"{rows - left} of {rows} rows are left out: {why.format(longest)}.")
    full = reaching(trainer.train_dataset, method, args.max_length)
    if full:
        events.warning(f"{full} of {rows} rows reach {longest}; what is longer is cut off.")


def reaching(table, method: str, limit: int) -> int:
    """How many rows have as many tokens as the limit allows, or more."""
    import pyarrow.compute as pc

    if method not in ANSWERS:
        return 0
    columns = table.with_format("arrow")[:]
    lengths = pc.max_element_wise(
        *(pc.list_value_length(columns[name]) for name in ANSWERS[method])
    )
    if "prompt_ids" in columns.column_names:
        lengths = pc.add(lengths, pc.list_value_length(columns["prompt_ids"]))
    return pc.sum(pc.greater_equal(lengths, limit)).as_py()
