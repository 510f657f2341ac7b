"""How near an answer is to what was expected."""

ROUGE = ("rouge1", "rougeL", "rougeLsum")


def exact_match(output: str, expected: str) -> int:
    """1 if both texts are the same but for white space around them, else 0."""
    return int(output.strip() == expected.strip())


class Rouge:
    """ROUGE-1, ROUGE-L and ROUGE-Lsum as F-measures from 0 to 1, without stemming.

    The package knows letters and digits of English alone: texts in other scripts score 0.
    """

    def __init__(self):
        from rouge_score.rouge_scorer import RougeScorer

        self._scorer = RougeScorer(list(ROUGE), use_stemmer=False)

    def __call__(self, output: str, expected: str) -> dict[str, float]:
        scores = self._scorer.score(expected, output)
        return {name: float(scores[name].fmeasure) for name in ROUGE}


def mean(values: list[float]) -> float | None:
    """The arithmetic mean, or None of nothing."""
    return sum(values) / len(values) if values else None


def aggregates(rows: list[dict]) -> dict[str, float | None]:
    """The numbers over all rows of a combination, under the names that the field's tools use."""
    return {
        "latency/mean": mean([row["latency"] for row in rows]),
        "exact_match/v1": mean([row["exact_match"] for row in rows]),
        "rouge1/v1/mean": mean([row["rouge1"] for row in rows]),
        "rougeLsum/v1/mean": mean([row["rougeLsum"] for row in rows]),
        "rougeL/v1/mean": mean([row["rougeL"] for row in rows]),
    }
