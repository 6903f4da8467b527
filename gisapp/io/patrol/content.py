"""What the files of a package are made from, and what each file format answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from gisapp.io.patrol.zones import Outgoing


@dataclass(frozen=True, slots=True)
class Content:
    """The zones that go out on a day, and what is said of them all.

    Nothing in it depends on the clock, so that the same project and day give the same bytes.
    """

    title: str
    timezone: str
    day: date
    zones: tuple[Outgoing, ...]

    @property
    def stamp(self) -> datetime:
        """The moment that files are dated with: the start of the day, in UTC."""
        return datetime.combine(self.day, time(), UTC)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a format cannot hold as it is, told before anything is written.

    `what` is the column or zone, `original` what the project says, `written` what the file will.
    """

    what: str
    original: str
    written: str


def no_losses(content: Content) -> tuple[Loss, ...]:
    """For formats that hold every name and text whole."""
    return ()


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write zones, as one row of the table of formats.

    `name` is what `--formats` takes, `label` and `readers` are for people. `write` returns the
    bytes of each file by its name; it may use the empty folder it is given, and raises
    ExportError. `losses` says what will be shortened or left out.
    """

    name: str
    label: str
    readers: str
    write: Callable[[Content, Path], Mapping[str, bytes]]
    losses: Callable[[Content], tuple[Loss, ...]] = no_losses
