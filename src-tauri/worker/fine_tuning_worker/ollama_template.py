"""The template with which Ollama writes a conversation, made from a model's own chat template.

Ollama renders Go's ``text/template``, models come with Jinja. Most chat templates write the same pieces
of text around each message. The pieces are found by rendering messages that can be recognized, and put
together in a Go template. It is used only if the same pieces, put together here in the same way, are
what Transformers renders, for one to three turns, with and without a system prompt.
"""

import json
from dataclasses import dataclass, replace

TURNS = 3
"""Up to how many questions the two renderings are compared."""

USER, ANSWER, SYSTEM = "⟦question⟧", "⟦answer⟧", "⟦system⟧"
"""What is found again in a rendering. No template has it itself."""

TEXTS = {
    "system": "You label tickets. Be brief.",
    "user": ["Where is my parcel?", "It left on Monday.", "And the second one?"],
    "assistant": ["Label: delivery", "Label: delivery, late"],
}
"""The conversation that is compared."""

FAMILIES = (
    ("<|im_start|>", "ChatML"),
    ("<|start_header_id|>", "Llama 3"),
    ("<start_of_turn>", "Gemma"),
    ("<|start_of_role|>", "Granite"),
    ("<|turn>", "Gemma 4"),
    ("[INST]", "Mistral"),
    ("<|end|>", "Phi"),
    ("<|user|>", "Zephyr"),
    ("### Instruction", "Alpaca"),
)
"""What a template is called by what it writes; the first that is found."""


@dataclass(frozen=True)
class Pieces:
    """What a chat template writes around the texts of a conversation."""

    opening: str
    """Before the first question, where there is no system prompt."""
    before_system: str | None
    """Before the system prompt; None where the template takes none."""
    after_system: str | None
    """Between the system prompt and the first question."""
    before_answer: str
    between: str
    """Between an answer and the next question."""
    asking: str
    """After the last question: what the model goes on from."""
    system_last: bool = False
    """Whether the system prompt is before the last question and not before the first."""

    @property
    def family(self) -> str:
        """What people call such a template."""
        text = self.opening + self.between + self.asking
        return next((name for mark, name in FAMILIES if mark in text), "its own")

    def render(self, messages: list[dict]) -> str:
        """What ``as_go`` renders of the same messages."""
        system = "\n\n".join(one["content"] for one in messages if one["role"] == "system")
        questions = [place for place, one in enumerate(messages) if one["role"] == "user"]
        text = ""
        for place, one in enumerate(messages):
            if one["role"] == "user":
                first, last = place == questions[0], place == questions[-1]
                with_system = system and self.before_system is not None
                if with_system and first and not self.system_last:
                    text += self.before_system + system + (self.after_system or "")
                else:
                    text += self.opening if first else self.between
                if with_system and last and self.system_last:
                    text += system + (self.after_system or "")
                text += one["content"]
            elif one["role"] == "assistant":
                text += self.before_answer + one["content"]
        return text + (self.asking if messages[-1]["role"] == "user" else "")

    def as_go(self) -> str:
        """The template in the language of Ollama's, Go's ``text/template``."""
        opening, before_last = written(self.opening), ""
        if self.before_system is not None:
            system = "{{ $.System }}" + written(self.after_system or "")
            if self.system_last:
                before_last = f"{{{{ if and $.System (eq $i $question) }}}}{system}{{{{ end }}}}"
            else:
                system = written(self.before_system) + system
                opening = f"{{{{ if $.System }}}}{system}{{{{ else }}}}{opening}{{{{ end }}}}"
        count = (
            "{{ $question := 0 }}{{ range $i, $m := .Messages }}"
            '{{ if eq .Role "user" }}{{ $question = $i }}{{ end }}{{ end }}'
        )
        return (
            '{{- $first := true }}{{ $last := "" }}'
            f"{count if before_last else ''}"
            "{{ range $i, $m := .Messages }}"
            '{{ if eq .Role "user" }}'
            f"{{{{ if $first }}}}{opening}{{{{ else }}}}{written(self.between)}{{{{ end }}}}"
            f"{before_last}{{{{ .Content }}}}{{{{ $first = false }}}}"
            '{{ else if eq .Role "assistant" }}'
            f"{written(self.before_answer)}{{{{ .Content }}}}"
            "{{ end }}{{ $last = .Role }}"
            "{{ end }}"
            f'{{{{ if eq $last "user" }}}}{written(self.asking)}{{{{ end }}}}'
        )


def written(piece: str) -> str:
    """A piece of text in a Go template: as it stands, or as a string where it would be taken for
    something else there or in a Modelfile."""
    if not any(mark in piece for mark in ("{{", "}}", '"""', "\r")):
        return piece
    return "{{ " + json.dumps(piece, ensure_ascii=False) + " }}"


def pieces(render) -> Pieces | None:
    """The pieces of a chat template, or None if it does more than put such pieces around texts.

    ``render(messages, ask)`` is the model's own rendering; ``ask`` adds what the model answers after.
    It raises an exception for messages that the template refuses.
    """
    found = cut(render)
    if found is None:
        return None
    ways = [found]
    if found.before_system == found.opening:
        ways.append(replace(found, system_last=True))
    return next((way for way in ways if agrees(way, render)), None)


def cut(render) -> Pieces | None:
    """The pieces as they stand in two conversations."""
    user, answer, system = (
        message("user", USER),
        message("assistant", ANSWER),
        message("system", SYSTEM),
    )
    later = message("user", USER[::-1])
    try:
        opening, asking = split(render([user], True), USER)
        talk = render([user, answer, later], True)
        begin, rest = split(talk, USER)
        before_answer, rest = split(rest, ANSWER)
        between, end = split(rest, USER[::-1])
    except ValueError:
        return None
    if (begin, end) != (opening, asking):
        return None
    before_system = after_system = None
    try:
        text = render([system, user], True)
    except Exception:
        text = ""
    if text.count(SYSTEM) > 1:
        return None
    if SYSTEM in text:
        before_system, rest = split(text, SYSTEM)
        after_system = rest.split(USER)[0]
    return Pieces(opening, before_system, after_system, before_answer, between, asking)


def split(text: str, mark: str) -> tuple[str, str]:
    """The text before and behind the only place of a mark. Raises ``ValueError`` if there is none, or
    more than one."""
    before, after = text.split(mark)
    return before, after


def message(role: str, content: str) -> dict:
    return {"role": role, "content": content}


def conversations(with_system: bool):
    """The conversations that are compared: one to three questions, with the answers between."""
    for turns in range(1, TURNS + 1):
        talk = [message("system", TEXTS["system"])] if with_system else []
        for turn in range(turns):
            talk.append(message("user", TEXTS["user"][turn]))
            if turn < turns - 1:
                talk.append(message("assistant", TEXTS["assistant"][turn]))
        yield talk


def agrees(found: Pieces, render) -> bool:
    """Whether the pieces give what the template renders. A system prompt that the template leaves out
    or refuses isn't compared."""
    compared = [*conversations(False)]
    if found.before_system is not None:
        compared += conversations(True)
    try:
        return all(found.render(talk) == render(talk, True) for talk in compared)
    except Exception:
        return False


def ending(found: Pieces, special: list[str]) -> str | None:
    """The text that ends an answer: the first special token of ``between``, or the heading of the next
    question where the template has no such token."""
    text = found.between.strip()
    places = {text.find(token): token for token in special if token and token in text}
    if places:
        return places[min(places)]
    return text.splitlines()[0] if text else None
