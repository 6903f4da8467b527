"""Zones and agreements that are not meant for a reader are in no map of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.io.project import project_file
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind, Visibility
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.render import export
from gisapp.render.headless import drawing
from gisapp.render.identify import identify
from gisapp.render.legend import legend
from gisapp.render.look import Look
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.conftest import Run
from tests.io.projects import agreement

DAY = date(2025, 6, 2)
AT = datetime(2025, 6, 2, 12, tzinfo=UTC)
BOX = shapely.box(-84.5, 39.1, -84.49, 39.11)

#: Who sees what: on screen, and in something that leaves.
SEEN = {
    Visibility.PUBLIC: (set(Audience), set(Audience)),
    Visibility.PARTNERS: (set(Audience) - {Audience.PUBLIC}, set(Audience) - {Audience.PUBLIC}),
    Visibility.POLICE_ONLY: ({Audience.POLICE, Audience.PATROL},) * 2,
    Visibility.NEVER_EXPORT: ({Audience.POLICE}, set()),
}


@pytest.fixture(autouse=True)
def _application(qapp: object) -> Iterator[None]:
    with drawing():
        yield


def project_of(visibility: Visibility, *, of_agreement: bool) -> Project:
    """A hidden zone, or one under a hidden agreement, beside one that all see."""
    own = Visibility.PUBLIC if of_agreement else visibility
    terms = agreement(visibility=visibility if of_agreement else Visibility.PUBLIC)
    hidden = Zone("Hidden place", BOX, agreement_id="quay", id="hidden", visibility=own)
    plain = Zone("Plain", shapely.box(-84.48, 39.1, -84.47, 39.11), id="plain")
    return Project(agreements={"quay": terms}).with_zones((hidden, plain))


@pytest.mark.parametrize("of_agreement", [False, True])
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("visibility", Visibility)
def test_a_map_on_screen_holds_what_its_reader_may_see(
    visibility: Visibility, audience: Audience, of_agreement: bool
) -> None:
    project = project_of(visibility, of_agreement=of_agreement)
    look = Look(DAY, None, audience)
    view = MapView.around(BOX.bounds, 120)
    scene = Scene(project, view, look)
    bare = Scene(project.without_zones(["hidden"]), view, look)
    sees = audience in SEEN[visibility][0]
    assert (render_image(scene) != render_image(bare)) is sees
    hits = [hit.label for hit in identify(scene, view.width / 2, view.height / 2)]
    assert ("Hidden place" in hits) is sees
    [section] = legend(project, look)
    assert section.subtitle == ("2 zones" if sees else "1 zone")


@pytest.mark.parametrize("of_agreement", [False, True])
@pytest.mark.parametrize("name", ["map.html", "map.svg"])
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("visibility", Visibility)
def test_a_file_holds_what_its_reader_may_see(
    tmp_path: Path, visibility: Visibility, audience: Audience, name: str, of_agreement: bool
) -> None:
    project = project_of(visibility, of_agreement=of_agreement)
    view, look = MapView.around(BOX.bounds, 200), Look(DAY, None, audience)
    written = []
    for number, one in enumerate((project, project.without_zones(["hidden"]))):
        path = tmp_path / f"{number}-{name}"
        task = export.export_map_task(one, view, look, path, title="City", generated_at=AT)
        written.append(task.work(Progress()).read_bytes())
    assert (written[0] != written[1]) is (audience in SEEN[visibility][1])


def test_the_same_project_is_seen_as_the_same_again() -> None:
    project = project_of(Visibility.PARTNERS, of_agreement=False)
    public = seen_by(project, Audience.PUBLIC, exported=False)
    assert list(public.zones) == ["plain"]
    assert seen_by(project, Audience.PUBLIC, exported=False) is public
    assert seen_by(project, Audience.POLICE, exported=True) is project
    shown = replace(project, zones={})
    assert seen_by(shown, Audience.PUBLIC, exported=True) is shown


@pytest.mark.parametrize("of_agreement", [False, True])
@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.PATROL])
def test_counts_name_no_zone_that_a_reader_may_not_see(
    tmp_path: Path, run: Run, audience: Audience, of_agreement: bool
) -> None:
    table = pa.table({"name": ["one", "two"]})
    places = Points(np.array([-84.495, -84.475]), np.array([39.105, 39.105]))
    stops = new_layer("Stops", LayerKind.STOPS, table, places)
    project = project_of(Visibility.POLICE_ONLY, of_agreement=of_agreement)
    path = tmp_path / "p.gpkg"
    project_file.save(replace(project, layers=(stops,)), path)
    answer = run("count", path, "Stops", "--audience", audience, "--ignore-dates")
    seen = audience in SEEN[Visibility.POLICE_ONLY][0]
    assert set(answer["by_zone"]) == ({"Hidden place", "Plain"} if seen else {"Plain"})
