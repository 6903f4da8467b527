"""A zone: an agreed area on the ground, how its outline came to be, and under which agreement."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Standing
from gisapp.layers.style import BLUE, GREEN, GREY, PURPLE, SKY, VERMILLION, Fill, Line, Style
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Polarity, Visibility

#: Ids are no longer than this, in bytes of UTF-8: more does not fit into a shapefile.
LONGEST_ID = 254


@dataclass(frozen=True, slots=True)
class Zone:
    """An area (Polygon or MultiPolygon, EPSG:4326) where an agreement holds.

    A circle keeps its centre (lon, lat), its radius in metres, and the radius as the partners
    wrote it (`500 ft`). `basis_text` says who settled on the outline and how; a circle without
    it cannot be exported. `service` names the service it stands round, `anchors` further ones.

    `measured_from` is what a radius or a walk starts at; `walk_minutes` and `streets` (with
    `width_m`) are how a walk, a list of streets or a corridor came about. `parts` names the
    floors or parts of a building that are meant. An event's scene holds from `starts_at` until
    before `ends_at`, moments with a zone. `terms` are its own, in place of the agreement's.
    Where zones overlap the higher `priority` is looked at first; opposite signs are settled by
    a person all the same.
    """

    name: str
    shape: BaseGeometry
    basis: Basis = Basis.POLYGON
    basis_text: str = ""
    centre: tuple[float, float] | None = None
    radius_m: float | None = None
    radius_text: str = ""
    service: str = ""
    agreement_id: str | None = None
    polarity: Polarity = Polarity.NO_ENFORCEMENT
    note: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    measured_from: MeasuredFrom | None = None
    walk_minutes: float | None = None
    streets: tuple[str, ...] = ()
    width_m: float | None = None
    anchors: tuple[str, ...] = ()
    parts: str = ""
    priority: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    visibility: Visibility = Visibility.PUBLIC
    terms: Terms | None = None

    def __post_init__(self) -> None:
        if (
            not isinstance(self.shape, shapely.Polygon | shapely.MultiPolygon)
            or self.shape.is_empty
        ):
            raise EditError("A zone must be an area.", "Draw at least three corners.")
        if self.basis is Basis.CIRCLE and (self.centre is None or not self.radius_m):
            raise EditError("A circle needs a centre and a radius.", "Enter a radius such as 200m.")
        if self.basis in (Basis.FOOTPRINT, Basis.PARCEL) and (self.radius_m or self.width_m):
            raise EditError(
                f"A {self.basis.value} is the {_PREMISES[self.basis]} itself and nothing round it.",
                "For ground round it, draw a circle measured from its edge.",
            )
        moments = [at for at in (self.starts_at, self.ends_at) if at is not None]
        if any(at.tzinfo is None for at in moments):
            raise EditError("The start and end of a scene need a time zone.")
        if len(moments) == 2 and not moments[0] < moments[1]:
            raise EditError("A scene must end after it starts.", "Check both moments.")

    @property
    def area_m2(self) -> float:
        return geodesy.area_m2(self.shape)

    def covers(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie in the zone, its edge included; when it holds is not looked at."""
        shapely.prepare(self.shape)
        return np.asarray(shapely.intersects_xy(self.shape, lon, lat))

    def renamed(self, name: str) -> Zone:
        return replace(self, name=name)

    def reshaped(self, shape: BaseGeometry) -> Zone:
        """A new outline drawn by hand; a circle or footprint that was reshaped is one no more.

        `basis_text` then says what it was: whoever reads it later must not take it for that.
        """
        was = {
            Basis.CIRCLE: f"reshaped by hand from a circle of {self._radius_in_words()}",
            Basis.POLYGON: "reshaped by hand" if _TAKEN in self.basis_text else "",
        }.get(self.basis, f"reshaped by hand from: {self.basis.label.lower()}")
        return self._as_polygon(shape, was if was not in self.basis_text else "")

    @property
    def is_disc(self) -> bool:
        """Whether it is the circle about its centre, and not the ground round an area."""
        edges = (MeasuredFrom.BUILDING_EDGE, MeasuredFrom.PARCEL_EDGE)
        return self.basis is Basis.CIRCLE and self.measured_from not in edges

    def _as_polygon(self, shape: BaseGeometry, was: str) -> Zone:
        return replace(
            self,
            shape=shape,
            basis=Basis.POLYGON,
            centre=None,
            radius_m=None,
            radius_text="",
            measured_from=None,
            walk_minutes=None,
            streets=(),
            width_m=None,
            basis_text="; ".join(filter(None, (self.basis_text, was))),
        )

    def _radius_in_words(self) -> str:
        return self.radius_text or geodesy.in_words(self.radius_m or 0.0)


_PREMISES = {Basis.FOOTPRINT: "building", Basis.PARCEL: "land"}
#: In the basis of an outline that was taken from a layer (`zoning.taken_from`).
_TAKEN = " of the layer “"


def circle_zone(
    name: str, lon: float, lat: float, radius_m: float, basis_text: str, **more: object
) -> Zone:
    """A zone of `radius_m` metres on the ground round a point in degrees."""
    return Zone(
        name=name,
        shape=geodesy.circle(lon, lat, radius_m),
        basis=Basis.CIRCLE,
        basis_text=basis_text,
        centre=(lon, lat),
        radius_m=radius_m,
        **more,  # type: ignore[arg-type]
    )


def zone_style(standing: Standing, polarity: Polarity = Polarity.NO_ENFORCEMENT) -> Style:
    """The look of a zone by what it does and how its agreement stands; never by colour alone.

    What takes from people is vermillion: crossed lines where tolerance ends, and a heavier edge
    where penalties are higher. Where no service may stand is hatched in purple. An area that is
    only counted in has a thin edge and nothing in it, for it binds nobody whatever stands on
    paper. What is not in force is dashed, what has ended grey, whatever it does.
    """
    if polarity is Polarity.EVALUATION_ONLY:
        return Style(color=BLUE, width=1.5)
    if polarity in _HATCHED and standing in (*_NOT_YET, Standing.IN_FORCE):
        style = _HATCHED[polarity]
        return style if standing is Standing.IN_FORCE else _not_yet(style)
    if standing is Standing.IN_FORCE:
        return Style(color=GREEN, width=2, fill=Fill.PLAIN, fill_opacity=0.15)
    if standing is Standing.AGREED:
        return Style(color=GREEN, width=2, line=Line.DASHED, fill=Fill.PLAIN, fill_opacity=0.08)
    if standing in _NOT_YET:
        return Style(color=SKY, width=2, line=Line.DASHED)
    return Style(color=GREY, width=1, fill=Fill.HATCHED, fill_opacity=0.6)


_NOT_YET = (Standing.AGREED, Standing.DRAFT, Standing.PROPOSED, Standing.UNSIGNED)
#: How zones in force look that do something else than to suspend enforcement.
_HATCHED = {
    Polarity.EXCLUSION: Style(color=VERMILLION, width=2, fill=Fill.CROSS_HATCHED, fill_opacity=0.5),
    Polarity.ENHANCED_PENALTY: Style(
        color=VERMILLION, width=3.5, fill=Fill.CROSS_HATCHED, fill_opacity=0.8
    ),
    Polarity.SERVICE_PROHIBITED: Style(color=PURPLE, width=2, fill=Fill.HATCHED, fill_opacity=0.6),
}


def _not_yet(style: Style) -> Style:
    """The same effect, while it does not hold: a dashed edge and hardly anything in it."""
    return replace(style, line=Line.DASHED, fill_opacity=style.fill_opacity / 2)
