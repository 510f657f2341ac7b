"""Asks what `fts serve` serves from many clients at once, and the same model by hand, and measures it.

Arguments: the line of `fts serve`, its process, the folder of the model, and the seconds of the load.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

CLIENTS = 32
ROUNDS = 40
PROMPT = "Ticket: please cancel my ticket for the opera.\nLabel:"
GENERATION = {"do_sample": False, "max_new_tokens": 24, "eos_token_id": -1}

served, process, folder, seconds = (
    json.loads(sys.argv[1]),
    sys.argv[2],
    sys.argv[3],
    float(sys.argv[4]),
)
address = urlsplit(served["url"])


def memory() -> int:
    """Bytes that the endpoint holds, without its worker."""
    with open(f"/proc/{process}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def ask(connection) -> tuple[float, str, bool]:
    """Seconds to the first text, the whole text, and whether the answer is complete."""
    body = {
        "model": served["models"][0], "prompt": PROMPT, "stream": True, "temperature": 0,
        "max_tokens": GENERATION["max_new_tokens"],
    }  # fmt: skip
    headers = {
        "Authorization": f"Bearer {served['key']}",
        "Content-Type": "application/json",
    }
    started, first, text = time.perf_counter(), None, ""
    connection.request("POST", f"{address.path}/completions", json.dumps(body), headers)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {response.read()}")
    complete = False
    for line in response:
        if not line.startswith(b"data: "):
            continue
        data = line[6:].strip()
        if data == b"[DONE]":
            complete = True
            continue
        choices = json.loads(data)["choices"]
        if choices and choices[0]["text"]:
            first = first or time.perf_counter() - started
            text += choices[0]["text"]
    return first or time.perf_counter() - started, text, complete


def connect():
    return http.client.HTTPConnection(address.hostname, address.port, timeout=300)


def by_hand() -> list[float]:
    """Seconds to the first text of the worker itself, as Try it asks it."""
    worker = subprocess.Popen(
        [sys.executable, "-u", "-m", "fine_tuning_worker", "serve"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip

    def say(**request):
        worker.stdin.write(json.dumps(request) + "\n")
        worker.stdin.flush()

    say(
        request="load",
        model={"name": "tiny", "source": folder},
        adapters=[],
        quantization=None,
    )
    while json.loads(worker.stdout.readline()).get("status") != "ready":
        pass
    times = []
    for number in range(ROUNDS):
        started, first = time.perf_counter(), None
        say(
            request="generate",
            id=str(number),
            prompt=PROMPT,
            targets=["base"],
            generation=GENERATION,
        )
        while True:
            answer = json.loads(worker.stdout.readline())
            if answer["answer"] == "text" and first is None:
                first = time.perf_counter() - started
            if answer["answer"] in ("finished", "error"):
                break
        times.append(first)
    worker.stdin.close()
    worker.wait()
    return times


def load() -> dict:
    """All clients at once."""
    until, lock = time.monotonic() + seconds, threading.Lock()
    measured = {"answers": 0, "lost": 0, "texts": set(), "errors": []}

    def client():
        connection = connect()
        while time.monotonic() < until:
            try:
                _, text, complete = ask(connection)
                with lock:
                    measured["answers"] += 1
                    measured["lost"] += not complete
                    measured["texts"].add(text)
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                with lock:
                    measured["lost"] += 1
                    measured["errors"].append(str(error))
                connection = connect()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    held = []
    while any(thread.is_alive() for thread in threads):
        held.append(memory())
        time.sleep(min(1.0, seconds / 20))
    return {
        **measured,
        "texts": len(measured["texts"]),
        "errors": measured["errors"][:3],
        "held": held,
    }


def main():
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    connection = connect()
    first = [ask(connection)[0] for _ in range(ROUNDS)]
    measured = load()
    held = measured.pop("held")
    early = held[: max(1, len(held) // 5)]
    print(json.dumps({
        **measured,
        "clients": CLIENTS,
        "first_text": statistics.median(first[5:]),
        "first_text_by_hand": statistics.median(by_hand()[5:]),
        "memory_early": max(early),
        "memory_most": max(held),
    }))  # fmt: skip


main()
