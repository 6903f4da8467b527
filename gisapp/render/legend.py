"""What the map shows, in words and swatches: only what is there, and what the audience may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.hotspots.hotspots import KDE, Surface
from gisapp.analysis.points.distinct import count_places
from gisapp.analysis.points.stacks import SEVERAL
from gisapp.layers import geodesy
from gisapp.layers.audience import (
    Audience,
    Showing,
    sees_confidential,
    shown_count,
    suppressed,
    threshold,
)
from gisapp.layers.confidential import without_sites
from gisapp.layers.frame import open_bounds
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.seen import seen_by
from gisapp.layers.style import GREY, VERMILLION, Fill, LegendEntry, Style
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.drawn import shape_array
from gisapp.render.legend_classes import class_entries, scale_words
from gisapp.render.legend_points import cell_entries, class_hint, point_entries, points_in_view
from gisapp.render.look import Look
from gisapp.render.meetings import meetings_of
from gisapp.render.painters.hotspots import density_clear, density_ramp, gi_color
from gisapp.render.painters.overlaps import UNSETTLED, unsettled_of
from gisapp.render.painters.services import service_discs
from gisapp.render.painters.zones import zones_by_look
from gisapp.render.ramps import on_ground
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView

#: Words in the reasons of an import that mean a row had no usable place.
_PLACE_WORDS = ("place", "coordinate", "location", "0, 0", "0,0")

#: Kinds of layer that the others lie on.
BASE_KINDS = frozenset({LayerKind.BOUNDARIES, LayerKind.STREETS, LayerKind.OTHER})

GI_WORDS = {
    3: "More than chance, 99 % sure",
    2: "More than chance, 95 % sure",
    1: "More than chance, 90 % sure",
    0: "Not told apart from chance",
    -1: "Fewer than chance, 90 % sure",
    -2: "Fewer than chance, 95 % sure",
    -3: "Fewer than chance, 99 % sure",
}


@dataclass(frozen=True, slots=True)
class LegendSection:
    """One thing on the map: `subtitle` counts it in words, `note` says what limits it.

    `id` is `zones`, the layer's id or the hotspots' id; `layer_id` is set for layers alone.
    `base` says that it is there to find one's way: where room is short it is the first to go.
    `hint` says on screen what to do to see more.
    """

    id: str
    title: str
    subtitle: str
    entries: tuple[LegendEntry, ...]
    layer_id: str | None = None
    note: str = ""
    base: bool = False
    hint: str = ""


def legend(
    project: Project, look: Look, cache: Cache | None = None, view: MapView | None = None
) -> tuple[LegendSection, ...]:
    """The sections of the legend: zones, then layers from top to bottom with their hotspots.

    Only what is drawn for this audience is listed. With a view, also only what lies in it, and
    the classes are those of the map at that scale.
    """
    cache = Cache() if cache is None else cache
    project = seen_by(project, look.audience, exported=look.exported)
    sections: list[LegendSection] = []
    zones = _zones(project, look, view, cache)
    if zones is not None:
        sections.append(zones)
    for layer in reversed(project.layers):
        shown = look.showing(layer)
        if shown is Showing.NOTHING or not look.count_of(layer):
            continue
        if layer.visible and view is not None and not layer.style.shown_at(view.scale):
            # On paper there is nothing to zoom: what is not on the map is not in its legend.
            if not look.exported:
                sections.append(_hidden(layer, look))
        elif layer.visible and _is_in_view(layer, look, view):
            sections.append(_layer(project, layer, look, shown, cache, view))
        sections += [
            _hotspots(project, layer, hotspots, look, cache)
            for hotspots in reversed(
                prepared.hotspots_of(project, layer, look, cache, view.scale if view else None)
            )
        ]
    return tuple(sections)


def _hidden(layer: Layer, look: Look) -> LegendSection:
    words = in_words(layer, look, events_counted=layer.is_events)
    note, base = scale_words(layer.style), layer.kind in BASE_KINDS
    return LegendSection(layer.id, layer.name, words, (), layer.id, note, base)


def _zones(
    project: Project, look: Look, view: MapView | None, cache: Cache
) -> LegendSection | None:
    if not project.zones_visible:
        return None
    entries = []
    total = 0
    groups = reversed(list(zones_by_look(project, look).items()))
    for (label, style), zones in groups:
        count = len(_zones_in_view(zones, view))
        total += count
        if count:
            entries.append(LegendEntry(label, style, "area", f"{count:,}"))
    if not entries:
        return None
    entries += _to_settle(project, look, view, cache)
    words = "1 zone" if total == 1 else f"{total:,} zones"
    if view is not None and total < len(project.zones):
        words = f"{total:,} of {len(project.zones):,} zones are on this map"
    note = _SMALL_ZONES if view is not None and _any_small(project, view) else ""
    return LegendSection("zones", "Zones", words, tuple(entries), note=note)


def _to_settle(
    project: Project, look: Look, view: MapView | None, cache: Cache
) -> list[LegendEntry]:
    """The sign of overlaps that somebody has to settle, if there are any on the map."""
    found = unsettled_of(project, look, cache)
    if view is not None:
        seen = shapely.box(*view.bounds)
        found = tuple(pair for pair in found if seen.intersects(pair.common))
    if not found:
        return []
    return [LegendEntry("Overlap to settle", UNSETTLED, "alert", f"{len(found):,}")]


#: Zones that are less wide than this on the map (logical pixels) may be drawn as rings.
_RING_PX = 14.0
_SMALL_ZONES = "A zone smaller than the symbol of its service is drawn as a ring round it."


def _any_small(project: Project, view: MapView) -> bool:
    if not any(services.visible for services in project.layers_of(LayerKind.SERVICES)):
        return False
    zones = _zones_in_view(tuple(project.zones.values()), view)
    if not zones:
        return False
    boxes = shapely.bounds(shape_array([zone.shape for zone in zones]))
    left, bottom = view.to_screen(boxes[:, 0], boxes[:, 1])
    right, top = view.to_screen(boxes[:, 2], boxes[:, 3])
    return bool((np.maximum(right - left, bottom - top) < _RING_PX).any())


def _zones_in_view(zones: Sequence[Zone], view: MapView | None) -> Sequence[Zone]:
    if view is None:
        return zones
    shapes = shape_array([zone.shape for zone in zones])
    seen = shapely.intersects(shapes, shapely.box(*view.bounds))
    return [zone for zone, here in zip(zones, seen.tolist(), strict=True) if here]


def _is_in_view(layer: Layer, look: Look, view: MapView | None) -> bool:
    """Whether the layer's extent meets the view; not a word on how much of it does."""
    bounds = open_bounds(layer, look.audience, exported=look.exported)
    if view is None or bounds is None:
        return True
    west, south, east, north = view.bounds
    return bounds[0] <= east and bounds[2] >= west and bounds[1] <= north and bounds[3] >= south


def _layer(
    project: Project,
    layer: Layer,
    look: Look,
    shown: Showing,
    cache: Cache,
    view: MapView | None,
) -> LegendSection:
    entries: tuple[LegendEntry, ...]
    note = hint = ""
    if prepared.surface_stands(project, layer, look, cache):
        entries, note = (), "Shown as a surface, not as counts per cell."
    elif shown in (Showing.COUNTS, Showing.SUPPRESSED):
        entries, note = cell_entries(layer, look, cache)
    elif layer.kind is LayerKind.SERVICES:
        entries = _services(layer, look, cache, view)
    elif isinstance(layer.geometry, Points) and layer.kind is not LayerKind.DEPLOYMENTS:
        entries = point_entries(layer, look, cache, view)
        hint = class_hint(layer, entries) if not look.exported else ""
    else:
        shape = _shape(layer)
        classes = class_entries(layer, look, cache, shape.symbol) or (shape,)
        entries = (*classes, *_meetings(project, layer, look, cache, view))
    unclear = _unclear(project, layer, look, cache)
    note = " ".join(part for part in (note, unclear) if part)
    hint = hint or (unclear if not look.exported else "")
    words = in_words(layer, look, events_counted=layer.is_events)
    base = layer.kind in BASE_KINDS
    return LegendSection(layer.id, layer.name, words, entries, layer.id, note, base, hint)


def _unclear(project: Project, layer: Layer, look: Look, cache: Cache) -> str:
    """Why classes cannot be used, or are empty for their rule, in words that the reader may see."""
    each = look.showing(layer) is Showing.EACH
    notes = prepared.class_notes(layer, cache) if each else ()
    words = prepared.class_trouble(layer, cache) or " ".join(notes)
    told = sees_confidential(look.audience, exported=look.exported)
    return words if told else without_sites(project, words)


def in_words(layer: Layer, look: Look, *, events_counted: bool = True) -> str:
    """What the layer holds: `6,060 overdoses (900 more without a place)`, small counts left out."""
    audience = look.audience if events_counted else Audience.POLICE
    # Confidential services are counted neither in what is shown nor in what there is.
    rows = look.rows_of(layer) if layer.id in look.rows else None
    whole = look.count_of(layer)
    total = suppressed(whole, audience)
    if rows is None:
        words = _counted(layer, total, audience)
    else:
        some = suppressed(int(np.count_nonzero(rows)), audience)
        words = f"{shown_count(some, audience)} of {_counted(layer, total, audience)}"
        # The difference of two shown counts must not be a small one.
        if suppressed(whole - int(np.count_nonzero(rows)), audience) is None:
            words = f"Part of {_counted(layer, total, audience)}"
    left_out = suppressed(layer.provenance.rejected, audience)
    if left_out:
        words += f" ({left_out:,} more {_why_left_out(layer)})"
    return words


def _counted(layer: Layer, count: int | None, audience: Audience) -> str:
    if count is not None:
        return layer.count_words(count)
    return f"{shown_count(count, audience)} {layer.kind.value}"


def _why_left_out(layer: Layer) -> str:
    reasons = layer.provenance.reasons
    about_place = [any(word in text.casefold() for word in _PLACE_WORDS) for text in reasons]
    return "without a place" if reasons and all(about_place) else "left out"


def _services(
    layer: Layer, look: Look, cache: Cache, view: MapView | None
) -> tuple[LegendEntry, ...]:
    kinds = prepared.service_labels(layer, cache)
    classes = class_entries(layer, look, cache, "service")
    symbology = layer.style.symbology
    # The kinds are known by their glyphs alone where the colour says something else.
    style = replace(layer.style, color=GREY) if classes else layer.style
    several: tuple[LegendEntry, ...] = ()
    if _some_share_a_place(layer, look, cache, view):
        several = (LegendEntry(SEVERAL, style, "service"),)
    if classes and symbology and symbology.column in _kind_columns(layer):
        return classes + several
    mask = shown_rows(layer, look, cache)
    seen = np.ones(len(kinds), dtype=bool) if mask is None else mask.copy()
    if view is not None:
        seen &= points_in_view(prepared.places_of(layer.geometry, cache), view)
    counts = Counter(kinds[seen].tolist())
    found = (
        LegendEntry(label, style, "service", f"{count:,}", detail=label)
        for label, count in counts.most_common()
    )
    return (*classes, *found, *several)


def _some_share_a_place(layer: Layer, look: Look, cache: Cache, view: MapView | None) -> bool:
    """Whether a disc on the map, or on some map without a view, stands for several services."""
    if view is not None:
        return bool(service_discs(layer, look, view, cache).counts.max(initial=0) > 1)
    points, mask = prepared.places_of(layer.geometry, cache), shown_rows(layer, look, cache)
    rows = slice(None) if mask is None else mask
    lon, lat = points.lon[rows], points.lat[rows]
    return count_places(lon, lat) < len(lon)


def _kind_columns(layer: Layer) -> tuple[str, ...]:
    return ("service_type", layer.fields.get("service_type", "service_type"))


def _shape(layer: Layer) -> LegendEntry:
    label = layer.count_words(1).split(" ", 1)[1].capitalize()
    if isinstance(layer.geometry, Points):
        return LegendEntry(label, layer.style, "area")
    areas = shapely.get_dimensions(layer.geometry.geoms) == 2
    return LegendEntry(label, layer.style, "area" if np.mean(areas) > 0.5 else "line")


def _meetings(
    project: Project, layer: Layer, look: Look, cache: Cache, view: MapView | None
) -> tuple[LegendEntry, ...]:
    """The sign of deployments that meet a zone in force at their hours, where there are any."""
    if layer.kind is not LayerKind.DEPLOYMENTS:
        return ()
    rows, mask = meetings_of(project, layer, cache).rows, shown_rows(layer, look, cache)
    shown = np.ones(len(layer), dtype=bool) if mask is None else mask.copy()
    if view is not None:
        shown &= points_in_view(prepared.places_of(layer.geometry, cache), view)
    count = int(shown[rows].sum())
    style = Style(color=VERMILLION)
    meant = LegendEntry("Meets a zone at its hours", style, "alert", f"{count:,}")
    return (meant,) if count else ()


def _hotspots(
    project: Project, layer: Layer, hotspots: Hotspots, look: Look, cache: Cache
) -> LegendSection:
    surface = prepared.surface_of(project, hotspots, look.rows_of(layer), cache, Progress())
    density = hotspots.method == KDE
    what = layer.kind.value if layer.kind is not LayerKind.OTHER else layer.name
    title = f"Density of {what}" if density else f"Hotspots of {what} (Getis-Ord Gi*)"
    if isinstance(surface, str):
        return LegendSection(hotspots.id, title, "Not shown", (), note=surface)
    reach = geodesy.in_words(hotspots.bandwidth_m)
    cell = geodesy.in_words(hotspots.cell_m)
    words = f"{'Smoothed over' if density else 'Neighbours within'} {reach}, cells of {cell}"
    shown = surface.shown(look.audience)
    entries = (
        _density_entry(layer, surface, look, shown, hotspots.opacity)
        if density
        else _gi_entries(surface, look, shown, hotspots.opacity)
    )
    note = " ".join(surface.notes)
    least = threshold(look.audience)
    if least > 1:
        note = f"Drawn only where {least} or more {what} lie within {reach}. {note}".strip()
    return LegendSection(hotspots.id, title, words, entries, note=note)


def _density_entry(
    layer: Layer, surface: Surface, look: Look, shown: NDArray[np.bool_], opacity: float
) -> tuple[LegendEntry, ...]:
    ramp = density_ramp(layer, surface, look.dark, look.exported)
    if not ramp or not shown.any():
        return ()
    unit = surface.unit.replace("events", layer.kind.value, 1)
    labels = [f"{value:,g}" for value, _ in ramp]
    labels[-1] += " or more"
    clear = [opacity * own for own in density_clear(len(ramp))]
    colors = list(zip((color for _, color in ramp), clear, strict=True))
    steps = tuple(zip(on_ground(colors, look.dark, look.exported), labels, strict=True))
    return (LegendEntry(unit.capitalize(), layer.style, "ramp", ramp=steps),)


def _gi_entries(
    surface: Surface, look: Look, shown: NDArray[np.bool_], opacity: float
) -> tuple[LegendEntry, ...]:
    assert surface.classes is not None
    present = set(np.unique(surface.classes[shown]).tolist())
    entries = []
    for level in (3, 2, 1, 0, -1, -2, -3):
        if level in present:
            color, own = gi_color(level)
            (color,) = on_ground([(color, own * opacity)], look.dark, look.exported)
            patch = Style(color=color, width=0, fill=Fill.PLAIN, fill_opacity=1.0)
            entries.append(LegendEntry(GI_WORDS[level], patch, "area"))
    return tuple(entries)
