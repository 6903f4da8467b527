"""What the rows of a file probably are, by its shapes and by the words in its names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gisapp.io.reading.column_words import words
from gisapp.io.reading.importing import Source
from gisapp.layers.vocabulary import LayerKind

#: In the order in which they are looked for.
_OF_POINTS = (
    (LayerKind.OTHER, ("transit", "bus_stop", "bus stop")),
    (LayerKind.OVERDOSES, ("overdose", "heroin", "narcan", "opioid_ems", "opioid calls")),
    (LayerKind.SERVICES, ("naloxone", "service", "pharmac", "needle", "clinic", "methadone")),
    (LayerKind.SERVICES, ("treatment",)),
    (LayerKind.STOPS, ("stop-and-search", "stop and search", "stops", "object of search")),
    (LayerKind.STOPS, ("enforcement", "arrest", "citation")),
    (LayerKind.DEPLOYMENTS, ("deployment", "patrol_box", "patrol box")),
    (LayerKind.REFERRALS, ("referral",)),
)
#: Words for whom a plan sends.
_WHO = {"unit", "team", "squad", "patrol", "deployment"}
_OF_AREAS = ((LayerKind.DEPLOYMENTS, ("deployment", "patrol_box", "patrol box")),)


def guessed_kind(source: Source, paths: Sequence[Path]) -> LayerKind:
    """The kind that shapes, names of files and, last, names of columns speak of; else `other`.

    Points are never taken for boundaries or streets: what columns say of a neighbourhood or a
    street tells where an event was, and events must not become a layer that all may see.
    """
    names = " ".join([*(path.name for path in paths), *source.files]).casefold()
    columns = " ".join(source.column_names).casefold()
    shapes = source.geometry_type
    if shapes == "areas":
        return _spoken_of(names, _OF_AREAS) or LayerKind.BOUNDARIES
    if shapes == "lines" or (shapes not in (None, "points") and "street" in names):
        return LayerKind.STREETS
    if shapes is None and "boundar" in names:
        return LayerKind.BOUNDARIES
    spoken = _spoken_of(names, _OF_POINTS)
    if spoken is None and _is_plan(source.column_names):
        return LayerKind.DEPLOYMENTS
    return spoken or _spoken_of(columns, _OF_POINTS) or LayerKind.OTHER


def _is_plan(names: Sequence[str]) -> bool:
    """Whether columns are those of a plan of shifts: a unit, from when to when."""
    text = {word for name in names for word in words(name)}
    return bool(text & _WHO) and (bool(text & {"start", "from"}) or bool(text & {"hours", "shift"}))


def _spoken_of(text: str, words: Sequence[tuple[LayerKind, tuple[str, ...]]]) -> LayerKind | None:
    return next((kind for kind, some in words if any(word in text for word in some)), None)
