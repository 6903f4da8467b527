"""Files: whole or not there, saying what they show, showing nobody."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gisapp.errors import Cancelled, ExportError
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind
from gisapp.progress import Progress
from gisapp.render.export import export_map_task
from gisapp.render.furniture import scale_bar
from gisapp.render.legend import legend
from gisapp.render.paper import page
from gisapp.render.paper.legend import paint_legend
from gisapp.render.paper.page import MARGIN_MM, Page, framed_map
from gisapp.render.paper.sheet import UNIT_MM, Sheet
from gisapp.render.view import MapView
from tests.render.conftest import look, pixels, points, town

AT = datetime(2025, 11, 21, 14, 30, tzinfo=UTC)
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext of poppler-utils is not installed"
)


def write(path: Path, project: Project | None = None, **more: object) -> Path:
    project = project or town()
    audience = more.pop("audience", Audience.PARTNERS)
    view = MapView.fit(project.bounds, 1200, 800)
    options = {"title": "Zones & sites <now>", "generated_at": AT, **more}
    task = export_map_task(project, view, look(audience), path, **options)
    return task.work(Progress())


def text_of(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_a_zone_whose_outline_crosses_itself_stops_no_map(tmp_path: Path, suffix: str) -> None:
    project = town(50)
    one = next(iter(project.zones.values()))
    x, y = one.shape.centroid.x, one.shape.centroid.y
    bow = shapely.Polygon([(x, y), (x + 0.01, y + 0.01), (x + 0.01, y), (x, y + 0.01)])
    crossed = replace(one, id="crossed", shape=bow, basis=Basis.POLYGON, centre=None, radius_m=None)
    assert write(tmp_path / f"map.{suffix}", project.with_zone(crossed)).stat().st_size > 1000


@needs_poppler
@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("paper", list(Sheet))
def test_a_pdf_says_title_audience_day_and_rules(
    tmp_path: Path, paper: Sheet, landscape: bool
) -> None:
    text = text_of(write(tmp_path / "map.pdf", paper=paper, landscape=landscape))
    for words in (
        "Zones & sites <now>",
        "For: Partners",
        "Zones on 21 November 2025",
        "3,000 overdoses",
        "In force",
        "Counts below 11 are left out",
        "Page 1 of 1",
        "21 November 2025, 14:30 UTC",
    ):
        assert words in text


@needs_poppler
def test_a_page_for_the_public_names_no_deployment_and_no_event(tmp_path: Path) -> None:
    text = text_of(write(tmp_path / "map.pdf", audience=Audience.PUBLIC))
    assert "Boxes" not in text
    assert "Area 0" not in text.split("Boundary")[0]
    few = Project(layers=(points(LayerKind.STOPS, [-84.5] * 5, [39.1] * 5),))
    text = text_of(write(tmp_path / "few.pdf", few, audience=Audience.PUBLIC))
    assert "<11 stops" in text
    assert not re.search(r"\b5\b", text.replace("2025", ""))


@needs_poppler
def test_the_paper_has_its_size(tmp_path: Path) -> None:
    path = write(tmp_path / "map.pdf", paper=Sheet.LETTER, landscape=False)
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
    assert "612 x 792 pts (letter)" in info.stdout
    assert "Pages:           1" in info.stdout
    assert "Zones & sites <now>" in info.stdout


def test_a_png_is_a_picture_with_white_margins(tmp_path: Path) -> None:
    image = QImage(str(write(tmp_path / "map.png", dpi=96)))
    assert (image.width(), image.height()) == (1123, 794)
    color = pixels(image)[..., :3]
    margin = int(MARGIN_MM / UNIT_MM) - 2
    for edge in (color[:margin], color[-margin:], color[:, :margin], color[:, -margin:]):
        assert (edge == 255).all()
    assert (color != 255).any(axis=-1).mean() > 0.03


def test_a_png_has_the_resolution_asked_for(tmp_path: Path) -> None:
    image = QImage(str(write(tmp_path / "map.png", dpi=150)))
    assert image.width() == round(297 / 25.4 * 150)
    assert image.dotsPerMeterX() == pytest.approx(150 / 0.0254, abs=1)


def test_an_svg_escapes_text_and_keeps_zones_exact(tmp_path: Path) -> None:
    text = write(tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "Zones &amp; sites &lt;now&gt;" in text
    assert "<now>" not in text
    # The circle of 128 segments keeps nearly all its vertices: cut by a twentieth of a pixel.
    longest = max(re.findall(r' d="([^"]*)"', text), key=len)
    assert longest.count("L") > 16


def test_html_goes_to_its_own_writer(tmp_path: Path) -> None:
    path = write(tmp_path / "map.html", audience=Audience.PUBLIC)
    assert "<html" in path.read_text(encoding="utf-8")[:400].casefold()


@pytest.mark.parametrize("name", ["map.docx", "map", "map.pdf.exe"])
def test_an_unknown_ending_is_refused_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"\.pdf, \.png, \.svg or \.html"):
        write(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_an_export_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="could not be written"):
        write(tmp_path / "nowhere" / "map.pdf")


def test_a_cancelled_export_leaves_nothing(tmp_path: Path) -> None:
    project = town()
    view = MapView.fit(project.bounds, 1200, 800)
    task = export_map_task(project, view, look(), tmp_path / "map.pdf", title="T")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        task.work(progress)
    assert not list(tmp_path.iterdir())


def test_the_page_shows_at_least_what_the_view_shows() -> None:
    view = MapView.fit((-84.6, 39.0, -84.4, 39.2), 1200, 500)
    framed = framed_map(view, 700, 700)
    inner, outer = view.bounds, framed.bounds
    assert outer[0] <= inner[0] + 1e-9
    assert outer[2] >= inner[2] - 1e-9
    assert outer[1] <= inner[1]
    assert outer[3] >= inner[3]


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("title", ["Short", "A long title of many words " * 12, "x" * 400])
def test_the_parts_of_a_page_never_overlap(title: str, landscape: bool) -> None:
    project, seen = town(), look(Audience.PARTNERS, exported=True)
    sheet = Page(title, AT, "A subtitle that goes on " * 20, Sheet.A4, landscape)
    head = page._head(project, seen, sheet)
    feet = page._foot_lines(("Sources: " + "a.csv, " * 200, "Rules."), sheet.inner.width())
    layout = page._layout(sheet, head, feet, legend(project, seen))
    boxes = [layout.head, layout.map, layout.legend, layout.foot]
    for number, box in enumerate(boxes):
        assert sheet.inner.adjusted(-0.1, -0.1, 0.1, 0.1).contains(box)
        for other in boxes[number + 1 :]:
            overlap = box.intersected(other)
            assert overlap.width() * overlap.height() < 0.1
    assert layout.map.height() > sheet.inner.height() * 0.35


def test_a_legend_that_does_not_fit_says_so() -> None:
    project = Project(
        layers=tuple(points(LayerKind.SERVICES, [-84.5], [39.1], f"List {n}") for n in range(40))
    )
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    left = paint_legend(painter, QRectF(10, 10, 230, 250), legend(project, look()), 1)
    painter.end()
    assert 20 < left < 40
    color = pixels(image)[..., :3]
    assert (color[262:] == 255).all()
    assert (color[:, 242:] == 255).all()
    assert np.any(color[230:262] != 255)


@pytest.mark.parametrize("imperial", [False, True])
def test_the_scale_bar_is_round_and_true(imperial: bool) -> None:
    for width in (0.001, 0.02, 0.5, 8.0):
        view = MapView.fit((10.0, 52.0, 10.0 + width, 52.0 + width / 2), 800, 600)
        bar = scale_bar(view, 140, imperial=imperial)
        assert 140 / 2.6 < bar.width <= 140.001
        assert bar.metres == pytest.approx(bar.width * view.metres_per_pixel)
        number = bar.text.split()[0].replace(",", "").replace(".", "").strip("0")
        assert number in ("1", "2", "5")
