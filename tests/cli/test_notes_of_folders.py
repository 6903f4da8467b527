"""A folder of GeoParquet says of its times what a CSV of the same rows says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

from gisapp import cli
from gisapp.io.project import project_file
from tests.conftest import Run
from tests.io import geoparquet_folders as folders
from tests.io.geoparquet_folders import SOUTH, WEST, ZONE

SKIPPED = "17 times lie in an hour that the clocks skipped; read as the moment they went forward."
TWICE = "23 times lie in an hour that the clocks gave twice; read as the first of the two."
NO_ZONE = f"Times carry no zone: read as {ZONE}"
#: So many of each; one in a skipped hour has no place, and nobody is told of it.
TIMES = {"2024-03-31 01:30": 18, "2024-10-27 01:10": 23, "2024-06-01 12:00": 60}


def rows(times: dict[str, int], zone: str | None = None) -> geopandas.GeoDataFrame:
    moments = pd.to_datetime([one for one, count in times.items() for _ in range(count)])
    places = shapely.points([WEST] * len(moments), [SOUTH] * len(moments))
    frame = geopandas.GeoDataFrame({"date": moments.tz_localize(zone)}, geometry=places, crs=4326)
    frame.loc[0, "geometry"] = None
    return frame


def written(frame: geopandas.GeoDataFrame, root: Path) -> Path:
    """A file for every few rows, so that notes come of many pieces."""
    root.mkdir()
    for start in range(0, len(frame), 30):
        frame.iloc[start : start + 30].to_parquet(root / f"{start}.parquet", row_group_size=7)
    return root


def as_table(frame: geopandas.GeoDataFrame, path: Path) -> Path:
    table = frame.drop(columns="geometry")
    table["lon"], table["lat"] = frame.geometry.x, frame.geometry.y
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "p.gpkg"
    project_file.save(folders.project(), path)
    return path


def notes_of(answer: dict[str, Any]) -> list[str]:
    """What is said of times, but for where their zone comes from."""
    told = [
        note.removesuffix(".").removesuffix(", where the points lie") for note in answer["notes"]
    ]
    return [f"{note}." for note in told if "ime" in note]


@pytest.mark.parametrize("texts", [False, True])
def test_times_that_clocks_skipped_or_gave_twice_are_counted(
    texts: bool,
    project: Path,
    tmp_path: Path,
    run: Run,
    capsys: pytest.CaptureFixture[str],
) -> None:
    frame = rows(TIMES)
    table = as_table(frame, tmp_path / "t.csv")
    if texts:
        frame["date"] = frame["date"].dt.strftime("%Y-%m-%d %H:%M:%S")
    folder = written(frame, tmp_path / "f")
    check = ("check", project, "--at-column", "date", "--file")
    of_table = run(*check, table, "--out", tmp_path / "o.csv")
    of_folder = run(*check, folder, "--out", tmp_path / "o")
    assert of_folder["notes"] == [SKIPPED, TWICE, f"{NO_ZONE}."]
    assert notes_of(of_table) == of_folder["notes"]
    counted = run("count", project, folder)
    assert counted["notes"][:3] == of_folder["notes"]
    capsys.readouterr()
    cli.main([str(part) for part in (*check, folder, "--out", tmp_path / "p")])
    said = capsys.readouterr().out
    assert all(note in said for note in of_folder["notes"])


def test_nothing_is_said_of_times_that_nobody_asked_for(
    project: Path, tmp_path: Path, run: Run
) -> None:
    folder = written(rows(TIMES), tmp_path / "f")
    noon = ("--at", "2024-06-01T12:00")
    assert run("check", project, "--file", folder, *noon, "--out", tmp_path / "o")["notes"] == []


def test_times_with_their_offset_and_days_are_told_as_such(
    project: Path, tmp_path: Path, run: Run
) -> None:
    zoned = written(rows({"2024-06-01 12:00": 20}, "UTC"), tmp_path / "zoned")
    days = written(rows({"2024-06-01": 20}), tmp_path / "days")
    mixed = rows({"2024-06-01 12:00": 20})
    mixed["date"] = ["2024-06-01T12:00Z"] * 5 + ["2024-06-01T12:00"] * 15
    written(mixed, tmp_path / "mixed")
    check = ("check", project, "--at-column", "date", "--file")
    offset = f"Times carry their offset from UTC: shown as {ZONE}."
    assert run(*check, zoned, "--out", tmp_path / "o1")["notes"] == [offset]
    only = "Times give only the day: midnight stands for it."
    assert run(*check, days, "--out", tmp_path / "o2")["notes"] == [only, f"{NO_ZONE}."]
    some = f"4 of 19 times carry their offset from UTC; the others are read as {ZONE}."
    assert run(*check, tmp_path / "mixed", "--out", tmp_path / "o3")["notes"] == [some]


def test_others_are_told_no_small_number_of_times(project: Path, tmp_path: Path, run: Run) -> None:
    frame = rows({"2024-03-31 01:30": 5, "2024-10-27 01:10": 23, "2024-06-01 12:00": 20})
    folder = written(frame, tmp_path / "f")
    said = run("count", project, folder, "--audience", "partners")["notes"]
    assert TWICE in said and "skipped" not in json.dumps(said)
    frame["date"] = frame["date"].dt.strftime("%Y-%m-%dT%H:%M")
    frame.loc[:3, "date"] += "Z"
    said = run("count", project, written(frame, tmp_path / "g"), "--audience", "partners")["notes"]
    assert f"Some times carry their offset from UTC; the others are read as {ZONE}." in said
