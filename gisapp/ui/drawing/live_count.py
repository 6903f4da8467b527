"""How many events lie in an area that is being drawn, quick enough to follow the mouse.

Only for readers who may see each event: for others a count that follows the mouse would give away
one event after the other.
"""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from gisapp.analysis.points.known_indexes import known_index
from gisapp.layers.audience import Showing
from gisapp.layers.layer import Points
from gisapp.render.shown_rows import shown_rows
from gisapp.ui.session import Session


def inside_in_words(session: Session, area: BaseGeometry) -> str:
    """`1,204 stops and 85 overdoses inside`, of the rows that are shown; empty where none counts.

    Counted by place alone, whatever the hour. A layer whose index is still being made is left
    out, for the window does not wait for it.
    """
    parts = []
    for layer in reversed(session.project.layers):
        points = layer.geometry
        if not (layer.visible and layer.is_events and isinstance(points, Points)):
            continue
        if session.look.showing(layer) is not Showing.EACH:
            continue
        index = known_index(points)
        if index is not None:
            mask = shown_rows(layer, session.look, session.cache)
            parts.append(layer.kind.counted(index.count_inside(area, mask)))
    return f"{' and '.join(parts)} inside" if parts else ""
