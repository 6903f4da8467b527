"""What goes to patrol systems, what does not, and what holds at a place and time."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely

from gisapp.analysis.look_ups import what_applies
from gisapp.errors import Cancelled, ExportError
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.refusals import exportable
from gisapp.io.patrol.zones import outgoing
from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.lifecycle import moved
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Activity, Basis, PartyRole, Polarity
from gisapp.layers.zone import Zone, circle_zone
from gisapp.progress import Progress
from tests.io.projects import agreement, stops, whole_project

DAY = date(2025, 6, 2)  # a Monday
EXPORTED = datetime(2025, 6, 1, 18, 30, 2, tzinfo=UTC)


def project_with(terms: Agreement | None, *zones: Zone) -> Project:
    """A project of one agreement with these zones, or a plain one, under it."""
    agreements = {terms.id: terms} if terms else {}
    drawn = zones or (circle_zone("Quay", -84.5, 39.1, 150, "meeting"),)
    key = terms.id if terms else None
    return Project(agreements=agreements, zones={z.id: replace(z, agreement_id=key) for z in drawn})


def refusal(project: Project, day: date = DAY) -> str:
    zones, refusals = exportable(project, day)
    assert zones == ()
    [refused] = refusals
    return refused.reason


def test_a_zone_in_force_goes_out() -> None:
    project = project_with(agreement())
    zones, refusals = exportable(project, DAY)
    assert [zone.name for zone in zones] == ["Quay"]
    assert refusals == ()


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        (None, "it is under no agreement"),
        (agreement(status=Status.DRAFT), "its agreement is a draft"),
        (agreement(status=Status.SUSPENDED), "its agreement is suspended"),
        (agreement(status=Status.WITHDRAWN), "its agreement was withdrawn"),
        (agreement(status=Status.EXPIRED), "its agreement has expired (last day 31 December 2026)"),
        (agreement(expires=date(2025, 6, 1)), "its agreement has expired (last day 1 June 2025)"),
        (
            agreement(status=Status.SUPERSEDED, superseded_on=date(2025, 5, 1)),
            "its agreement was superseded by another",
        ),
        (
            agreement(effective=date(2025, 6, 3)),
            "its agreement is not yet in force (from 3 June 2025)",
        ),
        (agreement(effective=None), "its agreement is not yet in force (it has no first day)"),
        (agreement(parties=()), "its agreement is not signed; it names no parties"),
        (
            agreement(parties=(Party("City Police", PartyRole.POLICE),)),
            "its agreement is not signed by City Police",
        ),
    ],
)
def test_why_a_zone_does_not_go_out(terms: Agreement | None, reason: str) -> None:
    assert refusal(project_with(terms)) == reason


def test_a_circle_needs_a_basis_on_record() -> None:
    bare = circle_zone("Bare", 0, 0, 150, " ")
    terms = agreement(radius_basis="")
    assert "settled on the radius" in refusal(project_with(terms, bare))
    # The agreement may say it for all of its circles.
    assert exportable(project_with(agreement(), bare), DAY)[1] == ()


def test_a_footprint_needs_none() -> None:
    zone = Zone("Clinic", shapely.box(0, 0, 0.001, 0.001), Basis.FOOTPRINT)
    assert exportable(project_with(agreement(radius_basis=""), zone), DAY)[1] == ()


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "its outline is not valid"),
        (shapely.box(0, 0, 1e-9, 1e-9), "its outline has no area"),
    ],
)
def test_an_outline_must_make_sense(shape: shapely.Polygon, reason: str) -> None:
    assert reason in refusal(project_with(agreement(), Zone("Bow tie", shape)))


@pytest.mark.parametrize("polarity", [Polarity.EXCLUSION, Polarity.ENHANCED_PENALTY])
def test_a_zone_of_the_opposite_sign_stays(polarity: Polarity) -> None:
    zone = replace(circle_zone("School", 0, 0, 300, "law"), polarity=polarity)
    assert "opposite sign" in refusal(project_with(agreement(), zone))


def test_every_reason_is_named() -> None:
    zone = replace(circle_zone("School", 0, 0, 300, ""), polarity=Polarity.EXCLUSION)
    reason = refusal(project_with(agreement(status=Status.DRAFT, radius_basis=""), zone))
    assert reason.count(";") == 2


@pytest.mark.parametrize(
    ("day", "out"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_the_first_and_the_last_day_are_included(day: date, out: bool) -> None:
    assert bool(exportable(project_with(agreement()), day)[0]) is out


def test_the_version_that_holds_on_the_day_goes_out(tmp_path: Path) -> None:
    project = project_with(agreement())
    later = agreement(
        version=2, effective=date(2025, 7, 1), suspended=(Activity.CITATION,), expires=None
    )
    project = edits.record_agreement(later).apply(project)
    before = write_package(project, DAY, tmp_path / "a.zip")
    after = write_package(project, date(2025, 7, 1), tmp_path / "b.zip")
    one, two = before.zones[0].attributes, after.zones[0].attributes
    assert (one["version"], one["valid_to"]) == (1, date(2025, 6, 30))
    assert (two["version"], two["valid_to"]) == (2, None)
    assert two["suspended"] == "citation"


# The package as a file


def test_the_manifest_proves_what_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    manifest = write_package(project_with(agreement()), DAY, path)
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        kept = json.loads(package.read("manifest.json"))
        contents = {name: package.read(name) for name in package.namelist()}
    assert kept == manifest.as_json()
    assert set(kept["files"]) == set(contents) - {"manifest.json"}
    assert set(contents) >= {"README.txt", "zones.geojson", "zones.gpkg", "zones.csv"}
    for name, told in kept["files"].items():
        assert told["sha256"] == hashlib.sha256(contents[name]).hexdigest()
        assert told["bytes"] == len(contents[name])
    assert kept["day"] == "2025-06-02"
    assert kept["valid"] == {"from": "2025-01-01", "to": "2026-12-31"}
    assert manifest.zone_count == len(kept["zones"]) == 1


def test_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    project = whole_project()
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    write_package(project, DAY, one)
    write_package(project, DAY, two)
    assert one.read_bytes() == two.read_bytes()


def test_nothing_but_zones_in_force_leaves(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    project = edits.add_layer(stops(20, "Secret stops")).apply(whole_project())
    draft = replace(circle_zone("Talks with the clinic", 0, 0, 9, ""), note="not public")
    project = project.with_zone(draft)
    manifest = write_package(project, DAY, path)
    assert [zone.attributes["name"] for zone in manifest.zones] == ["Quay Street"]
    with zipfile.ZipFile(path) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    for secret in (b"Secret stops", b"Talks with the clinic", b"not public", b"School ring"):
        assert secret not in everything


def test_the_readme_says_what_it_is_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    write_package(whole_project(), DAY, path)
    with zipfile.ZipFile(path) as package:
        text = package.read("README.txt").decode()
    for words in (
        "ZONES IN FORCE ON 2 JUNE 2025",
        "2025-06-02 (America/New_York)",
        "NOT a 9-1-1 routing boundary",
        "EPSG:4326",
        "Search for drugs; Arrest for personal possession",
        "Monday to Friday 08:00–20:00",
        "Violence",
        "zone_id",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) < 160


# Refusing


def test_without_any_zone_in_force_there_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    zones = [circle_zone(f"Zone {number}", 0, 0, 9, "x") for number in range(30)]
    with pytest.raises(ExportError) as caught:
        write_package(project_with(agreement(status=Status.DRAFT), *zones), DAY, path)
    assert caught.value.exit_code == 25
    assert "“Zone 0”: its agreement is a draft" in caught.value.message
    assert "and 10 more" in caught.value.message
    with pytest.raises(ExportError, match="has no zones"):
        write_package(Project(), DAY, path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    path.write_text("of yesterday")
    project = project_with(agreement())
    with pytest.MonkeyPatch.context() as patch:

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr(zipfile.ZipFile, "writestr", full)
        with pytest.raises(ExportError, match="no space left"):
            write_package(project, DAY, path)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_package(project, DAY, path, progress=progress)
    assert path.read_text() == "of yesterday"
    assert [entry.name for entry in tmp_path.iterdir()] == ["zones.zip"]


@pytest.mark.parametrize("where", ["folder", "no/such/zones.zip", "file/zones.zip"])
def test_a_place_that_cannot_be_written_to(tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ExportError) as caught:
        write_package(project_with(agreement()), DAY, tmp_path / where)
    assert caught.value.hint
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_moment_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="time zone"):
        what_applies.applies_at(Project(), 0, 0, EXPORTED.replace(tzinfo=None))


# What holds at a place and time


def test_what_holds_there_and_then() -> None:
    weekdays = agreement(hours=(Hours((0, 1, 2, 3, 4), time(8), time(20)),))
    project = project_with(weekdays)
    eastern = ZoneInfo("America/New_York")

    def at(*clock: int, lon: float = -84.5) -> list[str]:
        moment = datetime(2025, 6, *clock, tzinfo=eastern)
        return [found.zone_name for found in what_applies.applies_at(project, lon, 39.1, moment)]

    assert at(2, 8) == ["Quay"]
    assert at(2, 19, 59) == ["Quay"]
    assert at(2, 7, 59) == []
    assert at(2, 20) == []
    assert at(1, 12) == []  # a Sunday
    assert at(2, 12, lon=-84.49) == []
    utc = datetime(2025, 6, 2, 12, 30, tzinfo=UTC)  # 08:30 there
    [found] = what_applies.applies_at(project, -84.5, 39.1, utc)
    assert found.suspended == (Activity.DRUG_SEARCH, Activity.ARREST)
    assert found.as_json()["suspended"] == ["drug_search", "arrest"]


def test_a_scene_holds_while_it_lasts() -> None:
    start = datetime(2025, 6, 2, 12, tzinfo=UTC)
    scene = circle_zone(
        "Scene", 0, 0, 50, "law", starts_at=start, ends_at=start + timedelta(minutes=30)
    )
    project = project_with(agreement(), scene)

    def holds(minute: int) -> bool:
        return bool(what_applies.applies_at(project, 0, 0, start + timedelta(minutes=minute)))

    assert [holds(minute) for minute in (-1, 0, 29, 30)] == [False, True, True, False]
    assert refusal(project, date(2025, 6, 3)) == "the event that it is the scene of is over"
    assert refusal(project, date(2025, 6, 1)) == "the event that it is the scene of is to come"


def test_terms_of_a_zone_go_before_those_of_its_agreement() -> None:
    own = Terms(suspended=(Activity.ID_CHECK,), hours=(Hours((0,), time(8), time(9)),))
    project = project_with(agreement(), circle_zone("Own", 0, 0, 50, "law", terms=own))
    eastern = ZoneInfo("America/New_York")
    [found] = what_applies.applies_at(project, 0, 0, datetime(2025, 6, 2, 8, 30, tzinfo=eastern))
    assert found.suspended == (Activity.ID_CHECK,)
    assert what_applies.applies_at(project, 0, 0, datetime(2025, 6, 2, 12, tzinfo=eastern)) == ()


def test_the_days_that_go_out_end_with_a_suspension_dated_ahead() -> None:
    one = moved(agreement(), Status.SUSPENDED, date(2025, 3, 1), "Chief")
    one = moved(one, Status.IN_FORCE, date(2025, 4, 1), "Chief")
    one = moved(one, Status.SUSPENDED, date(2025, 6, 10), "Chief")
    project = project_with(one)
    [zone] = project.zones.values()
    attributes = outgoing(project, zone, DAY).attributes
    assert attributes["valid_from"] == date(2025, 4, 1)
    assert attributes["valid_to"] == date(2025, 6, 9)


def test_where_the_hours_of_a_service_are_not_known_it_is_said() -> None:
    terms = agreement(hours=(), calendar=Calendar(service_hours=True))
    project = project_with(terms, circle_zone("Exchange", 0, 0, 50, "law", service="Quayside"))
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    assert what_applies.applies_at(project, 0, 0, noon) == ()
    [(zone, why)] = what_applies.unsure_at(project, 0, 0, noon)
    assert (zone.name, why) == ("Exchange", "no list of services holds “Quayside”")
    assert what_applies.unsure_at(project, 1, 0, noon) == ()
    assert what_applies.unsure_at(project, 0, 0, datetime(2020, 1, 1, tzinfo=UTC)) == ()


def test_a_zone_without_agreement_never_holds() -> None:
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    assert what_applies.applies_at(project_with(None), -84.5, 39.1, noon) == ()


def test_a_zone_of_the_opposite_sign_suspends_nothing() -> None:
    zone = replace(circle_zone("School", 0, 0, 300, "law"), polarity=Polarity.EXCLUSION)
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    [found] = what_applies.applies_at(project_with(agreement(), zone), 0, 0, noon)
    assert found.suspended == ()


def test_a_former_version_holds_for_its_own_time() -> None:
    project = project_with(agreement())
    later = agreement(version=2, effective=date(2025, 7, 1), suspended=())
    project = edits.record_agreement(later).apply(project)
    [before] = what_applies.applies_at(project, -84.5, 39.1, datetime(2025, 6, 30, 12, tzinfo=UTC))
    [after] = what_applies.applies_at(project, -84.5, 39.1, datetime(2025, 7, 2, 12, tzinfo=UTC))
    assert (before.agreement.version, after.agreement.version) == (1, 2)


def test_many_places_agree_with_each_of_them() -> None:
    rng = np.random.default_rng(3)
    night = agreement("Night", id="night", hours=(Hours((4, 5), time(22), time(6)),))
    zones = [
        circle_zone(f"Z{n}", *rng.uniform(0, 0.02, 2), 400, "x", agreement_id=key)
        for n, key in enumerate(["quay", "night", None] * 4)
    ]
    project = Project(
        agreements={"quay": agreement(), "night": night}, zones={z.id: z for z in zones}
    )
    lon, lat = rng.uniform(0, 0.02, (2, 200))
    minutes = rng.integers(0, 60 * 24 * 900, 200)
    at = np.datetime64("2024-10-01", "us") + minutes.astype("timedelta64[m]")
    at[0] = "NaT"
    by_row: dict[int, list[str]] = {row: [] for row in range(200)}
    for holding in what_applies.applies_to(project, lon, lat, at):
        for row in holding.rows.tolist():
            by_row[row].append(holding.applies.zone_name)
    assert by_row[0] == []
    assert sum(map(len, by_row.values())) > 20
    for row in range(1, 200):
        moment = at[row].astype(datetime).replace(tzinfo=UTC)
        one = what_applies.applies_at(project, lon[row], lat[row], moment)
        assert [found.zone_name for found in one] == by_row[row]


def test_the_edge_belongs_to_the_zone() -> None:
    project = project_with(agreement(), Zone("Box", shapely.box(0, 0, 1, 1)))
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    for lon, lat in ((0, 0), (1, 0.5), (0.5, 1)):
        assert what_applies.applies_at(project, lon, lat, noon)
    assert not what_applies.applies_at(project, 1.0000001, 0.5, noon)
