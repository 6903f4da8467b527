"""The outline of an area being reshaped, without a mouse, and one that crosses itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.sketch import Place

Ring = tuple[Place, ...]
ShapeT = TypeVar("ShapeT", BaseGeometry, NDArray[np.object_])

#: A ring by its number, and a corner by its number in it.
Corner = tuple[int, int]


def sound(shapes: ShapeT) -> ShapeT:
    """A shape or an array of them; in place of one that crosses itself, what it encloses.

    A zone that crosses itself still says where it is, and it holds until somebody mends it, but
    it can be neither cut nor united with others. What is valid already is the same object.
    """
    if isinstance(shapes, BaseGeometry):
        return shapes if shapely.is_valid(shapes) else shapely.make_valid(shapes)
    bad = ~shapely.is_valid(shapes)
    if not bad.any():
        return shapes
    whole = shapes.copy()
    whole[bad] = shapely.make_valid(shapes[bad])
    return whole


@dataclass(frozen=True, slots=True)
class Outline:
    """Rings of corners (lon, lat in degrees), the first one of each not told again at its end.

    `parts` says how many rings each polygon has: its outer one, then its holes.
    """

    rings: tuple[Ring, ...]
    parts: tuple[int, ...]

    @classmethod
    def of(cls, shape: BaseGeometry) -> Outline:
        """The outline of a Polygon or MultiPolygon."""
        rings: list[Ring] = []
        parts = []
        for polygon in shapely.get_parts(shape):
            own = [polygon.exterior, *polygon.interiors]
            for ring in own:
                places = shapely.get_coordinates(ring)[:-1].tolist()
                rings.append(tuple((lon, lat) for lon, lat in places))
            parts.append(len(own))
        return cls(tuple(rings), tuple(parts))

    def place(self, corner: Corner) -> Place:
        return self.rings[corner[0]][corner[1]]

    def moved(self, corner: Corner, place: Place) -> Outline:
        """The same with one corner elsewhere."""
        ring, number = corner
        places = self.rings[ring]
        return self._with(ring, (*places[:number], place, *places[number + 1 :]))

    def with_corner(self, after: Corner, place: Place) -> Outline:
        """A new corner on the edge that begins at `after`."""
        ring, number = after
        places = self.rings[ring]
        return self._with(ring, (*places[: number + 1], place, *places[number + 1 :]))

    def without(self, corner: Corner) -> Outline:
        """One corner less; EditError where only three are left."""
        ring, number = corner
        places = self.rings[ring]
        if len(places) <= 3:
            raise EditError("An area needs at least three corners.", "Move this one instead.")
        return self._with(ring, (*places[:number], *places[number + 1 :]))

    def _with(self, ring: int, places: Ring) -> Outline:
        return Outline((*self.rings[:ring], places, *self.rings[ring + 1 :]), self.parts)

    def shape(self) -> BaseGeometry:
        """The area as it is drawn, be it valid or not."""
        polygons, first = [], 0
        for count in self.parts:
            own = self.rings[first : first + count]
            polygons.append(shapely.Polygon(own[0], own[1:]))
            first += count
        return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)

    def problem(self) -> str | None:
        """Why this is no area, in the reader's words; None when it is one."""
        if shapely.is_valid(self.shape()):
            return None
        return "The outline crosses itself."

    def area(self) -> BaseGeometry:
        """The area, outer rings counter-clockwise; EditError while there is a problem."""
        problem = self.problem()
        if problem is not None:
            raise EditError(problem, "Move its corners apart.")
        oriented: BaseGeometry = shapely.orient_polygons(self.shape())
        return oriented

    @property
    def area_m2(self) -> float:
        """Square metres inside; 0 while it is no area."""
        return 0.0 if self.problem() else geodesy.area_m2(self.area())
