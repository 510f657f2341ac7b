"""Merges a model of 500 MB by the worker and by hand, in turns: ``merging.py FOLDER ROUNDS``.

Prints medians in seconds, and the most memory above the loaded libraries, without the pages of files.
"""

import datetime
import json
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
base, adapter, copy, by_hand, merged, run = (
    folder / name for name in ("base", "adapter", "copy", "by-hand", "merged", "run")
)

MAKE = """
import sys, torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, models
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

base, adapter = sys.argv[1:]
torch.manual_seed(0)
model = LlamaForCausalLM(LlamaConfig(
    vocab_size=32_000, hidden_size=768, intermediate_size=2_048, num_hidden_layers=12,
    num_attention_heads=12, num_key_value_heads=12, max_position_embeddings=512,
))
model.save_pretrained(base)
words = {word: number for number, word in enumerate(["<unk>", "a", "b", "c"])}
tokenizer = Tokenizer(models.WordLevel(words, "<unk>"))
PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>").save_pretrained(base)
peft = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=16, target_modules="all-linear"))
with torch.no_grad():
    for name, parameter in peft.named_parameters():
        if "lora_B" in name:
            parameter.normal_(0, 0.02)
peft.save_pretrained(adapter)
"""

BY_HAND = """
import sys, time, torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base, adapter, out = sys.argv[1:]
began = time.perf_counter()
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)
model.merge_and_unload().save_pretrained(out)
AutoTokenizer.from_pretrained(base).save_pretrained(out)
print(time.perf_counter() - began)
"""

LIBRARIES = """
import sys, torch, transformers, peft
from transformers import LlamaForCausalLM
from fine_tuning_worker import compare, merge
print("ready", flush=True)
sys.stdin.read()
"""

COMPARING = ("comparing", "checking")
SAMPLES = ["a b c a a b"] * 8


def main():
    if not (adapter / "adapter_config.json").exists():
        subprocess.run(
            [sys.executable, "-c", MAKE, base, adapter], check=True, stdout=subprocess.DEVNULL
        )
    libraries = held_by_libraries()
    measured = [measure() for _ in range(rounds)]
    ours, compared, hand, memory = zip(*measured, strict=True)
    weights = sum(path.stat().st_size for path in base.glob("*.safetensors"))
    measured = {
        "model": weights,
        "ours": statistics.median(ours),
        "compared": statistics.median(compared),
        "by_hand": statistics.median(hand),
        "memory": max(memory) - libraries,
    }
    print(json.dumps(measured))


def measure() -> tuple[float, float, float, int]:
    """Seconds of a merge by the worker, of its comparisons, and of one by hand; the worker's memory."""
    for made in (copy, by_hand, merged, run):
        shutil.rmtree(made, ignore_errors=True)
    began = time.perf_counter()
    shutil.copytree(base, copy)
    subprocess.run(["sync", "-d", *copy.iterdir()], check=True)
    copied = time.perf_counter() - began
    hand = subprocess.run(
        [sys.executable, "-c", BY_HAND, base, adapter, by_hand], check=True, capture_output=True
    )
    run.mkdir()
    job = {
        "version": 1, "kind": "export", "id": "bench", "name": "bench", "way": "merge",
        "model": {"source": str(base)}, "adapter": {"source": str(adapter)}, "to": str(merged),
        "samples": SAMPLES, "settings": {},
    }  # fmt: skip
    (run / "job.json").write_text(json.dumps(job))
    worker = subprocess.Popen(
        [sys.executable, "-m", "fine_tuning_worker", "run", run], stdout=subprocess.DEVNULL
    )
    memory = 0
    while worker.poll() is None:
        memory = max(memory, held(worker.pid))
        time.sleep(0.01)
    if worker.returncode:
        raise SystemExit((run / "events.jsonl").read_text())
    seconds = stages()
    compared = sum(seconds.pop(stage, 0) for stage in COMPARING)
    return sum(seconds.values()), compared, copied + float(hand.stdout), memory


def stages() -> dict[str, float]:
    """Seconds of each part of the run, without the start of the libraries."""
    found, last, since = {}, None, None
    for line in (run / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        if event["event"] not in ("status", "ended"):
            continue
        now = datetime.datetime.fromisoformat(event["time"])
        if last:
            found[last] = found.get(last, 0) + (now - since).total_seconds()
        # The first status is that of the libraries.
        last = event.get("status") if since else None
        since = now
    return found


def held_by_libraries() -> int:
    process = subprocess.Popen(
        [sys.executable, "-c", LIBRARIES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    memory = held(process.pid)
    process.communicate()
    return memory


def held(process: int) -> int:
    """Bytes that a process holds, without the pages of files."""
    try:
        with open(f"/proc/{process}/status") as status:
            line = next(line for line in status if line.startswith("RssAnon:"))
        return int(line.split()[1]) * 1024
    except (FileNotFoundError, StopIteration):
        return 0


main()
