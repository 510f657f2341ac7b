"""The training of a run folder by a plain script: ``by_hand.py RUN_FOLDER OUT_FOLDER``."""

import json
import sys
from pathlib import Path

root, out = map(Path, sys.argv[1:])
job = json.loads((root / "job.json").read_text(encoding="utf-8"))

import datasets  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from peft import LoraConfig  # noqa: E402
from trl import SFTConfig, SFTTrainer  # noqa: E402


def rows(name: str) -> datasets.Dataset:
    with open(root / name, encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    return datasets.Dataset.from_list(
        [{k: row[k] for k in ("prompt", "completion")} for row in read]
    )


source = job["model"]["source"]
trainer = SFTTrainer(
    model=transformers.AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32),
    args=SFTConfig(
        output_dir=str(out / "checkpoints"),
        seed=job["seed"],
        completion_only_loss=True,
        fp16=False,
        bf16=False,
        disable_tqdm=True,
        **job["training_arguments"],
    ),
    train_dataset=rows("train.jsonl"),
    eval_dataset=rows("eval.jsonl"),
    processing_class=transformers.AutoTokenizer.from_pretrained(source),
    peft_config=LoraConfig(**job["lora"]),
)
trainer.train()
trainer.save_model(str(out / "adapter"))
