"""A project of every released format opens, with everything that it held."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from gisapp.io.project import project_file
from gisapp.io.project.gpkg_schema import FORMAT_VERSION
from gisapp.layers.agreement import Status
from gisapp.layers.layer import Points, Shapes
from gisapp.layers.style import Fill, Line, Style
from gisapp.layers.vocabulary import Activity, Basis, Exemption, LayerKind, Polarity

FILES = Path(__file__).parents[1] / "files"


def test_there_is_a_file_of_each_format() -> None:
    wanted = {f"project-format-{number}.gpkg" for number in range(1, FORMAT_VERSION + 1)}
    assert {path.name for path in FILES.glob("*.gpkg")} == wanted


@pytest.mark.parametrize("path", sorted(FILES.glob("*.gpkg")), ids=lambda path: path.stem)
def test_a_project_of_a_released_format_opens(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    project = project_file.load(copy)
    assert (project.title, project.timezone) == ("Quay & Clinic ✓", "America/New_York")
    assert project.zones_visible is False
    areas, points = project.layers
    assert isinstance(areas.geometry, Shapes)
    assert isinstance(points.geometry, Points)
    assert (areas.kind, points.kind) == (LayerKind.BOUNDARIES, LayerKind.STOPS)
    assert (len(areas), len(points)) == (3, 50)
    assert areas.texts("name") == ["North", "", "Îles"]
    assert points.style == Style("#112233", 4.5, 2.25, 0.5, 0.1, Line.DASHED, Fill.HATCHED)
    assert points.timezone == "Europe/London"
    assert points.provenance.reasons == {"no coordinates": 2, "no such day": 1}
    circle, footprint, ring = list(project.zones.values())[:3]
    assert (circle.name, circle.radius_m, circle.agreement_id) == ("Quay Street", 152.4, "quay")
    assert (footprint.basis, footprint.service) == (Basis.FOOTPRINT, "Clinic")
    assert ring.polarity is Polarity.ENHANCED_PENALTY
    assert ring.shape.geom_type == "MultiPolygon"
    current = project.agreements["quay"]
    assert (current.version, current.effective) == (2, date(2026, 3, 1))
    assert current.suspended == (Activity.DRUG_SEARCH, Activity.ARREST)
    [former] = project.former
    assert (former.status, former.superseded_on) == (Status.SUPERSEDED, date(2026, 3, 1))
    assert former.exceptions == (Exemption.VIOLENCE,)
    assert "Monday to Friday 08:00–20:00" in former.hours_in_words()
    [hotspots] = project.hotspots
    assert (hotspots.method, hotspots.layer_id) == ("gistar", points.id)
    assert [view.name for view in project.views] == ["Centre"]
