"""The sample city: made again byte for byte, and holding what its README promises."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
import tzfpy
from shapely.geometry import shape as to_shape

from gisapp.layers import geodesy
from gisapp.layers.agreement import DAYS, Agreement, Hours, Party, Standing, Status
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, Exemption, PartyRole, ServiceType, service_type
from sample_data import make_city
from sample_data.make_city import CityFiles
from sample_data.plan import planned_zones

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def files() -> CityFiles:
    return make_city.city_files()


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> CityFiles:
    return make_city.write(tmp_path_factory.mktemp("city"))


def _rows(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _features(path: Path) -> list[dict[str, object]]:
    return list(json.loads(path.read_text("utf-8"))["features"])


@pytest.fixture(scope="module")
def project(files: CityFiles) -> Project:
    """The zones with their agreements, built without the reader of agreement files."""
    agreements = {}
    for path in files.agreements:
        paper = json.loads(path.read_text("utf-8"))
        day = date.fromisoformat
        agreements[paper["id"]] = Agreement(
            title=paper["title"],
            status=Status(paper["status"]),
            parties=tuple(
                Party(p["organisation"], PartyRole(p["role"]), p["signatory"], day(p["signed_on"]))
                for p in paper["parties"]
            ),
            effective=day(paper["effective"]),
            expires=day(paper["expires"]) if paper["expires"] else None,
            suspended=tuple(Activity(a) for a in paper["suspended"]),
            exceptions=tuple(Exemption(e) for e in paper["exceptions"]),
            hours=tuple(
                Hours(
                    tuple(DAYS.index(d) for d in h["days"]),
                    datetime.strptime(h["start"], "%H:%M").time(),  # noqa: DTZ007
                    datetime.strptime(h["end"], "%H:%M").time(),  # noqa: DTZ007
                )
                for h in paper["hours"]
            ),
            timezone=paper["timezone"],
            id=paper["id"],
        )
    zones = {zone.id: zone for zone in planned_zones(files)}
    return Project(agreements=agreements, zones=zones, timezone="Europe/London")


def test_script_makes_the_same_bytes(files: CityFiles, made_again: CityFiles) -> None:
    names = sorted(p.relative_to(files.folder) for p in files.folder.rglob("*") if p.is_file())
    again = sorted(
        p.relative_to(made_again.folder) for p in made_again.folder.rglob("*") if p.is_file()
    )
    assert names == again
    for name in names:
        old, new = (files.folder / name).read_bytes(), (made_again.folder / name).read_bytes()
        if name.suffix == ".gz":
            assert old[4:8] == bytes(4), "the time of writing must not be in the file"
            assert gzip.decompress(old) == gzip.decompress(new)
        # zlib-ng packs the same text into other bytes; whoever has it gets the same text.
        if name.suffix != ".gz" or "ng" not in zlib.ZLIB_RUNTIME_VERSION:
            assert old == new, f"{name} differs"


def test_city_is_small(files: CityFiles) -> None:
    assert sum(p.stat().st_size for p in files.folder.rglob("*") if p.is_file()) < 3_000_000


def test_services_are_of_every_kind(files: CityFiles) -> None:
    rows = _rows(files.services)
    assert len(rows) == 12
    assert {service_type(row["service_type"]) for row in rows} == set(ServiceType)
    assert all(service_type(row["service_type"]).value == row["service_type"] for row in rows)
    assert all(row["opening_hours"] and row["address"] for row in rows)
    assert all("01632 960" in row["contact"] and "@example.org" in row["contact"] for row in rows)


@pytest.mark.parametrize(("name", "count"), [("stops", 20_000), ("overdoses", 1_500)])
def test_events_fill_two_years_in_order(files: CityFiles, name: str, count: int) -> None:
    rows = _rows(getattr(files, name))
    times = [datetime.fromisoformat(row["date_time"]) for row in rows]
    assert len(rows) == count
    assert len({next(iter(row.values())) for row in rows}) == count
    assert times == sorted(times)
    assert times[0].date() <= date(2024, 1, 3) and times[-1].date() >= date(2025, 12, 29)
    assert all(row[column] for row in rows for column in row)


def test_no_time_is_skipped_or_repeated_by_the_clocks(files: CityFiles) -> None:
    for row in _rows(files.stops) + _rows(files.overdoses):
        local = datetime.fromisoformat(row["date_time"]).replace(tzinfo=LONDON)
        assert local.utcoffset() == local.replace(fold=1).utcoffset()


def test_time_zone_of_the_place_has_summer_time(files: CityFiles) -> None:
    row = _rows(files.services)[0]
    assert tzfpy.get_tz(float(row["longitude"]), float(row["latitude"])) == "Europe/London"
    summer, winter = datetime(2025, 7, 1, tzinfo=LONDON), datetime(2025, 1, 1, tzinfo=LONDON)
    assert summer.utcoffset() != winter.utcoffset()


def test_agreements_stand_as_promised_on_any_day_to_come(project: Project) -> None:
    for day in (date(2025, 7, 1), date(2026, 3, 24), date(2040, 1, 1)):
        standing = {a.id: a.standing_on(day) for a in project.agreements.values()}
        assert standing == {
            "harbourton-exchange-2024": Standing.EXPIRED,
            "harbourton-harbour-house": Standing.IN_FORCE,
            "harbourton-opening-hours": Standing.IN_FORCE,
        }
    exchange = project.agreements["harbourton-exchange-2024"]
    assert exchange.standing_on(date(2025, 6, 30)) is Standing.IN_FORCE


def test_zones_follow_their_plan(project: Project) -> None:
    zones = list(project.zones.values())
    assert [z.basis.value for z in zones] == ["circle"] * 7 + ["footprint", "polygon"]
    assert all(z.basis_text and z.agreement_id in project.agreements for z in zones)
    circles = [z for z in zones if z.radius_m]
    assert {z.radius_m for z in circles} == {200.0}
    for zone in circles:
        assert zone.centre is not None
        lon, lat = shapely.get_coordinates(zone.shape).T
        assert np.allclose(geodesy.distances_m(lon, lat, *zone.centre), 200, atol=0.001)
    footprint = next(z for z in zones if z.name == "Harbour House")
    assert 500 < footprint.area_m2 < 900
    assert not any(a.shape.intersects(b.shape) for a in zones for b in zones if a is not b)


def test_footprint_holds_its_service_and_no_street(files: CityFiles, project: Project) -> None:
    house = next(z for z in project.zones.values() if z.name == "Harbour House")
    row = next(r for r in _rows(files.services) if r["name"] == "Harbour House")
    assert house.shape.contains(shapely.Point(float(row["longitude"]), float(row["latitude"])))
    assert not any(
        house.shape.intersects(to_shape(f["geometry"])) for f in _features(files.streets)
    )


def _meets(project: Project, feature: dict[str, object]) -> set[str]:
    """Names of zones in force at some minute of a deployment that share ground with it."""
    properties = feature["properties"]
    assert isinstance(properties, dict)
    start = datetime.fromisoformat(properties["start"]).replace(tzinfo=LONDON)
    end = datetime.fromisoformat(properties["end"]).replace(tzinfo=LONDON)
    area = to_shape(feature["geometry"])
    steps = int((end - start) / timedelta(minutes=5))
    moments = [start + timedelta(minutes=5 * step) for step in range(steps)]
    return {
        zone.name
        for zone in project.zones.values()
        if zone.shape.intersects(area) and any(project.in_force(zone, at) for at in moments)
    }


def test_four_deployments_of_ten_meet_a_zone_in_force(files: CityFiles, project: Project) -> None:
    features = _features(files.deployments)
    met = {f["properties"]["name"]: _meets(project, f) for f in features}
    assert len(met) == 10
    assert {name: zones for name, zones in met.items() if zones} == {
        "Quay evening patrol": {"Quayside Needle Exchange"},
        "Harbour front dogs": {"Harbour House"},
        "Market Square operation": {"Market Square"},
        "Station early turn": {"Station Ward Treatment Centre"},
    }


def test_deployments_that_miss_do_so_for_the_reason_given(
    files: CityFiles, project: Project
) -> None:
    shares_ground = {
        f["properties"]["name"]: any(
            z.shape.intersects(to_shape(f["geometry"])) for z in project.zones.values()
        )
        for f in _features(files.deployments)
    }
    for name in ("Linden corridor", "Eastfield burglary patrol"):
        assert not shares_ground[name]
    for name in ("Quay night patrol", "Chapelfield Sunday market", "Ropewalk late turn"):
        assert shares_ground[name]
    assert shares_ground["Northgate warrants"]


def test_stops_tell_the_story_of_the_readme(files: CityFiles, project: Project) -> None:
    rows = _rows(files.stops)
    lon = np.array([float(row["longitude"]) for row in rows])
    lat = np.array([float(row["latitude"]) for row in rows])
    later = np.array([row["date_time"] >= "2025-07-01" for row in rows])
    zones = {zone.name: zone for zone in project.zones.values()}
    for name in ("Brickfields Needle Exchange", "Northgate Clinic"):
        inside = zones[name].covers(lon, lat)
        before, after = (inside & ~later).sum() / 18, (inside & later).sum() / 6
        assert after > 2 * before
    overdoses = _rows(files.overdoses)
    eastfield = next(
        f for f in _features(files.districts) if f["properties"]["name"] == "Eastfield"
    )
    area = to_shape(eastfield["geometry"])
    there = sum(
        area.contains(shapely.Point(float(r["longitude"]), float(r["latitude"]))) for r in overdoses
    )
    assert there > len(overdoses) / 5
    services = _rows(files.services)
    assert not any(
        area.contains(shapely.Point(float(r["longitude"]), float(r["latitude"]))) for r in services
    )


def test_ground_is_valid_and_bridged(files: CityFiles) -> None:
    districts = [to_shape(f["geometry"]) for f in _features(files.districts)]
    streets = _features(files.streets)
    river = to_shape(_features(files.river)[0]["geometry"])
    assert all(shape.is_valid for shape in [*districts, river]) and len(districts) == 9
    wet = [f for f in streets if to_shape(f["geometry"]).intersects(river)]
    assert len(wet) >= 6
    assert all(f["properties"]["bridge"] for f in wet)
    classes = {f["properties"]["road_class"] for f in streets}
    assert classes == {"trunk", "primary", "secondary", "residential"}
