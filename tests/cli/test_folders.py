"""`gisapp count` and `gisapp check` of folders of GeoParquet, as scripts and people use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from gisapp import cli
from gisapp.analysis import counting
from gisapp.io.project import project_file
from gisapp.layers.audience import Audience, threshold
from gisapp.layers.edits import add_layer
from tests.conftest import Run
from tests.io import geoparquet_folders as folders
from tests.test_architecture import loaded_by


@pytest.fixture(scope="module")
def stops() -> geopandas.GeoDataFrame:
    return folders.frame()


@pytest.fixture(scope="module")
def folder(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.write(stops, tmp_path_factory.mktemp("stops") / "stops")


@pytest.fixture(scope="module")
def project(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same stops as a layer, so that both can be counted."""
    path = tmp_path_factory.mktemp("project") / "p.gpkg"
    held = add_layer(folders.layer(stops), folders.ZONE).apply(folders.project())
    project_file.save(held, path)
    return path


COUNTED = ("inside", "ring", "outside", "no_time", "total", "by_zone", "by", "suppressed")


@pytest.mark.parametrize("audience", ["police", "partners", "public"])
@pytest.mark.parametrize("by", ["month", "activity", "group"])
def test_a_folder_answers_as_the_layer_does(
    project: Path, folder: Path, run: Run, audience: str, by: str
) -> None:
    options = ("--by", by, "--audience", audience, "--ring", "150m")
    layer = run("count", project, "Stops", *options)
    out_of_core = run("count", project, folder, *options)
    for key in COUNTED:
        assert out_of_core.get(key) == layer.get(key), key


def test_what_became_of_the_rows_is_reported(project: Path, folder: Path, run: Run) -> None:
    answer = run("count", project, folder)
    assert (answer["read"], answer["added"], answer["rejected"]) == (3000, 2913, 87)
    assert answer["reasons"] == {"no coordinates": 82, "coordinates 0, 0": 5}
    assert answer["columns"] == {
        "time": "date",
        "activity": "object_of_search",
        "group": "ethnicity",
    }
    assert answer["crs"] == "EPSG:4326"
    assert answer["timezone"] == folders.ZONE
    assert answer["engine"] == "local"
    first, last = answer["time_range"]
    assert first.startswith("2024-01-01T")
    assert first < last
    assert any("no time in date" in note for note in answer["notes"])


def test_no_small_number_shows_in_what_is_said_beside(
    stops: geopandas.GeoDataFrame, project: Path, tmp_path: Path, run: Run
) -> None:
    few = stops.iloc[1:37].copy()
    few["geometry"] = shapely.points(np.full(36, folders.WEST), np.full(36, folders.SOUTH))
    few.loc[few.index[:3], "geometry"] = None
    few.to_parquet(tmp_path / "few.parquet")
    whole = run("count", project, tmp_path / "few.parquet")
    assert (whole["read"], whole["rejected"]) == (36, 3)
    shown = run("count", project, tmp_path / "few.parquet", "--audience", "partners")
    assert cli.main(["count", str(project), str(tmp_path / "few.parquet"), "--audience", "patrol"])
    assert shown["rejected"] is None
    assert shown["read"] is None
    assert shown["reasons"] == {}
    assert shown["time_range"] is None
    least = threshold(Audience.PARTNERS)
    assert not any(isinstance(value, int) and 0 < value < least for value in _numbers(shown))


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [one for key, inner in value.items() if key != "files" for one in _numbers(inner)]
    return (
        [one for inner in value for one in _numbers(inner)] if isinstance(value, list) else [value]
    )


def test_columns_can_be_named(project: Path, folder: Path, run: Run) -> None:
    answer = run("count", project, folder, "--by", "group", "--map", "group=month")
    assert answer["columns"]["group"] == "month"
    assert "2024-03" in answer["by"]


def test_a_layer_of_that_name_goes_first(
    project: Path, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / "Stops").mkdir()
    assert "files" not in run("count", project, "Stops")
    assert run("count", project, "./stops")["files"] > 1


def test_check_writes_beside_each_row(
    project: Path, folder: Path, tmp_path: Path, run: Run
) -> None:
    answer = run("check", project, "--file", folder, "--at-column", "date", "--out", tmp_path / "o")
    assert (answer["read"], answer["at"], answer["sensitivity"]) == (3000, None, "restricted")
    files = sorted((tmp_path / "o").rglob("*.parquet"))
    assert sum(pq.read_metadata(file).num_rows for file in files) == 3000
    zones = [value for file in files for value in pq.ParquetFile(file).read()["zones"].to_pylist()]
    assert sum(bool(value) for value in zones) == answer["in_zone"] > 10
    assert sum(value is None for value in zones) >= answer["no_place"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("count", "P", "gone.parquet"), "neither a layer nor a file"),
        (("count", "P", "Stops", "--map", "time=x"), "for folders of GeoParquet"),
        (("count", "P", "Stops", "--engine", "dask://local"), "for folders of GeoParquet"),
        (("count", "P", "F", "--map", "time=gone"), "no column “gone”"),
        (("count", "P", "F", "--timezone", "London"), "not a time zone"),
        (("count", "P", "F", "--engine", "nonsense"), "not the address of a cluster"),
        (("check", "P", "--file", "F"), "Give --out"),
        (("check", "P", "--file", "F", "--out", "F/inside"), "lies in the folder"),
        (("check", "P", "--lat", "51", "--lon", "0"), "needs a time"),
        (
            ("check", "P", "--file", "F", "--out", "o", "--at", "2024-01-01", "--at-column", "x"),
            "at one time or at their own",
        ),
    ],
)
def test_what_cannot_be_done_is_said(
    project: Path,
    folder: Path,
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {"P": str(project), "F": str(folder), "F/inside": str(folder / "inside")}
    assert cli.main([texts.get(argument, argument) for argument in arguments]) == 20
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_the_text_for_people(
    project: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["count", str(project), str(folder), "--ring", "100m", "--by", "activity"]) == 0
    said = capsys.readouterr().out
    assert "2,913 stops in “stops”, each judged at its own time:" in said
    assert "87 rows have no place and are not counted" in said
    assert "time from date" in said


def test_an_interruption_says_so_and_leaves_nothing(
    project: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gisapp.io.folders.out_of_core_check.checked_rows", interrupted)
    arguments = ["check", str(project), "--file", str(folder), "--out", str(tmp_path / "out")]
    assert cli.main(arguments) == 130
    monkeypatch.setattr(counting, "place_events", interrupted)
    assert cli.main(["count", str(project), str(folder)]) == 130
    assert list(tmp_path.iterdir()) == []


def test_dask_is_loaded_only_when_asked_for(project: Path, folder: Path) -> None:
    arguments = ["count", str(project), str(folder), "--quiet"]
    loaded = loaded_by(f"from gisapp import cli; cli.main({arguments!r})")
    assert not {name for name in loaded if name.split(".")[0] in ("dask", "distributed")}
    assert "PySide6" not in loaded
