"""Renders many conversations with every chat template of a folder, as Transformers does.

``render_templates.py OUT EXPRESSIONS [FOLDER…]`` writes ``templates.json``, ``conversations.json``,
``renderings.jsonl``, and ``expressions.json``: the small templates of the file EXPRESSIONS with
their texts. Without folders the templates are those that TRL ships.
"""

import datetime
import json
import sys
from pathlib import Path

from conversations import assistant, conversations, user
from transformers.utils import chat_template_utils

NOW = "2026-11-28T13:50:00"
SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}


class Frozen(datetime.datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromisoformat(NOW)


def rendered(template, conversation, prompt):
    """The text with its spans, or why there is none."""
    messages = [
        {key: value for key, value in m.items() if value is not None}
        for m in conversation["messages"]
    ]
    try:
        texts, spans = chat_template_utils.render_jinja_template(
            conversations=[messages],
            tools=conversation.get("tools"),
            documents=conversation.get("documents"),
            chat_template=template,
            return_assistant_tokens_mask="generation" in template,
            add_generation_prompt=prompt,
            **{**SPECIAL_TOKENS, **conversation.get("arguments", {})},
        )
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"text": texts[0], "spans": spans[0] if spans else None}


def main():
    out, expressions, *folders = map(Path, sys.argv[1:])
    if not folders:
        import trl

        folders = [Path(trl.__file__).parent / "chat_templates"]
    chat_template_utils.datetime = Frozen
    files = sorted(file for folder in folders for file in folder.rglob("*.jinja"))
    templates = {file.name: file.read_bytes().decode() for file in files}
    cases = dict(conversations())
    source = {"special_tokens": SPECIAL_TOKENS, "now": NOW}
    (out / "templates.json").write_text(json.dumps({"templates": templates, **source}))
    (out / "conversations.json").write_text(json.dumps(cases))
    short = {"messages": [user("hi"), assistant("yo")]}
    texts = [
        [text, rendered(text, short, False).get("text")]
        for text, _ in json.loads(expressions.read_text())
    ]
    (out / "expressions.json").write_text(json.dumps(texts))
    with open(out / "renderings.jsonl", "w") as lines:
        for name, template in templates.items():
            for case, conversation in cases.items():
                for prompt in (False, True):
                    result = rendered(template, conversation, prompt)
                    lines.write(
                        json.dumps({"template": name, "case": case, "prompt": prompt, **result})
                        + "\n"
                    )


if __name__ == "__main__":
    main()
