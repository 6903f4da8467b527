"""What the files of a package are made from, and what each file format answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.audience import Audience

#: What a package can be: all zones in force on a day, or what changed since an earlier package.
FULL, CHANGE = KINDS = ("full", "change")


@dataclass(frozen=True, slots=True)
class Note:
    """What the sender says of a package: for whom it is, from whom, and on what terms.

    `agency` is the domain name of the agency, such as police.example.org, where it has one.

    `fingerprint` is that of the key it is signed with, `revision` the state of the project it
    was made from; both are empty where there is none.
    """

    recipient: str = ""
    sent_by: str = ""
    terms: str = ""
    audience: Audience = Audience.PATROL
    fingerprint: str = ""
    revision: str = ""
    agency: str = ""


#: What is said of a package when the sender says nothing.
UNSAID = Note()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A zone of an earlier package that holds no more, or that may no longer go out.

    `name` is as the earlier package had it; `last_day` the last on which it held, where known.
    """

    zone_id: str
    name: str
    reason: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The earlier package that a change package goes on from: its day, revision, and SHA-256.

    `manifest` is the SHA-256 of its manifest, which stands for all of it.
    """

    day: date
    revision: str
    manifest: str


@dataclass(frozen=True, slots=True)
class Content:
    """The zones that go out on a day, and what is said of them all.

    Nothing in it depends on the clock, so that the same project and day give the same bytes. A
    change package has an `earlier` one, only zones added or changed since, and those withdrawn.
    `flawed` counts zones in force that stay out because something about them is not right.
    """

    title: str
    timezone: str
    day: date
    zones: tuple[Outgoing, ...]
    note: Note = UNSAID
    withdrawn: tuple[Withdrawn, ...] = ()
    earlier: Earlier | None = None
    flawed: int = 0

    @property
    def kind(self) -> str:
        return FULL if self.earlier is None else CHANGE

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


#: Files that are made of a package's content from above, such as the page to read.
Extra = Callable[[Content], Mapping[str, bytes]]


def no_losses(content: Content) -> tuple[Loss, ...]:
    """For formats that hold every name and text whole."""
    return ()


def nothing_to_withdraw(content: Content) -> dict[str, bytes]:
    """For formats that cannot say that a zone is withdrawn; withdrawn.csv says it for them."""
    return {}


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write zones, as one row of the table of formats.

    `name` is what `--formats` takes, `label` and `readers` are for people. `write` returns the
    bytes of each file by its name; it may use the empty folder it is given, and raises
    ExportError; it is not asked where a package has no zones. `losses` says what will be
    shortened or left out. `withdraw` returns files, by names of their own, by which systems that
    read the format do away with the zones in `Content.withdrawn`.
    """

    name: str
    label: str
    readers: str
    write: Callable[[Content, Path], Mapping[str, bytes]]
    losses: Callable[[Content], tuple[Loss, ...]] = no_losses
    withdraw: Callable[[Content], Mapping[str, bytes]] = nothing_to_withdraw
