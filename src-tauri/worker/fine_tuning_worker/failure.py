"""Failures said in one sentence a person can use, with what to do about it."""

import errno
import re


class Failure(Exception):
    """Ends the run as "failed". ``message`` is one sentence, ``hint`` says what to do."""

    def __init__(self, message: str, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.hint = hint


def explain(error: BaseException) -> Failure:
    """The failure to show for any error. The traceback belongs in the log, never in here."""
    if isinstance(error, Failure):
        return error
    kind = type(error).__name__
    text = first_line(str(error))
    if (
        kind == "OutOfMemoryError"
        or "CUDA out of memory" in text
        or "out of memory" in text.lower()
    ):
        return Failure(
            "The device has too little memory for this model and these settings.",
            "Lower the batch size or the maximum length, use quantization where there is a CUDA "
            "device, or choose a smaller model.",
        )
    if isinstance(error, MemoryError) or "can't allocate memory" in text:
        return Failure(
            "This machine has too little memory for this model and these settings.",
            "Close other programs, lower the batch size, or choose a smaller model.",
        )
    number = system_number(error)
    if number in (errno.ENOSPC, errno.EDQUOT):
        return Failure("The disk is full.", "Make room, then retry the run.")
    if number == errno.EFBIG:
        return Failure(
            "A file would become larger than its disk or the system lets it.",
            "Write to another disk.",
        )
    if isinstance(error, ModuleNotFoundError):
        return Failure(
            f"The Python environment lacks the package “{error.name}”.",
            "Choose another environment in Settings, or create one there.",
        )
    if isinstance(error, PermissionError) and error.filename:
        return Failure(f"“{error.filename}” may not be read or written by this user.")
    if not text:
        return Failure(f"The run broke off with {kind}.", "The log has the details.")
    return Failure(f"The run broke off: {text}", f"{kind}; the log has the details.")


def system_number(error: BaseException) -> int | None:
    """The system's number of an error; libraries in Rust, such as safetensors, only print it."""
    if isinstance(error, OSError):
        return error.errno
    said = re.search(r"\(os error (\d+)\)", str(error))
    return int(said[1]) if said else None


def first_line(text: str, limit: int = 300) -> str:
    """The first line with something on it, cut to ``limit`` characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[: limit - 1] + "…"
