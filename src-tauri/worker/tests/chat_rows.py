"""Conversations and preferences made of the recipe's tickets, rendered as the studio does."""

TEMPLATE = (
    "{% for message in messages %}<s>{{ message['role'] + ':' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] }}</s>{% endgeneration %}"
    "{% else %}{{ message['content'] }}</s>{% endif %}{{ '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<s>assistant:' }}{% endif %}"
)
"""A template of tokens that the recipe's tokenizer has. Each turn begins and ends with one."""

CHAT = {
    "template": {
        "text": TEMPLATE,
        "name": "plain",
        "special_tokens": {},
        "now": "2026-11-28T13:50:00",
    },
    "train_on": "assistant_turns",
    "system_prompt": None,
}


def messages(row: dict) -> list[dict]:
    """A ticket as a conversation whose last answer depends on its first turn."""
    ticket = row["prompt"].removesuffix("\nLabel:")
    return [
        {"role": "user", "content": ticket},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": "Label:"},
        {"role": "assistant", "content": row["completion"]},
    ]


def rendered(turns: list[dict], **options) -> tuple[str, list[list[int]]]:
    """The text of a conversation, and the spans of its answers."""
    from transformers.utils.chat_template_utils import render_jinja_template

    [text], [spans] = render_jinja_template(
        conversations=[turns], chat_template=TEMPLATE, return_assistant_tokens_mask=True, **options
    )
    return text, [list(span) for span in spans]


def conversation(row: dict) -> dict:
    """A row whose answers all are learned."""
    text, spans = rendered(messages(row))
    return {"row": row["row"], "text": text, "loss": spans}


def asked(row: dict) -> dict:
    """A row that asks for the last answer."""
    text, _ = rendered(messages(row)[:-1], add_generation_prompt=True)
    return {"row": row["row"], "prompt": text, "expected": row["completion"], "features": {}}


def other(row: dict) -> str:
    """A label that is not the row's."""
    return " cancel" if row["completion"] == " refund" else " refund"


def preference(row: dict, chat: bool = True) -> dict:
    """A row in which the right label is preferred."""
    end = "</s>" if chat else ""
    prompt = asked(row)["prompt"] if chat else row["prompt"]
    chosen, rejected = row["completion"] + end, other(row) + end
    return {"row": row["row"], "prompt": prompt, "chosen": chosen, "rejected": rejected}


def unpaired(row: dict, chat: bool = True) -> dict:
    """A row whose answer is right where its number is even."""
    both = preference(row, chat)
    good = row["row"] % 2 == 0
    answer = both["chosen" if good else "rejected"]
    return {"row": row["row"], "prompt": both["prompt"], "completion": answer, "label": good}


def begins_texts(source: str, folder) -> str:
    """A copy of a model whose tokenizer puts a begin token before a text."""
    from tokenizers.processors import TemplateProcessing
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(source)
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", tokenizer.bos_token_id)]
    )
    tokenizer.save_pretrained(folder)
    AutoModelForCausalLM.from_pretrained(source).save_pretrained(folder)
    return str(folder)
