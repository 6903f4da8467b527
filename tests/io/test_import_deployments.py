"""Plans of patrols from spreadsheets: streets by name, points with a radius, hours by night."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp import journeys
from gisapp.errors import DataError
from gisapp.io.deployments.hours import clock, span
from gisapp.io.reading.importing import ImportResult
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

PLANE = geodesy.Plane(-84.52, 39.11)


def streets() -> Layer:
    """Race St to the north, and E and W 12th St, which it meets at 200 m; Main St far off."""
    courses = {
        "Race St": [(0, 0), (0, 200), (0, 600)],
        "W 12th St": [(-300, 200), (0, 200)],
        "E 12th St": [(0, 200), (300, 200)],
        "Liberty St": [(-300, 600), (0, 600)],
        "Main St": [(900, 0), (900, 500)],
    }
    lines = np.array(
        [PLANE.shape_to_degrees(shapely.LineString(course)) for course in courses.values()],
        dtype=object,
    )
    table = pa.table({"FULLNAME": list(courses)})
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), {"name": "FULLNAME"})


def read(path: Path, text: str, **more: object) -> ImportResult:
    path.write_text(text, encoding="utf-8")
    options: dict[str, object] = {"streets": (streets(),), "timezone": "America/New_York"}
    return journeys.import_task([path], LayerKind.DEPLOYMENTS, **(options | more)).work(Progress())


def test_a_purpose_that_few_rows_have_comes_in(tmp_path: Path) -> None:
    rows = [f"Box {number},39.1,-84.5,500," for number in range(9)]
    text = "\n".join(("Patrol,Lat,Lon,Radius_ft,Purpose", *rows, "Last,39.1,-84.5,500,Crowds"))
    result = read(tmp_path / "week.csv", text)
    assert result.layer.texts("purpose") == [*[""] * 9, "Crowds"]


def test_several_reasons_read_as_one_list(tmp_path: Path) -> None:
    text = "Patrol,Streets,Lat,Lon\nA,Main St,,\nB,Nowhere Pike,,\nC,,,\n"
    report = read(tmp_path / "week.csv", text).report
    assert report.why_rejected == (
        "1 with no street “Nowhere Pike” in “Streets” (check how the layer spells it); "
        "1 with no streets, coordinates or outline"
    )


def test_streets_points_and_hours_of_a_real_kind_of_plan(tmp_path: Path) -> None:
    result = read(
        tmp_path / "week.csv",
        "Patrol,Unit,Date,Start,End,Streets,Lat,Lon,Radius_ft,Purpose\n"
        "Foot beat,Bikes,3/23/2026,18:00,02:00,race street; Main Street,,,,Visible\n"
        "Part,Bikes,3/24/2026,10pm,4 am,Race St from 12th St to Liberty St,,,,\n"
        "Market,D1,3/25/2026,0900,17:00,,39.1155,-84.5185,500,Crowds\n"
        "Typo,D1,3/25/2026,09:00,17:00,Rhace Street,,,,\n"
        "Half,D1,3/25/2026,09:00,17:00,Main St; Nowhere Pike,,,,\n"
        "Nothing,D1,3/25/2026,09:00,17:00,,,,,\n",
    )
    layer, report = result.layer, result.report
    assert layer.texts("name") == ["Foot beat", "Part", "Market", "Half"]
    assert isinstance(layer.geometry, Shapes)
    areas = [geodesy.area_m2(shape) for shape in layer.geometry.geoms]
    assert areas[1] == pytest.approx(400 * 20, rel=0.06)
    assert areas[2] == pytest.approx(np.pi * (500 * 0.3048) ** 2, rel=0.01)
    assert [(row.line, row.reason) for row in report.rejected_rows] == [
        (5, "no street “Rhace Street” in “Streets” (did you mean “Race St”?)"),
        (7, "no streets, coordinates or outline"),
    ]
    starts, ends = (layer.column(name) for name in ("start", "end"))
    assert starts is not None and ends is not None
    assert starts.type.tz == "America/New_York"
    local = [f"{at:%Y-%m-%d %H:%M}" for at in (starts[0].as_py(), ends[0].as_py())]
    assert local == ["2026-03-23 18:00", "2026-03-24 02:00"]
    assert ends[1].as_py().hour == 4
    notes = " ".join(report.notes)
    assert "Line 6: There is no street “Nowhere Pike”" in notes
    assert "20 m wide" in notes
    assert "2 deployments end on the day after their start" in notes
    assert "read as America/New_York" in notes


def test_hours_in_one_column_and_dates_beside_times(tmp_path: Path) -> None:
    one = read(
        tmp_path / "a.csv",
        "name,date,hours,streets\n"
        "A,2026-03-23,22:00-02:00,Race St\nB,2026-03-24,9am to 5pm,Race St\n",
    ).layer
    two = read(
        tmp_path / "b.csv",
        "Name,Start Date,Start Time,End Date,End Time,Street\n"
        "A,2026-03-23,22:00,2026-03-24,02:00,Race St\n",
    ).layer
    for layer in (one, two):
        start, end = layer.column("start"), layer.column("end")
        assert start is not None and end is not None
        assert start[0].as_py().isoformat() == "2026-03-23T22:00:00-04:00"
        assert end[0].as_py().isoformat() == "2026-03-24T02:00:00-04:00"


def test_the_hour_that_is_missing_when_clocks_go_forward(tmp_path: Path) -> None:
    layer = read(
        tmp_path / "a.csv", "name,date,start,end,streets\nA,2026-03-07,22:00,04:00,Race St\n"
    ).layer
    start, end = layer.column("start"), layer.column("end")
    assert start is not None and end is not None
    passed = end[0].as_py().astimezone(UTC) - start[0].as_py().astimezone(UTC)
    assert passed.total_seconds() == 5 * 3600


def test_points_without_a_radius_stay_points_and_a_bare_number_is_no_length(
    tmp_path: Path,
) -> None:
    head = "name,lat,lon,radius,start,end\n"
    when = "2026-03-23 10:00,2026-03-23 12:00"
    plain = read(tmp_path / "a.csv", f"{head}A,39.11,-84.52,,{when}\nB,39.12,-84.52,,{when}\n")
    assert isinstance(plain.layer.geometry, Points)
    bare = read(
        tmp_path / "b.csv", f"{head}A,39.11,-84.52,150,{when}\nB,39.12,-84.52,150 m,{when}\n"
    )
    assert bare.layer.texts("name") == ["B"]
    assert bare.report.rejected_rows[0].reason == "a radius without a unit, or that is no length"


def test_streets_without_a_layer_of_streets_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no layer of streets.*Import the streets"):
        read(tmp_path / "a.csv", "name,streets\nA,Race St\n", streets=())


def county() -> Layer:
    """The streets, and 30 km to the east another Main St, with the only Elm St beside it."""
    near = streets()
    assert isinstance(near.geometry, Shapes)
    far = [shapely.LineString([(30_000, north), (30_500, north)]) for north in (0, 300)]
    geoms = np.array(
        [*near.geometry.geoms, *(PLANE.shape_to_degrees(line) for line in far)], dtype=object
    )
    table = pa.table({"FULLNAME": [*near.texts("name"), "Main St", "Elm St"]})
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(geoms), {"name": "FULLNAME"})


def test_a_name_of_several_streets_is_told_and_narrowed_by_what_stands_beside_it(
    tmp_path: Path,
) -> None:
    lon, lat = (float(one[0]) for one in PLANE.to_degrees(np.array([700.0]), np.array([0.0])))
    result = read(
        tmp_path / "week.csv",
        "Patrol,Streets,Lat,Lon\n"
        f"All,Main St,,\nAgain,main street,,\nPoint,Main St,{lat},{lon}\nElm,Main St; Elm St,,\n",
        streets=(county(),),
    )
    assert isinstance(result.layer.geometry, Shapes)
    lengths = [geodesy.area_m2(shape) / 20 for shape in result.layer.geometry.geoms]
    assert lengths == pytest.approx([1_000, 1_000, 500, 1_000], rel=0.1)
    west, _, east, _ = shapely.bounds(result.layer.geometry.geoms).T
    assert (east - west > 0.3).tolist() == [True, True, False, False]
    notes = "\n".join(result.report.notes)
    head = "“Main St” is the name of 2 streets up to 29 km apart"
    assert f"Line 2: {head}, and all are taken. Give a point or an area beside it" in notes
    assert f"Line 4: {head}; the one nearest to the row’s own place is taken." in notes
    assert f"Line 5: {head}; the one near “Elm St” is taken." in notes


def test_a_mixed_plan_without_a_layer_of_streets_says_which_rows_wait_for_it(
    tmp_path: Path,
) -> None:
    text = "Patrol,Streets,Lat,Lon\nA,Race St,,\nB,,39.11,-84.52\nC,Race St,39.12,-84.52\n"
    report = read(tmp_path / "mixed.csv", f"{text}D,,,\n", streets=()).report
    assert report.added == 2
    assert report.why_rejected == (
        "1 with streets, and the project holds no layer of streets; "
        "1 with no streets, coordinates or outline"
    )
    notes = " ".join(report.notes)
    assert "Lines 2 and 4 name streets" in notes
    assert "Import the streets of the city first, then this plan." in notes


def test_a_plan_whose_every_row_waits_for_streets_says_what_to_do(tmp_path: Path) -> None:
    text = "Patrol,Streets,Lat,Lon\nA,Race St,,\nB,Main St,,\n"
    with pytest.raises(DataError, match=r"no layer of streets.*Import the streets of the city"):
        read(tmp_path / "mixed.csv", text, streets=(), columns={"lon": "Lon", "lat": "Lat"})


def test_a_name_without_a_direction_is_that_of_streets_with_one_too(tmp_path: Path) -> None:
    near = streets()
    assert isinstance(near.geometry, Shapes)
    lone = PLANE.shape_to_degrees(shapely.LineString([(30_000, 0), (30_100, 0)]))
    table = pa.table({"FULLNAME": [*near.texts("name"), "12th St"]})
    geoms = Shapes(np.array([*near.geometry.geoms, lone], dtype=object))
    layer = new_layer("Streets", LayerKind.STREETS, table, geoms, {"name": "FULLNAME"})
    result = read(
        tmp_path / "week.csv",
        "Patrol,Streets\nAlone,12th St\nWith,12th St; Race St\n",
        streets=(layer,),
    )
    assert isinstance(result.layer.geometry, Shapes)
    lengths = [geodesy.area_m2(shape) / 20 for shape in result.layer.geometry.geoms]
    assert lengths == pytest.approx([700, 1_200], rel=0.1)
    assert "“12th St” is the name of 2 streets up to 30 km apart" in " ".join(result.report.notes)


def test_a_workbook_with_real_cells_of_dates_and_times(tmp_path: Path) -> None:
    import geopandas  # noqa: F401  (the writer of workbooks is GDAL)
    import pandas
    import pyogrio

    frame = pandas.DataFrame(
        {
            "Patrol": ["A", "B"],
            "Unit": ["Bikes", "D1"],
            "Date": pandas.to_datetime(["2026-03-23", "2026-03-24"]),
            "Start": ["18:00", "08:00"],
            "End": ["02:00", "16:00"],
            "Streets": ["Race St", "Main St; Race St"],
        }
    )
    path = tmp_path / "plan.xlsx"
    pyogrio.write_dataframe(frame, path, driver="XLSX")
    task = journeys.import_task(
        [path], LayerKind.DEPLOYMENTS, streets=(streets(),), timezone="America/New_York"
    )
    layer = task.work(Progress()).layer
    end = layer.column("end")
    assert end is not None
    assert [at.isoformat() for at in end.to_pylist()] == [
        "2026-03-24T02:00:00-04:00",
        "2026-03-24T16:00:00-04:00",
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("22:00", 1320), ("2200", 1320), ("10 pm", 1320), ("10:30 p.m.", 1350), ("12am", 0),
     ("24:00", 1440), ("noon", 720), ("7", None), ("25:00", None), ("13pm", None), ("", None),
     ("22:00:00", 1320), ("Friday", None)],
)  # fmt: skip
def test_times_of_day_as_people_write_them(text: str, minutes: int | None) -> None:
    assert clock(text) == minutes


def test_spans_of_hours_as_people_write_them() -> None:
    assert span("22:00-02:00") == ("22:00", "02:00")
    assert span("6-10pm") == ("6pm", "10pm")
    assert span("9am to 5pm") == ("9am", "5pm")
    assert span("late") is None


def test_cincinnati_streets_by_the_names_that_officers_use(
    shared_data: Path, tmp_path: Path
) -> None:
    roads = shared_data / "cincinnati" / "roads_tiger2014" / "tl_2014_39061_roads.shp"
    layer = journeys.import_task([roads], LayerKind.STREETS).work(Progress()).layer
    result = read(
        tmp_path / "week.csv",
        "name,unit,date,start,end,streets\n"
        "A,D1,2026-03-23,18:00,02:00,Race Street; Vine St\n"
        "B,D1,2026-03-23,18:00,02:00,Elm Street from Liberty St to 12th St\n"
        "C,D1,2026-03-23,18:00,02:00,Nosuch Blvd\n",
        streets=(layer,),
    )
    assert result.layer.texts("name") == ["A", "B"]
    assert isinstance(result.layer.geometry, Shapes)
    length = geodesy.area_m2(result.layer.geometry.geoms[1]) / 20
    assert 500 < length < 1_200
