"""How scenarios are called before somebody names them, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gisapp.layers import geodesy
from gisapp.layers.scenario import Scenario
from gisapp.layers.zone import Zone


def name_for(zones: Iterable[Zone]) -> str:
    """`200 m`, `5-minute walk`, or how many zones there are where they are not all alike."""
    every = list(zones)
    names = {_terms_of(zone) for zone in every}
    if len(names) == 1 and (name := names.pop()):
        return name
    return "No zones" if not every else f"{len(every):,} zones"


def _terms_of(zone: Zone) -> str:
    if zone.walk_minutes:
        return f"{zone.walk_minutes:g}-minute walk"
    if zone.radius_m:
        return zone.radius_text.strip() or geodesy.in_words(zone.radius_m)
    if zone.width_m:
        return f"{geodesy.in_words(zone.width_m)} wide"
    return zone.basis.label


def free_name(wanted: str, scenarios: Sequence[Scenario]) -> str:
    """The name, with a number after it where a scenario has it already."""
    taken = {scenario.name.casefold() for scenario in scenarios}
    name, number = wanted, 2
    while name.casefold() in taken:
        name, number = f"{wanted} ({number})", number + 1
    return name


def same_zones(one: Mapping[str, Zone], other: Mapping[str, Zone]) -> bool:
    """Whether both are the same zones, as they are after one was made of the other."""
    return one.keys() == other.keys() and all(
        zone is other[key] or zone == other[key] for key, zone in one.items()
    )
