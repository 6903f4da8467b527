"""Checked deployments as a PDF: a table, and a map for each that meets a zone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments.check import Checked, DeploymentCheck
from gisapp.analysis.streets.one_name import spread
from gisapp.io.deployments.geojson import proposed
from gisapp.io.safe_files import written
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.deployment_edits import PROPOSED_LOOK
from gisapp.layers.layer import Layer, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.units import Units
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.paper.deployment_table import pages_of, paint_table, rows_of
from gisapp.render.paper.page import Page, paint_foot, paint_page, subtitle_fits
from gisapp.render.paper.pdf import PdfPages
from gisapp.render.paper.sheet import Sheet
from gisapp.render.text import draw_lines, line_height, wrapped
from gisapp.render.view import MapView

#: Layers that a map of one deployment shows: none of events.
_GROUND = (LayerKind.STREETS, LayerKind.BOUNDARIES, LayerKind.SERVICES, LayerKind.OTHER)
#: Ground round a deployment on its map, as a share of its own width, and at least (metres).
_ROOM, _LEAST_M = 0.35, 120.0
PROPOSED = "Proposed area"


def write_pdf(
    check: DeploymentCheck,
    path: Path,
    audience: Audience,
    made_at: datetime,
    units: Units = Units.METRIC,
    progress: Progress | None = None,
) -> None:
    """Write the pages of a check that was made for a file; ExportError if it cannot be written.

    Paper is Letter where miles are read, else A4; `made_at` carries a zone.
    """
    progress = progress or Progress()
    american = units is not Units.METRIC
    page = Page(
        title=advice.title_of(check),
        generated_at=made_at,
        paper=Sheet.LETTER if american else Sheet.A4,
        imperial=american,
    )
    data = _drawn(check, page, audience, units, progress)
    with written(path) as beside:
        beside.write_bytes(data)


def _drawn(
    check: DeploymentCheck, page: Page, audience: Audience, units: Units, progress: Progress
) -> bytes:
    notes = _notes(check, page)
    head = _Head(check, page, units)
    inner = page.inner
    foot = len(notes) * line_height(font(9)) + 10
    body = QRectF(
        inner.left(), inner.top() + head.height, inner.width(), inner.height() - head.height - foot
    )
    tables = pages_of(rows_of(check, units), body.width(), body.height())
    meeting = check.meeting
    page = replace(page, pages=len(tables) + len(meeting))
    cache = Cache()
    try:
        with PdfPages(page.title, page.paper, landscape=page.landscape) as pdf:
            for number, rows in enumerate(tables):
                if number:
                    pdf.next_page()
                progress.report(0.1 * number / len(tables), "Setting the table")
                head.paint(pdf.painter)
                paint_table(pdf.painter, body, rows)
                lines = QRectF(inner.left(), inner.bottom() - foot + 4, inner.width(), foot - 4)
                paint_foot(pdf.painter, lines, notes, replace(page, number=number + 1))
            for number, one in enumerate(meeting):
                pdf.next_page()
                part = progress.part(
                    0.1 + 0.9 * number / len(meeting), 0.1 + 0.9 * (number + 1) / len(meeting)
                )
                own = replace(page, number=len(tables) + number + 1)
                _paint_map(pdf.painter, check, one, own, audience, units, cache, part)
    finally:
        cache.tiles.close()
    return pdf.data


class _Head:
    """The title of the table, what it says in a sentence, and what is not known."""

    def __init__(self, check: DeploymentCheck, page: Page, units: Units) -> None:
        self._page = page
        said = [advice.headline(check), f"Times in {check.timezone}.", *advice.unknown_hours(check)]
        self._title = wrapped(page.title, font(20, bold=True), page.inner.width(), 2)
        self._words = wrapped(" ".join(said), font(12), page.inner.width(), 4)

    @property
    def height(self) -> float:
        title = len(self._title) * line_height(font(20, bold=True))
        return title + len(self._words) * line_height(font(12)) + 8

    def paint(self, painter: QPainter) -> None:
        inner = self._page.inner
        painter.setPen(shade(PAPER.text))
        y = draw_lines(painter, self._title, font(20, bold=True), inner.left(), inner.top())
        painter.setPen(shade(PAPER.quiet_text))
        draw_lines(painter, self._words, font(12), inner.left(), y)


def _notes(check: DeploymentCheck, page: Page) -> tuple[str, ...]:
    made = f"{page.generated_at:%Y-%m-%d %H:%M %Z}"
    texts = [
        *check.notes,
        "For the police alone. Shares are of the deployment's own area, measured on the ground.",
        f"Made with gisapp on {made}.",
    ]
    width = page.inner.width() - 90
    return tuple(line for text in texts for line in wrapped(text, font(9), width, 2))


def _paint_map(
    painter: QPainter,
    check: DeploymentCheck,
    one: Checked,
    page: Page,
    audience: Audience,
    units: Units,
    cache: Cache,
    progress: Progress,
) -> None:
    first = check.local(one.met[0].conflict.first)
    look = Look(day=first.date(), time=first.time(), audience=audience, exported=True)
    unit = f", {one.unit}" if one.unit else ""
    project = project_for(check, one)
    own = replace(page, title=f"{one.name}{unit}")
    own = replace(
        own,
        subtitle=subtitle_in(
            told_of(check, one, units), lambda text: subtitle_fits(text, project, look, own)
        ),
    )
    view = MapView.around(_bounds_round(one))
    paint_page(painter, project, view, look, own, cache, progress)


def told_of(check: DeploymentCheck, one: Checked, units: Units) -> tuple[str, ...]:
    """The hours of a deployment, then each zone that it meets: where, and when if not throughout.

    A sentence each.
    """
    hours = advice.hours_words(one)
    told = [f"{hours}."]
    for meeting in one.met:
        words = advice.meeting_words(check, one, meeting, units)
        when = "throughout" if words.when == hours else words.when
        told.append(f"Meets {words.zone}: {words.where}; {when}.")
    return tuple(told)


def subtitle_in(told: Sequence[str], fits: Callable[[str], bool]) -> str:
    """As many of the sentences as fit, no zone cut short; what is left is counted."""
    hours, *zones = told
    for shown in range(len(zones), 0, -1):
        rest = len(zones) - shown
        text = " ".join((hours, *zones[:shown], *_rest(rest, "more ")))
        if fits(text):
            return text
    return " ".join((hours, *_rest(len(zones))))


def _rest(count: int, more: str = "") -> tuple[str, ...]:
    """The sentence that counts zones which are not named."""
    if not count:
        return ()
    return (f"Meets {count:,} {more}{'zone' if count == 1 else 'zones'}: see the table.",)


def project_for(check: DeploymentCheck, one: Checked) -> Project:
    """The ground, the zones, this deployment alone, and the area proposed in its place."""
    kept = [layer for layer in check.project.layers if layer.kind in _GROUND]
    row = check.layer.table.slice(one.row, 1)
    shown = replace(
        check.layer,
        table=row,
        geometry=_shapes(near_zones(one)),
        visible=True,
        # What an import left out of the list is none of this map's.
        provenance=replace(check.layer.provenance, read=1, rejected=0, reasons={}),
    )
    left = proposed(one)
    extra: list[Layer] = []
    if left is not None and not left.is_empty:
        table = pa.table({"Name": [PROPOSED]})
        made = new_layer(PROPOSED, LayerKind.OTHER, table, _shapes(left))
        extra.append(replace(made, style=PROPOSED_LOOK))
    return replace(check.project, layers=(*kept, *extra, shown), hotspots=(), zones_visible=True)


def _shapes(shape: shapely.Geometry) -> Shapes:
    geoms = np.empty(1, dtype=object)
    geoms[0] = shape
    return Shapes(geoms)


def near_zones(one: Checked) -> BaseGeometry:
    """The deployment, of streets far apart only those that meet a zone: a county tells nothing."""
    if not one.scattered:
        return one.shape
    parts = shapely.get_parts(one.shape)
    place = spread(parts.tolist()).place
    grounds = [m.conflict.ground for m in one.met if m.conflict.ground is not None]
    met = [shapely.intersects(parts, ground) for ground in grounds]
    near = np.unique(place[np.logical_or.reduce(met)]) if met else np.unique(place)
    return shapely.MultiPolygon(parts[np.isin(place, near)].tolist())


def _bounds_round(one: Checked) -> tuple[float, float, float, float]:
    west, south, east, north = near_zones(one).bounds
    across, up = geodesy.degrees_of(_LEAST_M, (south + north) / 2)
    x, y = max((east - west) * _ROOM, across), max((north - south) * _ROOM, up)
    return west - x, south - y, east + x, north + y
