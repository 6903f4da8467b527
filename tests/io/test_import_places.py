"""Where rows land: reference systems, swapped axes, shapes, and files that hold no place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gisapp.errors import CrsError, DataError
from gisapp.io.reading.importing import (
    ImportResult,
    crs_candidates,
    preview,
    probe,
    problem,
    propose,
    read_layer,
)
from gisapp.layers.layer import Points, Shapes
from gisapp.layers.vocabulary import LayerKind


def layer_of(path: Path, kind: LayerKind = LayerKind.OTHER, **changes: Any) -> ImportResult:
    source = probe([path])
    return read_layer(source, replace(propose(source, kind), **changes))


def sites(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def geojson(path: Path, *geometries: object, **members: object) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": f"f{number}"}, "geometry": geometry}
        for number, geometry in enumerate(geometries)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def test_x_and_y_are_never_taken_for_degrees(tmp_path: Path) -> None:
    path = sites(tmp_path / "a.csv", "name,x,y", "a,-84.5,39.1", "b,-84.4,39.2")
    source = probe([path])
    plan = propose(source, LayerKind.OTHER)
    assert plan.crs is None
    assert isinstance(problem(source, plan), CrsError)
    assert [c.code for c in crs_candidates(source, plan)] == ["EPSG:4326"]
    assert layer_of(path, crs="EPSG:4326").report.added == 2


@pytest.mark.parametrize(
    "rows",
    [
        ("a,-93.26,44.97", "b,-93.27,44.98"),  # latitudes beyond 90
        ("a,-84.51,39.10", "b,-84.52,39.11"),  # in Antarctica
        ("a,-0.11,51.51", "b,-0.12,51.50"),  # in the Indian Ocean
    ],
)
def test_swapped_columns_are_refused_with_the_way_out(
    tmp_path: Path, rows: tuple[str, str]
) -> None:
    source = probe([sites(tmp_path / "a.csv", "name,lat,lon", *rows)])
    plan = propose(source, LayerKind.OTHER)
    with pytest.raises(DataError, match="look swapped") as caught:
        read_layer(source, plan)
    assert "--map lon=lat --map lat=lon" in caught.value.hint
    turned = read_layer(source, replace(plan, x_column="lat", y_column="lon"))
    assert turned.report.added == 2
    assert (
        turned.layer.geometry.bounds
        == read_layer(source, replace(plan, swap=True)).layer.geometry.bounds
    )
    assert turned.layer.bounds is not None and turned.layer.bounds[1] > 39


def test_columns_turned_round_by_mistake_are_noticed_whatever_their_names(tmp_path: Path) -> None:
    source = probe([sites(tmp_path / "a.csv", "name,lat,lon", "a,39.10,-84.51", "b,39.11,-84.52")])
    plan = replace(propose(source, LayerKind.OTHER), x_column="lat", y_column="lon")
    with pytest.raises(DataError, match="look swapped"):
        read_layer(source, plan)


def test_one_column_is_not_both_coordinates(tmp_path: Path) -> None:
    source = probe([sites(tmp_path / "a.csv", "name,lat,lon", "a,39.10,-84.51", "b,39.11,-84.52")])
    plan = replace(propose(source, LayerKind.OTHER), x_column="lat", y_column="lat")
    with pytest.raises(DataError, match="same column"):
        read_layer(source, plan)


def test_areas_and_lines_are_previewed_as_they_are(shared_data: Path) -> None:
    source = probe([shared_data / "cincinnati" / "city_boundary.geojson"])
    shown = preview(source, propose(source, LayerKind.BOUNDARIES))
    (city,) = shown.shapes
    assert city.bounds[0] == pytest.approx(-84.71, abs=0.02)
    assert len(shown.lon) == 1


_STOPS = "City stop and search"


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (("2018-04-city-stop-and-search.csv", "2018-05-city-stop-and-search.csv"), _STOPS),
        (("calls_2017.csv", "calls_2018.csv"), "Calls"),
        (("north.csv", "south.csv"), "North"),
    ],
)
def test_several_files_are_called_what_their_names_share(
    tmp_path: Path, names: tuple[str, str], called: str
) -> None:
    paths = [sites(tmp_path / name, "name,lat,lon", "a,39.10,-84.51") for name in names]
    assert propose(probe(paths), LayerKind.OTHER).name == called


def test_a_place_in_the_sea_can_be_meant(tmp_path: Path) -> None:
    path = sites(tmp_path / "a.csv", "name,lat,lon", "a,-0.11,51.51", "b,-0.12,51.50")
    assert layer_of(path, check_swapped=False).report.added == 2


def test_nothing_but_zeros_is_refused(tmp_path: Path) -> None:
    path = sites(tmp_path / "a.csv", "name,lat,lon", "a,0,0", "b,0.0,0.0")
    with pytest.raises(DataError, match="2 with coordinates 0, 0"):
        layer_of(path)


@pytest.mark.parametrize("crs", ["EPSG:999999", "nonsense", "EPSG:5703"])
def test_unknown_reference_systems(tmp_path: Path, crs: str) -> None:
    path = sites(tmp_path / "a.csv", "name,x,y", "a,1396250,433722")
    with pytest.raises(CrsError):
        layer_of(path, crs=crs)


def test_degrees_said_of_metres_are_contradicted(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", {"type": "Point", "coordinates": [531159, 181301]})
    with pytest.raises(CrsError, match="not degrees") as caught:
        layer_of(path)
    assert "EPSG:27700" in caught.value.hint
    told = layer_of(path, crs="EPSG:27700")
    assert told.report.added == 1
    assert any("as told" in note for note in told.report.notes)


def test_points_far_away_are_kept_and_said(tmp_path: Path) -> None:
    rows = [f"s{i},{39.1 + i / 1000},-84.5" for i in range(60)]
    path = sites(tmp_path / "a.csv", "name,lat,lon", *rows, "far,48.85,2.35")
    report = layer_of(path).report
    assert report.added == 61
    (note,) = (note for note in report.notes if note.startswith("1 point lies"))
    assert note.count(" km ") == 1 and note.endswith("from the middle of the rest; kept as given.")
    two = sites(tmp_path / "b.csv", "name,lat,lon", *rows * 2, "far,48.85,2.35", "so,-12,-77")
    (note,) = (note for note in layer_of(two).report.notes if note.startswith("2 points lie"))
    assert " km or more from the middle of the rest (the farthest " in note


def test_shapes_of_every_kind(tmp_path: Path) -> None:
    bow_tie = [[[0, 1], [2, 3], [2, 1], [0, 3], [0, 1]]]
    path = geojson(
        tmp_path / "a.geojson",
        {"type": "Polygon", "coordinates": bow_tie},
        {"type": "LineString", "coordinates": [[0, 1, 9], [1, 1, 9]]},
        None,
        {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Point", "coordinates": [5, 5]},
                {"type": "LineString", "coordinates": [[5, 5], [6, 6]]},
            ],
        },
    )
    result = layer_of(path)
    assert result.report.reasons == {"no coordinates": 1}
    geometry = result.layer.geometry
    assert isinstance(geometry, Shapes)
    assert shapely.is_valid(geometry.geoms).all()
    assert not shapely.has_z(geometry.geoms).any()
    assert [shape.geom_type for shape in geometry.geoms] == [
        "MultiPolygon",
        "LineString",
        "LineString",
    ]
    assert "1 area crossed itself and was repaired: f0." in result.report.notes
    assert result.report.rejected_rows[0].line == 3


def test_points_of_a_map_are_points(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "a.geojson",
        {"type": "Point", "coordinates": [-84.5, 39.1, 200]},
        {"type": "Point", "coordinates": [-84.4, 39.2]},
    )
    geometry = layer_of(path).layer.geometry
    assert isinstance(geometry, Points)
    np.testing.assert_array_equal(geometry.lon, [-84.5, -84.4])


def test_outlines_in_a_column(tmp_path: Path) -> None:
    path = sites(
        tmp_path / "zones.csv",
        "name,srid,wkt",
        'a,4326,"POLYGON ((-84.5 39.1, -84.4 39.1, -84.4 39.2, -84.5 39.1))"',
        'b,4326,"POLYGON ((-84.5 39.1, broken"',
    )
    result = layer_of(path, LayerKind.BOUNDARIES)
    assert isinstance(result.layer.geometry, Shapes)
    assert (result.report.added, result.report.crs) == (1, "EPSG:4326")
    assert "wkt" not in result.layer.table.column_names


def test_preview_shows_problems_row_by_row(tmp_path: Path) -> None:
    path = sites(tmp_path / "a.csv", "name,lat,lon", "a,39.1,-84.5", "b,,", "c,39.3,-84.4")
    source = probe([path])
    shown = preview(source, propose(source, LayerKind.OTHER))
    assert shown.problems == ("", "no coordinates", "")
    assert shown.cells[1] == ("b", "", "")
    np.testing.assert_array_equal(np.isnan(shown.lon), [False, True, False])


def test_preview_of_an_unfinished_plan_says_what_is_missing(tmp_path: Path) -> None:
    source = probe([sites(tmp_path / "a.csv", "name,x,y", "a,1396250,433722")])
    shown = preview(source, propose(source, LayerKind.OTHER))
    assert "measured in" in shown.problems[0]


def test_a_zone_is_proposed_from_the_place_or_told(tmp_path: Path) -> None:
    path = sites(
        tmp_path / "a.csv",
        "when,lat,lon",
        "2018-08-03 14:53,39.1,-84.5",
        "2018-08-04 10:00,39.1,-84.5",
        "soon,39.2,-84.5",
    )
    source = probe([path])
    plan = propose(source, LayerKind.STOPS)
    assert (plan.timezone, plan.fields["time"]) == ("America/New_York", "when")
    report = read_layer(source, plan).report
    assert report.added == 3
    assert "1 time in when could not be read; the rows stay, without a time." in report.notes
    told = read_layer(source, propose(source, LayerKind.STOPS, timezone="UTC"))
    assert told.layer.timezone == "UTC"
    with pytest.raises(DataError, match="not a time zone"):
        propose(source, LayerKind.STOPS, timezone="Mars")
