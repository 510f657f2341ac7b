"""Models with random weights and rows of a known number of tokens, to measure what a training takes."""

import json
import random
from pathlib import Path

WORDS = 900
"""Words of the tokenizer, a token each; the model's vocabulary is larger."""

SPECIAL = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}


def make_tokenizer(length: int):
    """A tokenizer of words, which adds nothing to a text."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = [*SPECIAL.values(), *(f"w{number}" for number in range(WORDS))]
    tokenizer = Tokenizer(
        models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=length, **SPECIAL)


def make(config: dict, dtype: str, folder: Path) -> int:
    """Saves a model of that ``config.json`` with random weights, and its tokenizer. Returns the number
    of its parameters."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    given = {name: value for name, value in config.items() if name != "model_type"}
    tokens = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 3}
    model = AutoModelForCausalLM.from_config(
        AutoConfig.for_model(config["model_type"], **given, **tokens), dtype=getattr(torch, dtype)
    )
    model.save_pretrained(folder)
    make_tokenizer(given.get("max_position_embeddings", 2048)).save_pretrained(folder)
    return sum(parameter.numel() for parameter in model.parameters())


def words(count: int, seed: int) -> str:
    """A text of that many tokens."""
    choose = random.Random(seed)
    return " ".join(f"w{choose.randrange(WORDS)}" for _ in range(count))


def rows(method: str, length: int, count: int) -> list[dict]:
    """Rows for a method: every other one of ``length`` tokens with its end token, the rest a little
    shorter, so that their batches are padded and masked."""
    prompt = length // 2
    made = []
    for number in range(1, count + 1):
        answer = length - prompt - 1 - 4 * (number % 2)
        said = words(prompt, number)
        good, bad = (" " + words(answer, seed) for seed in (-2 * number, -2 * number - 1))
        if method == "sft":
            made.append({"row": number, "prompt": said, "completion": good})
        elif method == "kto":
            made.append(
                {"row": number, "prompt": said, "completion": good, "label": number % 2 == 1}
            )
        else:
            made.append({"row": number, "prompt": said, "chosen": good, "rejected": bad})
    return made


def main():
    import sys

    config, dtype, folder = sys.argv[1:]
    print(json.dumps(make(json.loads(config), dtype, Path(folder))))


if __name__ == "__main__":
    main()
