"""Which rows of an evaluation models have room for: a model reads and writes so many tokens at once."""

import copy
from collections.abc import Callable

from . import asked, generate, likelihood, models, preferences
from . import job as jobs
from .asked import Kind
from .events import Events
from .failure import Failure

SHOWN = 5
"""How many of the rows at fault are named."""


def fitting(job: dict, kind: Kind, files: dict[str, list[dict]], events: Events) -> dict:
    """The rows of each file without those that a model has no room for; a warning names those. A row
    that one model has no room for is left out for all, as their results are compared row by row.
    Raises ``Failure`` if none is left."""
    combinations = jobs.need(job, "combinations")
    long: dict[int, str] = {}
    short: dict[int, str] = {}
    wanted = (job.get("generation") or {}).get("max_new_tokens") or generate.NEW_TOKENS
    for source, name, rendered, model in sorted({reading(one) for one in combinations}):
        limit = models.context_of(models.config(source))
        if limit is None:
            continue
        tokenizer = models.tokenizer(source)
        for row in files[name]:
            tokens = needed(kind, tokenizer, row, rendered)
            said = f"Row {row['row']} has {tokens:,} tokens for “{model}”, which has room for {limit:,}"
            if tokens > limit or (kind is asked.ANSWERED and tokens == limit):
                long.setdefault(row["row"], said)
            elif kind is asked.ANSWERED and tokens + wanted > limit:
                short.setdefault(row["row"], said)
    warn_of(long, "left out, because a model has no room for them", events)
    warn_of(
        {row: said for row, said in short.items() if row not in long},
        "so long that their answers may be cut off at the limit of a model",
        events,
    )
    kept = {name: [row for row in rows if row["row"] not in long] for name, rows in files.items()}
    if not all(kept.values()):
        raise Failure(
            "No row can be evaluated: all are longer than a model reads and writes at once.",
            "Choose a model with a longer context, or other rows.",
        )
    return kept


def reading(one: dict) -> tuple[str, str, bool, str]:
    """What the tokens of a combination's rows depend on, and the name of its model."""
    source = jobs.need(one, "model", "source")
    name = one["model"].get("name") or source
    return source, asked.file_of(one), one.get("chat") is not None, name


def needed(kind: Kind, tokenizer, row: dict, rendered: bool) -> int:
    """The tokens that a row needs at once: those of its prompt, or of the longest text to compare."""
    if kind is asked.ANSWERED:
        prompt = tokenizer(row["prompt"], add_special_tokens=not rendered, verbose=False)
        return len(prompt["input_ids"])
    texts = preferences.texts_of(row)
    return max(len(one.ids) for one in likelihood.encode(tokenizer, row["prompt"], texts, rendered))


def warn_of(rows: dict[int, str], what: str, events: Events):
    """Warns of rows, some of which are named."""
    if not rows:
        return
    named = [rows[row] for row in sorted(rows)[:SHOWN]]
    if len(rows) > SHOWN:
        named.append(f"and {len(rows) - SHOWN:,} more")
    events.warning(f"Rows that are {what}: {len(rows):,}. {'; '.join(named)}.")


def answers(
    model, tokenizer, prompts: list[str], config, stopped: Callable[[], bool], rendered: bool
) -> list[generate.Answer]:
    """Generates for one batch. An answer ends where the model's context does: those with less room than
    the settings allow are generated one by one, with what there is."""
    limit = models.context_length(model)
    given = tokenizer(prompts, add_special_tokens=not rendered, verbose=False)["input_ids"]
    counts = [len(tokens) for tokens in given]

    def made(places: list[int], settings) -> list[generate.Answer]:
        texts = [prompts[place] for place in places]
        return generate.answers(model, tokenizer, texts, settings, stopped, rendered=rendered)

    wanted = [config.max_new_tokens or config.max_length - count for count in counts]
    narrow = [
        place
        for place, count in enumerate(counts)
        if limit is not None and count + wanted[place] > limit
    ]
    wide = [place for place in range(len(prompts)) if place not in narrow]
    found = dict(zip(wide, made(wide, config), strict=True)) if wide else {}
    for place in narrow:
        own = copy.deepcopy(config)
        own.max_new_tokens, own.max_length = limit - counts[place], None
        [found[place]] = made([place], own)
    return [found[place] for place in range(len(prompts))]
