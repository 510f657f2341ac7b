"""What is found out about a row: an answer and how good it is, or which of two answers is preferred."""

from collections.abc import Callable

from . import (
    asked,
    chat,
    device,
    embeddings,
    generate,
    likelihood,
    models,
    preferences,
    room,
    scores,
)
from . import job as jobs
from .asked import Evaluation
from .judge import BETA, Judge
from .likelihood import Tokens


def of(
    one: dict,
    model,
    tokenizer,
    reward: bool,
    before: dict[Tokens, float] | None,
    evaluation: Evaluation,
) -> Callable[[list[dict]], list[dict]]:
    """What makes the lines of ``rows.jsonl`` of a batch of rows, while the combination's adapter is the
    active one. ``before`` are the log-likelihoods of answers by the model it was trained from."""
    rendered = one.get("chat") is not None
    if evaluation.kind is asked.ANSWERED:
        given = evaluation.job.get("generation") or {}
        config = generate.settings(given, model, tokenizer, chat.template(one))
        rouge, stop = scores.Rouge(), evaluation.stop

        def answer(batch: list[dict]) -> list[dict]:
            prompts = [row["prompt"] for row in batch]
            stopped = lambda: stop.requested  # noqa: E731
            made = room.answers(model, tokenizer, prompts, config, stopped, rendered)
            return [scored(r, a, rouge) for r, a in zip(batch, made, strict=True)]

        return answer
    pad = tokenizer.pad_token_id
    policy = lambda rows: likelihood.log_likelihoods(model, rows, pad)  # noqa: E731
    if reward:
        model.config.pad_token_id = pad
        judge = Judge(tokenizer, rendered, score=lambda rows: likelihood.scores(model, rows, pad))
    else:
        reference = None
        if one.get("adapter"):

            def reference(rows: list[Tokens]) -> list[float]:
                with model.disable_adapter():
                    return policy(rows)

        elif before is not None:
            reference = lambda rows: [before[row] for row in rows]  # noqa: E731
        beta = float(one.get("beta") or BETA)
        judge = Judge(tokenizer, rendered, policy=policy, reference=reference, beta=beta)
    return lambda batch: preferences.judge_rows(judge, batch)


def likelihoods_before(one: dict, tokenizer, evaluation: Evaluation) -> dict[Tokens, float]:
    """How likely the model from which this one was trained finds the answers. It is unloaded before the
    trained one is loaded."""
    reference, stop = one["reference"], evaluation.stop
    source = jobs.need(one, "reference", "source")
    evaluation.events.status("model", f"Loading {reference.get('name') or source}")
    with stop.at_once():
        model = models.base(source, evaluation.device, one.get("quantization")).eval()
        # Rows may have tokens that were added in the training.
        embeddings.resize(model, max(embeddings.rows(model) or 0, embeddings.tokens_of(tokenizer)))
    judge = Judge(tokenizer, one.get("chat") is not None)
    rows = [
        tokens
        for row in evaluation.rows(one)
        for tokens in judge.encode(row["prompt"], preferences.texts_of(row))
    ]
    found: dict[Tokens, float] = {}
    evaluation.events.status("comparing", "Comparing with the model it was trained from")
    for start in range(0, len(rows), evaluation.size):
        stop.check()
        some = rows[start : start + evaluation.size]
        made = likelihood.log_likelihoods(model, some, tokenizer.pad_token_id)
        found.update(zip(some, made, strict=True))
    del model
    device.free(evaluation.device)
    return found


def scored(row: dict, answer: generate.Answer, rouge: scores.Rouge) -> dict:
    """The line of ``rows.jsonl`` for one answer."""
    return {
        "row": row["row"],
        "output": answer.text,
        "exact_match": scores.exact_match(answer.text, row["completion"]),
        **rouge(answer.text, row["completion"]),
        "latency": answer.latency,
        "input_tokens": answer.input_tokens,
        "output_tokens": answer.output_tokens,
    }
