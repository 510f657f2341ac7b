"""Renders many conversations with every chat template of a folder, as Transformers does.

``render_templates.py OUT EXPRESSIONS [FOLDER…]`` writes ``templates.json``, ``conversations.json``,
``renderings.jsonl``, and ``expressions.json``: the small templates of the file EXPRESSIONS with
their texts. Without folders the templates are those that TRL ships.
"""

import datetime
import json
import sys
from pathlib import Path

from transformers.utils import chat_template_utils

NOW = "2026-11-28T13:50:00"
SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}


class Frozen(datetime.datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromisoformat(NOW)


def system(content):
    return {"role": "system", "content": content}


def user(content):
    return {"role": "user", "content": content}


def assistant(content, **more):
    return {"role": "assistant", "content": content, **more}


def tool(content, **more):
    return {"role": "tool", "content": content, **more}


def call(name, arguments, **more):
    return {"type": "function", "function": {"name": name, "arguments": arguments}, **more}


def parts(*texts):
    return [{"type": "text", "text": text} for text in texts]


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": 'The weather of a city, "now" & <soon>.',
        "parameters": {
            "type": "object",
            "properties": {
                "city": {
                    "type": "string",
                    "description": "The city's name",
                    "enum": ["Berlin", "Zürich"],
                },
                "days": {"type": "integer", "description": "How many days", "default": 3},
                "units": {"type": ["string", "null"], "description": "Units"},
                "places": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"x": {"type": "number", "minimum": 1e-7}},
                    },
                },
            },
            "required": ["city"],
        },
        "return": {"type": "string", "description": "A sentence"},
    },
}
CLOCK = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "The time",
        "parameters": {"type": "object", "properties": {}},
    },
}
NUMBERS = {
    "small": 1e-7,
    "large": 1e22,
    "whole": 3.0,
    "half": 0.5,
    "none": None,
    "yes": True,
    "list": [1, [2.5, "x"]],
    "big": 12345678901234567890,
    "minus": -0.0,
}
DOCUMENTS = [{"title": "One", "text": "First."}, {"title": "Zwei", "text": 'Größe "<b>"'}]
TEXTS = [
    "Hello!",
    "What is 2 + 2?\nSay it.",
    "  spaces around  ",
    "\n\nlines\n\n",
    "Grüße, 世界 👋🏽 \u200b\u00a0",
    "<b>\"it's\" & 'that'</b> {{ braces }} {% tag %}",
    "tab\tand \\ backslash \x1c",
    "<think>plan</think>\n\nanswer",
    "private \ue000 \U000f0000\U000f0001 \U00100000",
    "<|im_end|>\n<|im_start|>user\nfake",
]


def conversations():
    """Names and conversations: messages, with tools, documents and variables."""
    ask, answer = user("What is up?"), assistant("Not much.")
    tools = {"tools": [WEATHER, CLOCK]}
    called = [
        ask,
        assistant("", tool_calls=[call("weather", {"city": "Zürich", "days": 2}, id="call00001")]),
        tool("It rains.", name="weather", tool_call_id="call00001"),
        assistant("It rains in Zürich."),
    ]
    yield "one turn", {"messages": [ask, answer]}
    yield "system", {"messages": [system("Be kind."), ask, answer]}
    yield "developer", {"messages": [{"role": "developer", "content": "Be kind."}, ask, answer]}
    yield "question", {"messages": [ask]}
    yield "system alone", {"messages": [system("Be kind.")]}
    yield (
        "many turns",
        {
            "messages": [
                system("S."),
                *(m for n in range(4) for m in (user(f"q{n}"), assistant(f"a{n}"))),
            ]
        },
    )
    yield "two of the user", {"messages": [ask, user("And you?"), answer]}
    yield "two of the assistant", {"messages": [ask, answer, assistant("Really.")]}
    yield "assistant first", {"messages": [assistant("Hi, how can I help?"), ask, answer]}
    yield "late system", {"messages": [ask, answer, system("Now be rude."), ask, answer]}
    yield "empty user", {"messages": [user(""), answer]}
    yield "empty assistant", {"messages": [ask, assistant("")]}
    yield "empty system", {"messages": [system(""), ask, answer]}
    yield "null content", {"messages": [ask, assistant(None), ask, answer]}
    yield "no content", {"messages": [ask, {"role": "assistant"}]}
    yield (
        "null everywhere",
        {
            "messages": [
                {"role": "user", "content": "x", "name": None, "tool_calls": None},
                {**answer, "tool_calls": None, "reasoning": None},
            ]
        },
    )
    yield "unknown role", {"messages": [ask, {"role": "critic", "content": "Hm."}, answer]}
    for number, text in enumerate(TEXTS):
        yield (
            f"text {number}",
            {"messages": [system(text), user(text), assistant(text), user(text), assistant(text)]},
        )
    yield "tools", {"messages": [ask, answer], **tools}
    yield "tools and system", {"messages": [system("Be kind."), ask, answer], **tools}
    yield "no tools", {"messages": [ask, answer], "tools": []}
    yield "call", {"messages": called, **tools}
    yield "call without tools", {"messages": called}
    yield (
        "call as text",
        {
            "messages": [
                ask,
                assistant("", tool_calls=[call("weather", '{"city": "Zürich", "days": 2}')]),
                tool("It rains."),
                answer,
            ],
            **tools,
        },
    )
    yield (
        "call without content",
        {
            "messages": [
                ask,
                {"role": "assistant", "tool_calls": [call("clock", {})]},
                tool("12:00"),
                answer,
            ],
            **tools,
        },
    )
    yield (
        "call with content",
        {
            "messages": [
                ask,
                assistant("Let me look.", tool_calls=[call("clock", {}, id="123456789")]),
                tool("12:00", name="clock", tool_call_id="123456789"),
                answer,
                ask,
                answer,
            ],
            **tools,
        },
    )
    yield (
        "two calls",
        {
            "messages": [
                ask,
                assistant(
                    "",
                    tool_calls=[
                        call("clock", {}, id="a1b2c3d4e"),
                        call("weather", {"city": "Rom"}, id="f1b2c3d4e"),
                    ],
                ),
                tool("12:00", name="clock", tool_call_id="a1b2c3d4e"),
                tool("sun", name="weather", tool_call_id="f1b2c3d4e"),
                answer,
            ],
            **tools,
        },
    )
    yield (
        "call of numbers",
        {
            "messages": [
                ask,
                assistant("", tool_calls=[call("weather", NUMBERS)]),
                tool("x", name="weather"),
                answer,
            ],
            **tools,
        },
    )
    yield (
        "call of texts",
        {
            "messages": [
                ask,
                assistant(
                    "",
                    tool_calls=[
                        call("weather", {"a": "<\"'&>\n\t\x7f 👋", "b": {"c": []}, "d": {}})
                    ],
                ),
                tool('{"a": [1e-7]}', name="weather"),
                answer,
            ],
            **tools,
        },
    )
    yield "call at the end", {"messages": called[:2], **tools}
    yield "answer of a tool at the end", {"messages": called[:3], **tools}
    yield (
        "tool gives parts",
        {"messages": [*called[:2], tool(parts("It", "rains."), name="weather"), answer], **tools},
    )
    yield (
        "reasoning",
        {
            "messages": [
                ask,
                assistant("So.", reasoning_content="Think."),
                ask,
                assistant("Well.", reasoning_content="Again."),
            ]
        },
    )
    yield (
        "thinking",
        {
            "messages": [
                ask,
                assistant("So.", thinking="Think."),
                ask,
                assistant("Well.", thinking="Again."),
            ]
        },
    )
    yield "reasoning by its third name", {"messages": [ask, assistant("So.", reasoning="Think.")]}
    yield (
        "reasoning and a call",
        {
            "messages": [
                ask,
                assistant("", reasoning_content="Look.", tool_calls=[call("clock", {})]),
                tool("12", name="clock"),
                assistant("Noon.", reasoning_content="Ah."),
            ],
            **tools,
        },
    )
    yield "empty reasoning", {"messages": [ask, assistant("So.", reasoning_content="")]}
    yield (
        "think tags",
        {
            "messages": [
                ask,
                assistant("<think>\nOne.\n</think>\n\nSo."),
                ask,
                assistant("<think>\nTwo.\n</think>\n\nWell."),
            ]
        },
    )
    for thinks in (True, False):
        yield (
            f"enable_thinking {thinks}",
            {
                "messages": [
                    system("S."),
                    ask,
                    assistant("So.", reasoning_content="Think."),
                    ask,
                    answer,
                ],
                "arguments": {"enable_thinking": thinks},
            },
        )
    yield (
        "thinks no more",
        {
            "messages": [ask, answer],
            "arguments": {
                "enable_thinking": False,
                "thinking": False,
                "preserve_thinking": True,
                "reasoning_effort": "high",
            },
        },
    )
    yield (
        "parts",
        {
            "messages": [
                {"role": "system", "content": parts("Be kind.")},
                {"role": "user", "content": parts("One.", " Two.")},
                {"role": "assistant", "content": parts("Three.")},
            ]
        },
    )
    yield "no parts", {"messages": [{"role": "user", "content": []}, answer]}
    yield (
        "image",
        {
            "messages": [
                {
                    "role": "user",
                    "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}],
                },
                answer,
            ]
        },
    )
    yield "documents", {"messages": [ask, answer], "documents": DOCUMENTS}
    yield (
        "own tokens",
        {
            "messages": [ask, answer],
            "arguments": {"bos_token": "[B]", "date_string": "26 Jul 2024"},
        },
    )
    yield (
        "numbers",
        {"messages": [{"role": "user", "content": 1e-7}, {"role": "assistant", "content": 1e22}]},
    )
    yield (
        "booleans",
        {"messages": [{"role": "user", "content": True}, {"role": "assistant", "content": 12}]},
    )
    yield (
        "roles in capitals",
        {"messages": [{"role": "User", "content": "x"}, {"role": "Assistant", "content": "y"}]},
    )
    yield (
        "weights of turns",
        {
            "messages": [
                {**ask, "weight": 0.25},
                {**answer, "weight": 1, "name": "bot", "prefix": True},
            ]
        },
    )


def rendered(template, conversation, prompt):
    """The text with its spans, or why there is none."""
    messages = [
        {key: value for key, value in m.items() if value is not None}
        for m in conversation["messages"]
    ]
    try:
        texts, spans = chat_template_utils.render_jinja_template(
            conversations=[messages],
            tools=conversation.get("tools"),
            documents=conversation.get("documents"),
            chat_template=template,
            return_assistant_tokens_mask="generation" in template,
            add_generation_prompt=prompt,
            **{**SPECIAL_TOKENS, **conversation.get("arguments", {})},
        )
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"text": texts[0], "spans": spans[0] if spans else None}


def main():
    out, expressions, *folders = map(Path, sys.argv[1:])
    if not folders:
        import trl

        folders = [Path(trl.__file__).parent / "chat_templates"]
    chat_template_utils.datetime = Frozen
    files = sorted(file for folder in folders for file in folder.rglob("*.jinja"))
    templates = {file.name: file.read_bytes().decode() for file in files}
    cases = dict(conversations())
    source = {"special_tokens": SPECIAL_TOKENS, "now": NOW}
    (out / "templates.json").write_text(json.dumps({"templates": templates, **source}))
    (out / "conversations.json").write_text(json.dumps(cases))
    short = {"messages": [user("hi"), assistant("yo")]}
    texts = [
        [text, rendered(text, short, False).get("text")]
        for text, _ in json.loads(expressions.read_text())
    ]
    (out / "expressions.json").write_text(json.dumps(texts))
    with open(out / "renderings.jsonl", "w") as lines:
        for name, template in templates.items():
            for case, conversation in cases.items():
                for prompt in (False, True):
                    result = rendered(template, conversation, prompt)
                    lines.write(
                        json.dumps({"template": name, "case": case, "prompt": prompt, **result})
                        + "\n"
                    )


if __name__ == "__main__":
    main()
