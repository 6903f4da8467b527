"""What applies at each row of a table of places; each set of zones is put in words once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.look_ups.help_near_many import NearestMany, nearest_many
from gisapp.analysis.look_ups.place_answer import PlaceAnswer
from gisapp.analysis.look_ups.what_applies import Applies, Holding, applies_to
from gisapp.analysis.points.distinct_numbers import distinct
from gisapp.layers import terms_words
from gisapp.layers.agreement import Agreement
from gisapp.layers.audience import Audience, sees_confidential
from gisapp.layers.confidential import code_of
from gisapp.layers.overlap import disputed
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.seen_words import in_seen_words
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True)
class ZonesThere:
    """The zones that hold together at some rows, in texts; all empty where none holds.

    Where zones differ in what is said of exceptions, or in the agreement's own words, each text is
    led by the names of its zones: `East, West: Waiting outside | Green: Filming`.
    """

    applies: tuple[Applies, ...] = ()
    zones: str = ""
    suspended: str = ""
    exceptions: str = ""
    not_settled: str = ""
    zone_ids: tuple[str, ...] = ()
    suspended_other: str = ""
    units_bound: str = ""
    units_not_bound: str = ""
    agreement_contact: str = ""

    @property
    def as_json(self) -> list[dict[str, object]]:
        """The zones for other programs, as for one place, under the ids that may leave."""
        told = zip(self.applies, self.zone_ids, strict=True)
        return [one.as_json() | {"zone_id": key} for one, key in told]


@dataclass(frozen=True, slots=True, eq=False)
class CheckedRows:
    """For each row the number (int64) of its set of zones in `sets`, and its nearest service.

    The first set is that of no zone.
    """

    sets: tuple[ZonesThere, ...]
    which: NDArray[np.int64]
    nearest: NearestMany

    @property
    def inside(self) -> int:
        """How many rows lie in a zone that holds."""
        return int(np.count_nonzero(self.which))

    @property
    def crossing(self) -> tuple[str, ...]:
        """The names of zones that hold at some row though their outline crosses itself."""
        held = {one.zone.id: one for there in self.sets for one in there.applies}
        return tuple(one.zone.name for one in held.values() if one.outline_note)


def checked_rows(
    project: Project,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    at: NDArray[np.datetime64],
    *,
    audience: Audience,
    exported: bool,
) -> CheckedRows:
    """What a reader is told of many places (degrees), each at its moment (datetime64[us], UTC)."""
    shown = seen_by(project, audience, exported=exported)
    seen = shown.zones
    # Zones and services have nothing to do with each other: each on a processor of its own.
    with ThreadPoolExecutor(1, thread_name_prefix="gisapp-near") as thread:
        near = thread.submit(
            nearest_many, shown, lon, lat, at, audience=audience, exported=exported
        )
        found = applies_to(project, lon, lat, at)
        holding = [one for one in found if one.applies.zone.id in seen]
        which, sets = _together(holding, len(lon))
        apart = not sees_confidential(audience, exported=exported)
        each = _told(project, [one.applies for one in holding], seen, apart=apart)
        together = [[each[number] for number in members] for members in sets]
        told = [_in_texts(zones, _not_settled(project, zones)) for zones in together]
        return CheckedRows(tuple(told), which, near.result())


def _together(holding: Sequence[Holding], count: int) -> tuple[NDArray[np.int64], list[list[int]]]:
    """For each row the number of its set of holdings, and the sets; the first is the empty one."""
    which = np.zeros(count, dtype=np.int64)
    if not holding:
        return which, [[]]
    rows = np.concatenate([one.rows for one in holding])
    numbers = np.repeat(np.arange(len(holding)), [len(one.rows) for one in holding])
    order = np.argsort(rows, kind="stable")
    rows, numbers = rows[order], numbers[order]
    starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
    length = np.diff(np.append(starts, len(rows)))
    state, known = np.zeros(len(starts), dtype=np.int64), 1
    # The first zone of each row, then the second of those that have one, and so on.
    for step in range(int(length.max())):
        more = np.flatnonzero(length > step)
        pairs, place = distinct(state[more] * len(holding) + numbers[starts[more] + step])
        state[more], known = place + known, known + len(pairs)
    found, place = distinct(state)
    which[rows[starts]] = place + 1
    # Any row with a set of zones says which they are.
    shown = np.zeros(len(found), dtype=np.int64)
    shown[place] = np.arange(len(starts))
    each = zip(starts[shown].tolist(), length[shown].tolist(), strict=True)
    return which, [[], *(numbers[start : start + size].tolist() for start, size in each)]


@dataclass(frozen=True, slots=True)
class _Told:
    """A zone under its agreement as the audience may know it, its id in files, and its texts.

    `own` are the agreement's own words: its exceptions, what else is not done, the units that are
    bound and those that are not, and whom to call.
    """

    applies: Applies
    zone_id: str
    suspended: frozenset[str]
    own: tuple[str, str, str, str, str]


def _told(
    project: Project, holding: Sequence[Applies], seen: Mapping[str, Zone], *, apart: bool
) -> list[_Told]:
    """Each as the audience may know it; what is said of an agreement is found out once."""
    terms: dict[int, Agreement] = {}
    told = []
    for one in holding:
        if id(one.agreement) not in terms:
            known = in_seen_words(project, one.agreement) if apart else one.agreement
            terms[id(one.agreement)] = known
        applies = Applies(seen[one.zone.id], terms[id(one.agreement)])
        told.append(_one_told(applies, code_of(project, one.zone) if apart else one.zone.id))
    return told


def _one_told(applies: Applies, zone_id: str) -> _Told:
    terms = applies.agreement
    plain = applies.zone.polarity is Polarity.NO_ENFORCEMENT
    bound, free = terms.units_bound, terms.units_not_bound
    return _Told(
        applies,
        zone_id,
        frozenset(act.value for act in applies.suspended),
        (
            terms_words.exceptions(terms) if plain else "",
            applies.suspended_other,
            bound.strip(),
            free.strip(),
            terms.referral_contact.strip(),
        ),
    )


def texts_at(answer: PlaceAnswer) -> ZonesThere:
    """The zones that hold at one place in the texts that a table of many has."""
    told = [_one_told(one.applies, answer.id_of(one.zone)) for one in answer.holds]
    return _in_texts(told, answer.disputed)


def _not_settled(project: Project, together: Sequence[_Told]) -> Sequence[tuple[Zone, Zone]]:
    zones = [one.applies.zone for one in together]
    return disputed(project, zones) if any(zone.polarity.is_opposite for zone in zones) else ()


def _in_texts(together: Sequence[_Told], pairs: Sequence[tuple[Zone, Zone]]) -> ZonesThere:
    """Texts of zones that hold together, and of the pairs of them on which nobody decided."""
    zones = [one.applies.zone for one in together]
    exceptions, other, bound, free, contact = _own_words(together)
    return ZonesThere(
        tuple(one.applies for one in together),
        "; ".join(zone.name for zone in zones),
        "; ".join(sorted(frozenset[str]().union(*(one.suspended for one in together)))),
        exceptions,
        "; ".join(f"{plain.name} / {other.name}" for plain, other in pairs),
        tuple(one.zone_id for one in together),
        other,
        bound,
        free,
        contact,
    )


def _own_words(together: Sequence[_Told]) -> Sequence[str]:
    """Each of the agreements' own words: once where all zones say the same, else by zone."""
    own = [one.own for one in together]
    if len(set(own)) <= 1:
        return own[0] if own else ("",) * 5
    names = [one.applies.zone.name for one in together]
    return [_by_zone(names, said) for said in zip(*own, strict=True)]


def _by_zone(names: Sequence[str], said: Sequence[str]) -> str:
    if len(set(said)) == 1:
        return said[0]
    zones: dict[str, list[str]] = {}
    for name, text in zip(names, said, strict=True):
        zones.setdefault(text, []).append(name)
    return " | ".join(f"{', '.join(named)}: {text}" for text, named in zones.items() if text)
