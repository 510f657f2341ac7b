"""ORPO on the tokens that DPO is trained on."""


def trainer(rendered: bool):
    """TRL's trainer with the tokens of its other preference trainers: its own adds a begin token and
    an end token to every row, also where a chat template has written them."""
    from trl.data_utils import common_prefix_length
    from trl.experimental.orpo import ORPOTrainer

    class Orpo(ORPOTrainer):
        def tokenize_row(self, feature, model=None):
            tokenizer = self.processing_class
            end = "" if rendered else tokenizer.eos_token

            def encode(text: str) -> list[int]:
                return tokenizer(text, add_special_tokens=not rendered)["input_ids"]

            prompt = encode(feature["prompt"])
            answers = {}
            for name in ("chosen", "rejected"):
                text = feature[name]
                answers[name] = encode(
                    feature["prompt"] + (text if text.endswith(end) else text + end)
                )
            begin = min(common_prefix_length(prompt, ids) for ids in answers.values())
            row = {"prompt_input_ids": prompt[:begin], "prompt_attention_mask": [1] * begin}
            for name, ids in answers.items():
                ids = ids[: self.max_length]
                row[f"{name}_input_ids"] = ids
                row[f"{name}_attention_mask"] = [1] * len(ids)
                row[f"{name}_labels"] = [-100] * min(begin, len(ids)) + ids[begin:]
            return row

    return Orpo
