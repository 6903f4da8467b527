"""What an edit is, and those of the project, its layers, zones, agreements, hotspots and views.

An edit is a label and a pure function from project to project. Those of one subject stand in
modules of their own: `agreement_edits`, `overlap_edits`, `breach_edits`, `scenario_edits` and
`deployment_edits`. No edit knows of undo: the history keeps the projects before and after. One
that makes no sense raises EditError and has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers.agreement import Agreement
from gisapp.layers.audience import Sensitivity
from gisapp.layers.base_map import BaseMap
from gisapp.layers.confidential import confidential_rows, with_marks
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots, Project, SavedView
from gisapp.layers.style import Style, default_style, first_style
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True)
class Edit:
    """A named step. Steps in a row with the same merge key undo together."""

    label: str
    apply: Callable[[Project], Project]
    merge_key: str | None = None


def sequence(label: str, edits: Sequence[Edit]) -> Edit:
    """Several edits as one step."""

    def apply(project: Project) -> Project:
        for edit in edits:
            project = edit.apply(project)
        return project

    return Edit(label, apply)


# Project


def set_title(title: str) -> Edit:
    return Edit(
        "Rename project",
        lambda project: replace(project, title=title.strip() or "Untitled project"),
    )


def set_timezone(timezone: str) -> Edit:
    """Set the zone in which the days of this project are meant."""
    return Edit("Set time zone", lambda project: replace(project, timezone=timezone))


def set_base_map(base_map: BaseMap | None, *, drag: str | None = None) -> Edit:
    """Put a map under all layers, or none."""
    return Edit(
        "Set base map" if base_map else "Remove base map",
        lambda project: replace(project, base_map=base_map),
        merge_key=drag,
    )


# Layers


def mark_confidential(layer_id: str, rows: Sequence[int], yes: bool) -> Edit:
    """Keep services of a layer confidential, or no longer.

    A field `confidential` of truth values is added where the layer has none; a former one is
    read by its words and replaced. EditError where the layer holds no services.
    """
    count = "a service" if len(rows) == 1 else f"{len(rows):,} services"
    words = f"Keep {count} confidential" if yes else f"Show {count} to others again"

    def apply(project: Project) -> Project:
        layer = project.layer(layer_id)
        if layer.kind is not LayerKind.SERVICES:
            raise EditError("Only services can be kept confidential.")
        marks = confidential_rows(layer)
        marks[np.asarray(rows, dtype=np.int64)] = yes
        return project.with_layer(with_marks(layer, marks))

    return Edit(words, apply)


def _free_name(project: Project, name: str, keep: str = "") -> str:
    """The name, with a number behind it if another layer has it."""
    taken = {layer.name.casefold() for layer in project.layers if layer.id != keep}
    base = name = name.strip() or "Layer"
    number = 2
    while name.casefold() in taken:
        name, number = f"{base} {number}", number + 1
    return name


def add_layer(layer: Layer, timezone: str | None = None) -> Edit:
    """Put a layer on top; one to find one's way by, under all that is not.

    The first layer with times, or with a `timezone` in which it lies, gives the project its own.
    """
    here = layer.timezone or timezone

    def apply(project: Project) -> Project:
        if project.timezone == "UTC" and here:
            project = replace(project, timezone=here)
        new = layer.renamed(_free_name(project, layer.name))
        layers = project.layers
        if new.style == default_style(new.kind):
            taken = (old.style for old in project.layers_of(new.kind) if old.id != new.id)
            new = new.restyled(first_style(new.kind, taken))
        if new.kind not in _GROUND or any(old.id == new.id for old in layers):
            return project.with_layer(new)
        above = [at for at, old in enumerate(layers) if old.kind not in _GROUND]
        at = above[0] if above else len(layers)
        return replace(project, layers=(*layers[:at], new, *layers[at:]))

    return Edit(f"Add {layer.name}", apply)


#: Kinds that the others lie on.
_GROUND = frozenset({LayerKind.BOUNDARIES, LayerKind.STREETS, LayerKind.POPULATION})


def remove_layer(layer_id: str) -> Edit:
    """Take a layer out, and the hotspots computed from it."""

    def apply(project: Project) -> Project:
        project.layer(layer_id)
        return replace(
            project,
            layers=tuple(layer for layer in project.layers if layer.id != layer_id),
            hotspots=tuple(h for h in project.hotspots if h.layer_id != layer_id),
        )

    return Edit("Remove layer", apply)


def rename_layer(layer_id: str, name: str) -> Edit:
    def apply(project: Project) -> Project:
        if not name.strip():
            raise EditError("A layer needs a name.")
        layer = project.layer(layer_id)
        return project.with_layer(layer.renamed(_free_name(project, name, keep=layer_id)))

    return Edit("Rename layer", apply)


def restyle_layer(layer_id: str, style: Style, *, drag: str | None = None) -> Edit:
    """Give a layer a look; the steps of one drag of a slider share a key and undo together."""
    return Edit(
        "Change style",
        lambda project: project.with_layer(project.layer(layer_id).restyled(style)),
        merge_key=drag,
    )


def show_layer(layer_id: str, visible: bool) -> Edit:
    return Edit(
        "Show layer" if visible else "Hide layer",
        lambda project: project.with_layer(replace(project.layer(layer_id), visible=visible)),
    )


def show_zones(visible: bool) -> Edit:
    return Edit(
        "Show zones" if visible else "Hide zones",
        lambda project: replace(project, zones_visible=visible),
    )


def set_sensitivity(layer_id: str, sensitivity: Sensitivity) -> Edit:
    """Set how far a layer may travel."""
    return Edit(
        f"Mark as {sensitivity.label.lower()}",
        lambda project: project.with_layer(
            replace(project.layer(layer_id), sensitivity=sensitivity)
        ),
    )


def order_layers(layer_ids: Sequence[str]) -> Edit:
    """Put the layers in this order, from bottom to top; it must name each of them once."""

    def apply(project: Project) -> Project:
        by_id = {layer.id: layer for layer in project.layers}
        if sorted(by_id) != sorted(layer_ids):
            raise EditError("The layers changed while they were being moved.", "Try again.")
        return replace(project, layers=tuple(by_id[key] for key in layer_ids))

    return Edit("Reorder layers", apply)


# Zones


def add_zones(zones: Iterable[Zone]) -> Edit:
    zones = tuple(zones)
    label = f"Add zone {zones[0].name}" if len(zones) == 1 else f"Add {len(zones):,} zones"

    def apply(project: Project) -> Project:
        for zone in zones:
            if zone.agreement_id and zone.agreement_id not in project.agreements:
                raise EditError(f"The agreement of “{zone.name}” is not in this project.")
        return project.with_zones(zones)

    return Edit(label, apply)


def rename_zone(zone_id: str, name: str) -> Edit:
    def apply(project: Project) -> Project:
        if not name.strip():
            raise EditError("A zone needs a name.")
        return project.with_zone(project.zone(zone_id).renamed(name.strip()))

    return Edit("Rename zone", apply)


def remove_zones(zone_ids: Iterable[str]) -> Edit:
    gone = tuple(zone_ids)

    def apply(project: Project) -> Project:
        for zone_id in gone:
            project.zone(zone_id)
        return project.without_zones(gone)

    return Edit("Remove zone" if len(gone) == 1 else f"Remove {len(gone):,} zones", apply)


def reshape_zone(zone_id: str, shape: BaseGeometry, *, drag: str | None = None) -> Edit:
    """Give a zone a new outline; the steps of one drag share a key and undo together."""
    return Edit(
        "Reshape zone",
        lambda project: project.with_zone(project.zone(zone_id).reshaped(shape)),
        merge_key=drag,
    )


def change_zones(label: str, changed: Iterable[Zone], gone: Iterable[str] = ()) -> Edit:
    """Put zones in place of those with their ids, add new ones, take others out, as one step."""
    zones, lost = tuple(changed), tuple(gone)

    def apply(project: Project) -> Project:
        for zone_id in lost:
            project.zone(zone_id)
        return project.without_zones(lost).with_zones(zones)

    return Edit(label, apply)


def place_under(zone_ids: Iterable[str], agreement_id: str | None) -> Edit:
    """Put zones under an agreement, or under none."""
    chosen = tuple(zone_ids)

    def apply(project: Project) -> Project:
        if agreement_id is not None and agreement_id not in project.agreements:
            raise EditError("This agreement is no longer in the project.")
        return project.with_zones(
            replace(project.zone(zone_id), agreement_id=agreement_id) for zone_id in chosen
        )

    return Edit("Set agreement", apply)


# Agreements


def record_agreement(agreement: Agreement) -> Edit:
    """Add an agreement, or supersede the one with its id: the former version is kept."""

    def apply(project: Project) -> Project:
        former = project.agreements.get(agreement.id)
        if former is None:
            return project.with_agreement(agreement)
        if agreement.version <= former.version:
            raise EditError(
                f"Version {agreement.version} of “{agreement.title}” is not newer than version "
                f"{former.version}, which the project holds.",
                f"Give it version {former.version + 1}.",
            )
        return replace(project.with_agreement(agreement), former=(*project.former, former))

    return Edit(f"Record {agreement.title}", apply)


def correct_agreement(agreement: Agreement) -> Edit:
    """Put right what was typed wrongly, without making a new version."""

    def apply(project: Project) -> Project:
        if agreement.id not in project.agreements:
            raise EditError("This agreement is no longer in the project.")
        return project.with_agreement(agreement)

    return Edit(f"Change {agreement.title}", apply)


def remove_agreement(agreement_id: str) -> Edit:
    """Take an agreement out; its zones stay, under none."""

    def apply(project: Project) -> Project:
        if agreement_id not in project.agreements:
            raise EditError("This agreement is no longer in the project.")
        freed = [
            replace(zone, agreement_id=None)
            for zone in project.zones.values()
            if zone.agreement_id == agreement_id
        ]
        return replace(
            project.with_zones(freed),
            agreements={k: v for k, v in project.agreements.items() if k != agreement_id},
            former=tuple(old for old in project.former if old.id != agreement_id),
        )

    return Edit("Remove agreement", apply)


# Analysis and views


def set_hotspots(hotspots: Hotspots, *, drag: str | None = None) -> Edit:
    """Add hotspots or change their parameters; the steps of one drag undo together."""

    def apply(project: Project) -> Project:
        project.layer(hotspots.layer_id)
        if not (hotspots.cell_m > 0 and hotspots.bandwidth_m > 0):
            raise EditError("Cell size and bandwidth must be more than zero.")
        others = tuple(h for h in project.hotspots if h.id != hotspots.id)
        if len(others) == len(project.hotspots):
            return replace(project, hotspots=(*others, hotspots))
        return replace(
            project,
            hotspots=tuple(hotspots if h.id == hotspots.id else h for h in project.hotspots),
        )

    return Edit("Hotspots", apply, merge_key=drag)


def remove_hotspots(hotspots_id: str) -> Edit:
    return Edit(
        "Remove hotspots",
        lambda project: replace(
            project, hotspots=tuple(h for h in project.hotspots if h.id != hotspots_id)
        ),
    )


def save_view(view: SavedView) -> Edit:
    """Keep a view under its name, in place of an older one of that name."""
    return Edit(
        f"Save view {view.name}",
        lambda project: replace(
            project, views=(*(v for v in project.views if v.name != view.name), view)
        ),
    )


def remove_view(name: str) -> Edit:
    return Edit(
        f"Remove view {name}",
        lambda project: replace(project, views=tuple(v for v in project.views if v.name != name)),
    )


def rename_view(name: str, new: str) -> Edit:
    """Give a view another name, which no other view may have."""

    def apply(project: Project) -> Project:
        wanted = " ".join(new.split())
        taken = {view.name for view in project.views if view.name != name}
        if not wanted:
            raise EditError("A saved view needs a name.")
        if wanted in taken:
            raise EditError(f"There is a view “{wanted}” already.", "Choose another name.")
        views = tuple(replace(v, name=wanted) if v.name == name else v for v in project.views)
        return replace(project, views=views)

    return Edit(f"Rename view {name}", apply)


def move_view(name: str, to: int) -> Edit:
    """Put a view at a place in the list of views, counted from 0."""

    def apply(project: Project) -> Project:
        moved = [view for view in project.views if view.name == name]
        if not moved:
            raise EditError("This view is no longer in the project.")
        others = [view for view in project.views if view.name != name]
        place = min(max(to, 0), len(others))
        return replace(project, views=(*others[:place], *moved, *others[place:]))

    return Edit(f"Move view {name}", apply)
