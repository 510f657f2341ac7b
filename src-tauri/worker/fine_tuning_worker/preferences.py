"""Answers that are compared: a chosen one with a rejected one, or one with its label."""

import time

from .judge import Judge, Judged
from .scores import mean


def texts_of(row: dict) -> list[str]:
    """The answers of a row: the chosen and the rejected one, or the one that is labeled."""
    return [row["chosen"], row["rejected"]] if "chosen" in row else [row["completion"]]


def judge_rows(judge: Judge, batch: list[dict]) -> list[dict]:
    """The lines of ``rows.jsonl`` for a batch of pairs, or of labeled answers."""
    started = time.monotonic()
    encoded = [judge.encode(row["prompt"], texts_of(row)) for row in batch]
    # Answers of one place in their rows are judged together, so that a batch has as many as rows.
    judged = list(zip(*(judge(list(rows)) for rows in zip(*encoded, strict=True)), strict=True))
    latency = (time.monotonic() - started) / len(batch)
    lines = []
    for row, found in zip(batch, judged, strict=True):
        line = pair(*found) if len(found) == 2 else labeled(found[0], row["label"])
        lines.append({"row": row["row"], **line, "latency": latency})
    return lines


def pair(chosen: Judged, rejected: Judged) -> dict:
    """A pair is right if the chosen answer has the higher reward, or without rewards the higher
    likelihood."""
    return {
        "right": int(measured(chosen) > measured(rejected)),
        "margin": measured(chosen) - measured(rejected),
        "chosen_reward": chosen.reward,
        "rejected_reward": rejected.reward,
        "chosen_logps": chosen.log_likelihood,
        "rejected_logps": rejected.log_likelihood,
        "chosen_tokens": chosen.tokens,
        "rejected_tokens": rejected.tokens,
    }


def labeled(answer: Judged, good: bool) -> dict:
    """A labeled answer is right if its reward is above 0 where it is a good one, and not otherwise.
    Not known without rewards."""
    right = None if answer.reward is None else int((answer.reward > 0) == good)
    return {
        "right": right,
        "label": good,
        "reward": answer.reward,
        "logps": answer.log_likelihood,
        "tokens": answer.tokens,
    }


def measured(answer: Judged) -> float:
    """By what answers are compared."""
    return answer.log_likelihood if answer.reward is None else answer.reward


def pair_aggregates(rows: list[dict]) -> dict[str, float | None]:
    """The numbers over all pairs, under TRL's names where it has them."""
    totals = {"latency/mean": mean([row["latency"] for row in rows])}
    for kind, key in (("rewards", "reward"), ("logps", "logps")):
        both = [(row[f"chosen_{key}"], row[f"rejected_{key}"]) for row in rows]
        if any(value is None for values in both for value in values):
            continue
        totals |= compared(kind, both)
        totals[f"{kind}/chosen"] = mean([chosen for chosen, _ in both])
        totals[f"{kind}/rejected"] = mean([rejected for _, rejected in both])
        if kind == "logps":
            totals |= compared("logps_per_token", [per_token(row) for row in rows])
    return totals


def compared(kind: str, both: list[tuple[float, float]]) -> dict[str, float | None]:
    """The share of pairs whose chosen answer has more, and by how much in the mean."""
    return {
        f"{kind}/accuracies": mean([int(chosen > rejected) for chosen, rejected in both]),
        f"{kind}/margins": mean([chosen - rejected for chosen, rejected in both]),
    }


def per_token(row: dict) -> tuple[float, float]:
    """The mean log-probabilities of the tokens of both answers."""
    chosen, rejected = (
        row[f"{name}_logps"] / max(1, row[f"{name}_tokens"]) for name in ("chosen", "rejected")
    )
    return chosen, rejected


def labeled_aggregates(rows: list[dict]) -> dict[str, float | None]:
    """The numbers over all labeled answers, under the names of TRL's KTO where it has them."""
    totals = {"latency/mean": mean([row["latency"] for row in rows])}
    for kind, key in (("rewards", "reward"), ("logps", "logps")):
        if any(row[key] is None for row in rows):
            continue
        good = mean([row[key] for row in rows if row["label"]])
        bad = mean([row[key] for row in rows if not row["label"]])
        if kind == "rewards":
            totals["rewards/accuracies"] = mean([row["right"] for row in rows])
            totals["rewards/margins"] = None if None in (good, bad) else good - bad
        totals |= {f"{kind}/chosen": good, f"{kind}/rejected": bad}
    return totals
