"""ORPO on the tokens that DPO is trained on."""

from . import likelihood


def trainer(rendered: bool):
    """TRL's trainer with the tokens of its other preference trainers: its own adds a begin token and
    an end token to every row, also where a chat template has written them."""
    from trl.experimental.orpo import ORPOTrainer

    class Orpo(ORPOTrainer):
        def tokenize_row(self, feature, model=None):
            names = ("chosen", "rejected")
            answers = [feature[name] for name in names]
            made = likelihood.encode(self.processing_class, feature["prompt"], answers, rendered)
            begin = made[0].begin
            row = {
                "prompt_input_ids": list(made[0].ids[:begin]),
                "prompt_attention_mask": [1] * begin,
            }
            for name, one in zip(names, made, strict=True):
                ids = list(one.ids[: self.max_length])
                row[f"{name}_input_ids"] = ids
                row[f"{name}_attention_mask"] = [1] * len(ids)
                row[f"{name}_labels"] = [-100] * min(begin, len(ids)) + ids[begin:]
            return row

    return Orpo
