"""Sending a folder to the Hugging Face Hub: the repository, the upload with its progress and its
retries, and whether everything arrived.

Files go over HTTP, into Git LFS where they are large. What has arrived whole is not sent again by the
next attempt. Xet, which the library would use where it is installed, reports nothing while it sends and
can't be stopped between two bytes.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .events import Events
from .failure import Failure
from .hub_refusals import explained, retry_after, too_many
from .stop import Stop

ATTEMPTS = 4
"""How often the upload is tried before the run fails. The library itself repeats single requests."""

FIRST_WAIT = 2.0
"""Seconds until the second attempt; doubled for each further one."""

LONGEST_WAIT = 300.0
"""Seconds that the Hub may ask us to wait. Beyond that the run fails and says when to come back."""

SILENCE = 120.0
"""Seconds without an answer or a byte after which a connection counts as broken."""

KINDS = {"adapter": "model", "merged": "model", "model": "model", "dataset": "dataset"}
"""The kind of repository for what is published."""


@dataclass(frozen=True)
class Target:
    """Where to publish."""

    repository: str
    kind: str
    private: bool
    revision: str
    message: str


@dataclass(frozen=True)
class Published:
    """What came of it."""

    url: str
    commit: str
    created: bool
    private: bool


def publish(folder: Path, target: Target, events: Events, stop: Stop) -> Published:
    """Sends all files of a folder. Raises ``Failure`` with what to do."""
    from huggingface_hub import HfApi, constants, set_client_factory

    # The variable of this name is read when the library is imported, which a merge has done already.
    constants.HF_HUB_DISABLE_XET = True
    if constants.is_offline_mode():
        raise Failure(
            "The studio is set to work offline, so nothing can be published.",
            "Go online in Settings.",
        )
    token = os.environ.get("HF_TOKEN", "").strip()
    if not token:
        raise Failure(
            "There is no token for the Hub, so nothing can be published.",
            "Store a token that may write in Settings, or set HF_TOKEN.",
        )
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    sent = Sent(total, events, stop)
    set_client_factory(lambda: client(sent))
    api = HfApi(token=token)
    created = repeated(lambda: prepare(api, target), target, events, stop)
    events.status("uploading", f"Uploading to {target.repository}")
    commit = repeated(lambda: upload(api, folder, target, sent), target, events, stop)
    sent.report(last=True)
    return Published(
        f"{api.endpoint}/{'datasets/' if target.kind == 'dataset' else ''}{target.repository}",
        commit,
        created,
        repeated(lambda: info(api, target).private, target, events, stop),
    )


def prepare(api, target: Target) -> bool:
    """Makes the repository, unless it is there. Says whether it was made."""
    there = found(api, target)
    made = there is None
    if made:
        # What a token may not see is not found either. The Hub then says whose it is.
        api.create_repo(target.repository, repo_type=target.kind, private=target.private)
        there = info(api, target)
    if target.private and not there.private:
        raise public(target)
    if target.revision != "main":
        api.create_branch(
            target.repository, repo_type=target.kind, branch=target.revision, exist_ok=True
        )
    return made


def found(api, target: Target):
    """What the Hub knows of the repository; None if there is none that the token may see."""
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        return info(api, target)
    except RepositoryNotFoundError:
        return None


def public(target: Target) -> Failure:
    """The refusal to send something private to where everyone can read it."""
    return Failure(
        f"“{target.repository}” is there already and everyone can read it, but this was to be private.",
        "Choose another name, make the repository private on the Hub, or publish it openly.",
    )


def info(api, target: Target):
    """What the Hub knows of the repository."""
    return api.repo_info(target.repository, repo_type=target.kind)


def upload(api, folder: Path, target: Target, sent: "Sent") -> str:
    """Sends the folder and gives the commit."""
    sent.restart()
    done = api.upload_folder(
        repo_id=target.repository,
        repo_type=target.kind,
        folder_path=folder,
        revision=target.revision,
        commit_message=target.message,
    )
    return done.oid


def missing(folder: Path, hashes: dict[str, str], target: Target) -> list[str]:
    """The files that the Hub does not have as they are here. ``hashes`` are the SHA-256 of all."""
    from huggingface_hub import HfApi

    api = HfApi(token=os.environ.get("HF_TOKEN"))
    tree = api.list_repo_tree(
        target.repository, recursive=True, repo_type=target.kind, revision=target.revision
    )
    there = {one.path: one for one in tree}
    return [
        name
        for name, hash in hashes.items()
        if name not in there or not is_same(there[name], folder / name, hash)
    ]


def is_same(there, path: Path, hash: str) -> bool:
    """Whether a file of the Hub is the one here, whose SHA-256 is ``hash``."""
    if there.size != path.stat().st_size:
        return False
    return there.lfs.sha256 == hash if there.lfs else there.blob_id == git_hash(path)


def git_hash(path: Path) -> str:
    """The hash by which Git knows the content of a file."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Sent:
    """How many bytes of the files have been sent, reported as they are."""

    def __init__(self, total: int, events: Events, stop: Stop):
        self._total = total
        self._events = events
        self._stop = stop
        self._done = 0
        self._lock = threading.Lock()

    def restart(self):
        """An attempt begins."""
        with self._lock:
            self._done = 0

    def add(self, number: int):
        """Bytes were sent. Raises ``Stopped`` where the run is to stop."""
        self._stop.check()
        with self._lock:
            self._done += number
        self.report()

    def report(self, last: bool = False):
        """Sends the event."""
        done = self._total if last else min(self._done, self._total)
        self._events.work(done, self._total, "bytes")


def client(sent: Sent):
    """The library's client, with what it sends counted."""
    import httpx2
    from huggingface_hub.utils._http import hf_request_event_hook

    class Counted(httpx2.SyncByteStream):
        def __init__(self, stream):
            self._stream = stream

        def __iter__(self):
            for part in self._stream:
                yield part
                sent.add(len(part))

        def close(self):
            self._stream.close()

    def count(request):
        if request.method == "PUT":
            request.stream = Counted(request.stream)

    def limit(response):
        # The library would wait for however long it is asked to.
        wait = retry_after(response) if response.status_code == 429 else None
        if wait is not None and wait > LONGEST_WAIT:
            raise too_many(wait)

    return httpx2.Client(
        event_hooks={"request": [hf_request_event_hook, count], "response": [limit]},
        follow_redirects=True,
        timeout=httpx2.Timeout(SILENCE, connect=30.0),
    )


def repeated(work: Callable, target: Target, events: Events, stop: Stop):
    """Does the work again where a connection broke or the Hub asks to come back later."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with stop.at_once():
                return work()
        except Exception as error:
            why, again = explained(error, target.repository)
            if again is None or attempt == ATTEMPTS or again > LONGEST_WAIT:
                raise why from error
            wait = max(FIRST_WAIT * 2 ** (attempt - 1), again)
            events.warning(f"{why.message} It goes on in {wait:.0f} s.")
            pause(wait, stop)
    raise AssertionError("the last attempt returns or raises")


def pause(seconds: float, stop: Stop):
    """Waits, unless the run is stopped."""
    with stop.at_once():
        time.sleep(seconds)
