"""What of a folder of GeoParquet is the time of rows, and what of it was not read at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest

from gisapp import cli
from gisapp.errors import DataError
from gisapp.io.project import project_file
from tests.conftest import Run
from tests.io import geoparquet_folders as folders


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "p.gpkg"
    project_file.save(folders.project(), path)
    return path


def stops(time: str | None) -> geopandas.GeoDataFrame:
    """Stops whose column of times has this name, or that have none."""
    frame = folders.frame(600)
    return frame.drop(columns="date") if time is None else frame.rename(columns={"date": time})


def parted(root: Path, time: str | None, by: str = "month", how: str = "%Y-%m") -> Path:
    """A file for each day or month in folders named by it."""
    texts = folders.frame(600)["date"].dt.strftime(how).fillna("unknown")
    for text, part in stops(time).groupby(texts):
        (root / f"{by}={text}").mkdir(parents=True)
        part.to_parquet(root / f"{by}={text}" / "0.parquet", index=False)
    return root


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert cli.main([str(one) for one in arguments]) == DataError.exit_code
    return capsys.readouterr().err


# Times


@pytest.mark.parametrize("time", ["stopped_at", "time", "occurred_at", "Date", "StoppedAt"])
@pytest.mark.parametrize(("by", "how"), [("month", "%Y-%m"), ("date", "%Y-%m-%d"), ("year", "%Y")])
def test_timestamps_are_the_time_and_never_the_names_of_folders(
    project: Path, tmp_path: Path, run: Run, time: str, by: str, how: str
) -> None:
    root = parted(tmp_path / "parts", time, by, how)
    counted = run("count", project, root)
    assert counted["columns"]["time"] == time
    assert not any("midnight" in note for note in counted["notes"])
    checked = run("check", project, "--file", root, "--out", tmp_path / "o")
    assert checked["columns"]["time"] == time
    stops(time).to_parquet(tmp_path / "all.parquet")
    whole = run("count", project, tmp_path / "all.parquet")
    for key in ("inside", "by_zone", "time_range"):
        assert counted[key] == whole[key]


def test_a_column_goes_before_the_folder_of_the_same_name(
    project: Path, tmp_path: Path, run: Run
) -> None:
    root = parted(tmp_path / "parts", "date", "date", "%Y-%m-%d")
    counted = run("count", project, root)
    assert not any("midnight" in note for note in counted["notes"])
    folders.frame(600).to_parquet(tmp_path / "all.parquet")
    whole = run("count", project, tmp_path / "all.parquet")
    assert counted["time_range"] == whole["time_range"]
    check = ("check", project, "--at-column", "date", "--file")
    answer = run(*check, root, "--out", tmp_path / "o")
    whole = run(*check, tmp_path / "all.parquet", "--out", tmp_path / "o.parquet")
    assert answer["in_zone"] == whole["in_zone"] > 0


def test_a_folder_that_only_some_files_repeat_as_a_column_is_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = parted(tmp_path / "parts", "month")
    last = sorted(root.rglob("*.parquet"))[-1]
    stops(None).to_parquet(last)
    assert "“month”" in refused(capsys, "count", project, root)


def test_months_of_folders_are_times_only_for_those_who_ask(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    root = parted(tmp_path / "parts", None)
    counted = run("count", project, root)
    assert "time" not in counted["columns"] and counted["time_range"] is None
    (note,) = (one for one in counted["notes"] if "--map time=COLUMN" in one)
    assert "“month”" in note and "--map time=month" in note
    said = refused(capsys, "count", project, root, "--by", "month")
    assert "--map time=month" in said
    check = ("check", project, "--file", root, "--out", tmp_path / "o")
    said = refused(capsys, *check)
    assert "--at-column month" in said and "--at" in said
    assert not (tmp_path / "o").exists()
    loud = "Times are the names of folders (month)"
    named = run("count", project, root, "--map", "time=month", "--by", "month")
    assert named["columns"]["time"] == "month" and "2024-03" in named["by"]
    assert any(one.startswith(loud) for one in named["notes"])
    named = run(*check, "--at-column", "month")
    assert any(one.startswith(loud) for one in named["notes"])
    noon = ("--at", "2024-06-01T12:00", "--out", tmp_path / "p")
    assert run("check", project, "--file", root, *noon)["notes"] == []


def test_timestamps_of_unknown_name_are_offered_before_names_of_folders(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    root = parted(tmp_path / "parts", "ferry")
    (note,) = (one for one in run("count", project, root)["notes"] if "--map" in one)
    assert note == "No column is known to hold times, but “ferry” has some: --map time=ferry."
    assert "--map time=ferry" in refused(capsys, "count", project, root, "--by", "month")
    said = refused(capsys, "check", project, "--file", root, "--out", tmp_path / "o")
    assert "--at-column ferry" in said and "month" not in said
    assert run("count", project, root, "--map", "time=ferry")["columns"]["time"] == "ferry"


def test_folders_of_no_time_are_not_offered(project: Path, tmp_path: Path, run: Run) -> None:
    root = parted(tmp_path / "parts", None, "city", "London")
    (note,) = run("count", project, root)["notes"]
    assert note == "No column holds times: name it with --map time=COLUMN."


# Columns that a file has not


@pytest.fixture
def uneven(tmp_path: Path) -> Path:
    """Two files of which the second has no groups."""
    root = tmp_path / "uneven"
    root.mkdir()
    stops("date").to_parquet(root / "a.parquet")
    stops("date").drop(columns="ethnicity").to_parquet(root / "b.parquet")
    return root


@pytest.mark.parametrize("names", [("group", "ethnicity"), ("activity", "ethnicity")])
def test_a_file_without_a_column_that_is_needed_is_named_with_what_to_do(
    project: Path, uneven: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, str]
) -> None:
    field, column = names
    told = ("count", project, uneven, "--by", field, "--map", f"{field}={column}")
    said = refused(capsys, *told)
    assert "b.parquet has no column “ethnicity”" in said
    assert "Name a column that every file has" in said
    (uneven / "c.parquet").write_bytes((uneven / "b.parquet").read_bytes())
    assert "b.parquet and 1 other file have no column “ethnicity”" in refused(capsys, *told)


def test_a_column_that_only_the_first_file_lacks(
    project: Path, uneven: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (uneven / "a.parquet").rename(uneven / "c.parquet")
    told = ("count", project, uneven, "--by", "group", "--map", "group=ethnicity")
    assert "b.parquet has no column “ethnicity”" in refused(capsys, *told)


def test_ids_for_others_have_to_be_in_every_file(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "uneven"
    root.mkdir()
    stops("date").to_parquet(root / "a.parquet")
    stops("date").drop(columns="number").to_parquet(root / "b.parquet")
    check = ("check", project, "--file", root, "--out", tmp_path / "o", "--kind", "other")
    said = refused(capsys, *check, "--audience", "partners", "--map", "id=number")
    assert "b.parquet has no column “number”" in said


# Files that are not read


def strewn(root: Path) -> Path:
    """A folder with two files of rows that are no GeoParquet, and what others leave in folders."""
    parted(root, "date")
    (root / "b.csv").write_text("lat,lon\n51.5,-0.1\n")
    (root / "month=2024-03" / "more.geojson").write_text("{}")
    for name in ("_SUCCESS", "_metadata", ".0.parquet.crc", "0.parquet.crc", "Thumbs.db"):
        (root / "month=2024-03" / name).write_text("")
    (root / ".hidden").mkdir()
    (root / ".hidden" / "c.csv").write_text("lat,lon\n")
    return root


NOT_READ = "2 files are no GeoParquet and were not read"


def test_files_that_are_no_geoparquet_are_told(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    root = strewn(tmp_path / "parts")
    check = ("check", project, "--file", root, "--out")
    for answer in (run("count", project, root), run(*check, tmp_path / "o")):
        assert f"{NOT_READ}: b.csv, month=2024-03/more.geojson." in answer["notes"]
        assert answer["files_not_read"] == 2
        assert answer["not_read"] == ["b.csv", "month=2024-03/more.geojson"]
    capsys.readouterr()
    for command in (("count", project, root), (*check, tmp_path / "p")):
        assert cli.main([str(one) for one in command]) == 0
        assert NOT_READ in capsys.readouterr().out


def test_others_are_told_how_many_but_not_their_names(
    project: Path, tmp_path: Path, run: Run
) -> None:
    root = strewn(tmp_path / "parts")
    others = ("--kind", "other", "--audience", "partners")
    check = ("check", project, "--file", root, "--at-column", "date", "--out", tmp_path / "o")
    for answer in (run("count", project, root, *others[2:]), run(*check, *others)):
        assert f"{NOT_READ}." in answer["notes"]
        assert (answer["files_not_read"], answer["not_read"]) == (2, None)


def test_where_all_is_read_nothing_is_said(project: Path, tmp_path: Path, run: Run) -> None:
    root = parted(tmp_path / "parts", "date")
    for path in (root, next(root.rglob("*.parquet"))):
        answer: dict[str, Any] = run("count", project, path)
        assert (answer["files_not_read"], answer["not_read"]) == (0, [])
        assert not any("not read" in note for note in answer["notes"])


def test_many_files_are_not_all_named_in_the_sentence(
    project: Path, tmp_path: Path, run: Run
) -> None:
    root = parted(tmp_path / "parts", "date")
    for number in range(7):
        (root / f"{number}.csv").write_text("")
    answer = run("count", project, root)
    assert "0.csv, 1.csv, 2.csv, 3.csv, 4.csv and 2 more." in " ".join(answer["notes"])
    assert len(answer["not_read"]) == 7


def test_links_to_folders_are_told_and_links_to_nothing_refused(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    root, aside = parted(tmp_path / "parts", "date"), parted(tmp_path / "aside", "date")
    (root / "month=linked").symlink_to(aside / "month=2024-03")
    answer = run("count", project, root)
    assert "1 folder is only linked and was not read: month=linked." in answer["notes"]
    assert answer["not_read"] == ["month=linked"]
    (root / "month=2024-03" / "1.parquet").symlink_to(tmp_path / "gone.parquet")
    assert "1.parquet cannot be read" in refused(capsys, "count", project, root)
