"""A worker that trains nothing: it prints lines at a rate for a while, and succeeds."""

import json
import os
import sys
import time

if "log" in sys.argv:
    # It measures nothing that MLflow is told.
    sys.exit()
if os.path.isdir(sys.argv[-1]):
    os.chdir(sys.argv[-1])
with open("job.json", encoding="utf-8") as file:
    job = json.load(file)
fake = job["training_arguments"].get("fake", {})
attempt = int(os.environ.get("FTS_RUN_ATTEMPT", "1"))


def report(**event):
    """Appends an event."""
    event["time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with open("events.jsonl", "a", encoding="utf-8") as events:
        events.write(json.dumps(event) + "\n")


report(event="started", pid=os.getpid(), attempt=attempt)
began, step = time.monotonic(), 0
while time.monotonic() - began < fake.get("seconds", 0):
    # A hundredth of a second's lines at once, as libraries print them.
    sys.stdout.write("".join(f"step {step}, line {line}\n" for line in range(fake["lines"] // 100)))
    sys.stdout.flush()
    step += 1
    time.sleep(max(0.0, began + step / 100 - time.monotonic()))
os.makedirs(job["output"]["adapter"], exist_ok=True)
with open(os.path.join(job["output"]["adapter"], "adapter_config.json"), "w") as file:
    json.dump({"peft_type": "LORA", "base_model_name_or_path": job["model"]["source"]}, file)
report(event="ended", status="succeeded", message=None, adapter=job["output"]["adapter"])
