"""An answer while its tokens are chosen: its text in pieces, the strings that end it, and how likely
its tokens were."""

from collections.abc import Callable

REPLACEMENT = "\ufffd"
"""What stands in a decoded text for bytes that make no whole character yet."""


class Detokenizer:
    """Turns the tokens of one answer into the text that each of them adds."""

    def __init__(self, tokenizer):
        self._tokenizer = tokenizer
        self._tokens: list[int] = []
        # A token's text may depend on those before it, so each is decoded behind the piece before.
        self._before = self._done = 0

    def add(self, token: int) -> str:
        """The text that is whole with this token; empty within a character of several tokens."""
        self._tokens.append(token)
        text = self._last()
        if not text or text.endswith(REPLACEMENT):
            return ""
        self._before, self._done = self._done, len(self._tokens)
        return text

    def rest(self) -> str:
        """What is left at the end: the bytes of a character that was not completed."""
        return self._last() if self._done < len(self._tokens) else ""

    def _last(self) -> str:
        known = self._decoded(self._tokens[self._before : self._done])
        return self._decoded(self._tokens[self._before :])[len(known) :]

    def _decoded(self, tokens: list[int]) -> str:
        return self._tokenizer.decode(tokens, skip_special_tokens=True)


class Stops:
    """Finds the first of some strings in a text that comes in pieces, also across their borders."""

    def __init__(self, stops: list[str]):
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.found: str | None = None

    def add(self, piece: str) -> str:
        """The text that is certain to belong to the answer: not what may begin one of the strings."""
        self._held += piece
        places = [(self._held.find(stop), stop) for stop in self._stops if stop in self._held]
        if places:
            place, self.found = min(places, key=lambda one: one[0])
            text, self._held = self._held[:place], ""
            return text
        keep = max((self._begun(stop) for stop in self._stops), default=0)
        text = self._held[: len(self._held) - keep]
        self._held = self._held[len(text) :]
        return text

    def rest(self) -> str:
        """What was held back, once no more text comes."""
        text, self._held = self._held, ""
        return text

    def _begun(self, stop: str) -> int:
        """How many characters at the end may be the beginning of a stop string."""
        longest = min(len(stop) - 1, len(self._held))
        return next((n for n in range(longest, 0, -1) if self._held.endswith(stop[:n])), 0)


class Writer:
    """Sends an answer on as it grows. Its ``criterion`` sees each token as soon as it is chosen, its
    ``processor`` how likely all of them were.

    ``send(text, tokens)`` gets pieces of text; ``tokens`` are those that begin in a piece, with their
    log-probabilities, or None where ``alternatives`` is None.
    """

    def __init__(
        self,
        tokenizer,
        ends: set[int],
        send: Callable[[str, list[dict] | None], None],
        stops: list[str],
        alternatives: int | None,
    ):
        self._tokenizer = tokenizer
        self._ends = ends
        self._send = send
        self._alternatives = alternatives
        self._text = Detokenizer(tokenizer)
        self._stops = Stops(stops)
        self._scores = None
        # Where the text of the next token begins, and up to where text was sent, in characters.
        self._begins = self._sent = 0
        self._waiting: list[tuple[int, dict]] = []

    @property
    def stop(self) -> str | None:
        """The string that ended the answer."""
        return self._stops.found

    def processor(self):
        """A logits processor that keeps the scores of the next token as they are."""
        from transformers import LogitsProcessor, LogitsProcessorList

        writer = self

        class Scores(LogitsProcessor):
            def __call__(self, input_ids, scores):
                writer._scores = scores[0].float().log_softmax(dim=-1)
                return scores

        return LogitsProcessorList([] if self._alternatives is None else [Scores()])

    def criterion(self):
        """A stopping criterion that ends the answer at a stop string."""
        import torch
        from transformers import StoppingCriteria

        writer = self

        class Chosen(StoppingCriteria):
            def __call__(self, input_ids, scores, **_):
                writer._add(int(input_ids[0, -1]))
                return torch.full((1,), writer.stop is not None, device=input_ids.device)

        return Chosen()

    def end(self):
        """Sends what was held back, unless a stop string ended the answer."""
        if self.stop is None:
            self._pass(self._stops.add(self._text.rest()))
        if self.stop is None:
            self._pass(self._stops.rest(), last=True)

    def _add(self, token: int):
        if token in self._ends or self.stop is not None:
            return
        text = self._text.add(token)
        if self._alternatives is not None:
            self._waiting.append((self._begins, self._likelihood(token)))
        self._begins += len(text)
        self._pass(self._stops.add(text))

    def _pass(self, text: str, last: bool = False):
        self._sent += len(text)
        ready = [one for begins, one in self._waiting if last or begins < self._sent]
        self._waiting = self._waiting[len(ready) :]
        if text or ready:
            self._send(text, None if self._alternatives is None else ready)

    def _likelihood(self, token: int) -> dict:
        best = self._scores.topk(min(self._alternatives, len(self._scores)))
        top = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        return {
            **self._named(token, self._scores[token].item()),
            "top": [self._named(other, score) for other, score in top],
        }

    def _named(self, token: int, logprob: float) -> dict:
        """A token by its text. Parts of a character have no bytes of their own here."""
        text = self._tokenizer.decode([token])
        whole = None if REPLACEMENT in text else list(text.encode())
        return {"token": text, "bytes": whole, "logprob": logprob}
