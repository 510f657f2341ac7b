"""The export for Ollama: a folder with a GGUF file and a Modelfile, and the model that is made of them
in an Ollama that runs here."""

import datetime
import json
import re
from pathlib import Path

from . import gguf, models, ollama_api, ollama_template
from .events import Events
from .export import Outcome, check, placed, report, temporary
from .failure import Failure
from .job import need
from .stop import Stop

WEIGHTS = "model.gguf"

NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*(:[\w.-]+)?", re.ASCII)
"""Names of models in Ollama: ``name``, ``someone/name``, ``name:tag``."""


def export(job: dict, events: Events, stop: Stop) -> Outcome:
    """Writes the folder, and creates the model where the job says so."""
    settings, to = need(job, "settings"), Path(need(job, "to"))
    name = need(settings, "name")
    if not NAME.fullmatch(name):
        raise Failure(
            f"“{name}” is no name for a model in Ollama.",
            "Use letters, digits, “-”, “_” and “.”, such as ticket-labels or ticket-labels:v2.",
        )
    host = ollama_api.address(settings.get("host"))
    if settings.get("create") and ollama_api.version(host) is None:
        raise Failure(
            f"Ollama does not answer on {host}.",
            "Start Ollama and retry the run, or export the folder without creating the model.",
        )
    with placed(job, to) as partial, temporary("gguf") as folder:
        folder.mkdir()
        partial.mkdir()
        made = gguf.write_model(job, partial / WEIGHTS, folder, events, stop)
        events.status("writing", "Writing the Modelfile")
        file = modelfile(made.model, settings, made.notes)
        (partial / "Modelfile").write_text(file.text, encoding="utf-8")
        if settings.get("create"):
            events.status("creating", f"Creating {name} in Ollama")
            request = {"model": name, **file.request}
            ollama_api.create(host, request, partial / WEIGHTS, events, stop)
    gguf.warn(made.checks, events)
    facts = {
        **made.facts,
        "name": name,
        "created": host if settings.get("create") else None,
        "template": file.family,
        "stop": file.stops,
    }
    checks = [*made.checks, file.check]
    return Outcome(str(to), report(job, to, checks=checks, notes=made.notes, facts=facts))


class Modelfile:
    """A Modelfile, and the same as the server takes it."""

    def __init__(self, template: str | None, family: str | None, stops: list[str], settings: dict):
        self.family, self.stops = family, stops
        parameters = dict(settings.get("parameters") or {})
        if stops:
            parameters.setdefault("stop", stops)
        system = settings.get("system") or None
        self.request = {
            key: value
            for key, value in (
                ("template", template),
                ("system", system),
                ("parameters", parameters),
            )
            if value
        }
        lines = [f"FROM ./{WEIGHTS}"]
        if template:
            lines.append(f"TEMPLATE {quoted(template)}")
        for key, value in parameters.items():
            values = value if isinstance(value, list) else [value]
            lines += [f"PARAMETER {key} {parameter(one)}" for one in values]
        if system:
            lines.append(f"SYSTEM {quoted(system)}")
        self.text = "\n".join(lines) + "\n"
        said = "No template is written: Ollama uses what it makes of the one in the GGUF file."
        if template:
            said = (
                f"The template ({family}) writes what Transformers renders, for one to three turns."
            )
        self.check = check("template", True if template else None, said)


def modelfile(model: Path, settings: dict, notes: list[str]) -> Modelfile:
    """The Modelfile for a model's folder. What people should know goes to ``notes``."""
    tokenizer = models.tokenizer(str(model))
    special = sorted(
        {*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()}, key=len, reverse=True
    )
    stops = [token for token in ends(model, tokenizer) if token]
    if not tokenizer.chat_template:
        notes.append("The model has no chat template, so Ollama gives it prompts as they are.")
        return Modelfile(None, None, stops, settings)
    begin = begin_token(tokenizer)
    found = ollama_template.pieces(rendering(tokenizer, begin))
    if found is not None and uses_the_date(tokenizer.chat_template, found):
        found = None
    if found is None:
        notes.append(
            "The chat template can't be followed exactly by one of Ollama's, so none is written: "
            "Ollama uses what it makes of the one in the GGUF file. Compare an answer with Try it."
        )
        return Modelfile(None, None, stops, settings)
    if found.before_system is None:
        notes.append("The chat template has no place for a system prompt.")
        if settings.get("system"):
            raise Failure(
                "The model's chat template has no place for a system prompt.",
                "Leave the system prompt empty.",
            )
    ending = ollama_template.ending(found, special)
    if ending and ending not in stops:
        stops.append(ending)
    return Modelfile(found.as_go(), found.family, stops, settings)


def rendering(tokenizer, begin: str | None):
    """The model's own rendering, without the begin token where Ollama puts it there itself."""

    def render(messages: list[dict], ask: bool) -> str:
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=ask)
        return text.removeprefix(begin) if begin else text

    return render


def uses_the_date(template: str, found: ollama_template.Pieces) -> bool:
    """Whether the pieces have today's date in them, which is another tomorrow."""
    this_year = str(datetime.date.today().year)
    return "strftime_now" in template and this_year in found.opening + (found.before_system or "")


def begin_token(tokenizer) -> str | None:
    """The begin token, where the tokenizer puts it before every text, as its GGUF file then says."""
    tokens = tokenizer("a")["input_ids"]
    begin = tokenizer.bos_token_id
    return tokenizer.bos_token if begin is not None and tokens[:1] == [begin] else None


def ends(model: Path, tokenizer) -> list[str]:
    """The texts of the tokens that end an answer by the model's own settings."""
    try:
        config = json.loads((model / "generation_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        config = {}
    found = config.get("eos_token_id")
    numbers = found if isinstance(found, list) else [found] if found is not None else []
    if tokenizer.eos_token_id is not None and tokenizer.eos_token_id not in numbers:
        numbers.append(tokenizer.eos_token_id)
    return [tokenizer.convert_ids_to_tokens(number) for number in numbers]


def parameter(value) -> str:
    """A value of a PARAMETER line."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else json.dumps(value)


def quoted(text: str) -> str:
    """A text of several lines in a Modelfile, which has no way to write three quotation marks in it."""
    if '"""' in text:
        raise Failure(
            "The system prompt has three quotation marks in a row, which a Modelfile can't hold.",
            "Use other quotation marks.",
        )
    return f'"""{text}"""'
