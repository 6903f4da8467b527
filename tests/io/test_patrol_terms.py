"""Every term reaches patrol systems, by the zone that has it; what may not leave does not."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from gisapp.io.patrol import zones
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.refusals import exportable
from gisapp.io.patrol.words import in_words
from gisapp.layers.agreement import LegalBasis, Liaison
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar, OnHolidays, SpecialDay
from gisapp.layers.vocabulary import Basis, Formality, MeasuredFrom, Polarity, Transit, Visibility
from gisapp.layers.zone import Zone, circle_zone
from tests.io.projects import agreement, own_terms

DAY = date(2025, 6, 2)
EXPORTED = datetime(2025, 6, 1, 18, 30, 2, tzinfo=UTC)


def project_of(zone: Zone, **terms: object) -> Project:
    agreed = agreement(**terms)
    return Project(agreements={"quay": agreed}).with_zone(replace(zone, agreement_id="quay"))


def refusal(project: Project, day: date = DAY) -> str:
    return "; ".join(refused.reason for refused in exportable(project, day)[1])


QUAY = circle_zone("Quay", -84.5, 39.1, 150, "meeting")


def test_every_term_has_its_column(tmp_path: Path) -> None:
    terms = own_terms()
    kept = {name: getattr(terms, name) for name in terms.__slots__ if name != "calendar"}
    project = project_of(
        replace(
            QUAY, measured_from=MeasuredFrom.ENTRANCE, note="secret note", service="Clinic X",
            parts="ground floor", priority=3, radius_text="500 ft", streets=("Quay Street", "Vine"),
            visibility=Visibility.PARTNERS,
        ),
        **kept,
        calendar=Calendar(
            special=(SpecialDay(date(2025, 12, 24)),), holidays="US-OH", on_holidays=OnHolidays.NOT
        ),
        formality=Formality.POLICY_OR_ORDER,
        legal_basis=(LegalBasis("Act", "Ohio", "§ 5"),),
        liaison=(Liaison("Clinic", "Night nurse", "01632 960100"),),
    )  # fmt: skip
    path = tmp_path / "zones.zip"
    manifest = write_package(project, DAY, path)
    [zone] = manifest.zones
    said = {
        key: zone.attributes[key] for key in zone.attributes
        if key not in ("zone_id", "area_m2", "radius_m", "valid_from", "valid_to", "parties")
    }  # fmt: skip
    assert said == {
        "name": "Quay",
        "polarity": "no_enforcement",
        "priority": 3,
        "visibility": "partners",
        "agreement": "Needle exchange, Quay Street",
        "version": 1,
        "formality": "policy_or_order",
        "legal_basis": "Act, § 5 (Ohio)",
        "starts_at": "",
        "ends_at": "",
        "hours": "Friday, Saturday 22:30–06:00 the next day; not on 24 December 2025; "
        "not on public holidays (US-OH) (America/New_York)",
        "hours_code": "Fr-Sa 22:30-06:00; PH off; 2025 Dec 24 off",
        "holidays": "US-OH",
        "timezone": "America/New_York",
        "suspended": "booking",
        "suspended_words": "Booking into custody; questions on the way",
        "offences": "s. 5(2): included; supply: not included",
        "thresholds": "up to 0.1 g of heroin; up to 2.5 g of any, all substances together",
        "persons": "patients; from the age of 18; people with a dependence only; registered "
        "clients only; staff, peers and outreach workers too",
        "covers_transit": "no",
        "exceptions": "Weapons; open shops",
        "exception_codes": "weapons",
        "units_bound": "community police",
        "units_not_bound": "drug squad",
        "if_seized": "never_returned",
        "recording": "a note without a name",
        "referral_contact": "Street Links, 01632 960166",
        "basis": "circle",
        "basis_text": "meeting",
        "measured_from": "entrance",
        "radius": "500 ft",
        "walk_minutes": None,
        "streets": "Quay Street; Vine",
        "width_m": None,
        "parts": "ground floor",
    }
    lines = in_words(zone)
    assert "People on the way to and from: not covered" in lines
    assert "What was taken away all the same: never given back" in lines
    assert manifest.as_json()["package_version"] == 3
    with zipfile.ZipFile(path) as package:
        everything = b"".join(package.read(name) for name in package.namelist()).decode(
            "utf-8", "replace"
        )
        readme = package.read("README.txt").decode()
        [row] = csv.DictReader(io.StringIO(package.read("zones.csv").decode()))
    assert row["units_not_bound"] == "drug squad"
    assert "Units not bound: drug squad" in readme
    assert "version 3 of the package" in readme
    for hidden in ("secret note", "Clinic X", "Night nurse", "Director"):
        assert hidden not in everything


def test_a_zone_with_terms_of_its_own_goes_out_with_those() -> None:
    own = replace(own_terms(), covers_transit=Transit.YES, hours=())
    project = project_of(replace(QUAY, terms=replace(own, calendar=Calendar())))
    [zone] = exportable(project, DAY)[0]
    said = zones.outgoing(project, zone, DAY).attributes
    assert (said["suspended"], said["covers_transit"]) == ("booking", "yes")
    assert said["hours_code"] == "24/7"


@pytest.mark.parametrize(
    ("visibility", "out"),
    [
        (Visibility.PUBLIC, True),
        (Visibility.PARTNERS, True),
        (Visibility.POLICE_ONLY, True),
        (Visibility.NEVER_EXPORT, False),
    ],
)
def test_who_may_see_a_zone_or_its_agreement_decides(visibility: Visibility, out: bool) -> None:
    for project, what in (
        (project_of(replace(QUAY, visibility=visibility)), "it"),
        (project_of(QUAY, visibility=visibility), "its agreement"),
    ):
        assert bool(exportable(project, DAY)[0]) is out
        assert refusal(project) == ("" if out else f"{what} may never leave this program")


@pytest.mark.parametrize("polarity", [Polarity.SERVICE_PROHIBITED, Polarity.EVALUATION_ONLY])
def test_a_zone_of_another_kind_stays(polarity: Polarity) -> None:
    reason = refusal(project_of(replace(QUAY, polarity=polarity)))
    assert reason == f"it is no zone without enforcement ({polarity.label.lower()})"


def test_the_scene_of_an_event_goes_out_with_its_moments_while_it_lasts(tmp_path: Path) -> None:
    scene = Zone(
        "Scene", shapely.box(-84.5, 39.1, -84.499, 39.101), Basis.EVENT_SCENE, "the Act",
        starts_at=datetime(2025, 6, 2, 2, 30, tzinfo=UTC),  # 22:30 on the first of June there
        ends_at=datetime(2025, 6, 2, 12, tzinfo=UTC),
    )  # fmt: skip
    project = project_of(scene)
    manifest = write_package(project, DAY, tmp_path / "z.zip")
    [zone] = manifest.zones
    assert zone.attributes["starts_at"] == "2025-06-02T02:30:00Z"
    assert zone.attributes["ends_at"] == "2025-06-02T12:00:00Z"
    with zipfile.ZipFile(tmp_path / "z.zip") as package:
        [feature] = json.loads(package.read("zones.geojson"))["features"]
    assert feature["properties"]["ends_at"] == "2025-06-02T12:00:00Z"
    assert exportable(project, date(2025, 6, 1))[1] == ()
    assert "is to come" in refusal(project, date(2025, 5, 31))
    assert "is over" in refusal(project, date(2025, 6, 3))
