"""A map to be drawn, as a frozen question: which project, what part of it, for whom, at what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.render.view import MapView


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader looks at the project: the day (and hour) that zones are judged at, and for whom.

    `rows` limits point layers to the rows whose mask is true, by layer id; it comes from the
    time histogram and the table's filter. `exported` is set for whatever leaves the program.
    """

    day: date
    time: time | None
    audience: Audience
    dark: bool = False
    exported: bool = False
    rows: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """One map: what to draw, where, and how it is looked at."""

    project: Project
    view: MapView
    look: Look


class Cache:
    """Prepared geometry and indexes by the identity of what they were made from; any thread."""
