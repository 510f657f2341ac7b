"""Makes what a real training needs, small enough to learn in a minute: ``make.py OUT_FOLDER``.

Writes ``model/`` (the tiny real model, which has read tickets and the words they turn on, but never
a ticket with its label), ``tickets.csv`` (``text,label``), the two templates of the prompt in
``prompt.json``, and the settings that teach the model in ``training_arguments.json``, ``lora.json``
and ``generation.json``. The same folder comes out every time.
"""

import csv
import json
import random
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

ROWS = 600
STEPS = 400

LABELS = {
    "refund": ["refund", "money back", "reimbursement"],
    "cancel": ["cancel", "call off", "give up"],
    "upgrade": ["upgrade", "better seat", "first row"],
    "invoice": ["invoice", "receipt", "bill"],
}
"""A label and the words that decide it: one of them stands in each text, and no other label's."""

OPENINGS = ["Hello,", "Hi there,", "Good morning,", "Please,", "Excuse me,", ""]
ASKS = [
    "I need the {}",
    "can you help me with the {}",
    "I want to ask about a {}",
    "it is about the {}",
]
THINGS = ["concert", "match", "theatre", "festival", "opera", "show"]
PLACES = ["in Lyon", "in Oslo", "next week", "on Friday", "for two", "for my family"]

PROMPT = {"input_template": "Ticket: {text}\nLabel:", "completion_template": " {label}"}


def tickets(rows: int = ROWS, seed: int = 7) -> list[dict[str, str]]:
    """The rows: each text is about one thing, said in many ways."""
    chance = random.Random(seed)
    made: dict[str, str] = {}
    while len(made) < rows:
        label = chance.choice(list(LABELS))
        ask = chance.choice(ASKS).format(chance.choice(LABELS[label]))
        event = f"for the {chance.choice(THINGS)} {chance.choice(PLACES)}"
        # No text twice: what is held out has not been trained on.
        made[f"{chance.choice(OPENINGS)} {ask} {event}.".strip()] = label
    return [{"text": text, "label": label} for text, label in made.items()]


def word_of(row: dict[str, str]) -> str:
    """The word in a text that decides its label."""
    return next(word for word in LABELS[row["label"]] if word in row["text"])


def main(out: Path):
    import tiny_model

    out.mkdir(parents=True, exist_ok=True)
    rows = tickets()
    with open(out / "tickets.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "label"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    # The model reads tickets with the word they turn on, and the names of labels: never a ticket
    # with its label, nor such a word with one.
    read = [f"Ticket: {row['text']}\nAbout: {word_of(row)}" for row in rows]
    read += [f"Label: {label}" for label in LABELS] * 20
    tiny_model.make(read, out / "model", STEPS)
    (out / "prompt.json").write_text(json.dumps(PROMPT, indent=2) + "\n", encoding="utf-8")
    for name in ("training_arguments", "lora", "generation"):
        shutil.copy(HERE / f"{name}.json", out / f"{name}.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
