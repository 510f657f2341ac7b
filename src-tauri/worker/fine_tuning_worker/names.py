"""Refusing names that a library would ignore or trip over."""

import difflib
from collections.abc import Iterable

from .failure import Failure


def check(given: Iterable[str], known: Iterable[str], what: str):
    """Raises ``Failure`` for the first name that isn't known, with the names that are near it."""
    known = sorted(known)
    for name in given:
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=3)
        raise Failure(
            f"{what} don't know “{name}”.",
            f"Did you mean {' or '.join(f'“{other}”' for other in near)}?"
            if near
            else "Take the name out of the config.",
        )
