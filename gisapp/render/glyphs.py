"""White glyphs for the kinds of service, drawn as paths in a square from -1 to 1, y down."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

from gisapp.layers.vocabulary import ServiceType


def _stroked(path: QPainterPath, width: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path).simplified()


def _line(*points: tuple[float, float], width: float = 0.2, closed: bool = False) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.closeSubpath()
    return _stroked(path, width)


def _area(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    path.closeSubpath()
    return path


def _syringe() -> QPainterPath:
    """Plunger, barrel and needle, leaning to the right."""
    path = QPainterPath()
    path.addRect(QRectF(-0.2, -0.38, 0.4, 0.72))
    path = path.united(_line((0, -0.38), (0, -0.78), width=0.14))
    path = path.united(_line((-0.24, -0.8), (0.24, -0.8), width=0.14))
    path = path.united(_line((-0.34, -0.38), (0.34, -0.38), width=0.12))
    path = path.united(_line((0, 0.34), (0, 0.86), width=0.11))
    return QTransform().rotate(45).map(path)


def _capsule() -> QPainterPath:
    """A capsule with a gap between its halves, for treatment with methadone or buprenorphine."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.3, -0.72, 0.6, 1.44), 0.3, 0.3)
    gap = QPainterPath()
    gap.addRect(QRectF(-0.4, -0.06, 0.8, 0.12))
    return QTransform().rotate(45).map(path.subtracted(gap))


def _vial() -> QPainterPath:
    """A vial with its cap: diamorphine under prescription."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.32, -0.3, 0.64, 1.02), 0.1, 0.1)
    path.addRect(QRectF(-0.24, -0.72, 0.48, 0.28))
    return path


def _flask() -> QPainterPath:
    """A laboratory flask: drug checking."""
    outline = _line(
        (-0.16, -0.7),
        (-0.16, -0.2),
        (-0.58, 0.62),
        (0.58, 0.62),
        (0.16, -0.2),
        (0.16, -0.7),
        width=0.16,
    )
    rim = _line((-0.3, -0.72), (0.3, -0.72), width=0.16)
    return outline.united(rim).united(_area((-0.34, 0.2), (0.34, 0.2), (0.56, 0.62), (-0.56, 0.62)))


def _chair() -> QPainterPath:
    """A seat under a roof: a supervised place."""
    path = _line((-0.72, -0.12), (0, -0.72), (0.72, -0.12), width=0.18)
    path = path.united(_line((-0.26, -0.1), (-0.26, 0.68), width=0.16))
    return path.united(_line((-0.26, 0.3), (0.28, 0.3), (0.28, 0.68), width=0.16))


def _cup() -> QPainterPath:
    """A cup: a drop-in centre."""
    bowl = QPainterPath(QPointF(-0.52, -0.3))
    bowl.lineTo(0.3, -0.3)
    bowl.lineTo(0.3, 0.2)
    bowl.quadTo(0.3, 0.52, -0.02, 0.52)
    bowl.lineTo(-0.2, 0.52)
    bowl.quadTo(-0.52, 0.52, -0.52, 0.2)
    bowl.closeSubpath()
    handle = QPainterPath()
    handle.addEllipse(QPointF(0.36, 0.0), 0.24, 0.22)
    steam = _line((-0.26, -0.76), (-0.26, -0.5), width=0.13).united(
        _line((0.06, -0.76), (0.06, -0.5), width=0.13)
    )
    return bowl.united(_stroked(handle, 0.14)).united(steam)


def _person() -> QPainterPath:
    """Somebody walking: outreach."""
    path = QPainterPath()
    path.addEllipse(QPointF(0.08, -0.64), 0.19, 0.19)
    path = path.united(_line((0.04, -0.3), (-0.04, 0.16), width=0.24))
    path = path.united(_line((-0.04, 0.16), (0.26, 0.44), (0.3, 0.8), width=0.16))
    path = path.united(_line((-0.06, 0.16), (-0.2, 0.5), (-0.42, 0.76), width=0.16))
    path = path.united(_line((-0.4, 0.1), (-0.26, -0.2), (0.04, -0.3), width=0.13))
    return path.united(_line((0.06, -0.28), (0.26, -0.02), (0.46, 0.02), width=0.13))


def _spray() -> QPainterPath:
    """A nasal spray: naloxone."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.2, 0.12, 0.4, 0.66), 0.08, 0.08)
    path.addPath(_area((-0.48, 0.02), (0.48, 0.02), (0.3, -0.14), (-0.3, -0.14)))
    path.addPath(_area((-0.13, -0.2), (0.13, -0.2), (0.08, -0.62), (-0.08, -0.62)))
    for x in (-0.34, 0.0, 0.34):
        path.addEllipse(QPointF(x, -0.82 if x == 0 else -0.7), 0.085, 0.085)
    return path


def _house() -> QPainterPath:
    """A house with its door: housing."""
    body = _area(
        (-0.74, 0.0), (0, -0.7), (0.74, 0.0), (0.52, 0.0), (0.52, 0.64), (-0.52, 0.64), (-0.52, 0.0)
    )
    door = QPainterPath()
    door.addRect(QRectF(-0.14, 0.16, 0.28, 0.5))
    return body.subtracted(door)


def _cross() -> QPainterPath:
    """A plain cross: any other service."""
    return _line((0, -0.58), (0, 0.58), width=0.34).united(_line((-0.58, 0), (0.58, 0), width=0.34))


_DRAWN: dict[ServiceType, Callable[[], QPainterPath]] = {
    ServiceType.NEEDLE_SYRINGE: _syringe,
    ServiceType.OPIOID_AGONIST: _capsule,
    ServiceType.HEROIN_ASSISTED: _vial,
    ServiceType.DRUG_CHECKING: _flask,
    ServiceType.CONSUMPTION_ROOM: _chair,
    ServiceType.DROP_IN: _cup,
    ServiceType.OUTREACH: _person,
    ServiceType.NALOXONE: _spray,
    ServiceType.HOUSING: _house,
    ServiceType.OTHER: _cross,
}


@lru_cache(maxsize=32)
def glyph(kind: ServiceType) -> QPainterPath:
    """The glyph of a kind of service; a white figure for a blue disc of radius 1.6."""
    path = _DRAWN[kind]()
    path.setFillRule(Qt.FillRule.WindingFill)
    return path
