"""Chat templates, rendered on request."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.stack

WORKER = Path(__file__).parents[1]


def asked(template: str, tags: bool = False, **variables) -> dict:
    said = {"role": "assistant", "content": "Noté 👍🏽"}
    return {
        "template": template,
        "now": "2026-11-28T13:50:00",
        "variables": {"messages": [said], "tools": None, "documents": None, **variables},
        "tags": tags,
    }


def answers(*requests: dict) -> list[dict]:
    """What a process of its own answers to requests."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        [sys.executable, "-B", "-u", "-m", "fine_tuning_worker", "render"],
        input=lines.encode(),
        capture_output=True,
        cwd=WORKER,
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_text_a_refusal_and_a_failure_are_distinguished():
    text, spans, clock, refused, failed, broken = answers(
        asked("{{ bos_token }}{{ messages[0].content }}", bos_token="<s>", _generation_marks=None),
        asked("a{% generation %}{{ messages[0].content }}{% endgeneration %}b", tags=True),
        asked("{{ strftime_now('%Y-%m-%d %H:%M') }}"),
        asked("{{ raise_exception('Not so.') }}"),
        asked("{{ 1 + 'a' }}"),
        asked("{% for %}"),
    )
    assert text == {"text": "<s>Noté 👍🏽", "generated": []}
    assert spans == {"text": "aNoté 👍🏽b", "generated": [[1, 8]]}
    assert clock["text"] == "2026-11-28 13:50"
    assert refused == {"refused": "Not so."}
    assert failed["failed"].startswith("TypeError: ") and "failed" in broken


def test_a_template_reaches_nothing_of_python():
    [answer] = answers(asked("{{ strftime_now.__self__.__class__.__mro__ }}{{ ''.__class__ }}"))
    assert "failed" in answer or answer["text"] == ""
