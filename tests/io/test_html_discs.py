"""Discs of services on an HTML map, as a browser draws them: their rings, numbers and names."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gisapp.io.html import map_file as html_map
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone
from tests.io.test_html_map import DAY, NOW, browse, needs_chromium, points

pytestmark = needs_chromium
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


@pytest.mark.parametrize("crowded", [False, True])
def test_the_ring_of_a_small_zone_hugs_its_disc_at_every_zoom(
    crowded: bool, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    spots = rng.normal(0, 0.05, (90 if crowded else 2, 2))
    layer = sites([LON, *(LON + spots[:, 0])], [LAT, *(LAT + spots[:, 1])])
    project = Project("City", "UTC", (layer,)).with_zone(circle_zone("", LON, LAT, 150, "agreed"))
    script = """const tell = () => {
      const disc = layers().find((one) => one.item && one.item.name === "Site 0");
      const zone = layers().find((one) => one.item && one.item.rings);
      const ring = layers().find((one) => one.options.zone);
      const [a, b] = ["getNorthWest", "getSouthEast"].map((corner) =>
        map_gisapp.latLngToLayerPoint(zone.getBounds()[corner]()));
      return [disc._radius, Math.max(b.x - a.x, b.y - a.y) / 2, ring._radius];
    };"""
    told = asked(tmp_path, project, script + AT_EACH_ZOOM % (LAT, LON))
    rings = [(disc, ring) for disc, half, ring in told if half < disc - 1]
    assert len(rings) >= 3
    assert (min(disc for disc, _ in rings) < 6) == crowded, "crowds have smaller discs"
    assert all(abs(ring - disc - GAP) < 0.1 for disc, ring in rings)
    # A zone that is seen beside its service is drawn as it is.
    assert all(not ring for disc, half, ring in told if half > disc + 1)
