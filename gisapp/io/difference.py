"""What differs between two states of a thing, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from gisapp.io.difference_words import label_of, value_of
from gisapp.layers import geodesy
from gisapp.layers.agreement import day_in_words
from gisapp.layers.outline import sound

#: Less ground than this is a rounding.
_LEAST_M2 = 0.5
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that was added, removed or changed, and how it changed, a sentence each.

    `what` is `zone`, `agreement`, `layer` or `project`.
    """

    what: str
    id: str
    name: str
    change: str
    details: tuple[str, ...] = ()

    def in_words(self) -> str:
        head = f"{self.what.capitalize()} “{self.name}” {self.change}"
        return f"{head}: {'; '.join(self.details)}" if self.details else head


def between(
    what: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    name: Callable[[Any], str],
    details: Callable[[Any, Any], tuple[str, ...]],
) -> Iterator[Difference]:
    """Things by id that are only in one, or that differ as `details` tells (nothing: the same)."""
    for key in sorted(new.keys() - old.keys(), key=lambda key: name(new[key])):
        yield Difference(what, key, name(new[key]), "added")
    for key in sorted(old.keys() - new.keys(), key=lambda key: name(old[key])):
        yield Difference(what, key, name(old[key]), "removed")
    for key in sorted(old.keys() & new.keys(), key=lambda key: name(new[key])):
        found = details(old[key], new[key])
        if found:
            yield Difference(what, key, name(new[key]), "changed", found)


def values_differ(
    old: Mapping[str, Any], new: Mapping[str, Any], quiet: frozenset[str] = frozenset()
) -> Iterator[str]:
    """A sentence for each value that differs; of `quiet` ones only that they do."""
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was == now or (not was and not now and was != 0 and now != 0):
            continue
        was, now = value_of(key, was), value_of(key, now)
        label = label_of(key)
        if key in quiet or not (_is_plain(was) and _is_plain(now)):
            yield f"{label} changed"
        elif isinstance(was, list | tuple) or isinstance(now, list | tuple):
            yield f"{label}: {_lists(was or (), now or ())}"
        elif _shown(was) == _shown(now):
            yield f"{label} changed"
        else:
            yield f"{label}: {_shown(was)} → {_shown(now)}"


def outlines_differ(old: BaseGeometry, new: BaseGeometry) -> Iterator[str]:
    """How much ground an outline (EPSG:4326) gained and lost."""
    was, now = sound(old), sound(new)
    gained = geodesy.area_m2(now.difference(was))
    lost = geodesy.area_m2(was.difference(now))
    if max(gained, lost) >= _LEAST_M2:
        words = [
            f"{geodesy.area_in_words(area)} {verb}"
            for area, verb in ((gained, "added"), (lost, "taken away"))
            if area >= _LEAST_M2
        ]
        yield f"outline: {', '.join(words)}"


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(one, str | int | float) for one in value)
    return value is None or isinstance(value, str | int | float)


def _lists(was: Any, now: Any) -> str:
    gone = [f"− {_shown(one)}" for one in was if one not in now]
    come = [f"+ {_shown(one)}" for one in now if one not in was]
    return ", ".join([*come, *gone]) or "another order"


def _shown(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    text = _day_in_words(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _day_in_words(text: str) -> str:
    """A text that is a day, such as 2026-12-31, in words; any other as it is."""
    try:
        return day_in_words(date.fromisoformat(text)) if len(text) == len("2026-12-31") else text
    except ValueError:
        return text
