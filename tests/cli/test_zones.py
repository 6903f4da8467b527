"""`gisapp zones` for every basis, on a small town of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from gisapp import cli
from gisapp.io.project import project_file
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, Visibility
from tests.analysis.street_layers import at, block
from tests.conftest import Run


def feature(shape: object, **columns: str) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": columns,
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def write(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    return path


@pytest.fixture
def town(tmp_path: Path, run: Run) -> Path:
    project = tmp_path / "town.gpkg"
    line = shapely.LineString
    roads = write(
        tmp_path / "roads.geojson",
        feature(line([at(0, 0), at(5, 0), at(20, 0)]), name="High Street", highway="residential"),
        feature(line([at(5, -3), at(5, 0), at(5, 3)]), name="Mill Lane", highway="residential"),
        feature(line([at(15, -3), at(15, 0)]), name="Dock Road", highway="residential"),
    )
    places = write(
        tmp_path / "sites.geojson",
        feature(shapely.Point(at(5, 0)), name="Clinic"),
        feature(shapely.Point(at(10, 2)), name="Exchange"),
    )
    land = write(
        tmp_path / "land.geojson",
        feature(block(4, -1, 6, 1), name="Yard"),
        feature(block(9, 1, 11, 3), name="Court"),
    )
    run("import", project, "services", places, "--name", "Sites")
    run("import", project, "streets", roads, "--name", "Streets")
    run("import", project, "boundaries", land, "--name", "Parcels")
    return project


def code_of(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def opened(path: Path) -> Project:
    return project_file.load(path)


def test_walks_tell_how_far_the_streets_are(town: Path, run: Run) -> None:
    answer = run(
        "zones",
        town,
        "--around",
        "Sites",
        "--shape",
        "walk",
        "--radius",
        "5min",
        "--basis",
        "agreed",
    )
    assert answer["zones"] == 2 and answer["invalid"] == 0
    assert answer["farthest_from_street_m"] == pytest.approx(200, abs=0.5)
    assert [one["service"] for one in answer["far"]] == ["Exchange"]
    assert answer["left_out"] == []
    zone = next(iter(opened(town).zones.values()))
    assert (zone.basis, zone.walk_minutes, zone.width_m) == (Basis.WALK, 5, 30)
    assert "80 m a minute" in zone.basis_text


def test_a_walk_of_metres_with_a_hull(town: Path, run: Run) -> None:
    answer = run(
        "zones",
        town,
        "--around",
        "Sites",
        "--shape",
        "walk",
        "--radius",
        "100m",
        "--outline",
        "hull",
        "--basis",
        "agreed",
    )
    assert answer["zones"] == 1
    assert answer["left_out"][0]["service"] == "Exchange"


@pytest.mark.parametrize(
    ("more", "zones", "basis"),
    [
        (("--around", "Parcels", "--shape", "parcel"), 2, Basis.PARCEL),
        (("--around", "Parcels", "--shape", "district"), 2, Basis.POLYGON),
        (("--around", "Parcels", "--shape", "jurisdiction"), 1, Basis.JURISDICTION),
        (("--around", "Streets", "--shape", "corridor", "--width", "20m"), 3, Basis.CORRIDOR),
        (("--along", "Streets", "--shape", "streets", "--street", "Mill Lane"), 1, Basis.STREETS),
        (("--shape", "streets", "--street", "Mill Lane"), 1, Basis.STREETS),
        (
            ("--around", "Streets", "--shape", "streets", "--street", "Mill Lane", "--street",
             "High Street from Mill Lane to Dock Road"),
            1,
            Basis.STREETS,
        ),
        (
            ("--around", "Sites", "--radius", "1000ft", "--measured-from", "parcel_edge",
             "--premises", "Parcels"),
            2,
            Basis.CIRCLE,
        ),
        (
            ("--around", "Sites", "--radius", "2 blocks", "--block", "264ft", "--block-basis",
             "measured"),
            2,
            Basis.CIRCLE,
        ),
    ],
)  # fmt: skip
def test_every_basis_is_drawn(
    town: Path, run: Run, more: tuple[str, ...], zones: int, basis: Basis
) -> None:
    answer = run("zones", town, *more, "--basis", "agreed in May")
    assert answer["zones"] == zones and answer["invalid"] == 0
    assert {zone.basis for zone in opened(town).zones.values()} == {basis}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--around", "Sites", "--radius", "2 blocks"), 20),
        (("--around", "Sites", "--radius", "9m", "--measured-from", "parcel_edge"), 23),
        (("--around", "Streets", "--shape", "streets", "--street", "Nowhere"), 20),
        (("--around", "Sites", "--shape", "parcel"), 23),
        (("--around", "Parcels", "--shape", "parcel", "--radius", "9m"), 23),
        (("--around", "Sites", "--shape", "scene", "--radius", "9m", "--lasting", "6h"), 23),
        (("--around", "Sites", "--shape", "walk", "--radius", "5min", "--pace", "fast"), 20),
        (("--around", "Sites", "--shape", "walk"), 23),
        ((), 23),
    ],
)
def test_what_makes_no_sense_changes_nothing(town: Path, more: tuple[str, ...], code: int) -> None:
    assert code_of("zones", town, *more, "--basis", "agreed") == code
    assert not opened(town).zones


def test_zones_are_made_again_on_demand(town: Path, run: Run) -> None:
    run("zones", town, "--around", "Sites", "--radius", "50m", "--basis", "agreed")
    answer = run("zones", town, "--remake")
    assert answer == {"remade": [], "unchanged": 2, "problems": []}
    assert run("zones", town, "--remake", "--zone", "clinic")["unchanged"] == 1
    assert code_of("zones", town, "--remake", "--zone", "Nobody") == 23


def test_a_name_that_no_zone_has_is_told_with_the_one_that_may_be_meant(
    town: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run("zones", town, "--around", "Sites", "--radius", "50m", "--basis", "agreed")
    assert code_of("zones", town, "--remake", "--zone", "Clinic", "--zone", "Klinic") == 23
    said = capsys.readouterr().err
    assert "There is no zone “Klinic” in this project." in said
    assert "Did you mean “Clinic”?" in said


def test_a_scene_is_drawn_for_the_incident_that_is_meant(
    town: Path, tmp_path: Path, run: Run
) -> None:
    lon, lat = at(5, 0)
    rows = tmp_path / "calls.csv"
    rows.write_text(
        f"case,time,lat,lon\n1,2025-06-04 22:15,{lat},{lon}\n2,2025-06-05 10:00,{lat},{lon}\n",
        "utf-8",
    )
    run("import", town, "overdoses", rows, "--name", "Calls", "--timezone", "Europe/Zurich")
    scene = ("zones", town, "--around", "Calls", "--shape", "scene", "--radius", "50m")
    answer = run(*scene, "--lasting", "6h", "--where", "case == 1", "--basis", "the act of 2017")
    assert answer["zones"] == 1
    (zone,) = opened(town).zones.values()
    assert zone.basis is Basis.EVENT_SCENE and zone.visibility is Visibility.POLICE_ONLY
    assert zone.starts_at is not None and zone.ends_at is not None
    assert (zone.ends_at - zone.starts_at).total_seconds() == 6 * 3600
    assert "case" not in zone.name
