"""Ten planned deployments of one week; four meet a zone in force at their hours, six do not."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from sample_data.services import MARKET_SQUARE, RADIUS_M, Service


@dataclass(frozen=True, slots=True)
class Deployment:
    """An area (metres on the plan) with its wall-clock hours, and why it meets a zone or not."""

    name: str
    unit: str
    start: str
    end: str
    purpose: str
    area: BaseGeometry
    meets: str = ""
    misses: str = ""


def _box(centre: tuple[float, float], width: float, height: float) -> BaseGeometry:
    x, y = centre
    return shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _moved(at: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    return at[0] + x, at[1] + y


Places = dict[str, tuple[float, float]]


def deployments(services: tuple[Service, ...]) -> tuple[Deployment, ...]:
    """Monday 23 to Sunday 29 March 2026, when the clocks go forward."""
    at = {service.name: service.at for service in services}
    return (*_meeting(at), *_at_other_hours(at), *_elsewhere(at))


def _quay_area(at: Places) -> BaseGeometry:
    return _box(_moved(at["Quayside Needle Exchange"], 60, 40), 380, 260)


def _meeting(at: Places) -> tuple[Deployment, ...]:
    market = tuple(float(v) for v in MARKET_SQUARE.mean(axis=0))
    return (
        Deployment(
            "Quay evening patrol",
            "Response B",
            "2026-03-24T17:00:00",
            "2026-03-24T23:00:00",
            "Visible patrol",
            _quay_area(at),
            meets="Quayside Needle Exchange",
        ),
        Deployment(
            "Harbour front dogs",
            "Dog unit",
            "2026-03-27T22:00:00",
            "2026-03-28T02:00:00",
            "Night-time economy",
            _box(_moved(at["Harbour House"], 20, -10), 300, 180),
            meets="Harbour House",
        ),
        Deployment(
            "Market Square operation",
            "Proactive team",
            "2026-03-28T12:00:00",
            "2026-03-28T15:00:00",
            "Stop and search",
            _box((market[0] - 150, market[1]), 260, 170),
            meets="Market Square",
        ),
        Deployment(
            "Station early turn",
            "Neighbourhood South",
            "2026-03-25T06:00:00",
            "2026-03-25T09:30:00",
            "Visible patrol",
            _box(_moved(at["Station Ward Treatment Centre"], -80, 30), 320, 300),
            meets="Station Ward Treatment Centre",
        ),
    )


def _at_other_hours(at: Places) -> tuple[Deployment, ...]:
    """On the ground of a zone, when it does not hold."""
    return (
        Deployment(
            "Quay night patrol",
            "Response C",
            "2026-03-24T22:00:00",
            "2026-03-25T04:00:00",
            "Visible patrol",
            _quay_area(at),
            misses="hours: the same ground as the evening patrol, after 20:00",
        ),
        Deployment(
            "Chapelfield Sunday market",
            "Neighbourhood North",
            "2026-03-29T09:00:00",
            "2026-03-29T14:00:00",
            "Crowd safety",
            _box(_moved(at["Open Door"], 40, 60), 340, 260),
            misses="hours: the agreement has none on Sundays",
        ),
        Deployment(
            "Ropewalk late turn",
            "Neighbourhood South",
            "2026-03-25T20:30:00",
            "2026-03-25T23:30:00",
            "Visible patrol",
            _box(at["Ropewalk House"], 300, 240),
            misses="hours: it starts half an hour after the agreement's end",
        ),
    )


def _elsewhere(at: Places) -> tuple[Deployment, ...]:
    """Outside every zone, or in one whose agreement has ended."""
    strip = _box(_moved(at["Linden House Clinic"], RADIUS_M + 45 + 60, 0), 120, 420)
    return (
        Deployment(
            "Northgate warrants",
            "Proactive team",
            "2026-03-26T10:00:00",
            "2026-03-26T14:00:00",
            "Warrants",
            _box(_moved(at["Northgate Clinic"], 30, 20), 360, 280),
            misses="date: the agreement ended on 30 June 2025",
        ),
        Deployment(
            "Linden corridor",
            "Roads policing",
            "2026-03-23T13:00:00",
            "2026-03-23T17:00:00",
            "Speed checks",
            strip,
            misses="place: it passes 45 m outside the circle",
        ),
        Deployment(
            "Eastfield burglary patrol",
            "Response A",
            "2026-03-26T18:00:00",
            "2026-03-26T23:30:00",
            "Burglary",
            _box((1900, -1150), 620, 480),
            misses="place: no zone in this district",
        ),
    )


def area_of(deployment: Deployment) -> BaseGeometry:
    """The area with points every 100 m along its edge, counter-clockwise."""
    outline: BaseGeometry = shapely.orient_polygons(shapely.segmentize(deployment.area, 100))
    return outline
