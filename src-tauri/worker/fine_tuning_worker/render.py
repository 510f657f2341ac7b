"""``render``: chat templates rendered by Transformers, JSON lines on both sides. It takes no torch."""

import json
import os
import sys
import threading
from datetime import datetime

IDLE = 60
"""Seconds without a request after which the process ends."""


def serve() -> int:
    """Answers requests until standard input ends."""
    # What libraries print is no answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    answers.reconfigure(encoding="utf-8")
    sys.stdin.reconfigure(encoding="utf-8")
    idle = None
    while True:
        idle = threading.Timer(IDLE, os._exit, [0])
        idle.daemon = True
        idle.start()
        line = sys.stdin.readline()
        idle.cancel()
        if not line:
            return 0
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def answer(asked: dict) -> dict:
    """The text of a template, or why there is none."""
    from jinja2 import TemplateError
    from transformers.utils import chat_template_utils as chats

    variables = dict(asked["variables"])
    variables.pop("_generation_marks", None)
    now = datetime.fromisoformat(asked["now"])
    try:
        compiled = chats._compile_jinja_template(asked["template"])
        # The run froze the clock.
        compiled.globals["strftime_now"] = now.strftime
        texts, generated = chats.render_jinja_template(
            conversations=[variables.pop("messages")],
            chat_template=asked["template"],
            return_assistant_tokens_mask=asked["tags"],
            **variables,
        )
    except TemplateError as error:
        kind = "refused" if type(error) is TemplateError else "failed"
        return {kind: str(error)}
    except Exception as error:
        # A template is foreign code, and fails in any way that Python knows.
        return {"failed": f"{type(error).__name__}: {error}"}
    return {"text": texts[0], "generated": generated[0] if generated else []}
