"""A map to be drawn, as a frozen question: which project, what part, for whom, at what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.time_bars import RowSpan
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.confidential import open_count, open_rows
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.render.view import MapView

#: Left, top, right and bottom in logical pixels.
Box = tuple[float, float, float, float]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader looks at the project: the day (and hour) that zones are judged at, and for whom.

    `rows` limits point layers to some of their rows, by layer id; it comes from the time histogram
    and the table's filter. It is a mask, true for the rows shown, or, where a span of time is part
    of it, that span: its mask is made when it is asked for.
    `exported` is set for whatever leaves the program.
    """

    day: date
    time: time | None
    audience: Audience
    dark: bool = False
    exported: bool = False
    fetch_tiles: bool = False
    rows: Mapping[str, Mask | RowSpan] = field(default_factory=dict, compare=False)

    def showing(self, layer: Layer) -> Showing:
        """How this reader sees a layer: each feature, counts, or nothing."""
        return showing(layer.kind, layer.sensitivity, self.audience, exported=self.exported)

    def mask_of(self, layer_id: str) -> Mask | None:
        """The mask that limits a layer, the same array each time; None where nothing does."""
        rows = self.rows.get(layer_id)
        return rows.mask if isinstance(rows, RowSpan) else rows

    def rows_of(self, layer: Layer) -> Mask | None:
        """The mask of rows shown of a layer; None shows all. Confidential services are kept."""
        mask = self.mask_of(layer.id)
        seen = open_rows(layer, self.audience, exported=self.exported)
        return seen if mask is None else mask if seen is None else mask & seen

    def count_of(self, layer: Layer) -> int:
        """How many rows of a layer there are as far as this reader may know."""
        return open_count(layer, self.audience, exported=self.exported)

    def span_of(self, layer: Layer) -> RowSpan | None:
        """The rows shown of a layer as a span of time, where one limits it."""
        return self.spans.get(layer.id)

    @property
    def spans(self) -> dict[str, RowSpan]:
        """Of the limits those of which a span of time is part."""
        return {key: rows for key, rows in self.rows.items() if isinstance(rows, RowSpan)}


@dataclass(frozen=True, slots=True)
class Scene:
    """One map: what to draw, where, and how it is looked at.

    Its project is as the reader sees it: zones that are not meant for them are not in it. Where
    the picture is larger than the window on it, `window` is that one's width and height in logical
    pixels, in the middle of the view: no name crosses its frame. `covered` are left, top, right and
    bottom of what will lie over the window (or the view): no name stands there.
    """

    project: Project
    view: MapView
    look: Look
    window: tuple[int, int] | None = None
    covered: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        seen = seen_by(self.project, self.look.audience, exported=self.look.exported)
        object.__setattr__(self, "project", seen)

    def draws(self, layer: Layer) -> bool:
        """Whether the layer is visible, and meant to be seen at the scale of the view."""
        return layer.visible and layer.style.shown_at(self.view.scale)
