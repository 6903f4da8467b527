"""Discs of services on an HTML map, as a browser draws them: their rings, numbers and names."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gisapp.io.html import map_file as html_map
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone
from gisapp.render.legend import legend
from tests.io.test_html_classes import group_of
from tests.io.test_html_map import DAY, NOW, browse, needs_chromium, points, shapes
from tests.render.conftest import look

LON, LAT = -3.30, 55.25
#: How far rings stand off their discs: 2 points of 1/72 inch.
GAP = 2 * 96 / 72
#: Each zoom of a map, from the farthest to the nearest, and what is told of it then.
AT_EACH_ZOOM = """
const told = [];
document.getElementById("map_gisapp").dispatchEvent(new Event("keydown"));
for (let zoom = map_gisapp.getMinZoom(); zoom <= 19; zoom += 0.5) {
  map_gisapp.setView([%s, %s], zoom, { animate: false });
  told.push(tell(zoom));
}
return told;
"""


def asked(tmp_path: Path, project: Project, script: str) -> Any:
    """What a script on the page of a map comes to; it has `layers()`, all that is drawn."""
    given = {"day": DAY, "audience": Audience.POLICE, "generated_at": NOW}
    path = html_map.write_html(project, None, tmp_path / "map.html", title="A map", **given)
    # The policy lets no script run that gisapp did not write.
    page = re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", path.read_text("utf-8"))
    more = f"""<script>document.documentElement.dataset.told = JSON.stringify((() => {{
      const layers = () => Object.values(map_gisapp._layers);
      {script}
    }})());</script>"""
    dom = browse(tmp_path, page.replace("</html>", more + "</html>"))
    found = re.search(r'data-told="([^"]*)"', dom)
    assert found, "the script failed"
    return json.loads(html.unescape(found[1]))


def sites(lon: Any, lat: Any, **more: list[str]) -> Layer:
    names = {"name": [f"Site {number}" for number in range(len(lon))]}
    return points("Sites", LayerKind.SERVICES, lon, lat, **(names | more))


@needs_chromium
@pytest.mark.parametrize("crowded", [False, True])
def test_the_ring_of_a_small_zone_hugs_its_disc_at_every_zoom(
    crowded: bool, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    spots = rng.normal(0, 0.05, (90 if crowded else 2, 2))
    layer = sites([LON, *(LON + spots[:, 0])], [LAT, *(LAT + spots[:, 1])])
    # Somebody drew it 20 m beside the service.
    zone = circle_zone("", LON, LAT + 0.00018, 150, "agreed")
    project = Project("City", "UTC", (layer,)).with_zone(zone)
    script = """const tell = () => {
      const disc = layers().find((one) => one.item && one.item.name === "Site 0");
      const zone = layers().find((one) => one.item && one.item.rings);
      const ring = layers().find((one) => one.options.zone);
      const [a, b] = ["getNorthWest", "getSouthEast"].map((corner) =>
        map_gisapp.latLngToLayerPoint(zone.getBounds()[corner]()));
      const round = ring._radius > 4 && ring.getLatLng().equals(disc.getLatLng());
      return [disc._radius, Math.max(b.x - a.x, b.y - a.y) / 2, round ? ring._radius : 0];
    };"""
    told = asked(tmp_path, project, script + AT_EACH_ZOOM % (LAT, LON))
    rings = [(disc, ring) for disc, half, ring in told if half < disc - 1]
    assert len(rings) >= 3
    assert (min(disc for disc, _ in rings) < 6) == crowded, "crowds have smaller discs"
    assert all(abs(ring - disc - GAP) < 0.1 for disc, ring in rings)
    # A zone that is seen beside its service is drawn as it is.
    assert all(not ring for disc, half, ring in told if half > disc + GAP + 0.1)


COUNTED = """
  const done = { rings: 0, names: 0 };
  const counted = (owner, name, what) => {
    const work = owner[name];
    owner[name] = (...given) => {
      done[what] += 1;
      return work.apply(owner, given);
    };
  };
  for (const ring of layers().filter((one) => one.options.zone)) {
    counted(ring, "fit", "rings");
  }
  for (const name of document.querySelectorAll(".place")) {
    counted(name.firstChild.shape, "getBounds", "names");
  }
  const after = (work) => {
    Object.assign(done, { rings: 0, names: 0 });
    work();
    return [done.rings, done.names];
  };
"""


@needs_chromium
def test_a_pan_fits_rings_and_names_anew_only_where_discs_change(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    spots = rng.normal(0, 0.002, (90, 2))
    # One by itself in the east, where 90 in the west are out of view.
    layer = sites([LON + 0.1, *(LON + spots[:, 0])], [LAT, *(LAT + spots[:, 1])])
    zone = circle_zone("", LON + 0.1, LAT, 20, "agreed")
    project = named_area(layer).with_zone(zone)
    script = f"""
      document.getElementById("map_gisapp").dispatchEvent(new Event("keydown"));
      map_gisapp.setView([{LAT}, {LON}], 14, {{ animate: false }});
      {COUNTED}
      const still = {{ animate: false }};
      const near = after(() => map_gisapp.panBy([40, -30], still));
      const far = after(() => map_gisapp.setView([{LAT}, {LON + 0.1}], 14, still));
      const disc = layers().find((one) => one.item && one.item.name === "Site 0");
      const ring = layers().find((one) => one.options.zone);
      const gap = ring._radius - disc._radius;
      const zoomed = after(() => map_gisapp.setZoom(13, still));
      // Where discs grow as the map comes nearer, it is as near in the north as in the south.
      map_gisapp.setZoom(15.25, still);
      const north = after(() => map_gisapp.panBy([0, -40], still));
      return {{ near, far, gap, zoomed, north }};"""
    told = asked(tmp_path, project, script)
    assert told["near"] == told["north"] == [0, 0]
    assert told["far"][0] == told["zoomed"][0] == 1
    assert told["far"][1] > 0 and told["zoomed"][1] > 0
    assert told["gap"] == pytest.approx(GAP)


@needs_chromium
def test_of_many_discs_the_nearest_that_hides_a_zone_has_its_ring(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    spots = rng.normal(0, 0.01, (60, 2))
    lon, lat = LON + spots[:, 0], LAT + spots[:, 1]
    project = Project("City", "UTC", (sites(lon, lat),))
    for number in range(60):
        beside = rng.normal(0, 0.0004, 2)
        size = float(rng.uniform(5, 60))
        zone = circle_zone("", lon[number] + beside[0], lat[number] + beside[1], size, "agreed")
        project = project.with_zone(replace(zone, id=f"zone-{number}"))
    script = """const tell = () => {
      const gap = %s;
      const discs = layers().filter((one) => one.options.own);
      return layers().filter((one) => one.options.zone).map((ring) => {
        const bounds = ring.options.zone.getBounds();
        const a = map_gisapp.latLngToLayerPoint(bounds.getNorthWest());
        const b = map_gisapp.latLngToLayerPoint(bounds.getSouthEast());
        const half = Math.max(b.x - a.x, b.y - a.y) / 2;
        const away = (disc) => {
          const { x, y } = map_gisapp.latLngToLayerPoint(disc.getLatLng());
          return Math.hypot(x - (a.x + b.x) / 2, y - (a.y + b.y) / 2);
        };
        const hides = (disc) =>
          away(disc) + half < disc._radius ||
          (half >= disc._radius - gap && away(disc) + half < disc._radius + gap);
        const least = Math.min(...discs.filter(hides).map(away));
        const on = discs.find((disc) => disc.getLatLng().equals(ring.getLatLng()));
        return [Number.isFinite(least), on ? away(on) - least : null];
      });
    };"""
    told = asked(tmp_path, project, script % GAP + AT_EACH_ZOOM % (LAT, LON))
    found = [one for each in told for one in each]
    assert sum(hidden for hidden, _ in found) > 100
    assert all(off == pytest.approx(0) for hidden, off in found if hidden)
    assert all(off is None for hidden, off in found if not hidden)


# Several at one place


def kinds_and_stacks() -> Layer:
    """Two services at one place, three at another, one alone."""
    lon = [LON, LON, LON + 0.01, LON + 0.01, LON + 0.01, LON + 0.02]
    kinds = ["housing", "drop-in centre", "housing", "housing", "drop-in centre", "housing"]
    return sites(lon, [LAT] * 6, service_type=kinds)


def test_the_legend_counts_kinds_as_in_print_and_says_what_a_number_means() -> None:
    group = group_of(kinds_and_stacks())
    told = [(entry["label"], entry.get("count", "")) for entry in group["legend"]]
    printed = legend(Project(layers=(kinds_and_stacks(),)), look(exported=True))[0].entries
    assert told == [(entry.label, entry.count) for entry in printed]
    assert told == [("Housing", "4"), ("Drop-in centre", "2"), ("Several at one place", "")]
    alone = group_of(sites([LON, LON + 0.01], [LAT, LAT]))
    assert [entry["label"] for entry in alone["legend"]] == ["Other service"]


def test_a_stack_looks_like_most_of_its_services() -> None:
    layer = kinds_and_stacks()
    pale = SymbolClass("Housing", Category("housing"), "#F0F0F0")
    symbology = Symbology((pale,), "service_type")
    group = group_of(layer.restyled(replace(layer.style, symbology=symbology)))
    assert [stack["items"] for stack in group["stacks"]] == [[0, 1], [2, 3, 4]]
    assert group["items"][group["stacks"][1]["like"]]["color"] == "#F0F0F0"
    assert group["stacks"][1]["ink"] == "#000000"
    assert group["stacks"][1]["name"] == "3 services at one place"


def test_a_filter_leaves_no_number_of_what_is_not_seen() -> None:
    layer = kinds_and_stacks()
    rows = np.array([True, False, True, False, True, True])
    group = group_of(layer, rows={layer.id: rows})
    assert [stack["items"] for stack in group["stacks"]] == [[1, 2]]
    assert [entry["label"] for entry in group["legend"]][-1] == "Several at one place"


@needs_chromium
def test_a_stack_is_one_larger_disc_that_tells_all_its_services(tmp_path: Path) -> None:
    script = """
      const discs = layers().filter((one) => one.options.own);
      const stack = discs.find((one) => one.options.several === 3);
      stack.fire("click", { latlng: stack.getLatLng() });
      const told = [...document.querySelectorAll(".leaflet-popup-content h4")];
      const box = document.querySelector("aside section:nth-of-type(1) details");
      box.open = true;
      box.dispatchEvent(new Event("toggle"));
      return {
        discs: discs.map((one) => [one.options.several || 1, one._radius]),
        told: told.map((one) => one.textContent),
        listed: [...box.querySelectorAll("button")].map((one) => one.textContent),
      };"""
    found = asked(tmp_path, Project("City", "UTC", (kinds_and_stacks(),)), script)
    assert sorted(count for count, _ in found["discs"]) == [1, 2, 3]
    radius = dict(found["discs"])
    assert radius[2] == radius[3] == pytest.approx(1.3 * radius[1])
    assert found["told"] == ["Site 2", "Site 3", "Site 4"]
    assert found["listed"] == [f"Site {number}" for number in range(6)]


@needs_chromium
def test_among_very_many_services_no_disc_has_a_number(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    lon, lat = LON + rng.normal(0, 0.01, 450), LAT + rng.normal(0, 0.01, 450)
    lon[1], lat[1] = lon[0], lat[0]
    script = """return layers().filter((one) => one.options.own)
      .map((one) => [one.options.several || 1, one._radius, one.options.figured]);"""
    found = asked(tmp_path, Project("City", "UTC", (sites(lon, lat),)), script)
    assert len(found) == 449
    assert len({radius for _, radius, _ in found}) == 1
    assert not any(figured for _, _, figured in found)


# Names of areas


def named_area(*more: Layer, wide: float = 0.02) -> Project:
    area = shapely.box(LON - wide, LAT - 0.6 * wide, LON + wide, LAT + 0.6 * wide)
    return Project(
        "City", "UTC", (shapes("Areas", LayerKind.BOUNDARIES, [area], name=["Quayside"]), *more)
    )


NAMES = """
  const box = map_gisapp.getContainer().getBoundingClientRect();
  const told = layers().filter((one) => one._icon && one._icon.className.includes("place"));
  const names = told.map(({ _icon, _latlng }) => {
    const { left, top, right, bottom } = _icon.getBoundingClientRect();
    const { x, y } = map_gisapp.latLngToContainerPoint(_latlng);
    return { seen: _icon.style.visibility !== "hidden", wanted: [x, y],
      box: [left - box.left, top - box.top, right - box.left, bottom - box.top] };
  });
  const discs = layers().filter((one) => one.options.own).map((one) => {
    const { x, y } = map_gisapp.latLngToContainerPoint(one.getLatLng());
    return [x, y, one._radius];
  });
"""


def hidden_by(name: dict[str, Any], discs: list[list[float]]) -> int:
    left, top, right, bottom = name["box"]
    x, y, radius = np.array(discs).T
    away_x = np.maximum(np.maximum(left - x, x - right), 0)
    away_y = np.maximum(np.maximum(top - y, y - bottom), 0)
    return int((np.hypot(away_x, away_y) < radius).sum())


@needs_chromium
def test_a_name_stands_on_the_middle_of_its_place_where_that_is_free(tmp_path: Path) -> None:
    far_off = sites([LON - 0.019], [LAT - 0.011])
    (name,) = asked(tmp_path, named_area(far_off), NAMES + "return names;")
    left, top, right, bottom = name["box"]
    assert name["seen"]
    assert name["wanted"] == pytest.approx([(left + right) / 2, (top + bottom) / 2], abs=1)


@needs_chromium
def test_names_give_way_to_services_at_every_zoom(tmp_path: Path) -> None:
    # A row of services from west to east through all of the area but its upper quarter.
    lon, lat = np.meshgrid(LON + np.linspace(-0.019, 0.019, 9), LAT + np.linspace(-0.011, 0.005, 5))
    script = AT_EACH_ZOOM % (LAT, LON)
    tell = "const tell = (zoom) => {" + NAMES + "return { zoom, names, discs }; };"
    told = asked(tmp_path, named_area(sites(lon.ravel(), lat.ravel())), tell + script)
    seen = [(name, one["discs"]) for one in told for name in one["names"] if name["seen"]]
    assert len(seen) >= 3, "there is room in the upper quarter, and between discs where near"
    assert [hidden_by(*one) for one in seen] == [0] * len(seen)


@needs_chromium
def test_a_name_without_room_goes_and_comes_back_without_the_services(tmp_path: Path) -> None:
    lon, lat = np.meshgrid(LON + np.linspace(-0.02, 0.02, 12), LAT + np.linspace(-0.012, 0.012, 25))
    script = f"""const seen = () => {{ {NAMES} return names[0].seen; }};
      const ticks = [...document.querySelectorAll("aside input")];
      const before = seen();
      ticks[0].click();
      return [before, seen()];"""
    project = named_area(sites(lon.ravel(), lat.ravel()))
    assert asked(tmp_path, project, script) == [False, True]


@needs_chromium
def test_names_beside_each_other_are_not_read_as_one(tmp_path: Path) -> None:
    west = [LON - 0.03 + 0.004 * number for number in range(15)]
    areas = [shapely.box(x, LAT - 0.01, x + 0.004, LAT + 0.01) for x in west]
    names = ["Keewaydin"] * 15
    layer = shapes("Areas", LayerKind.BOUNDARIES, areas, name=names)
    found = asked(tmp_path, Project("City", "UTC", (layer,)), NAMES + "return names;")
    boxes = [one["box"] for one in found if one["seen"]]
    assert len(boxes) > 5
    for (left, top, right, bottom), (other, above, far, below) in combinations(boxes, 2):
        high = bottom - top
        beside = top < below - 1 and above < bottom - 1
        assert not beside or left - far >= 0.5 * high or other - right >= 0.5 * high


@needs_chromium
def test_a_name_that_comes_into_view_stands_where_it_is_placed_anew(tmp_path: Path) -> None:
    """What of its area was in view when it was placed does not matter."""
    west = [LON + 0.2 * number for number in range(3)]
    areas = [shapely.box(x - 0.02, LAT - 0.012, x + 0.02, LAT + 0.012) for x in west]
    layer = shapes("Areas", LayerKind.BOUNDARIES, areas, name=["Quay", "Haven", "Pier"])
    project = Project("City", "UTC", (layer, sites(west, [LAT] * 3)))
    script = f"""
      const still = {{ animate: false }};
      document.getElementById("map_gisapp").dispatchEvent(new Event("keydown"));
      // Their places are wished for on the services, so that they have to move.
      for (const {{ firstChild }} of document.querySelectorAll(".place")) {{
        firstChild.at = firstChild.shape.getBounds().getCenter();
      }}
      const placed = () => [...document.querySelectorAll(".place")].map(({{ style }}) =>
        [style.visibility, style.marginLeft, style.marginTop]);
      map_gisapp.setView([{LAT}, {west[0]}], 13, still);
      const first = placed();
      map_gisapp.setView([{LAT}, {west[2]}], 13, still);
      const jumped = placed();
      map_gisapp.setZoom(12, still);
      map_gisapp.setZoom(13, still);
      return [first, jumped, placed()];"""
    first, jumped, anew = asked(tmp_path, project, script)
    assert first == jumped == anew
    assert [visible for visible, _, _ in anew] == ["visible"] * 3
    assert [float(top.removesuffix("px")) < -12 for _, _, top in anew] == [True] * 3
