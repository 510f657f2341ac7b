"""``scan``: what publishing would send, and what speaks against it. It takes the standard library.

Reads one JSON object on standard input: the fields that ``choose`` takes, ``repository``, and
``places``, the folders of the studio on this machine.
"""

import json
import sys

from . import scan, sendable
from .failure import explain


def print_plan() -> int:
    """Answers with one JSON object on standard output."""
    sys.stdin.reconfigure(encoding="utf-8")
    asked = json.load(sys.stdin)
    print(json.dumps(plan(asked)))
    return 0


def plan(asked: dict) -> dict:
    """The files with sizes, those that are left out, and the findings; or why there is nothing."""
    try:
        sending = sendable.choose(
            asked["what"], asked["source"], asked.get("base_model"), asked.get("card")
        )
        found = findings(sending, asked.get("repository") or "", asked.get("places") or [])
    except Exception as error:
        failure = explain(error)
        return {
            "files": [],
            "left_out": [],
            "findings": [],
            "refusal": {"message": failure.message, "hint": failure.hint},
        }
    return {
        "files": [
            {"path": sent.path, "bytes": sent.size(), "rewritten": sent.rewritten}
            for sent in sending.files
        ],
        "left_out": sending.left_out,
        "findings": scan.as_json(found),
        "refusal": None,
    }


def findings(sending: sendable.Sending, repository: str, places: list[str]) -> list[scan.Finding]:
    """What must not be published of the files."""
    machine = scan.Machine.here(places, published=repository.partition("/")[0])
    return [one for sent in sending.files for one in scan.scan(sent.path, sent.content, machine)]
