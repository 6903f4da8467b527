"""What becomes of a zone, not only of its outline, when it is changed by hand: each one edit.

A circle that is moved or scaled stays a circle. Any other outline that is changed is a drawn area
from then on, and its basis says what it was: whoever reads it must not take it for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy, zone_shapes
from gisapp.layers.edits import Edit, change_zones
from gisapp.layers.project import Project
from gisapp.layers.sketch import Place
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Visibility
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import different

#: Who may see a zone, the widest circle first.
_WIDEST_FIRST = (
    Visibility.PUBLIC,
    Visibility.PARTNERS,
    Visibility.POLICE_ONLY,
    Visibility.NEVER_EXPORT,
)


# One zone as another


def moved(zone: Zone, start: Place, end: Place) -> Zone:
    """The zone elsewhere; a circle keeps its radius, and is measured from a point from then on."""
    if zone.is_disc and zone.centre is not None and zone.radius_m is not None:
        centre = _moved_place(zone.centre, start, end)
        return replace(
            zone,
            shape=geodesy.circle(*centre, zone.radius_m),
            centre=centre,
            measured_from=MeasuredFrom.POINT if zone.measured_from else None,
            basis_text=_also(zone.basis_text, "centre moved by hand"),
        )
    shape = zone_shapes.moved(zone.shape, start, end)
    return _as_drawn(zone, shape, "moved by hand")


def rotated(zone: Zone, degrees: float, about: Place) -> Zone:
    """The zone turned clockwise; a circle only moves where it is not turned about its centre."""
    if zone.is_disc and zone.centre is not None:
        end = _moved_place(zone.centre, about, about, degrees)
        return moved(zone, zone.centre, end) if end != zone.centre else zone
    return _as_drawn(zone, zone_shapes.rotated(zone.shape, degrees, about), "turned by hand")


def scaled(zone: Zone, factor: float, about: Place) -> Zone:
    """The zone larger or smaller; a circle stays one, with another radius that its basis tells."""
    shape = zone_shapes.scaled(zone.shape, factor, about)
    if zone.is_disc and zone.centre is not None and zone.radius_m is not None:
        centre = _moved_place(zone.centre, about, about, 0, factor)
        return with_radius(replace(zone, centre=centre), zone.radius_m * factor)
    return _as_drawn(zone, shape, "made larger or smaller by hand")


def with_radius(zone: Zone, radius_m: float, radius_text: str = "") -> Zone:
    """A circle with another radius; EditError for what is no circle."""
    if not zone.is_disc or zone.centre is None:
        raise EditError(f"“{zone.name}” is no circle.", "Scale it, such as 120%.")
    radius_m = round(radius_m, 3)
    was = zone.radius_text or geodesy.in_words(zone.radius_m or 0)
    told = "radius changed by hand"
    return replace(
        zone,
        shape=geodesy.circle(*zone.centre, radius_m),
        radius_m=radius_m,
        radius_text=radius_text or geodesy.in_words(radius_m),
        basis_text=zone.basis_text
        if told in zone.basis_text
        else _also(zone.basis_text, f"{told} from {was}"),
    )


def buffered(zone: Zone, metres: float) -> Zone:
    """The zone with the ground round it, or without its rim where metres are fewer than none.

    EditError for a footprint, which is never buffered.
    """
    refuse_to_buffer(zone)
    how = "widened" if metres > 0 else "narrowed"
    told = f"{how} by hand by {geodesy.in_words(abs(metres))}"
    return _as_drawn(zone, zone_shapes.grown(zone.shape, metres), told, always=True)


def refuse_to_buffer(zone: Zone) -> None:
    """EditError for a zone that may not grow or shrink by metres."""
    if zone.basis is Basis.FOOTPRINT:
        raise EditError(
            f"“{zone.name}” is a footprint, and a footprint is never buffered.",
            "Where the ground round the premises is meant, draw it as an area of its own.",
        )


def reshaped(zone: Zone, shape: BaseGeometry, how: str) -> Zone:
    """The zone with an outline that was changed by hand in a way that `how` names."""
    return _as_drawn(zone, shape, how)


def _as_drawn(zone: Zone, shape: BaseGeometry, how: str, *, always: bool = False) -> Zone:
    """A drawn area; its basis says what was done to it where it was none, or `always`."""
    if zone.basis is Basis.CIRCLE:
        told = f"{how} from a circle of {zone.radius_text or geodesy.in_words(zone.radius_m or 0)}"
    elif zone.basis is not Basis.POLYGON:
        told = f"{how} from: {zone.basis.label.lower()}"
    else:
        told = how if always else ""
    return replace(zone.reshaped(shape), basis_text=_also(zone.basis_text, told))


def _also(text: str, told: str) -> str:
    """A basis with something more, once."""
    return text if not told or told in text else "; ".join(filter(None, (text, told)))


def _moved_place(
    place: Place, start: Place, end: Place, turn: float = 0.0, factor: float = 1.0
) -> Place:
    metres, azimuth = zone_shapes.bearing(start, place)
    return zone_shapes.step(end, metres * factor, azimuth + turn) if metres > 1e-6 else end


# Edits


def change(
    what: str, zones: Sequence[Zone], how: Callable[[Zone], Zone], *, drag: str | None = None
) -> Edit:
    """`Move zone Quay Street`: one change of each of some zones as one step."""
    edit = change_zones(label_of(what, zones), [how(zone) for zone in zones])
    return replace(edit, merge_key=drag)


def label_of(what: str, zones: Sequence[Zone]) -> str:
    """`Move zone Quay Street`, `Move 3 zones`."""
    return f"{what} zone {zones[0].name}" if len(zones) == 1 else f"{what} {len(zones):,} zones"


def split(project: Project, zones: Iterable[Zone], line: Sequence[Place]) -> Edit:
    """Divide the zones that a line goes across; the largest part of each keeps name and breaches.

    EditError where it goes across none of them.
    """
    taken = [zone.name for zone in project.zones.values()]
    cut: list[Zone] = []
    made: list[Zone] = []
    problem: EditError | None = None
    for zone in zones:
        try:
            shapes = zone_shapes.split(zone.shape, line)
        except EditError as error:
            problem = error
            continue
        first, *others = (_as_drawn(zone, shape, "split by hand") for shape in shapes)
        names = different([zone.name] * len(others), taken)
        taken += names
        made.append(first)
        cut.append(zone)
        made += [
            replace(other, name=name, id=Zone(name, other.shape).id)
            for other, name in zip(others, names, strict=True)
        ]
    if not cut:
        raise problem or EditError("Select the zones to split first.")
    return change_zones(label_of("Split", cut), made)


def merge(zones: Sequence[Zone]) -> Edit:
    """Make one zone of several: the first, with the outline of all.

    EditError where they lie apart, or are not agreed alike: no term is lost by merging. Possible
    breaches in the others are those of the one; it is shown to no more people than each was.
    """
    if len(zones) < 2:
        raise EditError("Merging takes two zones at least.", "Select zones that touch.")
    first = zones[0]
    for other in zones[1:]:
        _refuse_unlike(first, other)
    groups = zone_shapes.together([zone.shape for zone in zones])
    if len(groups) > 1:
        alone = zones[groups[1][0]].name
        raise EditError(
            f"“{alone}” and “{first.name}” lie apart, so they cannot be merged.",
            "Choose zones that overlap or share an edge.",
        )
    shape = zone_shapes.merged([zone.shape for zone in zones])
    kept = _merged_zone(zones, shape)
    gone = {zone.id for zone in zones[1:]}
    label = f"Merge zone {first.name} and {len(gone)} more"
    put = change_zones(label, [kept], gone)

    def apply(project: Project) -> Project:
        breaches = tuple(
            replace(breach, zone_id=first.id) if breach.zone_id in gone else breach
            for breach in project.breaches
        )
        return put.apply(replace(project, breaches=breaches))

    return Edit(label, apply)


def _refuse_unlike(first: Zone, other: Zone) -> None:
    for same, what in (
        (first.polarity is other.polarity, "are of different effect"),
        (first.agreement_id == other.agreement_id, "are under different agreements"),
        (first.terms == other.terms, "have different terms"),
        (
            (first.starts_at, first.ends_at) == (other.starts_at, other.ends_at),
            "last for different times",
        ),
    ):
        if not same:
            raise EditError(
                f"“{first.name}” and “{other.name}” {what}, so they cannot be merged.",
                "Make them alike first: merging must not lose what was agreed.",
            )


def _merged_zone(zones: Sequence[Zone], shape: BaseGeometry) -> Zone:
    first = zones[0]
    sites = [site for zone in zones for site in (zone.service, *zone.anchors) if site]
    texts = [f"“{zone.name}” ({_was(zone)})" for zone in zones]
    return replace(
        first.reshaped(shape),
        basis_text=f"merged by hand from {', '.join(texts)}",
        service=first.service,
        anchors=tuple(site for site in dict.fromkeys(sites) if site != first.service),
        note="\n".join(dict.fromkeys(zone.note for zone in zones if zone.note)),
        parts="; ".join(dict.fromkeys(zone.parts for zone in zones if zone.parts)),
        priority=max(zone.priority for zone in zones),
        visibility=max((zone.visibility for zone in zones), key=_WIDEST_FIRST.index),
    )


def _was(zone: Zone) -> str:
    """`Circle of 200 m, agreed on 3 May`: how a zone came about."""
    label = zone.basis.label.lower()
    if zone.basis is Basis.CIRCLE:
        label = f"circle of {zone.radius_text or geodesy.in_words(zone.radius_m or 0)}"
    return f"{label}; {zone.basis_text}" if zone.basis_text else label


def cut(zones: Sequence[Zone], cutter: BaseGeometry, by: str, *, keep_inside: bool = False) -> Edit:
    """Take an area away from zones, or keep of them only what lies in it; `by` names it.

    Zones that it does not change stay; EditError where it changes none, or leaves nothing of one.
    """
    changed = []
    for zone in zones:
        inside = shapely.intersects(zone.shape, cutter)
        if not keep_inside and not inside:
            continue
        if keep_inside and shapely.covers(cutter, zone.shape):
            continue
        make = zone_shapes.kept_inside if keep_inside else zone_shapes.cut
        try:
            shape = make(zone.shape, cutter)
        except EditError as error:
            raise EditError(f"“{zone.name}”: {error.message}", error.hint) from error
        how = f"cut by hand {'to' if keep_inside else 'by'} {by}"
        changed.append(_as_drawn(zone, shape, how, always=True))
    if not changed:
        raise EditError(f"No selected zone is changed by {by}.", "Choose an area that overlaps.")
    return change_zones(label_of("Cut", changed), changed)
