"""A small invented town that the drawing tests look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtGui import QColor, QImage

from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, PartyRole
from gisapp.layers.zone import Zone, circle_zone
from gisapp.render.headless import drawing
from gisapp.render.look import Look

DAY = date(2025, 11, 21)
LON, LAT = -84.51, 39.11


@pytest.fixture(autouse=True)
def _application(qapp: object) -> Iterator[None]:
    """Fonts and painters need an application."""
    with drawing():
        yield


def look(audience: Audience = Audience.POLICE, **more: object) -> Look:
    return Look(DAY, more.pop("time", None), audience, **more)


def agreement(**more: object) -> Agreement:
    parties = (
        Party("Police", PartyRole.POLICE, "A", date(2025, 1, 1)),
        Party("Health", PartyRole.HEALTH, "B", date(2025, 1, 1)),
    )
    base: dict[str, object] = {
        "title": "Pact",
        "status": Status.AGREED,
        "parties": parties,
        "effective": date(2025, 1, 1),
    }
    return Agreement(**{**base, **more})


def points(kind: LayerKind, lon: list[float], lat: list[float], name: str = "Layer") -> Layer:
    table = pa.table({"name": [f"Row {row}" for row in range(len(lon))]})
    return new_layer(name, kind, table, Points(np.array(lon), np.array(lat)), {"name": "name"})


def shapes(kind: LayerKind, geoms: Sequence[object], name: str = "Areas") -> Layer:
    array = np.empty(len(geoms), dtype=object)
    array[:] = geoms
    table = pa.table({"name": [f"Area {row}" for row in range(len(geoms))]})
    return new_layer(name, kind, table, Shapes(array), {"name": "name"})


def scattered(kind: LayerKind, count: int, spread: float = 0.02, seed: int = 1) -> Layer:
    """Events round the middle of the town, at places of their own."""
    rng = np.random.default_rng(seed)
    lon = LON + rng.normal(0, spread, count)
    lat = LAT + rng.normal(0, spread, count)
    return points(kind, lon.tolist(), lat.tolist(), kind.label)


def zone_in(project: Project, pact: Agreement | None, radius_m: float = 400.0) -> Project:
    """The project with a circle round the middle of the town under an agreement."""
    circle = circle_zone("Circle", LON, LAT, radius_m, "settled by the partners")
    if pact is not None:
        project = project.with_agreement(pact)
        circle = Zone(
            name=circle.name,
            shape=circle.shape,
            basis=circle.basis,
            basis_text=circle.basis_text,
            centre=circle.centre,
            radius_m=radius_m,
            agreement_id=pact.id,
        )
    return project.with_zone(circle)


def night_hours() -> Agreement:
    return agreement(hours=(Hours(tuple(range(7)), time(22), time(6)),))


def town(events: int = 3000) -> Project:
    """Streets, a boundary, overdoses, a deployment, services and a zone in force."""
    streets = shapes(
        LayerKind.STREETS,
        [
            shapely.LineString([(LON - 0.05, LAT + d), (LON + 0.05, LAT + d)])
            for d in (-0.02, -0.01, 0.0, 0.01, 0.02)
        ],
        "Streets",
    )
    edge = shapes(LayerKind.BOUNDARIES, [shapely.box(-84.56, 39.06, -84.46, 39.16)], "Boundary")
    boxes = shapes(LayerKind.DEPLOYMENTS, [shapely.box(-84.55, 39.07, -84.53, 39.09)], "Boxes")
    services = points(LayerKind.SERVICES, [LON, LON + 0.02], [LAT, LAT + 0.01], "Services")
    layers = (streets, edge, scattered(LayerKind.OVERDOSES, events), boxes, services)
    return zone_in(Project(title="Town", layers=layers), agreement())


def pixel(image: QImage, x: float, y: float) -> str:
    """The colour at a logical pixel as #rrggbb."""
    dpr = image.devicePixelRatio()
    return image.pixelColor(round(x * dpr), round(y * dpr)).name()


def far(one: str, other: str) -> int:
    """How different two colours are: the largest difference of a channel."""
    a, b = QColor(one), QColor(other)
    return max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue()))


def pixels(image: QImage) -> np.ndarray:
    """Blue, green, red, alpha of an image, shape (height, width, 4)."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4).copy()
