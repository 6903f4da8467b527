"""The HTML map: opens with no network, shows what its audience may see, runs nobody's script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.analysis.hotspots.grid import Grid
from gisapp.errors import Cancelled, ExportError
from gisapp.io.html import cells as html_cells
from gisapp.io.html import map_file as html_map
from gisapp.io.html import surfaces as html_surfaces
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.layer import Layer, Points, Provenance, Shapes, new_layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.style import BLUE
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole, Polarity
from gisapp.layers.zone import circle_zone
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache

WEST, SOUTH, EAST, NORTH = BOUNDS = (-3.36, 55.22, -3.24, 55.28)
DAY = date(2026, 3, 24)
NOW = datetime(2026, 3, 20, 10, 5, tzinfo=UTC)
HOSTILE = (
    "<script>document.documentElement.dataset.ran = 1</script>",
    "</script><img src=x onerror=\"document.documentElement.dataset.ran='2'\">",
    "\"'\\`${alert(1)} {{ 7 * 7 }} {% raw %} <!-- ]]> \u2028 &lt;b&gt;",
)


def points(name: str, kind: LayerKind, lon: Any, lat: Any, /, **columns: list[str]) -> Layer:
    table = pa.table(columns or {"id": [f"row-{i}" for i in range(len(lon))]})
    known = {column: column for column in columns}
    place = Points(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return new_layer(name, kind, table, place, known, Provenance(sources=(f"/home/me/{name}.csv",)))


def shapes(name: str, kind: LayerKind, geoms: list[Any], /, **columns: list[str]) -> Layer:
    held = np.empty(len(geoms), dtype=object)
    held[:] = geoms
    return new_layer(name, kind, pa.table(columns), Shapes(held), {c: c for c in columns})


def stops(count: int = 900, seed: int = 3) -> Layer:
    rng = np.random.default_rng(seed)
    lon = np.r_[rng.normal(-3.30, 0.004, count), -3.2500]
    lat = np.r_[rng.normal(55.25, 0.003, count), 55.2300]
    secret = [f"secret-{i}" for i in range(count + 1)]
    return points("Stops", LayerKind.STOPS, lon, lat, outcome=secret)


def agreement(title: str = "Needle exchange") -> Agreement:
    return Agreement(
        title,
        Status.IN_FORCE,
        (Party("Police", PartyRole.POLICE, "A", date(2023, 5, 1)),),
        effective=date(2024, 1, 1),
        suspended=(Activity.ARREST,),
        notes="kept between us",
        id="paper",
    )


def project(*layers: Layer, name: str = "Quay") -> Project:
    zone = circle_zone(name, -3.3, 55.25, 200, "settled in May", agreement_id="paper", id="zone")
    services = points(
        "Services",
        LayerKind.SERVICES,
        [-3.3],
        [55.25],
        name=[name],
        service_type=["drop-in centre"],
    )
    return Project(
        "City", "Europe/London", (*layers, services), {"zone": zone}, {"paper": agreement(name)}
    )


Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def run(
        of: Project, audience: Audience = Audience.PARTNERS, title: str = "A map", **more: Any
    ) -> str:
        given = {"day": DAY, "generated_at": NOW, **more}
        path = tmp_path / "map.html"
        html_map.write_html(of, BOUNDS, path, title=title, audience=audience, **given)
        return path.read_text("utf-8")

    return run


def data_of(page: str) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="gisapp-data">(.*?)</script>', page, re.S
    )
    assert found
    return dict(json.loads(found[1]))


def group(page: str, title: str) -> dict[str, Any]:
    return next(dict(g) for g in data_of(page)["groups"] if g["title"] == title)


def titles(page: str) -> list[str]:
    return [g["title"] for g in data_of(page)["groups"]]


# Self-contained


def test_page_asks_for_nothing(write: Write) -> None:
    page = write(project(stops()))
    assert not re.search(r"<link\b|<iframe\b|<img\b|@import|<script[^>]+src", page)
    assert re.findall(r"url\((?!#)[^)]*\)", page) == []
    assert "sourceMappingURL" not in page
    for absent in ("jquery", "bootstrap", "awesome", "cdn."):
        assert absent not in page.casefold()
    known = {"leafletjs.com", "www.w3.org", "bugzilla.mozilla.org"}
    assert set(re.findall(r"https?://([\w.]+)", page)) <= known, "only names, nothing is loaded"


def test_policy_names_every_script_and_allows_no_other_source(write: Write) -> None:
    page = write(project())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy and "default-src 'none'" in policy[1]
    assert "http" not in policy[1] and "unsafe-eval" not in policy[1]
    assert "script-src 'unsafe-inline'" not in policy[1]
    bodies = re.findall(r"<script>(.*?)</script>", page, re.S)
    hashes = re.findall(r"'sha256-([^']*)'", policy[1])
    assert hashes == [
        base64.b64encode(hashlib.sha256(b.encode()).digest()).decode() for b in bodies
    ]


def test_same_map_gives_the_same_bytes(write: Write) -> None:
    assert write(project(stops())) == write(project(stops()))


def test_page_says_what_when_for_whom_and_from_what(write: Write) -> None:
    page = write(project(stops()), title="Stops & zones", subtitle="Counted in 2025")
    assert "<title>Stops &amp; zones</title>" in page and "<h1>Stops &amp; zones</h1>" in page
    for text in ("Counted in 2025", "24 March 2026", "For: Partners", "20 March 2026 10:05 UTC"):
        assert text in page
    assert "Stops.csv" in page and "/home/me" not in page
    assert '<html lang="en">' in page


def test_the_page_says_as_print_does_that_small_counts_are_in_it(write: Write) -> None:
    warning = "Small counts are in it: for police analysts only."
    assert warning in write(project(stops()), Audience.POLICE)
    assert warning not in write(project(stops()), Audience.PARTNERS)
    hidden = stops()
    hidden = replace(hidden, visible=False)
    for without in (project(), project(hidden)):
        assert warning not in write(without, Audience.POLICE), "no event is in it"


def test_a_large_project_stays_small(write: Write) -> None:
    rng = np.random.default_rng(5)
    starts = rng.random((13_560, 1, 2)) * [0.12, 0.06] + [WEST, SOUTH]
    lines = shapely.linestrings(starts + np.cumsum(rng.normal(0, 3e-4, (13_560, 5, 2)), axis=1))
    streets = shapes("Streets", LayerKind.STREETS, list(lines), road_class=["residential"] * 13_560)
    zones = {
        f"z{i}": circle_zone(f"Zone {i}", lon, lat, 152.4, "settled", id=f"z{i}")
        for i, (lon, lat) in enumerate(starts[:143, 0])
    }
    page = write(replace(project(streets, stops(100_000)), zones=zones))
    assert len(page.encode()) < 1_500_000


# Who may see what


@pytest.mark.parametrize("audience", list(Audience))
def test_no_event_is_in_the_file(write: Write, audience: Audience) -> None:
    page = write(project(stops()), audience)
    assert "secret-" not in page and "row-" not in page
    if audience is Audience.PATROL:
        assert "Stops" not in titles(page)


def test_small_counts_are_not_in_the_file_nor_to_be_worked_out(write: Write) -> None:
    cells = group(write(project(stops())), "Stops")
    counts = [cell[2] for cell in cells["cells"]]
    assert counts and min(counts) >= 11
    assert cells["count"] == f"{sum(counts):,} shown", (
        "the sum of all would give a small count away"
    )
    assert "fewer than 11" in cells["note"]
    everything = group(write(project(stops()), Audience.POLICE), "Stops")
    assert sum(cell[2] for cell in everything["cells"]) == 901
    assert everything["count"] == "901"


def test_a_layer_of_few_events_shows_none(write: Write) -> None:
    few = points("Overdoses", LayerKind.OVERDOSES, [-3.3] * 10, [55.25] * 10)
    cells = group(write(project(few)), "Overdoses")
    assert cells["cells"] == [] and cells["count"] == "0 shown"


def test_restricted_layers_and_deployments_stay_with_the_police(write: Write) -> None:
    area = shapely.box(-3.31, 55.24, -3.29, 55.26)
    planned = shapes("Plans", LayerKind.DEPLOYMENTS, [area], name=["Box 1"], unit=["Dogs"])
    notes = points("Tips", LayerKind.OTHER, [-3.3], [55.25], name=["a tip"])
    of = project(planned, notes)
    for audience in (Audience.PUBLIC, Audience.PARTNERS):
        page = write(of, audience)
        assert "Box 1" not in page and "a tip" not in page and "Plans" not in page
    assert {"Plans", "Tips"} <= set(titles(write(of, Audience.POLICE)))


def test_hidden_layers_and_other_columns_are_left_out(write: Write) -> None:
    hidden = replace(stops(), visible=False, name="Hidden stops")
    base = project(hidden)
    services = base.layers[-1]
    table = services.table.append_column("client_notes", pa.array(["private"]))
    page = write(replace(base, layers=(hidden, replace(services, table=table))), Audience.POLICE)
    assert "Hidden stops" not in page and "private" not in page and "kept between us" not in page


def test_rows_outside_the_filter_are_not_counted(write: Write) -> None:
    layer = stops()
    mask = np.zeros(len(layer), dtype=bool)
    mask[:40] = True
    cells = group(write(project(layer), Audience.POLICE, rows={layer.id: mask}), "Stops")
    assert sum(cell[2] for cell in cells["cells"]) == 40


def test_large_point_layers_are_cells_even_where_points_may_be_seen(write: Write) -> None:
    trees = points("Trees", LayerKind.OTHER, [-3.3] * 3000, [55.25] * 3000)
    trees = replace(trees, sensitivity=Sensitivity.PUBLIC)
    assert group(write(project(trees)), "Trees")["kind"] == "cells"


# Zones


def test_zones_carry_their_standing_and_terms(write: Write) -> None:
    zones = group(write(project()), "Zones")
    assert [entry["label"] for entry in zones["legend"]] == ["In force"]
    rows = dict(zones["items"][0]["rows"])
    assert rows["Suspended"] == "Arrest for personal possession"
    assert rows["Basis"] == "settled in May" and rows["Valid"] == "from 1 January 2024"
    before = group(write(project(), day=date(2023, 6, 1)), "Zones")
    assert before["legend"][0]["label"] == "Agreed, not yet in force"
    assert before["items"][0]["style"]["dashArray"]


def test_a_zone_outside_its_hours_is_pale_at_that_hour(write: Write) -> None:
    of = project()
    night = replace(agreement(), hours=(Hours(tuple(range(7)), time(22), time(6)),))
    of = replace(of, agreements={"paper": night})
    page = write(of, at=time(12))
    zones = group(page, "Zones")
    assert [entry["label"] for entry in zones["legend"]] == ["In force, but not at 12:00"]
    assert zones["items"][0]["style"]["dashArray"] and not zones["items"][0]["style"]["fill"]
    assert "Zones on 24 March 2026 at 12:00 (Europe/London)" in page
    at_night = group(write(of, at=time(23)), "Zones")
    assert [entry["label"] for entry in at_night["legend"]] == ["In force"]


def test_zones_of_the_opposite_sign_are_told_apart(write: Write) -> None:
    of = project()
    ring = replace(of.zones["zone"], id="ring", polarity=Polarity.EXCLUSION)
    zones = group(write(of.with_zone(ring)), "Zones")
    assert {e["label"] for e in zones["legend"]} == {
        "In force",
        "Excluded from tolerance (in force)",
        "Overlap to settle",
    }
    assert zones["items"][1]["style"]["hatch"] == "crossed"


def test_an_overlap_to_settle_has_a_sign_until_somebody_decides(write: Write) -> None:
    of = project()
    ring = replace(of.zones["zone"], id="ring", polarity=Polarity.EXCLUSION)
    of = of.with_zone(ring)
    zones = group(write(of), "Zones")
    assert zones["legend"][-1]["label"] == "Overlap to settle"
    ((lat, lon),) = zones["alerts"]
    assert ring.shape.contains(shapely.Point(lon, lat))
    settled = Settlement(("ring", "zone"), Settled.OPPOSITE_HOLDS, date(2026, 3, 1), "Chief")
    assert "alerts" not in group(write(replace(of, settlements=(settled,))), "Zones")


@pytest.mark.parametrize(
    ("polarity", "label"),
    [
        (Polarity.SERVICE_PROHIBITED, "No service may stand here (in force)"),
        (Polarity.EVALUATION_ONLY, "For evaluation only"),
    ],
)
def test_other_effects_are_neither_drawn_nor_named_as_opposite(
    write: Write, polarity: Polarity, label: str
) -> None:
    of = project()
    other = replace(of.zones["zone"], id="ring", polarity=polarity)
    zones = group(write(of.with_zone(other)), "Zones")
    assert {e["label"] for e in zones["legend"]} == {"In force", label}
    item = next(i for i in zones["items"] if ["Effect", polarity.label] in i["rows"])
    assert item["style"].get("hatch") != "crossed" and "alerts" not in zones


def test_hidden_zones_are_left_out(write: Write) -> None:
    assert "Zones" not in titles(write(replace(project(), zones_visible=False)))


# Hotspots


def with_hotspots(method: str, **more: Any) -> Project:
    layer = stops(3000)
    hotspots = Hotspots(layer.id, method, 100, 300, **more)
    return replace(project(layer), hotspots=(hotspots,))


@pytest.mark.parametrize("method", ["kde", "gistar"])
def test_hotspots_are_areas_by_class(write: Write, method: str) -> None:
    page = write(with_hotspots(method), Audience.POLICE)
    surface = next(g for g in data_of(page)["groups"] if g["kind"] == "surface")
    assert surface["on"] and surface["items"]
    assert [i["color"] for i in surface["items"]] == [e["color"] for e in surface["legend"]]
    assert "Stops" not in titles(page), "the surface stands for the counts"
    if method == "gistar":
        assert surface["legend"][-1]["label"] == "More than chance, 99 % sure"


def test_hotspots_of_few_events_are_for_the_police_only(write: Write) -> None:
    of = with_hotspots("kde")

    def area(audience: Audience) -> float:
        groups = data_of(write(of, audience))["groups"]
        surface = next(g for g in groups if g["kind"] == "surface")
        return sum(html_area(item["rings"]) for item in surface["items"])

    assert 0 < area(Audience.PARTNERS) < area(Audience.POLICE)
    assert all(g["kind"] != "surface" for g in data_of(write(of, Audience.PATROL))["groups"])


def html_area(parts: list[list[list[int]]]) -> float:
    """Square degrees of an area as it stands in the page."""
    total = 0.0
    for outer, *holes in parts:
        ring = [np.cumsum(np.reshape(one, (-1, 2)), axis=0) / 1e6 for one in (outer, *holes)]
        total += shapely.Polygon(ring[0], ring[1:]).area
    return total


def test_hidden_hotspots_are_left_out(write: Write) -> None:
    page = write(with_hotspots("kde", visible=False))
    assert all(g["kind"] != "surface" for g in data_of(page)["groups"])


def test_merged_cells_cover_what_the_cells_cover() -> None:
    grid = Grid(geodesy.Plane(-3.3, 55.25), -500.0, -400.0, 100.0, 8, 10)
    cells = np.random.default_rng(1).random((8, 10)) < 0.6
    one_by_one = shapely.union_all(grid.boxes(*np.nonzero(cells)))
    merged = html_surfaces.merged(grid, cells)
    assert merged.area == pytest.approx(one_by_one.area, rel=1e-6)
    assert geodesy.area_m2(merged) == pytest.approx(cells.sum() * 10_000, rel=1e-4)
    assert html_surfaces.merged(grid, np.zeros((8, 10), dtype=bool)).is_empty


# Written whole or not at all


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="could not be written"):
        html_map.write_html(
            project(),
            BOUNDS,
            tmp_path / "nowhere" / "map.html",
            title="A map",
            day=DAY,
            audience=Audience.PUBLIC,
            generated_at=NOW,
        )


def test_cancelled_leaves_the_old_file(write: Write, tmp_path: Path) -> None:
    old = write(project())
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write(project(stops()), progress=progress)
    assert (tmp_path / "map.html").read_text("utf-8") == old
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_empty_project_is_a_page_too(write: Write) -> None:
    assert data_of(write(Project()))["groups"] == []


# Text from files


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup(write: Write, text: str) -> None:
    layer = replace(stops(), name=text, provenance=Provenance(sources=(text,)))
    page = write(project(layer, name=text), title=text, subtitle=text)
    plain = write(project(stops()))
    for tag in ("<script", "</script", "<img", "<!--", "<b>"):
        assert page.count(tag) == plain.count(tag)
    assert data_of(page)["groups"][-1]["items"][0]["name"] == text
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page, re.S)[0]


# In a browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def browse(tmp_path: Path, page: str, *more: str) -> str:
    """What the page has become after its scripts ran in a browser without network."""
    path = tmp_path / "opened.html"
    path.write_text(page, encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--incognito"]
    command += ["--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1000,700"]
    command += ["--virtual-time-budget=3000", *(more or ("--dump-dom",)), path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


@needs_chromium
def test_browser_draws_the_map_without_network(write: Write, tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    page = write(project(stops()), Audience.POLICE)
    picture = tmp_path / "page.png"
    dom = browse(tmp_path, page, f"--screenshot={picture}", "--dump-dom")
    assert 'data-drawn="3"' in dom
    assert "leaflet-control-scale-line" in dom and "North is up" in dom
    if not picture.exists():
        browse(tmp_path, page, f"--screenshot={picture}")
    image = QImage(str(picture)).copy(0, 100, 660, 500)
    colors = {image.pixel(x, y) for x in range(0, 660, 4) for y in range(0, 500, 4)}
    assert len(colors) > 5, "the map is blank"


@needs_chromium
def test_the_map_opens_filled_and_services_are_as_large_as_on_screen(tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    lon, lat = [-3.34, -3.26, -3.30], [55.24, 55.24, 55.26]
    services = points("Services", LayerKind.SERVICES, lon, lat, name=["A", "B", "C"])
    path, picture = tmp_path / "map.html", tmp_path / "page.png"
    wide = (-3.6, 55.0, -3.0, 55.5)
    asked = {"title": "A map", "audience": Audience.POLICE, "day": DAY, "generated_at": NOW}
    html_map.write_html(Project("City", "UTC", (services,)), wide, path, **asked)
    browse(tmp_path, path.read_text("utf-8"), f"--screenshot={picture}")
    image = QImage(str(picture)).copy(0, 60, 680, 500)
    blue = [
        (x, y)
        for x in range(680)
        for y in range(500)
        if image.pixelColor(x, y).name().upper() == BLUE
    ]
    assert min(x for x, _ in blue) < 40 and max(x for x, _ in blue) > 600
    left = [x for x, _ in blue if x < 100]
    # 11 points are 14.7 pixels.
    assert 11 <= max(left) - min(left) <= 16


@needs_chromium
def test_browser_runs_no_script_from_names(write: Write, tmp_path: Path) -> None:
    text = " ".join(HOSTILE)
    page = write(project(replace(stops(), name=text), name=text), title=text, subtitle=text)
    # Without the policy, so that only the way texts are written can keep scripts from running;
    # and with every list opened and every pop-up asked for.
    page = re.sub(r"<meta http-equiv=\"Content-Security-Policy\".*?>", "", page)
    asking = """<script>window.onload = () => {
      for (const box of document.querySelectorAll("details")) {
        box.open = true;
        box.dispatchEvent(new Event("toggle"));
        for (const button of box.querySelectorAll("button")) button.click();
      }
      document.documentElement.dataset.asked = document.querySelectorAll("dl").length;
    };</script>"""
    dom = browse(tmp_path, page.replace("</html>", asking + "</html>"))
    opening = re.search(r"<html[^>]*>", dom)
    assert opening and "data-drawn" in opening[0]
    assert "data-asked" in opening[0] and 'data-asked="0"' not in opening[0]
    assert "data-ran" not in opening[0]
    assert "<img" not in dom


# Cells


def test_cells_in_view_are_those_of_the_whole_map() -> None:
    layer = stops(5000)
    half = (WEST, SOUTH, -3.3, NORTH)

    def cells(bounds: Any) -> set[tuple[float, float, int]]:
        found = html_cells.cells_in_view(layer, None, bounds, Audience.PARTNERS)
        return set(zip(found.west, found.south, found.counts, strict=True))

    assert cells(half) < cells(BOUNDS)


def test_the_page_counts_in_the_same_cells_and_classes_as_the_printed_map() -> None:
    layer = stops(5000)
    assert isinstance(layer.geometry, Points)
    cache = Cache()
    for audience in (Audience.PUBLIC, Audience.POLICE):
        page = html_cells.cells_in_view(layer, None, (-180.0, -85.0, 180.0, 85.0), audience)
        printed = prepared.cells_of(layer, audience, None, cache)
        assert np.array_equal(page.counts, printed.counts)
        assert np.array_equal(np.c_[page.west, page.south], printed.boxes[:, :2])
        assert page.starts == prepared.cell_classes(layer, audience, cache)


def test_a_filter_changes_no_class() -> None:
    layer = stops(5000)
    some = np.arange(len(layer)) % 3 == 0
    of_all, of_some = (
        html_cells.cells_in_view(layer, rows, BOUNDS, Audience.PUBLIC).starts
        for rows in (None, some)
    )
    assert of_all == of_some
