"""`gisapp zones`: zones round services, along streets, or areas as they are."""

from __future__ import annotations

from argparse import Namespace
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.classes.expressions import rows_where
from gisapp.analysis.zones.order import Aside, Drawn, Shape, ZoneOrder, shapes_of
from gisapp.analysis.zones.remaking import Remade, remade_zones
from gisapp.cli.agree import record
from gisapp.cli.answer import Answer
from gisapp.cli.projects import keep, opened
from gisapp.errors import EditError
from gisapp.io.agreements import agreement_file
from gisapp.layers import edits, geodesy, zoning
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, MeasuredFrom
from gisapp.layers.water import water_layers
from gisapp.progress import Progress

#: How the sentence goes on after “3 zones drawn”.
_FROM = {Shape.CIRCLE: "round", Shape.WALK: "round", Shape.SCENE: "at"}
#: Drawn from the streets themselves: these can be named as a walk names them, or not at all.
_OF_STREETS = (Shape.STREETS, Shape.CORRIDOR)


def run(args: Namespace, progress: Progress) -> Answer:
    if args.remake:
        return _remake(args, progress)
    if not args.around and Shape(args.shape) not in _OF_STREETS:
        raise EditError(
            "Zones need a layer to be drawn from.", "Name it with --around, such as Services."
        )
    document = opened(args.project, progress.part(0, 0.4))
    saved = document.project
    entry = agreement_file.read_entry(args.agreement) if args.agreement else None
    if entry is not None:
        record(document, entry)
    order = _order(args, document.project, entry.agreement.id if entry else None)
    taken = [zone.name for zone in document.project.zones.values()]
    drawn = order.drawn(taken, progress.part(0.4, 0.8))
    if not drawn.zones:
        raise EditError("No zone could be drawn.", " ".join(drawn.remarks()))
    document.apply(edits.add_zones(drawn.zones))
    keep(document, args.project, saved, progress.part(0.8, 1))
    return _answer(order, drawn)


def _answer(order: ZoneOrder, drawn: Drawn) -> Answer:
    total = zoning.summary(drawn.zones)
    answer: dict[str, Any] = {
        "zones": total.zones,
        "area_m2": round(total.area_m2, 1),
        "overlaps": total.overlaps,
        "invalid": total.invalid,
    }
    if order.shape is Shape.WALK:
        answer["farthest_from_street_m"] = _metres(drawn.farthest_m)
        answer["far"] = [_aside(one) for one in drawn.far]
    if order.shape is Shape.WALK or drawn.left_out:
        answer["left_out"] = [_aside(one) for one in drawn.left_out]
    text = (
        f"{total.zones:,} {'zone' if total.zones == 1 else 'zones'} drawn "
        f"{_FROM.get(order.shape, 'from')} “{order.layer.name}”: "
        f"{geodesy.area_in_words(total.area_m2)} of ground (counted once where zones overlap), "
        f"{total.overlaps:,} overlapping {'pair' if total.overlaps == 1 else 'pairs'}."
    )
    if order.shape is Shape.WALK:
        text += f" Basis: {drawn.zones[0].basis_text}."
    return Answer(answer, " ".join([text, *drawn.remarks()]))


def _aside(one: Aside) -> dict[str, Any]:
    return {"service": one.name, "from_street_m": _metres(one.away_m), "why": one.why or None}


def _metres(metres: float | None) -> float | None:
    return None if metres is None else round(metres, 1)


def _order(args: Namespace, project: Project, agreement_id: str | None) -> ZoneOrder:
    shape = Shape(args.shape)
    layer = project.layer_named(args.around) if args.around else _streets(args, project)
    if shape in (Shape.FOOTPRINT, Shape.PARCEL) and args.radius:
        raise EditError(
            f"A {shape.value} has no radius.",
            "Leave out --radius, or draw circles measured from its edge.",
        )
    if shape in (Shape.CIRCLE, Shape.WALK, Shape.SCENE) and not args.radius:
        what = {Shape.CIRCLE: "Circles need", Shape.WALK: "Walks need"}.get(shape, "Scenes need")
        raise EditError(f"{what} a radius.", "Add for instance --radius 200m.")
    return ZoneOrder(
        layer,
        _rows(args, layer, shape),
        shape,
        args.radius or "",
        args.basis,
        agreement_id,
        measured_from=MeasuredFrom(args.measured_from),
        premises=project.layer_named(args.premises) if args.premises else None,
        block=args.block,
        block_basis=args.block_basis,
        streets=_streets(args, project) if shape is Shape.WALK else None,
        hull=args.outline == "hull",
        width=args.width,
        pace=args.pace,
        far=args.far,
        names=tuple(args.street),
        lasting=args.lasting,
        water=water_layers(project),
    )


def _rows(args: Namespace, layer: Layer, shape: Shape) -> NDArray[np.int64]:
    """The rows asked for; of incidents nobody means all."""
    if args.where is not None:
        return rows_where(layer, args.where)
    if shape is Shape.SCENE:
        raise EditError("A scene is that of one incident or a few.", "Choose them with --where.")
    if isinstance(layer.geometry, Points) and shape not in (Shape.CIRCLE, Shape.WALK):
        known = ", ".join(one.value for one in shapes_of(layer))
        raise EditError(
            f"“{layer.name}” holds points, and this outline needs areas or lines.",
            f"Of “{layer.name}” can be drawn: {known}." if known else "",
        )
    return np.arange(len(layer))


def _streets(args: Namespace, project: Project) -> Layer:
    if args.along:
        return project.layer_named(args.along)
    known = project.layers_of(LayerKind.STREETS)
    if len(known) == 1:
        return known[0]
    raise EditError(
        "There is more than one layer of streets." if known else "There is no layer of streets.",
        "Name one with --along." if known else "Import a layer of streets first.",
    )


# Making zones again


def _remake(args: Namespace, progress: Progress) -> Answer:
    document = opened(args.project, progress.part(0, 0.4))
    saved = document.project
    ids = _named(args.zone, saved)
    made = remade_zones(saved, ids, progress.part(0.4, 0.8))
    if made.changed:
        document.apply(made.edit())
        keep(document, args.project, saved, progress.part(0.8, 1))
    answer = {
        "remade": [zone.name for zone in made.changed],
        "unchanged": made.unchanged,
        "problems": [{"zone": name, "why": why} for name, why in made.problems],
    }
    return Answer(answer, _remade_in_words(made))


def _named(names: list[str], project: Project) -> list[str]:
    """The ids of the zones of these names, of all where none is given; each name must be one."""
    zones = list(project.zones.values())
    if not zones:
        raise EditError("There are no zones in this project.", "Draw them with --around.")
    known = {zone.name.casefold() for zone in zones}
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        listed = ", ".join(f"“{name}”" for name in unknown)
        near = get_close_matches(unknown[0].casefold(), known, n=1)
        meant = next((zone.name for zone in zones if zone.name.casefold() in near), "")
        raise EditError(
            f"There is no zone {listed} in this project.",
            f"Did you mean “{meant}”?" if meant else "`gisapp info` lists the zones.",
        )
    wanted = {name.casefold() for name in names} or known
    return [zone.id for zone in zones if zone.name.casefold() in wanted]


def _remade_in_words(made: Remade) -> str:
    count = len(made.changed)
    said = [
        f"{count:,} {'zone' if count == 1 else 'zones'} made again, "
        f"{made.unchanged:,} as {'it was' if made.unchanged == 1 else 'they were'}."
    ]
    said += [f"“{name}”: {why}" for name, why in made.problems]
    return "\n".join(said)
