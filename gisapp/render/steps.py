"""The steps a scene is painted in, from the bottom, and what each of them depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np
import shapely

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots
from gisapp.layers.style import Blend
from gisapp.layers.vocabulary import LayerKind
from gisapp.render import prepared
from gisapp.render.blending import blended
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.look import Look, Scene
from gisapp.render.painters.areas import paint_areas
from gisapp.render.painters.base_map import paint_base_map
from gisapp.render.painters.cells import paint_cells
from gisapp.render.painters.clusters import is_clustered, paint_numbers
from gisapp.render.painters.deployments import mark_meetings, paint_deployments
from gisapp.render.painters.hotspots import paint_hotspots
from gisapp.render.painters.labels import labels_depend_on, paint_labels
from gisapp.render.painters.lines import paint_lines
from gisapp.render.painters.overlaps import paint_overlaps
from gisapp.render.painters.points import paint_points
from gisapp.render.painters.services import paint_services
from gisapp.render.painters.zones import paint_zones

#: The name of the step that writes names.
LABELS = "labels"
#: Kinds drawn over the zones.
_ABOVE_ZONES = frozenset({LayerKind.SERVICES, LayerKind.DEPLOYMENTS})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to paint. `name` tells it from all others of its scene.

    `rows_of` are the ids of the layers whose shown rows it depends on. All else that it depends
    on is the project, the view and the look, but for one that is not `steady`: it changes by
    itself, as tiles come in. One that `blends` cannot do without what lies below it.
    """

    name: Hashable
    paint: Callable[[Frame], None]
    rows_of: frozenset[str] = frozenset()
    blends: bool = False
    steady: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that follow each other; those of one that is `same` show no filtered rows."""

    steps: tuple[Step, ...]
    same: bool

    @property
    def names(self) -> tuple[Hashable, ...]:
        return tuple(step.name for step in self.steps)


def groups_of(steps: Iterable[Step], filtered: frozenset[str]) -> tuple[Group, ...]:
    """The steps of a scene, those together that stay the same while layers are filtered.

    The lowest ones may blend, for they are one with their ground; above a step that differs
    only such are the same as can be drawn apart from what lies below them.
    """
    at_the_bottom = True

    def is_same(step: Step) -> bool:
        nonlocal at_the_bottom
        same = step.steady and not step.rows_of & filtered
        at_the_bottom &= same
        return same and (at_the_bottom or not step.blends)

    return tuple(Group(tuple(some), same) for same, some in groupby(steps, is_same))


def steps_of(scene: Scene, cache: Cache) -> Iterator[Step]:
    """The steps of a scene from the bottom, as `scene.paint` says."""
    project, look = scene.project, scene.look
    above = [layer for layer in project.layers if layer.kind in _ABOVE_ZONES]
    counted = [layer for layer in project.layers if _is_counted(layer, look)]
    over = frozenset(layer.id for layer in project.layers_of(LayerKind.SERVICES))
    if project.base_map is not None:
        yield Step("base map", paint_base_map, steady=False)
    for layer in project.layers:
        for hotspots in prepared.hotspots_of(project, layer, look, cache, scene.view.scale):
            paint = partial(_paint_hotspots, hotspots)
            yield Step(("hotspots", hotspots.id), paint, frozenset({layer.id}))
        if scene.draws(layer) and layer not in above and layer not in counted:
            step = _of(layer, "layer", _paint_layer)
            # Discs of clusters move aside for services.
            yield replace(step, rows_of=step.rows_of | over) if is_clustered(scene, layer) else step
    upper = False
    for layer in counted:
        drawn = scene.draws(layer) and len(layer) > 0
        if drawn and not prepared.surface_stands(project, layer, look, cache):
            yield _of(layer, ("counts", upper), partial(_paint_counts, over=upper))
            upper = True
    # No zone hides under the symbol of a service: it depends on those that are shown.
    yield Step("zones", paint_zones, over)
    for layer in above:
        if scene.draws(layer):
            yield _of(layer, "layer", _paint_layer)
    for layer in project.layers:
        if is_clustered(scene, layer):
            paint = partial(_paint_numbers, layer)
            yield Step(("numbers", layer.id), paint, over | {layer.id})
    # Signs stand beside the discs of services.
    for layer in above:
        if scene.draws(layer) and layer.kind is LayerKind.DEPLOYMENTS:
            yield Step(("meetings", layer.id), partial(_mark, layer), over | {layer.id})
    yield Step("overlaps", paint_overlaps, over)
    yield Step(LABELS, paint_labels, labels_depend_on(scene))


def _of(layer: Layer, what: Hashable, paint: Callable[[Layer, Frame], None]) -> Step:
    """A step that draws one layer."""
    blends = layer.style.blend is not Blend.NORMAL
    return Step((what, layer.id), partial(paint, layer), frozenset({layer.id}), blends)


def _paint_hotspots(hotspots: Hotspots, frame: Frame) -> None:
    paint_hotspots(frame, hotspots)


def _is_counted(layer: Layer, look: Look) -> bool:
    return look.showing(layer) in (Showing.COUNTS, Showing.SUPPRESSED)


def _paint_counts(layer: Layer, frame: Frame, *, over: bool) -> None:
    blended(frame, layer.style.blend, lambda own: paint_cells(own, layer, over=over))


def _paint_layer(layer: Layer, frame: Frame) -> None:
    """Draw each feature of a layer, where its audience may see each."""
    if len(layer) and frame.look.showing(layer) is Showing.EACH:
        draw = _painter_of(layer)
        blended(frame, layer.style.blend, lambda own: draw(own, layer))


def _paint_numbers(layer: Layer, frame: Frame) -> None:
    paint_numbers(frame, layer)


def _mark(layer: Layer, frame: Frame) -> None:
    if len(layer) and frame.look.showing(layer) is Showing.EACH:
        mark_meetings(frame, layer)


def _painter_of(layer: Layer) -> Callable[[Frame, Layer], None]:
    if layer.kind is LayerKind.SERVICES:
        return paint_services
    if layer.kind is LayerKind.DEPLOYMENTS:
        return paint_deployments
    if isinstance(layer.geometry, Points):
        return paint_points
    areas = shapely.get_dimensions(layer.geometry.geoms) == 2
    return paint_areas if np.mean(areas) > 0.5 else paint_lines
