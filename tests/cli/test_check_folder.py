"""`gisapp check` of a folder of GeoParquet tells beside each row what it tells of a CSV."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from gisapp import cli
from gisapp.errors import DataError
from gisapp.io import checked_columns
from gisapp.io.folders import geoparquet, out_of_core, out_of_core_check
from gisapp.io.folders.parquet_rows import Reading
from gisapp.io.project import project_file
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.breach import Breach
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar
from gisapp.layers.vocabulary import (
    Activity,
    BreachSource,
    Exemption,
    LayerKind,
    PartyRole,
    Visibility,
)
from gisapp.layers.zone import Zone, circle_zone
from tests.conftest import Run
from tests.io import geoparquet_folders as folders
from tests.io.geoparquet_folders import SIDE, SOUTH, WEST, ZONE

COLUMNS = (
    *("zones", "suspended", "exceptions", "not_settled", "nearest_service", "distance_m"),
    *("service_hours", "referral_contact", "suspended_other", "units_bound", "units_not_bound"),
    "agreement_contact",
)
EVENINGS = (Hours(tuple(range(7)), time(18), time(2)),)
NOON = "2024-05-01T12:00"


def services() -> Any:
    rows = {
        "name": ["Day desk", "Night door", "Refuge", "Clinic"],
        "hours": ["Mo-Fr 09:00-17:00", "Mo-Su 20:00-02:00", "24/7", "ask"],
        "phone": ["=555-0100", "555-0101", "555-0102", "555-0103"],
        "confidential": ["", "", "yes", ""],
    }
    fields = {"name": "name", "opening_hours": "hours", "contact": "phone"}
    fields["confidential"] = "confidential"
    lon = [WEST + 0.02, WEST + 0.05, WEST + 0.07, WEST + 0.09]
    lat = [SOUTH + 0.02, SOUTH + 0.05, SOUTH + 0.03, SOUTH + 0.09]
    points = Points(pa.array(lon).to_numpy().copy(), pa.array(lat).to_numpy().copy())
    return new_layer("Sites", LayerKind.SERVICES, pa.table(rows), points, fields)


def agreement(key: str, **terms: Any) -> Agreement:
    said: dict[str, Any] = {
        "parties": (Party("Police", PartyRole.POLICE, signed_on=date(2023, 12, 1)),),
        "effective": date(2024, 1, 1),
        "timezone": ZONE,
        "suspended": (Activity.DRUG_SEARCH,),
        "id": key,
        **terms,
    }
    return Agreement(key.title(), Status.AGREED, **said)


def town() -> Project:
    """Overlapping zones under two agreements, one at the hours of a service, one near a refuge."""
    own = agreement(
        "own",
        suspended_other="-Waiting outside",
        exceptions=(Exemption.VIOLENCE,),
        units_bound="Patrol",
        units_not_bound="Task force of Refuge",
        referral_contact="Desk 555",
        hours=EVENINGS,
    )
    follows = agreement("follows", calendar=Calendar(service_hours=True))
    middle = shapely.Point(WEST + 0.05, SOUTH + 0.05)
    zones = [
        Zone("=Middle", middle.buffer(0.03, 3), agreement_id="own", id="middle"),
        Zone("North", middle.buffer(0.02, 2), agreement_id="own", id="north"),
        Zone("At the desk", shapely.box(WEST, SOUTH, WEST + 0.04, SOUTH + 0.08), id="desk",
             agreement_id="follows", service="Day desk"),
        circle_zone("Refuge", WEST + 0.07, SOUTH + 0.03, 900.0, "made up", id="refuge",
                    agreement_id="own"),
        Zone("Inner", middle.buffer(0.01, 4), agreement_id="own", id="inner",
             visibility=Visibility.POLICE_ONLY),
    ]  # fmt: skip
    project = Project(timezone=ZONE, layers=(services(),)).with_zones(zones)
    return project.with_agreement(own).with_agreement(follows)


@pytest.fixture(scope="module")
def stops() -> geopandas.GeoDataFrame:
    return folders.frame(900, seed=4)


@pytest.fixture(scope="module")
def folder(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.write(stops, tmp_path_factory.mktemp("stops") / "stops")


@pytest.fixture(scope="module")
def table(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same rows as a CSV; what has no place is not in the answer for it."""
    path = tmp_path_factory.mktemp("table") / "stops.csv"
    frame = stops.drop(columns="geometry").rename(columns={"number": "id"})
    frame["lon"], frame["lat"] = stops.geometry.x, stops.geometry.y
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "p.gpkg"
    project_file.save(town(), path)
    return path


def in_folder(path: Path) -> dict[int, tuple[Any, ...]]:
    """What stands beside each row, by its number."""
    rows: dict[int, tuple[Any, ...]] = {}
    for file in sorted(path.rglob("*.parquet")):
        held = pq.ParquetFile(file).read(["number", *COLUMNS]).to_pylist()
        rows |= {row["number"]: tuple(row[name] for name in COLUMNS) for row in held}
    return rows


def in_csv(path: Path) -> dict[int, tuple[Any, ...]]:
    rows: dict[int, tuple[Any, ...]] = {}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        # A cell that a table would take for a formula is led by an apostrophe in CSV alone.
        cells = [row[name].removeprefix("'") for name in COLUMNS]
        rows[int(row["id"])] = tuple(cells)
    return rows


def as_cells(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in row)


@pytest.mark.parametrize(
    ("audience", "more"),
    [
        ("police", ("--at-column", "date")),
        ("police", ("--at", NOON)),
        ("partners", ("--at-column", "date")),
        ("public", ("--at", "2024-05-01T22:00")),
    ],
)
def test_a_folder_has_the_columns_and_words_of_a_csv(
    audience: str,
    more: tuple[str, ...],
    project: Path,
    folder: Path,
    table: Path,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(out_of_core_check, "_SLICE", 37)
    options = (*more, "--audience", audience)
    one = run("check", project, "--file", table, *options, "--out", tmp_path / "o.csv")
    kind = ("--kind", "other", "--map", "id=number") if audience != "police" else ()
    many = run("check", project, "--file", folder, *options, *kind, "--out", tmp_path / "o")
    told, expected = in_folder(tmp_path / "o"), in_csv(tmp_path / "o.csv")
    assert set(expected) < set(told) and len(told) == 900
    for number, cells in expected.items():
        # Numbers are written in CSV as short as they can be: `12`, not `12.0`.
        row = as_cells(told[number])
        assert [row[n] for n in range(12) if n != 5] == [cells[n] for n in range(12) if n != 5]
        assert (row[5] and float(row[5])) == (cells[5] and float(cells[5]))
    assert all(set(told[number]) == {None} for number in told if number not in expected)
    assert many["in_zone"] == one["in_zone"] > 10
    texts = json.dumps([*told.values()])
    assert ("Inner" in texts) == (audience == "police" and more[1] != NOON)
    assert "Refuge" not in texts
    assert ("At the desk" in texts) == (more[1] in (NOON, "date"))


def test_columns_have_their_types_and_are_empty_where_nothing_holds(
    project: Path, folder: Path, tmp_path: Path, run: Run
) -> None:
    run("check", project, "--file", folder, "--at", NOON, "--out", tmp_path / "o")
    schema = geoparquet.look(tmp_path / "o").schema
    assert schema.names[-12:] == list(COLUMNS) == list(checked_columns.COLUMNS)
    kinds = {name: schema.field(name).type for name in COLUMNS}
    assert kinds.pop("distance_m") == pa.float64()
    assert set(kinds.values()) == {pa.string()}
    far = next(row for row in in_folder(tmp_path / "o").values() if row[0] == "")
    assert far[1:4] == ("", "", "") and far[8:] == ("",) * 4
    assert far[4] == "Day desk" and far[6:8] == ("open", "=555-0100")


def test_a_folder_says_how_times_were_read_and_names_crossing_outlines(
    folder: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    west, south = WEST, SOUTH
    corners = [(west, south), (west + SIDE, south + SIDE), (west + SIDE, south),
               (west, south + SIDE)]  # fmt: skip
    bow = Zone("Bow", shapely.Polygon(corners), agreement_id="own", id="bow")
    path = tmp_path / "p.gpkg"
    project_file.save(town().with_zones([bow]), path)
    skipped = ("check", path, "--file", folder, "--at", "2024-03-31T01:30", "--out")
    answer = run(*skipped, tmp_path / "o")
    assert answer["audience"] == "police"
    assert "There is no 01:30 on 2024-03-31" in answer["notes"][0]
    assert not [note for note in answer["notes"] if "Bow" in note], "its hours are others"
    late = ("check", path, "--file", folder, "--at", "2024-03-31T22:00", "--out")
    said = "“Bow”: the outline crosses itself, and must be mended before it goes to patrol systems."
    assert run(*late, tmp_path / "p")["notes"] == [said]
    capsys.readouterr()
    cli.main([str(part) for part in (*late, tmp_path / "q")])
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("audience", ["patrol", "partners", "public"])
def test_rows_of_events_are_written_for_police_analysts_alone(
    audience: str,
    project: Path,
    folder: Path,
    tmp_path: Path,
    run: Run,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "o"
    check = ["check", project, "--file", folder, "--at", NOON, "--audience", audience]
    for kind in ("stops", "overdoses", "referrals"):
        more = ["--out", out, "--kind", kind]
        assert cli.main([str(part) for part in (*check, *more)]) == DataError.exit_code
        said = capsys.readouterr().err
        assert (
            f"{kind.capitalize()} are for police analysts only" in said and "gisapp count" in said
        )
    assert not out.exists()
    (note,) = run(*check, "--out", out, "--kind", "other")["notes"]
    assert note.startswith("It holds rows one by one, with what")
    written = json.loads(geoparquet.look(out).schema.metadata[b"gisapp"])
    assert (written["sensitivity"], written["note"]) == ("restricted", note)


def test_no_more_of_a_project_goes_to_other_machines_than_rows_are_judged_by() -> None:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    breach = Breach("middle", at, BreachSource.CLIENT, Activity.DRUG_SEARCH)
    stops = folders.frame(50)
    full = replace(town().with_layer(folders.layer(stops)), breaches=(breach,))
    reading = Reading(LayerKind.STOPS, "geometry", "WKB", "EPSG:4326", ZONE)
    for sent in (
        out_of_core_check.checking(full, reading, at).project,
        out_of_core.job(full, reading).project,
    ):
        assert [layer.kind for layer in sent.layers] == [LayerKind.SERVICES]
        assert sent.breaches == () and sent.id == full.id


def test_zones_at_the_hours_of_a_service_are_counted_in_a_folder_as_in_a_layer(
    stops: geopandas.GeoDataFrame, folder: Path, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "p.gpkg"
    project_file.save(town().with_layer(folders.layer(stops)), path)
    layer, many = run("count", path, "Stops"), run("count", path, folder)
    assert many["by_zone"] == layer["by_zone"]
    assert many["by_zone"]["At the desk"] > 10


@pytest.mark.parametrize("audience", ["patrol", "partners", "public"])
def test_others_get_of_each_row_its_place_and_id_alone(
    audience: str, project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of a CSV. Not even the names of folders and files, or notes in them, go out."""
    frame = folders.frame(60)
    frame["suspect_name"], frame["dob"] = "Ida Secretperson", "1990-01-01"
    root = folders.write(frame, tmp_path / "calls")
    (root / "month=2024-01").rename(root / "month=Secretperson")
    check = ["check", project, "--file", root, "--kind", "other", "--audience", audience]
    run(*check, "--at-column", "date", "--map", "id=number", "--out", tmp_path / "o")
    held = geoparquet.look(tmp_path / "o")
    assert held.schema.names == ["number", "geometry", "bbox", "at", *COLUMNS]
    assert {len(file.path.relative_to(held.root).parts) for file in held.files} == {1}
    written = [row for one in held.files for row in pq.ParquetFile(one.path).read().to_pylist()]
    assert sorted(row["number"] for row in written) == list(range(60))
    told = {row["number"]: row["at"] for row in written}
    assert told[1] == frame["date"][1].to_pydatetime() and told[41] is None
    for file in held.files:
        assert b"Secretperson" not in file.path.read_bytes()
        assert "Secretperson" not in file.path.name
    run(*check, "--at", NOON, "--out", tmp_path / "p")
    assert geoparquet.look(tmp_path / "p").schema.names == ["geometry", "bbox", "at", *COLUMNS]
    gone = [*check, "--at", NOON, "--map", "id=gone", "--out", tmp_path / "q"]
    assert cli.main([str(part) for part in gone]) == DataError.exit_code
    assert "no column “gone”" in capsys.readouterr().err
    assert not (tmp_path / "q").exists()


def test_a_file_without_the_column_of_times_is_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "stops"
    root.mkdir()
    frame = folders.frame(20)
    frame.to_parquet(root / "a.parquet")
    frame.rename(columns={"date": "when"}).to_parquet(root / "b.parquet")
    told = ["check", project, "--file", root, "--at-column", "date", "--out", tmp_path / "o"]
    assert cli.main([str(part) for part in told]) == DataError.exit_code
    assert "b.parquet has no column “date”" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
    told = ["check", project, "--file", root, "--at", NOON, "--out", tmp_path / "o"]
    assert cli.main([str(part) for part in told]) == 0
