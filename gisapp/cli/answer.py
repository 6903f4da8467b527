"""What a subcommand answers: an object for programs and a text for people."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

#: Categories of characters that end a line or steer a terminal, and marks that turn what follows.
_STEERING = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object of `--json`, the text without it, and the exit code."""

    json: dict[str, Any]
    text: str
    exit_code: int = 0


def one_line(text: str) -> str:
    """What somebody else wrote, as one line that does nothing else to a terminal."""
    return "".join(
        "\ufffd" if sign in _TURNING or unicodedata.category(sign) in _STEERING else sign
        for sign in text
    )
