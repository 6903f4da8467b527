"""An outline or a course being drawn, without a mouse: frozen values, as everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace

import shapely

from gisapp.errors import EditError
from gisapp.layers import geodesy

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Corners (lon, lat in degrees) in the order in which they were set."""

    corners: tuple[Place, ...] = ()

    def with_corner(self, place: Place) -> Sketch:
        """One corner more; the same place twice in a row is one corner."""
        if self.corners and self.corners[-1] == place:
            return self
        return replace(self, corners=(*self.corners, place))

    def without_last(self) -> Sketch:
        return replace(self, corners=self.corners[:-1])

    @property
    def is_empty(self) -> bool:
        return not self.corners

    def problem(self) -> str | None:
        """Why this is not an area yet, in the reader's words; None when it is one."""
        if len(self.corners) < 3:
            return "An area needs at least three corners."
        if shapely.MultiPoint(self.corners).convex_hull.area == 0:
            return "These corners lie on one line."
        if not shapely.Polygon(self.corners).is_valid:
            return "The outline crosses itself."
        return None

    def area(self) -> shapely.Polygon:
        """The area with its outline counter-clockwise; EditError while there is a problem."""
        problem = self.problem()
        if problem is not None:
            raise EditError(problem, "Add or take back corners, then finish again.")
        polygon: shapely.Polygon = shapely.orient_polygons(shapely.Polygon(self.corners))
        return polygon

    @property
    def length_m(self) -> float:
        """Metres on the ground along the corners."""
        if len(self.corners) < 2:
            return 0.0
        return geodesy.length_m(shapely.LineString(self.corners))

    @property
    def area_m2(self) -> float:
        """Square metres inside; 0 while it is no area."""
        return 0.0 if self.problem() else geodesy.area_m2(self.area())

    def measured(self) -> str:
        """What a ruler says: `1.25 km`, and the area once there is one."""
        words = geodesy.in_words(self.length_m)
        return f"{words} · {geodesy.area_in_words(self.area_m2)}" if self.area_m2 else words
