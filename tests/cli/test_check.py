"""`gisapp check`: one place with all that is to be said of it, and files of many."""

from __future__ import annotations

import csv
import gc
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import shapely

from gisapp import __main__, cli
from gisapp.errors import ProjectFileError
from gisapp.io import checked_csv, checked_file
from gisapp.io.agreements import agreement_file
from gisapp.io.project import project_file
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from tests.conftest import Run

SITES = """name,kind,lat,lon,hours,phone,confidential
Harbour Street,needle exchange,39.1,-84.51,Mo-Fr 09:00-17:00,555-0100,
Night door,drop-in centre,39.102,-84.512,Mo-Su 20:00-02:00,555-0101,
Clinic,naloxone,39.11,-84.50,by appointment,555-0102,
Shelter,shelter,39.1015,-84.51,24/7,555-0103,yes
"""
TERMS = {
    "title": "Harbour terms",
    "id": "harbour",
    "status": "agreed",
    "parties": [{"organisation": "Police", "role": "police", "signed_on": "2025-01-01"}],
    "effective": "2025-01-01",
    "suspended": ["drug_search", "ID_check"],
    "suspended_other": "Waiting outside the door",
    "exceptions": ["violence", "supply"],
    "persons": "People on the way to the service",
    "units_bound": "Patrol and district units",
    "units_not_bound": "Federal task force",
    "referral_contact": "Harbour desk 555-0199",
    "timezone": "America/New_York",
    "hours": [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "start": "08:00", "end": "20:00"}],
}
HERE = ("--lat", "39.1001", "--lon", "-84.51")


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "p.gpkg"
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "terms.json").write_text(json.dumps(TERMS))
    run("import", path, "services", tmp_path / "sites.csv", "--name", "Sites")
    run(
        "zones", path, "--around", "Sites", "--radius", "100m", "--basis", "meeting",
        "--agreement", tmp_path / "terms.json", "--where", "name == 'Harbour Street'",
    )  # fmt: skip
    return path


def test_one_place_says_what_holds_for_whom_until_when_and_where_help_is(
    project: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run("check", project, *HERE, "--at", "2026-03-31T12:00")
    (zone,) = answer["zones"]
    said = "Search for drugs; Identity check; Waiting outside the door"
    assert zone["suspended_in_words"] == said
    assert zone["exceptions_in_words"] == "Violence; Supply or dealing"
    assert (zone["units_bound"], zone["units_not_bound"]) == (
        "Patrol and district units",
        "Federal task force",
    )
    assert zone["until"] == "2026-03-31T20:00:00-04:00"
    assert zone["referral_contact"] == "Harbour desk 555-0199"
    public = run("check", project, *HERE, "--at", "2026-03-31T12:00", "--audience", "patrol")
    nearest = public["services"][0]
    assert (nearest["name"], nearest["opening"]) == ("Harbour Street", "open")
    assert nearest["until"] == "2026-03-31T17:00:00-04:00"
    assert public["naloxone"]["opening"] == "unknown"
    capsys.readouterr()
    cli.main(["check", str(project), *HERE, "--at", "2026-03-31T12:00", "--audience", "patrol"])
    words = capsys.readouterr().out
    assert "not here: search for drugs" in words
    assert "holds until: 2026-03-31 20:00" in words
    assert "Nearest naloxone" not in words, "it is among the nearest services already"
    assert "Clinic, 1.4 km, hours not known: call first, 555-0102" in words


def test_a_zone_that_does_not_hold_says_why_and_when_next(project: Path, run: Run) -> None:
    answer = run("check", project, *HERE, "--at", "2026-04-03T21:00")
    assert answer["zones"] == []
    (late,) = answer["not_holding"]
    assert late["why"].startswith("outside its hours: Monday to Friday")
    assert late["next"] == "2026-04-06T08:00:00-04:00"


def test_confidential_services_are_told_to_analysts_on_screen_only(
    project: Path, tmp_path: Path, run: Run
) -> None:
    at = ("--at", "2026-03-31T12:00")
    assert run("check", project, *HERE, *at)["services"][1]["name"] == "Shelter"
    for more in (("--audience", "patrol"), ("--audience", "public"), ("--out", tmp_path / "o.csv")):
        assert "Shelter" not in json.dumps(run("check", project, *HERE, *at, *more))
    assert "Shelter" not in (tmp_path / "o.csv").read_text()


def test_times_that_clocks_leave_out_or_show_twice(project: Path, tmp_path: Path, run: Run) -> None:
    gone = run("check", project, *HERE, "--at", "2026-03-08T02:30")
    assert gone["at"] == "2026-03-08T03:00:00-04:00"
    assert "There is no 02:30 on 2026-03-08" in gone["notes"][0]
    file = tmp_path / "pts.csv"
    file.write_text("lat,lon,when\n39.1,-84.51,2026-03-08 02:30\n39.1,-84.51,2026-11-01 01:30\n")
    places = run("check", project, "--file", file, "--at-column", "when")["places"]
    assert [one["at"] for one in places] == [gone["at"], "2026-11-01T01:30:00-04:00"]
    twice = run("check", project, *HERE, "--at", "2026-11-01T01:30")
    assert twice["at"] == "2026-11-01T01:30:00-04:00"
    assert "first of the two" in twice["notes"][0]
    second = run("check", project, *HERE, "--at", "2026-11-01T01:30-05:00")
    assert second["at"] == "2026-11-01T01:30:00-05:00" and "notes" not in second


def test_a_file_names_rows_that_cannot_be_read_and_goes_on(
    project: Path, tmp_path: Path, run: Run
) -> None:
    file, out, bad = tmp_path / "pts.csv", tmp_path / "o.csv", tmp_path / "bad.csv"
    file.write_text(
        "id,latitude,longitude,when\n"
        "1,39.1001,-84.51,2026-03-31 12:00\n"
        "2,x,-84.51,2026-03-31 12:00\n"
        "3,39.3,-84.2,2026-03-31 12:00\n"
        "4,39.1001,-84.51,soon\n"
        "5,39.1001,-84.51,2026-03-31 21:00\n"
    )
    arguments = ("--file", file, "--at-column", "when", "--out", out, "--rejected", bad)
    answer = run("check", project, *arguments)
    assert (answer["read"], answer["checked"], answer["in_zone"]) == (5, 4, 1)
    assert answer["not_read"] == [{"line": 3, "reason": "coordinates that are not numbers"}]
    assert answer["no_time_lines"] == [5]
    assert [len(place["zones"]) for place in answer["places"]] == [1, 0, 0, 0]
    assert "coordinates" in bad.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["line"] for row in rows] == ["2", "4", "5", "6"]
    assert [row["at"] for row in rows[1:]] == [
        "2026-03-31T12:00:00-04:00",
        "",
        "2026-03-31T21:00:00-04:00",
    ]
    assert rows[0]["zones"] == "Harbour Street"
    assert rows[0]["suspended"] == "ID_check; drug_search"
    assert rows[0]["exceptions"] == "Violence; Supply or dealing"
    assert rows[0]["nearest_service"] == "Harbour Street" and rows[0]["distance_m"] == "11.1"
    assert rows[2]["nearest_service"] == "" and rows[2]["zones"] == ""
    assert rows[3]["nearest_service"] == "Night door", "the others are closed at night"


def test_a_file_and_one_place_say_the_agreement_s_own_words(
    project: Path, tmp_path: Path, run: Run
) -> None:
    file, out, alone = tmp_path / "pts.csv", tmp_path / "o.csv", tmp_path / "one.csv"
    file.write_text("lat,lon\n39.1001,-84.51\n39.3,-84.2\n")
    at = ("--at", "2026-03-31T12:00")
    (inside, outside) = run("check", project, "--file", file, *at, "--out", out)["places"]
    place = run("check", project, *HERE, *at, "--out", alone)
    (zone,) = place["zones"]
    assert zone["suspended_other"] == "Waiting outside the door"
    del zone["until"]
    assert inside["zones"] == [zone] and outside["zones"] == []
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    (one,) = csv.DictReader(alone.read_text(encoding="utf-8").splitlines())
    for row in (rows[0], one):
        assert row["suspended_other"] == "Waiting outside the door"
        assert row["units_bound"] == "Patrol and district units"
        assert row["units_not_bound"] == "Federal task force"
        assert row["agreement_contact"] == "Harbour desk 555-0199"
    assert {name for name, text in rows[1].items() if not text} >= set(checked_csv.COLUMNS[-4:])


@pytest.mark.parametrize("audience", ["police", "patrol", "partners", "public"])
def test_whom_a_file_of_rows_is_for_is_said(
    audience: str, project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "pts.csv", tmp_path / "o.csv"
    file.write_text("lat,lon\n39.1001,-84.51\n39.3,-84.2\n")
    check = ["check", project, "--file", file, "--at", "2026-03-31T12:00", "--audience", audience]
    assert run(*check)["notes"] == [], "nothing was written"
    notes = run(*check, "--out", out)["notes"]
    capsys.readouterr()
    cli.main([str(part) for part in (*check, "--out", out)])
    said = capsys.readouterr().out
    assert said.count("It holds rows one by one") == 1
    assert ("for police analysts only" in said) == (audience == "police")
    for told in (said, *notes):
        assert ("of those give counts" in told) == (audience != "police")
    assert len(notes) == (audience != "police")


@pytest.mark.parametrize(
    ("head", "more"), [("ID", ()), ("call", ("--map", "id=call")), ("call", ())]
)
def test_the_number_of_a_row_is_carried_and_no_other_column(
    head: str, more: tuple[str, ...], project: Path, tmp_path: Path, run: Run
) -> None:
    file, out = tmp_path / "pts.csv", tmp_path / "o.csv"
    file.write_text(
        f"{head},lat,lon,caller\n"
        "007,39.1001,-84.51,Ada\n8,x,-84.5,Bo\n,39.3,-84.2,Cy\n =1+1,39.3,-84.2,Di\n"
    )
    at = ("--at", "2026-03-31T12:00")
    places = run("check", project, "--file", file, *at, "--out", out, *more)["places"]
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    if head == "ID" or more:
        assert [one["id"] for one in places] == ["007", None, " =1+1"]
        assert [row["id"] for row in rows] == ["007", "", "' =1+1"]
    else:
        assert "id" not in places[0] | rows[0]
    assert "Ada" not in out.read_text(encoding="utf-8") and "caller" not in rows[0]


def test_a_file_names_zones_whose_outline_crosses_itself(tmp_path: Path, run: Run) -> None:
    town, file, out = tmp_path / "t.gpkg", tmp_path / "pts.csv", tmp_path / "o.csv"
    (tmp_path / "terms.json").write_text(json.dumps(TERMS))
    terms = agreement_file.read(tmp_path / "terms.json")
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    zones = [Zone(name, bow, agreement_id=terms.id, id=name) for name in ("Bow", "Tie")]
    for count in (1, 2):
        held = {zone.id: zone for zone in zones[:count]}
        project_file.save(Project(zones=held, agreements={terms.id: terms}), town)
        file.write_text("lat,lon\n0.5,0.9\n5,5\n")
        at = ("--at", "2026-03-31T12:00")
        notes = run("check", town, "--file", file, *at, "--out", out)["notes"]
        named = "“Bow”" if count == 1 else "“Bow”, “Tie”"
        said = "the outline crosses itself, and must be mended before it goes to patrol systems."
        assert f"{named}: {said}" in notes


@pytest.mark.parametrize(
    ("offsets", "said"),
    [
        ("", "Times carry no zone: read as America/New_York"),
        ("1", "1 of 5 times carries its offset from UTC; the others are read as America/New_York"),
        ("1234", "4 of 5 times carry their offset from UTC; the other is read as America/New_York"),
        ("01234", "Times carry their offset from UTC: shown as America/New_York"),
    ],
)
def test_how_many_times_carry_their_offset_is_said(
    offsets: str, said: str, project: Path, tmp_path: Path, run: Run
) -> None:
    file = tmp_path / "pts.csv"
    rows = [
        f"39.1,-84.51,2026-03-31 12:0{one}:00{'-04:00' if str(one) in offsets else ''}"
        for one in range(5)
    ]
    file.write_text("\n".join(("lat,lon,when", *rows, "39.1,-84.51,soon\n")))
    answer = run("check", project, "--file", file, "--at-column", "when")
    assert [note for note in answer["notes"] if note.startswith(said)]
    assert {one["at"] for one in answer["places"][:5]} == {
        f"2026-03-31T12:0{one}:00-04:00" for one in range(5)
    }


def test_rows_of_a_long_file_stay_in_their_order(
    project: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked_csv, "_SLICE", 7)
    file, out = tmp_path / "pts.csv", tmp_path / "o.csv"
    places = [f"39.1,{-84.51 - number / 1000:.3f}" for number in range(100)]
    file.write_text("\n".join(("lat,lon", *places)))
    run("check", project, "--file", file, "--at", "2026-03-31T12:00", "--out", out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [float(row["lon"]) for row in rows] == [float(one.split(",")[1]) for one in places]
    assert [int(row["line"]) for row in rows] == list(range(2, 102))
    assert rows[0]["zones"] == "Harbour Street" and rows[99]["zones"] == ""


def test_one_moment_for_all_rows_goes_before_their_own(
    project: Path, tmp_path: Path, run: Run
) -> None:
    file = tmp_path / "pts.csv"
    file.write_text("lat,lon,when\n39.1001,-84.51,2026-03-31 21:00\n")
    answer = run("check", project, "--file", file, "--at", "2026-03-31T12:00")
    assert answer["in_zone"] == 1 and answer["notes"] == []
    assert run("check", project, "--file", file, "--map", "time=when")["in_zone"] == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--at", "2026-03-31", "--at-column", "when"), "at one time or at their own"),
        (("--at-column", "nothing"), "no column “nothing”"),
        (("--at", "2026-03-31", "--engine", "dask://local"), "for folders of GeoParquet"),
        ((), "needs a time"),
    ],
)
def test_what_does_not_fit_a_file_is_said(
    project: Path,
    tmp_path: Path,
    more: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "pts.csv"
    file.write_text("lat,lon,note\n39.1001,-84.51,a\n39.1,-84.5,b\n")
    assert cli.main(["check", str(project), "--file", str(file), *more]) == 20
    assert said in capsys.readouterr().err


def test_the_project_is_missed_before_the_file_and_reading_it_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone.gpkg", tmp_path / "gone.csv"
    assert cli.main(["check", str(gone[0]), "--file", str(gone[1]), "--at", "2026-03-31"]) == 24
    assert "There is no project" in capsys.readouterr().err
    long = tmp_path / "long.csv"
    long.write_text("lat,lon\n" + "39.1,-84.5\n" * 1000)
    progress = Progress()
    read = partial(checked_file.read_places, timezone="UTC", at=None, columns={})
    with (
        pytest.raises(ProjectFileError),
        checked_file.being_read(long, read, progress),
    ):
        raise ProjectFileError("It is gone.", "Look for it.")
    assert progress.cancelled


def test_neither_pandas_nor_scipy_is_loaded_for_a_table(project: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "pts.csv", tmp_path / "o.csv"
    file.write_text("lat,lon\n39.1,-84.51\n39.2,-84.52\n")
    check = ["check", str(project), "--file", str(file), "--at", "2026-03-31T12:00"]
    code = (
        "import sys; from gisapp import cli\n"
        f"assert cli.main({[*check, '--out', str(out)]!r}) == 0\n"
        "assert not {'pandas', 'scipy'} & sys.modules.keys()\n"
        "import pyarrow as pa, pandas as pd\n"
        "assert pa.table({'a': [1]}).to_pandas()['a'].tolist() == [1]\n"
        "assert pa.array(pd.Series([1.0, None])).null_count == 1\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert out.read_text().startswith("lon,lat,zones")


def test_a_command_seldom_looks_for_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    monkeypatch.setattr(cli, "main", lambda arguments: gc.get_threshold()[0])
    try:
        assert __main__.main(["check", "town.gpkg"]) > before[0]
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
