"""Creating a model in Ollama, by the HTTP API of its server."""

import hashlib
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from .events import Events
from .failure import Failure
from .stop import Stop

CHUNK = 1 << 20
"""Bytes that are sent at once."""

ANSWER_TIMEOUT = 600
"""Seconds for an answer: the server reads a whole file before it says a word."""


def address(given: str | None) -> str:
    """The address of the server: the one that is given, that of ``OLLAMA_HOST``, or the usual one."""
    text = given or os.environ.get("OLLAMA_HOST") or "127.0.0.1:11434"
    if "://" not in text:
        text = f"http://{text}"
    parts = urllib.parse.urlsplit(text)
    host = parts.hostname or "127.0.0.1"
    # A server that listens on all addresses is reached on this machine's own.
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    default = {"https": 443}.get(parts.scheme, 11434)
    return f"{parts.scheme}://{host}:{parts.port or default}{parts.path.rstrip('/')}"


def version(host: str) -> str | None:
    """The version of the server, or None if none answers there."""
    try:
        with urllib.request.urlopen(f"{host}/api/version", timeout=3) as answer:
            return str(json.load(answer).get("version"))
    except (OSError, ValueError, AttributeError):
        return None


def create(host: str, request: dict, file: Path, events: Events, stop: Stop):
    """Creates a model from a GGUF file. ``request`` has what the server takes beside its files:
    ``model`` (the name), ``template``, ``system``, ``parameters``."""
    if version(host) is None:
        raise Failure(
            f"Ollama does not answer on {host}.",
            "Start Ollama and retry the run, or create the model from the folder with "
            "“ollama create NAME -f Modelfile”.",
        )
    digest = f"sha256:{sha256(file, stop)}"
    send(host, file, digest, events, stop)
    body = {**request, "files": {file.name: digest}, "stream": True}
    sent = urllib.request.Request(
        f"{host}/api/create",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    last = None
    for line in lines(sent, host, stop):
        if "error" in line:
            raise Failure(
                f"Ollama did not create the model: {line['error']}", "Its own log may say more."
            )
        last = line.get("status")
        events.status("creating", f"Ollama: {last}")
    if last != "success":
        raise Failure("Ollama ended without saying that the model is created.", "Retry the run.")


def send(host: str, file: Path, digest: str, events: Events, stop: Stop):
    """Sends a file, unless the server has it."""
    place = f"{host}/api/blobs/{digest}"
    try:
        with urllib.request.urlopen(urllib.request.Request(place, method="HEAD"), timeout=30):
            return
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise refused(error) from error
    except OSError as error:
        raise unreachable(host, error) from error
    size = file.stat().st_size
    with open(file, "rb") as source:
        sent = urllib.request.Request(
            place,
            data=read(source, size, events, stop),
            method="POST",
            headers={"Content-Length": str(size), "Content-Type": "application/octet-stream"},
        )
        try:
            with urllib.request.urlopen(sent, timeout=ANSWER_TIMEOUT):
                return
        except urllib.error.HTTPError as error:
            raise refused(error) from error
        except OSError as error:
            raise unreachable(host, error) from error


def read(source, size: int, events: Events, stop: Stop) -> Iterator[bytes]:
    """The pieces of a file. Each is reported as progress once it is sent."""
    done = 0
    while piece := source.read(CHUNK):
        stop.check()
        yield piece
        done += len(piece)
        events.work(done, size, "bytes")


def lines(request: urllib.request.Request, host: str, stop: Stop) -> Iterator[dict]:
    """The lines of JSON that the server answers with, as they come."""
    try:
        with stop.at_once(), urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT) as answer:
            for line in answer:
                if line.strip():
                    yield json.loads(line)
    except urllib.error.HTTPError as error:
        raise refused(error) from error
    except ValueError as error:
        raise Failure(
            "Ollama's answer is not JSON.", f"Look whether Ollama runs on {host}."
        ) from error
    except OSError as error:
        raise unreachable(host, error) from error


def refused(error: urllib.error.HTTPError) -> Failure:
    """The failure for an answer with an error."""
    try:
        said = json.load(error).get("error")
    except (OSError, ValueError, AttributeError):
        said = None
    return Failure(f"Ollama refused: {said or f'HTTP {error.code} {error.reason}'}")


def unreachable(host: str, error: OSError) -> Failure:
    """The failure for a connection that broke."""
    return Failure(f"The connection to Ollama on {host} broke: {error}", "Retry the run.")


def sha256(file: Path, stop: Stop) -> str:
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(file, "rb") as source:
        while piece := source.read(CHUNK):
            stop.check()
            digest.update(piece)
    return digest.hexdigest()
