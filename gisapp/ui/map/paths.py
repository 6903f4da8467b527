"""Geometry as painter paths in Mercator metres, drawn at any view by one transform."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform
from shapely.geometry.base import BaseGeometry

from gisapp.render.view import MapView, mercator


def path_of(shapes: Iterable[BaseGeometry], origin: tuple[float, float]) -> QPainterPath:
    """The outlines of areas and the course of lines, in Mercator metres east and south of
    `origin`, so that numbers stay small."""
    path = QPainterPath()
    for shape in shapes:
        for part in shapely.get_parts(shape):
            if isinstance(part, shapely.Polygon):
                for ring in (part.exterior, *part.interiors):
                    path.addPolygon(_polygon(shapely.get_coordinates(ring), origin))
                    path.closeSubpath()
            elif isinstance(part, shapely.LineString):
                path.addPolygon(_polygon(shapely.get_coordinates(part), origin))
    return path


def _polygon(coordinates: NDArray[np.float64], origin: tuple[float, float]) -> QPolygonF:
    x, y = mercator(coordinates[:, 0], coordinates[:, 1])
    return QPolygonF([QPointF(px - origin[0], origin[1] - py) for px, py in zip(x, y, strict=True)])


def transform_to(view: MapView, origin: tuple[float, float]) -> QTransform:
    """From metres about `origin` to the pixels of a view."""
    scale = 1 / view.resolution
    return QTransform(
        scale,
        0,
        0,
        scale,
        (origin[0] - view.x) * scale + view.width / 2,
        (view.y - origin[1]) * scale + view.height / 2,
    )


def screen_polygon(view: MapView, places: Iterable[tuple[float, float]]) -> QPolygonF:
    """Places (lon, lat) as pixels of a view."""
    coordinates = np.array(list(places), dtype=float).reshape(-1, 2)
    x, y = view.to_screen(coordinates[:, 0], coordinates[:, 1])
    return QPolygonF([QPointF(px, py) for px, py in zip(x, y, strict=True)])
