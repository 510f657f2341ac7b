"""Reads texts with PyYAML and answers with JSON in which every value keeps its type."""

import datetime
import json
import math
import re
import sys
from pathlib import Path

try:
    import yaml
except ImportError:
    sys.exit(3)


def scalar(value):
    if isinstance(value, datetime.date):
        return f"!!timestamp {value.isoformat()}"
    if isinstance(value, float) and not math.isfinite(value):
        return "!!float " + ("nan" if value != value else "inf" if value > 0 else "-inf").replace(
            "inf", ".inf"
        ).replace("nan", ".nan")
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return f"!!int {value}"
    # Half of a character, which only Python can hold.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def key(value):
    if isinstance(value, str):
        return scalar(value)
    if value is None:
        return "!!null null"
    if isinstance(value, bool):
        return f"!!bool {str(value).lower()}"
    if isinstance(value, int):
        return f"!!int {value}"
    shown = scalar(value)
    if isinstance(shown, str):
        return shown
    # As Rust writes it, without a plus and zeros in the exponent.
    return "!!float " + re.sub(r"e([+-])0*", lambda match: "e" + match[1].strip("+"), repr(value))


def plain(value, depth=0):
    if depth > 200:
        raise ValueError("too deep")
    if isinstance(value, dict):
        return {key(name): plain(part, depth + 1) for name, part in value.items()}
    if isinstance(value, (set, bytes)):
        # No setting is of these types.
        return f"!!{type(value).__name__}"
    if isinstance(value, (list, tuple)):
        return [plain(part, depth + 1) for part in value]
    return scalar(value)


for line in Path(sys.argv[1]).read_text(encoding="utf-8").split("\n")[:-1]:
    try:
        answer = {"value": plain(yaml.safe_load(json.loads(line)))}
    # PyYAML lets errors of int(), datetime and of its own tables through.
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        answer = {"refused": f"{type(error).__name__}: {error}".split("\n")[0]}
    print(json.dumps(answer, allow_nan=False))
