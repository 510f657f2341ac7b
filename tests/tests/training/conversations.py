"""Conversations that chat templates are rendered with: each role, tools, reasoning and odd contents."""


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
