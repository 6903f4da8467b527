"""A column's name as words: `create_time_incident` and `CreateTimeIncident` say the same."""

from __future__ import annotations

import re
from functools import lru_cache

_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, cut at signs, at digits and where CamelCase humps."""
    return tuple(piece.casefold() for piece in _PIECES.findall(name))
