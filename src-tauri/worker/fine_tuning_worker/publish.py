"""Publishing an adapter, a model or a dataset on the Hugging Face Hub."""

import os
import shutil
from pathlib import Path

from . import job as jobs
from . import publish_plan, sendable, upload
from .events import Events
from .failure import Failure
from .outputs import sha256
from .stop import Stop

STAGED = "upload"
"""The folder in the run folder from which files are sent: links, and the files that are rewritten."""

FILES = "<!-- files -->"
"""Where a card has the names, sizes and hashes of the files."""

MERGED = "merged"
"""The folder in the run folder for the merged model."""


def export(job: dict, events: Events, stop: Stop) -> dict:
    """Publishes and gives the address as ``output``. Nothing is sent if the scan finds anything."""
    settings = jobs.need(job, "settings")
    what = jobs.need(settings, "what")
    if what not in upload.KINDS:
        raise Failure(f"What to publish is {what!r}; it is one of {sorted(upload.KINDS)}.")
    target = upload.Target(
        repository=jobs.need(settings, "repository"),
        kind=upload.KINDS[what],
        private=settings.get("private", True),
        revision=settings.get("revision") or "main",
        message=settings.get("message") or f"Publish {job.get('name') or what}",
    )
    root = Path.cwd()
    try:
        source = source_of(job, what, root / MERGED, events, stop)
        events.status("checking", "Looking for tokens, paths and names of this machine")
        with stop.at_once():
            sending = sendable.choose(
                "model" if what == "merged" else what,
                source,
                settings.get("base_model"),
                settings.get("card"),
            )
            refuse_findings(sending, job, target)
            staged = stage(sending, root / STAGED)
            name_files(staged / sendable.CARD, staged, sending)
            hashes = {sent.path: sha256(staged / sent.path) for sent in sending.files}
        published = upload.publish(staged, target, events, stop)
        events.status("checking", "Comparing with what the Hub has")
        lacking = upload.repeated(
            lambda: upload.missing(staged, hashes, target), target, events, stop
        )
        events.send("report", report=report(published, target, sending, staged, hashes, lacking))
        if lacking:
            raise Failure(
                f"The Hub does not have all files as they are here: {', '.join(lacking[:5])}.",
                "Start it again: what has arrived is not sent again.",
            )
        return {"output": published.url}
    finally:
        for folder in (STAGED, MERGED):
            shutil.rmtree(root / folder, ignore_errors=True)


def source_of(job: dict, what: str, merged: Path, events: Events, stop: Stop) -> str:
    """The folder or file that is published; a merged model is made first."""
    if what != "merged":
        return jobs.need(job, what, "source")
    from .merge import merged_model

    shutil.rmtree(merged, ignore_errors=True)
    merged_model(job, merged, events, stop)
    return str(merged)


def refuse_findings(sending: sendable.Sending, job: dict, target: upload.Target):
    """Raises ``Failure`` if a file has something that must not leave this machine."""
    found = publish_plan.findings(sending, target.repository, places_of(job))
    if not found:
        return
    for one in found:
        print(one.sentence(), flush=True)
    more = f" And {len(found) - 1} more, which the log names." if len(found) > 1 else ""
    raise Failure(
        f"Nothing was sent. {found[0].sentence()}{more}",
        "Take it out of the file, or out of the card, and start again.",
    )


def places_of(job: dict) -> list[str]:
    """Folders of this machine that the job names."""
    named = [os.getcwd(), job.get("to")]
    for part in ("model", "adapter", "dataset"):
        source = (job.get(part) or {}).get("source")
        if source and os.path.isabs(source):
            named.append(source if os.path.isdir(source) else os.path.dirname(source))
    return [place for place in named if place] + list(job.get("places") or [])


def stage(sending: sendable.Sending, folder: Path) -> Path:
    """A folder with the files as they are sent: links to those that stay as they are."""
    shutil.rmtree(folder, ignore_errors=True)
    for sent in sending.files:
        place = folder / sent.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(sent.content, bytes):
            place.write_bytes(sent.content)
            continue
        try:
            place.symlink_to(sent.content.resolve())
        except OSError:
            # Windows gives links only to those who may make them.
            shutil.copyfile(sent.content, place)
    return folder


def name_files(card: Path, staged: Path, sending: sendable.Sending):
    """Writes the files with their sizes and hashes into the card, where it has a place for them."""
    text = card.read_text(encoding="utf-8") if card.exists() and not card.is_symlink() else ""
    if FILES not in text:
        return
    lines = ["| File | Bytes | SHA-256 |", "|---|---|---|"]
    for sent in sending.files:
        if sent.path != sendable.CARD:
            path = staged / sent.path
            lines.append(f"| {sent.path} | {path.stat().st_size} | `{sha256(path)}` |")
    card.write_text(text.replace(FILES, "\n".join(lines)), encoding="utf-8")


def report(
    published: upload.Published,
    target: upload.Target,
    sending: sendable.Sending,
    staged: Path,
    hashes: dict[str, str],
    lacking: list[str],
) -> dict:
    """What the studio keeps of it."""
    files = [
        {
            "path": sent.path,
            "bytes": (staged / sent.path).stat().st_size,
            "sha256": hashes[sent.path],
        }
        for sent in sending.files
    ]
    notes = [f"{sent.path}: {sent.rewritten}" for sent in sending.files if sent.rewritten]
    if sending.left_out:
        notes.append(f"Not sent: {', '.join(sending.left_out[:20])}.")
    if not target.private and published.private:
        notes.append("The repository was there already and is private; it stays so.")
    return {
        "way": "publish",
        "output": published.url,
        "bytes": sum(file["bytes"] for file in files),
        "files": files,
        "checks": [
            {
                "name": "scan",
                "passed": True,
                "value": 0,
                "limit": 0,
                "text": "No token, path or user name of this machine in any file.",
            },
            {
                "name": "arrived",
                "passed": not lacking,
                "value": len(files) - len(lacking),
                "limit": len(files),
                "text": f"{len(files) - len(lacking)} of {len(files)} files are on the Hub with the "
                "same size and hash.",
            },
        ],
        "notes": notes,
        "facts": {
            "repository": target.repository,
            "kind": target.kind,
            "revision": target.revision,
            "commit": published.commit,
            "created": published.created,
            "private": published.private,
        },
    }
