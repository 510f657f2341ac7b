"""Makes a tiny real model from a file of rows: ``tiny_model.py CSV_OR_JSONL OUT [--columns a,b]``.

A byte-level tokenizer of 1,000 tokens trained on the rows, and a Llama of two layers, 0.9 MB. It
loads offline like any other model. ``--steps`` also trains it to write such text, a little.
"""

import argparse
import csv
import json
from pathlib import Path

TOKENS = 1_000
CONTEXT = 256


def texts_of(path: Path, columns: list[str] | None = None) -> list[str]:
    """The texts of some columns (all of them if none are named), row by row."""
    with open(path, encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            rows = list(csv.DictReader(file))
        else:
            rows = [json.loads(line) for line in file if line.strip()]
    return [str(row[name]) for row in rows for name in (columns or row) if row.get(name)]


def make_tokenizer(texts: list[str]):
    """A byte-level BPE tokenizer with a token each for unknown, begin, end and padding."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    special = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS,
        special_tokens=list(special.values()),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
        **special,
    )


def make_model(tokenizer, seed: int = 0):
    """A Llama of two layers with random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=192,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=CONTEXT,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def teach(model, tokenizer, texts: list[str], steps: int, batch: int = 32, rate: float = 3e-3):
    """Trains the whole model to continue texts, ``steps`` times. Returns the last loss."""
    import torch

    # So small a model is faster on one core.
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=steps)
    model.train()
    loss = None
    for _ in range(steps):
        chosen = torch.randint(len(texts), (batch,), generator=generator).tolist()
        rows = tokenizer(
            [texts[index] + tokenizer.eos_token for index in chosen],
            return_tensors="pt",
            padding=True,
            truncation=True,
        )
        labels = rows["input_ids"].masked_fill(rows["attention_mask"] == 0, -100)
        loss = model(
            input_ids=rows["input_ids"], attention_mask=rows["attention_mask"], labels=labels
        ).loss
        loss.backward()
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    model.eval()
    return float(loss.detach()) if loss is not None else None


def make(texts: list[str], out: Path, steps: int = 0):
    """Makes and saves the model and its tokenizer."""
    tokenizer = make_tokenizer(texts)
    model = make_model(tokenizer)
    if steps:
        teach(model, tokenizer, texts, steps)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--columns", help="names of columns, with commas between; all by default")
    parser.add_argument("--steps", type=int, default=0)
    given = parser.parse_args()
    make(texts_of(given.rows, given.columns and given.columns.split(",")), given.out, given.steps)


if __name__ == "__main__":
    main()
