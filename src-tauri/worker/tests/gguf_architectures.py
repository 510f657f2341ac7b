"""Writes the architectures that the pinned converter knows into ``gguf.json``: run it in an environment
with requirements-gguf.lock, as ``PYTHONPATH=. python tests/gguf_architectures.py``."""

import json
import subprocess
import sys
from pathlib import Path

from fine_tuning_worker import gguf_limits, llamacpp


def known() -> list[str]:
    """The architectures of language models that the installed converter knows."""
    converter = llamacpp.converter("convert_hf_to_gguf.py")
    listed = subprocess.run(
        [sys.executable, str(converter), "--print-supported-models"], capture_output=True, text=True
    )
    text = listed.stderr.split("TEXT models:")[1].split("MMPROJ models:")[0]
    return sorted(line.split("- ")[1].strip() for line in text.splitlines() if "- " in line)


def main():
    path = Path(gguf_limits.__file__).with_name("gguf.json")
    text = path.read_text(encoding="utf-8")
    start = text.index('  "architectures": [')
    names = ",\n".join(f"    {json.dumps(name)}" for name in known())
    path.write_text(f'{text[:start]}  "architectures": [\n{names}\n  ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
