"""The token lengths of a file of conversations: ``count_tokens.py FILE MODEL TEMPLATE``.

Prints their sum."""

import json
import sys
from itertools import islice
from pathlib import Path

from transformers import AutoTokenizer

file, model, template = sys.argv[1:]
template = Path(template).read_text(encoding="utf-8")
tokenizer = AutoTokenizer.from_pretrained(model)
lengths = []
with open(file, encoding="utf-8") as lines:
    while batch := list(islice(lines, 10_000)):
        texts = [
            tokenizer.apply_chat_template(
                json.loads(line)["messages"], chat_template=template, tokenize=False
            )
            for line in batch
        ]
        encoded = tokenizer.backend_tokenizer.encode_batch(texts, add_special_tokens=False)
        lengths.extend(len(one) for one in encoded)
print(sum(lengths))
