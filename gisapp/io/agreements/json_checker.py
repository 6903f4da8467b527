"""Reads JSON written by hand: notes everything that is wrong, each with its path, at once."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

E = TypeVar("E", bound=StrEnum)


class Checker:
    """Reads decoded JSON and notes what is wrong, each with its path, instead of stopping."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, path: str, what: str) -> None:
        self.problems.append(f"{path or 'the file'}: {what}")

    def no_key_twice(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """A hook for json.loads: a key given twice would silently lose the first."""
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen:
                self.wrong(key, "is there twice")
            seen[key] = value
        return seen

    def members(
        self, path: str, value: object, known: Mapping[str, Key], required: tuple[str, ...]
    ) -> dict[str, Any]:
        """The members of an object, each read by its key; unknown and missing keys are noted."""
        if not isinstance(value, dict):
            self.wrong(path, f"must be an object {{…}}, not {shown(value)}")
            return {}
        here = f"{path}." if path else ""
        for key in (key for key in value if key not in known):
            close = difflib.get_close_matches(key, known, 1)
            self.wrong(here + key, "is not known" + (f" (meant {close[0]}?)" if close else ""))
        for key in required:
            if value.get(key) is None:
                self.wrong(here + key, "is missing")
        return {
            key: known[key].read(self, here + key, member)
            for key, member in value.items()
            if key in known and member is not None
        }

    def text(self, path: str, value: object) -> str:
        if not isinstance(value, str):
            self.wrong(path, f"must be text in quotes, not {shown(value)}")
            return ""
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            self.wrong(path, "holds half a character")
            return ""
        return value

    def day(self, path: str, value: object) -> date | None:
        found = _day_in(value)
        if found is None:
            self.wrong(path, f"{shown(value)} is not a day such as 2025-03-06")
        return found

    def clock(self, path: str, value: object) -> time:
        found = _clock_in(value)
        if found is None:
            self.wrong(path, f"{shown(value)} is not a time of day such as 08:00")
        return found or time(0)

    def moment(self, path: str, value: object) -> datetime | None:
        found = _moment_in(value)
        if found is None:
            self.wrong(path, f"{shown(value)} is not a moment such as 2025-03-06T22:15+01:00")
        return found

    def whole(self, path: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1_000_000:
            return value
        self.wrong(path, f"{shown(value)} is not a whole number")
        return 0

    def number(self, path: str, value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9:
            return float(value)
        self.wrong(path, f"{shown(value)} is not a number of 0 or more")
        return 0.0

    def flag(self, path: str, value: object) -> bool:
        if not isinstance(value, bool):
            self.wrong(path, f"must be true or false, not {shown(value)}")
        return value is True

    def timezone(self, path: str, value: object) -> str:
        name = self.text(path, value)
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.wrong(path, f"{shown(value)} is not a time zone such as Europe/London")
        return name

    def items(
        self, path: str, value: object, read: Callable[[str, object], Any]
    ) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.wrong(path, f"must be a list […], not {shown(value)}")
            return ()
        return tuple(read(f"{path}[{index}]", item) for index, item in enumerate(value))

    def one_of(self, path: str, value: object, words: Mapping[str, E]) -> E | None:
        """The word's meaning; spaces, hyphens and case make no difference."""
        found = words.get(plain(value)) if isinstance(value, str) else None
        if found is None:
            listed = ", ".join(words.values())
            self.wrong(path, f"{shown(value)} is not one of {listed}")
        return found


def _day_in(value: object) -> date | None:
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _clock_in(value: object) -> time | None:
    """A time of day without a zone, for hours are local; 24:00 is the midnight that follows."""
    if not isinstance(value, str) or ":" not in value:
        return None
    try:
        found = time.fromisoformat("00:00" if value == "24:00" else value)
    except ValueError:
        return None
    return None if found.tzinfo else found


def _moment_in(value: object) -> datetime | None:
    """A moment with its offset: without one nobody knows when it was."""
    if not isinstance(value, str) or len(value) < 16:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else None


def plain(word: str) -> str:
    return word.strip().casefold().replace(" ", "_").replace("-", "_")


def _words(kind: type[E]) -> dict[str, E]:
    return {plain(member.value): member for member in kind}


def shown(value: object) -> str:
    if isinstance(value, str):
        return f"“{value[:40]}”"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(value)


@dataclass(frozen=True, slots=True)
class Key:
    """How a key is read, and how the published schema describes it."""

    read: Callable[[Checker, str, Any], Any]
    schema: Mapping[str, Any]


def text_key(description: str) -> Key:
    return Key(Checker.text, {"type": ["string", "null"], "description": description})


def day_key(description: str) -> Key:
    return Key(
        Checker.day,
        {"type": ["string", "null"], "format": "date", "description": description},
    )


def moment_key(description: str) -> Key:
    return Key(
        Checker.moment,
        {"type": ["string", "null"], "format": "date-time", "description": description},
    )


def texts_key(description: str) -> Key:
    def read_all(checker: Checker, path: str, value: object) -> tuple[Any, ...]:
        return checker.items(path, value, checker.text)

    schema = {"type": "array", "items": {"type": "string"}, "description": description}
    return Key(read_all, schema)


def number_key(description: str) -> Key:
    return Key(
        Checker.number, {"type": ["number", "null"], "minimum": 0, "description": description}
    )


def flag_key(description: str) -> Key:
    return Key(Checker.flag, {"type": ["boolean", "null"], "description": description})


def whole_key(description: str, least: int) -> Key:
    return Key(
        Checker.whole,
        {"type": ["integer", "null"], "minimum": least, "description": description},
    )


def choice_key(kind: type[StrEnum], description: str, *, empty: bool = False) -> Key:
    """One of the words of a kind; where it may be `empty`, also null."""
    words = _words(kind)

    def read_one(checker: Checker, path: str, value: object) -> StrEnum | None:
        return checker.one_of(path, value, words)

    allowed = [*words.values(), None] if empty else [*words.values()]
    return Key(read_one, {"enum": allowed, "description": description})


def choices_key(kind: type[StrEnum], description: str) -> Key:
    words = _words(kind)

    def read_all(checker: Checker, path: str, value: object) -> tuple[Any, ...]:
        return checker.items(path, value, lambda at, item: checker.one_of(at, item, words))

    items = {"enum": [*words.values()]}
    return Key(read_all, {"type": "array", "items": items, "description": description})


def objects_key(
    known: Mapping[str, Key], build: Callable[..., Any], required: tuple[str, ...], description: str
) -> Key:
    def read_all(checker: Checker, path: str, value: object) -> tuple[Any, ...]:
        def read_one(at: str, item: object) -> Any:
            before = len(checker.problems)
            members = checker.members(at, item, known, required)
            return build(**members) if len(checker.problems) == before else None

        return checker.items(path, value, read_one)

    schema = {
        "type": "array",
        "items": object_schema(known, required),
        "description": description,
    }
    return Key(read_all, schema)


def object_key(
    known: Mapping[str, Key], build: Callable[..., Any], required: tuple[str, ...], description: str
) -> Key:
    def read_one(checker: Checker, path: str, value: object) -> Any:
        return build(**checker.members(path, value, known, required))

    return Key(read_one, {**object_schema(known, required), "description": description})


def object_schema(known: Mapping[str, Key], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: dict(key.schema) for name, key in known.items()},
        "required": list(required),
        "additionalProperties": False,
    }
