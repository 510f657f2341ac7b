"""What the Hub's refusals and broken connections mean, in sentences, and whether trying again helps."""

from .failure import Failure, first_line

LATER = "Start it again: what has arrived is not sent again."


def explained(error: Exception, repository: str) -> tuple[Failure, float | None]:
    """The failure to show, and the seconds after which to try again; None where that changes
    nothing."""
    if isinstance(error, ValueError) and "README.md" in str(error):
        said = first_line(str(error).partition("\n")[2] or str(error))
        return Failure(
            f"The Hub refuses the card: {said}",
            "Correct the part between the lines “---” at its beginning.",
        ), None
    for one in chain(error):
        if isinstance(one, Failure):
            return one, None
        answer = getattr(one, "response", None)
        if answer is not None and hasattr(answer, "status_code"):
            return refused(one, answer, repository)
        if is_connection(one):
            return Failure("The connection to the Hub broke.", LATER), 0.0
    return Failure(
        f"Publishing “{repository}” failed: {first_line(str(error))}",
        "The log has the details.",
    ), None


def refused(error: BaseException, answer, name: str) -> tuple[Failure, float | None]:
    """The same for an answer of the Hub that is a refusal."""
    status = answer.status_code
    if status == 401 and error_code(answer) is None:
        return Failure(
            "The Hub does not accept the token.", "Store a token that may write in Settings."
        ), None
    if status == 403:
        return Failure(
            f"The token may not write to “{name}”.",
            "Choose a name of your own or of an organization that you may write to, or a token with "
            "the right to write.",
        ), None
    if status in (401, 404):
        return Failure(
            f"The Hub has no “{name}” that this token may write to.",
            "Look at the name, and whether the token may write there.",
        ), None
    if status == 409:
        return Failure(f"The name “{name}” is taken on the Hub.", "Choose another name."), None
    if status == 429:
        wait = retry_after(answer)
        return too_many(wait), wait or 0.0
    if status >= 500:
        return Failure(f"The Hub fails for now ({status}).", LATER), retry_after(answer) or 0.0
    said = getattr(error, "server_message", None) or first_line(str(error))
    return Failure(f"The Hub refuses what was sent ({status}): {said}"), None


def too_many(wait: float | None) -> Failure:
    """The failure where the Hub asks for patience, and for how many seconds."""
    asked = f": it asks to come back in {wait:.0f} s." if wait else "."
    return Failure(f"The Hub takes no more requests for now (429){asked}", LATER)


def error_code(answer) -> str | None:
    """The Hub's own name of an error."""
    return answer.headers.get("X-Error-Code")


def chain(error: BaseException | None):
    """An error and those that caused it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_connection(error: BaseException) -> bool:
    """Whether a connection broke or could not be made."""
    import httpx2

    return isinstance(error, (httpx2.TransportError, ConnectionError, TimeoutError))


def retry_after(answer) -> float | None:
    """The seconds that an answer asks to wait."""
    try:
        return max(0.0, float(answer.headers.get("Retry-After", "")))
    except ValueError:
        return None
