"""Publishing an adapter, a model or a dataset on the Hugging Face Hub."""

import os
import shutil
from pathlib import Path

from . import job as jobs
from . import publish_plan, sendable, upload
from .events import Events
from .export import Outcome, check, report, temporary
from .failure import Failure
from .outputs import sha256
from .stop import Stop

FILES = "<!-- files -->"
"""Where a card has the names, sizes and hashes of the files."""


def export(job: dict, events: Events, stop: Stop) -> Outcome:
    """Publishes; the result is the address. Nothing is sent if the scan finds anything."""
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
    with temporary("merged") as folder, temporary("upload") as staged:
        source, merged = source_of(job, what, folder, events, stop)
        events.status("checking", "Looking for tokens, paths and names of this machine")
        with stop.at_once():
            sending = sendable.choose(
                "model" if what == "merged" else what,
                source,
                settings.get("base_model"),
                settings.get("card"),
            )
            refuse_findings(sending, job, target)
            stage(sending, staged)
            name_files(staged / sendable.CARD, staged, sending)
            made = report(job, staged)
        published = upload.publish(staged, target, events, stop)
        events.status("checking", "Comparing with what the Hub has")
        hashes = {file["path"]: file["sha256"] for file in made["files"]}
        lacking = upload.repeated(
            lambda: upload.missing(staged, hashes, target), target, events, stop
        )
    made |= {
        "output": published.url,
        "checks": merged.get("checks", []) + checks(len(hashes), lacking),
        "notes": merged.get("notes", []) + notes(published, target, sending),
        "facts": merged.get("facts", {}) | facts(published, target),
    }
    if lacking:
        events.send("report", report=made)
        raise Failure(
            f"The Hub does not have all files as they are here: {', '.join(lacking[:5])}.",
            "Start it again: what has arrived is not sent again.",
        )
    return Outcome(published.url, made)


def source_of(job: dict, what: str, folder: Path, events: Events, stop: Stop) -> tuple[str, dict]:
    """The folder or file that is published, and what the report says of it. A merged model is made
    first, in ``folder``."""
    if what != "merged":
        return jobs.need(job, what, "source"), {}
    from .merge import merged_or_refused

    return str(folder), merged_or_refused(job, folder, events, stop)


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
    # The run folder lies in the workspace, two levels down.
    named.append(os.path.dirname(os.path.dirname(os.getcwd())))
    return [place for place in named if place]


def stage(sending: sendable.Sending, folder: Path):
    """Fills a folder with the files as they are sent: links to those that stay as they are."""
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


def checks(files: int, lacking: list[str]) -> list[dict]:
    """The checks of a publication."""
    arrived = files - len(lacking)
    return [
        check("scan", True, "No token, path or user name of this machine in any file.", 0, 0),
        check(
            "arrived",
            not lacking,
            f"{arrived} of {files} files are on the Hub with the same size and hash.",
            arrived,
            files,
        ),
    ]


def notes(
    published: upload.Published, target: upload.Target, sending: sendable.Sending
) -> list[str]:
    """What else is to be known."""
    found = [f"{sent.path}: {sent.rewritten}" for sent in sending.files if sent.rewritten]
    if sending.left_out:
        found.append(f"Not sent: {', '.join(sending.left_out[:20])}.")
    if not target.private and published.private:
        found.append("The repository was there already and is private; it stays so.")
    return found


def facts(published: upload.Published, target: upload.Target) -> dict:
    """The publication's own facts."""
    return {
        "repository": target.repository,
        "kind": target.kind,
        "revision": target.revision,
        "commit": published.commit,
        "created": published.created,
        "private": published.private,
    }
