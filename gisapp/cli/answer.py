"""What a subcommand answers: an object for programs and a text for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object of `--json`, the text without it, and the exit code."""

    json: dict[str, Any]
    text: str
    exit_code: int = 0
