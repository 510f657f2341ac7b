"""The chat template that a job froze, and what the tokenizer makes of rendered texts."""

from .failure import Failure
from .job import need

VERBATIM = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
"""A template that adds nothing: messages of whole texts are tokenized as they stand."""

MARK = "answer"


def template(job: dict) -> str | None:
    """The text of the frozen template, or None where rows are plain."""
    if job.get("chat") is None:
        return None
    text = need(job, "chat", "template", "text")
    if not isinstance(text, str):
        raise Failure("job.json has a chat template that is no text.")
    return text


def messages(role: str, text: str) -> list[dict]:
    """A rendered text as the one message that ``VERBATIM`` turns into the same text."""
    return [{"role": role, "content": text}]


def end_of_turn(tokenizer, text: str | None) -> int | None:
    """The special token that a template puts behind an answer, if it puts one there."""
    from jinja2 import TemplateError

    if not text:
        return None
    asked = {"role": "user", "content": "question"}
    try:
        rendered = tokenizer.apply_chat_template(
            [asked, {"role": "assistant", "content": MARK}], chat_template=text, tokenize=False
        )
    except (TemplateError, TypeError, ValueError, KeyError):
        # The template does not take so plain a conversation.
        return None
    behind = rendered.rpartition(MARK)[2].lstrip()
    tokens = tokenizer(behind, add_special_tokens=False)["input_ids"]
    special = {*tokenizer.all_special_ids, *special_added(tokenizer)}
    return tokens[0] if tokens and tokens[0] in special else None


def special_added(tokenizer) -> set[int]:
    """The added tokens that are special."""
    added = getattr(tokenizer, "added_tokens_decoder", {})
    return {number for number, token in added.items() if token.special}
