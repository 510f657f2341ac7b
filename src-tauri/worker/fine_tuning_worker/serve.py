"""Answers prompts from one loaded model: JSON lines in on standard input, out on standard output."""

import copy
import gc
import json
import os
import queue
import sys
import threading
import traceback

from . import device, generate, models, pinned, quiet
from .evaluate import answering, prepare_libraries
from .events import finite
from .failure import Failure, explain
from .job import need
from .penalties import Penalties
from .scrub import ScrubbedOutput, scrub, secrets, write_all
from .writing import Stops, Writer

END = object()


def penalties(request: dict) -> Penalties | None:
    """Those of a request; none where it has none."""
    given = request.get("penalties")
    return Penalties(**given) if given else None


class Server:
    """The loaded model, and the requests that wait for it."""

    def __init__(self, out: int):
        self._out = out
        self._hidden = secrets()
        self._requests: queue.Queue = queue.Queue()
        self._lock = threading.Lock()
        self._cancelled: set[str] = set()
        self._model = self._tokenizer = None
        self._named: dict[str, str] = {}

    def answer(self, answer: str, **fields):
        """Writes one line."""
        line = json.dumps(
            {"answer": answer, **scrub(finite(fields), self._hidden)}, allow_nan=False
        )
        write_all(self._out, line.encode() + b"\n")

    def read(self, lines):
        """Takes requests in, on a thread of its own, so that a cancel comes through at any time."""
        for line in lines:
            if not line.strip():
                continue
            try:
                request = json.loads(line)
                if not isinstance(request, dict):
                    raise ValueError("it is no JSON object")
            except ValueError as error:
                self.answer("error", id=None, message=f"Not a request: {error}.", hint=None)
                continue
            if request.get("request") == "cancel":
                with self._lock:
                    self._cancelled.add(str(request.get("id")))
            else:
                self._requests.put(request)
        self._requests.put(END)

    def ended(self) -> bool:
        """Whether the other side has gone: nobody waits for what is being generated."""
        with self._requests.mutex:
            return bool(self._requests.queue) and self._requests.queue[-1] is END

    def work(self):
        """Does one request after another until there are no more."""
        while (request := self._requests.get()) is not END:
            if self.ended():
                return
            identity = request.get("id")
            try:
                if request.get("request") == "load":
                    self.load(request)
                elif request.get("request") == "generate":
                    self.generate(str(identity), request)
                else:
                    raise Failure(f"The request {request.get('request')!r} is not known.")
            except BrokenPipeError:
                return
            except Exception as error:
                traceback.print_exc()
                failure = explain(error)
                self.answer(
                    "error",
                    id=identity,
                    message=failure.message,
                    hint=failure.hint,
                    refused=isinstance(error, Failure),
                )
            finally:
                with self._lock:
                    self._cancelled.discard(str(identity))

    def load(self, request: dict):
        """Loads a model and its adapters in place of what was loaded before."""
        self._model = self._tokenizer = None
        self._named = {}
        gc.collect()
        self.answer("status", status="loading", message="Loading the libraries")
        prepare_libraries()
        kind = device.kind()
        quiet.libraries(on_cpu=kind == "cpu")
        device.choose_threads(kind)
        need(request, "model", "source")
        pinned.place(request)
        source = request["model"]["source"]
        name = request["model"].get("name") or source
        self.answer("status", status="model", message=f"Loading {name}")
        tokenizer = generate.ready(models.tokenizer(source))
        adapters = request.get("adapters") or []
        named = {one["id"]: f"adapter_{number}" for number, one in enumerate(adapters)}
        model = models.base(source, kind, request.get("quantization"))
        model = models.with_adapters(
            model, {named[one["id"]]: need(one, "source") for one in adapters}
        ).eval()
        self._model, self._tokenizer, self._named = model, tokenizer, named
        self.answer(
            "status",
            status="ready",
            message=f"{name} is ready",
            context_length=models.context_length(model),
        )

    def generate(self, identity: str, request: dict):
        """Lets each target answer a prompt, one after another, piece by piece."""
        if self._model is None:
            raise Failure("No model is loaded.", "Load a model first.")
        prompt = request.get("prompt")
        if not isinstance(prompt, str) or not prompt:
            raise Failure("The prompt is empty.", "Write something to answer.")
        rendered = bool(request.get("rendered"))
        config = generate.settings(
            request.get("generation") or {},
            self._model,
            self._tokenizer,
            self._template(request) if rendered else None,
        )
        targets = request.get("targets") or ["base"]
        for target in targets:
            if target != "base" and target not in self._named:
                raise Failure(f"The adapter “{target}” is not loaded.", "Load it with the model.")
        for target in targets:
            self._generate(identity, target, prompt, config, request)
        self.answer("finished", id=identity)

    def _template(self, request: dict) -> str | None:
        """The template that rendered a prompt: the request's, else the tokenizer's own."""
        try:
            return request.get("template") or self._tokenizer.get_chat_template()
        except ValueError:
            # It has none, or several without a default.
            return None

    def _generate(self, identity: str, target: str, prompt: str, config, request: dict):
        def asked() -> bool:
            return identity in self._cancelled or self.ended()

        def send(text: str, tokens: list[dict] | None):
            known = {} if tokens is None else {"tokens": tokens}
            self.answer("text", id=identity, target=target, text=text, **known)

        rendered = bool(request.get("rendered"))
        stops = request.get("stop") or []
        made, cut, stop, cancelled = None, None, None, True
        if not asked():
            config, cut = self._fitting(prompt, config, rendered)
            seed(request.get("seed"))
            # A beam search replaces earlier tokens, so its answer is sent at the end.
            writer = None
            if (config.num_beams or 1) == 1:
                ends = generate.end_tokens(config)
                writer = Writer(self._tokenizer, ends, send, stops, request.get("logprobs"))
            with answering(self._model, self._named.get(target)):
                [made] = generate.answers(
                    self._model,
                    self._tokenizer,
                    [prompt],
                    config,
                    asked,
                    writer,
                    rendered,
                    penalties(request),
                )
            cancelled = asked()
            if writer is None:
                found = Stops(stops)
                send(found.add(made.text) + found.rest(), None)
                stop = found.found
            else:
                writer.end()
                stop = writer.stop
            whole = made.ended or stop is not None or made.output_tokens < allowed(config, made)
            if cancelled or whole:
                cut = None
        self.answer(
            "done",
            id=identity,
            target=target,
            input_tokens=made.input_tokens if made else 0,
            output_tokens=made.output_tokens if made else 0,
            latency=made.latency if made else 0.0,
            cancelled=cancelled,
            cut=cut,
            stop=stop,
        )

    def _fitting(self, prompt: str, config, rendered: bool):
        """The settings of an answer that ends where the model's context does, and what cuts an answer
        off that has as many tokens as they allow. Raises ``Failure`` if there is no room for one."""
        tokens = len(self._tokenizer(prompt, add_special_tokens=not rendered)["input_ids"])
        wanted = config.max_new_tokens
        if wanted is None:
            wanted = config.max_length - tokens
        context = models.context_length(self._model)
        room = wanted if context is None else context - tokens
        if room <= 0 < wanted:
            what = "conversation" if rendered else "prompt"
            raise Failure(
                f"The {what} has {tokens:,} tokens and no longer fits: the model reads and writes"
                f" {context:,} tokens in all.",
                "Start a new conversation, or shorten an earlier turn."
                if rendered
                else "Shorten it.",
            )
        if wanted <= room:
            return config, "new_tokens"
        config = copy.deepcopy(config)
        config.max_new_tokens, config.max_length = room, None
        return config, "context"


def allowed(config, made) -> int:
    """How many tokens an answer may have."""
    if config.max_new_tokens is not None:
        return config.max_new_tokens
    return config.max_length - made.input_tokens


def seed(number: int | None):
    """Fixes what is sampled next; None begins anew, so that an earlier number has no effect on it."""
    import torch

    if number is None:
        torch.seed()
    else:
        torch.manual_seed(number)


def serve() -> int:
    """Serves until standard input ends. Whatever libraries print goes to standard error."""
    quiet.environment()
    out = os.dup(1)
    os.dup2(2, 1)
    with ScrubbedOutput():
        server = Server(out)
        threading.Thread(target=server.read, args=(sys.stdin,), daemon=True).start()
        server.work()
    return 0
