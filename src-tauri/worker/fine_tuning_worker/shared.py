"""Values that the worker and the program that starts it both use, from ``shared.json``."""

import json
from pathlib import Path

SHARED = json.loads(Path(__file__).with_name("shared.json").read_text(encoding="utf-8"))
