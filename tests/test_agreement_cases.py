"""The real cases of sample_data/agreements: entered, drawn, saved, opened, exported, read back.

No term of any of them may get lost on the way. What the field does and on what terms is said here
once more, column by column, so that a file cannot drift from its case unseen.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gisapp.cli import agree
from gisapp.document import Document
from gisapp.io.agreements import agreement_file, agreement_folder
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.refusals import exportable
from gisapp.io.project import project_file
from gisapp.layers import overlap_edits, terms_words
from gisapp.layers.agreement import Agreement, Standing, Status
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    Exemption,
    Formality,
    MeasuredFrom,
    Polarity,
    Seized,
    Transit,
    Visibility,
)
from gisapp.layers.zone import Zone, zone_style
from gisapp.render.headless import drawing
from gisapp.render.look import Look
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.conftest import ROOT
from tests.io.projects import assert_same

FOLDER = ROOT / "sample_data" / "agreements"
EXPORTED = datetime(2026, 3, 7, 18, tzinfo=UTC)
DRAFT, PLAIN = "its agreement is a draft", ""


@dataclass(frozen=True)
class Case:
    """What a case is: the basis, sign and reason against export (none: it goes) of each zone."""

    zones: tuple[tuple[Basis, Polarity, str], ...]
    terms: Mapping[str, Any]
    day: date = date(2026, 3, 7)
    versions: int = 1
    words: Mapping[str, str] = field(default_factory=dict)


FREE, EVALUATION = Polarity.NO_ENFORCEMENT, Polarity.EVALUATION_ONLY
EXCLUDED, PROHIBITED = Polarity.EXCLUSION, Polarity.SERVICE_PROHIBITED
NO_ZONE = "it is no zone without enforcement"
ADULTS = {"min_age": 18, "dependence_required": True, "exceptions": (Exemption.SUPPLY,)}
OWN_USE = "possession for own use: included; dealing: not included"

CASES: dict[str, Case] = {
    "01-copenhagen-vesterbro": Case(
        ((Basis.POLYGON, FREE, PLAIN),),
        {**ADULTS, "formality": Formality.FORMAL_WRITTEN},
        words={"offences": OWN_USE, "persons": "strong dependence"},
    ),
    "02-copenhagen-amager": Case(
        ((Basis.FOOTPRINT, FREE, PLAIN), (Basis.STREETS, FREE, PLAIN)),
        {**ADULTS, "effective": date(2025, 6, 1)},
        words={"offences": OWN_USE, "persons": "mean to use in the room"},
    ),
    "03-copenhagen-not-followed": Case(
        ((Basis.POLYGON, EVALUATION, NO_ZONE),),
        {"units_not_bound": "Drug squad", "exceptions": (Exemption.INVESTIGATION_ONGOING,)},
        words={"suspended": "Taking away drugs", "exceptions": "for investigatory purposes"},
    ),
    "04-denmark-strafzone": Case(
        ((Basis.POLYGON, Polarity.ENHANCED_PENALTY, "it is of the opposite sign"),),
        {"status": Status.DRAFT, "suspended": (), "formality": Formality.STATUTE},
    ),
    "05-glasgow-thistle": Case(
        ((Basis.FOOTPRINT, FREE, PLAIN),),
        {
            "formality": Formality.PROSECUTOR_STATEMENT,
            "suspended": (Activity.PROSECUTION,),
            "covers_transit": Transit.NO,
            "if_seized": Seized.NEVER_RETURNED,
            "recording": "No Recorded Police Warning is used there",
            "expires": date(2027, 12, 31),
        },
        words={"offences": "section 5(2): included; supply: not included"},
    ),
    "06-sydney-injecting-centre": Case(
        ((Basis.FOOTPRINT, FREE, PLAIN),),
        {"formality": Formality.STATUTE, "registered_clients_only": True},
        words={"thresholds": "exempt quantity", "exceptions": "Drug Court"},
    ),
    "07-sydney-nearby": Case(
        ((Basis.POLYGON, FREE, "its agreement is not signed"),),
        {"covers_transit": Transit.DISCRETION, "visibility": Visibility.PARTNERS},
        words={"suspended": "charging"},
    ),
    "08-melbourne-injecting-room": Case(
        ((Basis.CIRCLE, EVALUATION, NO_ZONE),),
        {"expires": date(2023, 6, 30), "formality": Formality.VERBAL_PRACTICE},
        day=date(2019, 1, 1),
    ),
    "09-australia-needle-programmes": Case(
        ((Basis.POLYGON, FREE, PLAIN),),
        {"next_review": date(2018, 7, 1), "covers_transit": Transit.DISCRETION},
        words={"exceptions": "may approach clients at any time"},
    ),
    "10-police-training-tool-5": Case(
        ((Basis.PARCEL, FREE, PLAIN),),
        {
            "staff_and_peers_covered": True,
            "suspended": (
                Activity.UNWARRANTED_PATROL,
                Activity.ID_CHECK,
                Activity.ARREST,
                Activity.CONFISCATION_EQUIPMENT,
            ),
        },
        words={"exceptions": "another offence", "suspended": "peer educators"},
    ),
    "11-new-york-state-policy": Case(
        ((Basis.POLYGON, FREE, PLAIN),),
        {"effective": date(2013, 10, 22), "registered_clients_only": True},
        words={"offences": "lawful possession of syringes", "exceptions": "Good Samaritan"},
    ),
    "12-kyrgyzstan-instruction-417": Case(
        ((Basis.JURISDICTION, FREE, PLAIN),),
        {"suspended": (Activity.INTERFERENCE,), "formality": Formality.POLICY_OR_ORDER},
    ),
    "13-vancouver-2006": Case(
        ((Basis.FOOTPRINT, FREE, PLAIN),),
        {"effective": date(2006, 9, 1), "suspended": (Activity.ARREST,)},
        words={"suspended": "quiet use"},
    ),
    "14-vancouver-2025": Case(
        ((Basis.CIRCLE, FREE, "nobody wrote down who settled on the radius"),),
        {"suspended": (Activity.PARKING_OR_POSTING, Activity.SURVEILLANCE)},
        words={"suspended": "blocking entrances"},
    ),
    "15-barrie-proposal": Case(
        ((Basis.CORRIDOR, FREE, DRAFT),),
        {"covers_transit": Transit.YES, "exceptions": (Exemption.EMERGENCY_CALL,)},
    ),
    "16-seattle-lead": Case(
        ((Basis.POLYGON, FREE, PLAIN), (Basis.POLYGON, FREE, PLAIN)),
        {"suspended": (Activity.BOOKING,), "version": 2},
        versions=2,
        words={"thresholds": "up to 7 g of drugs", "exceptions": "not amenable"},
    ),
    "17-canada-good-samaritan": Case(
        ((Basis.EVENT_SCENE, FREE, PLAIN),),
        {"effective": date(2017, 5, 4), "exceptions": (Exemption.WARRANTS, Exemption.SUPPLY)},
        words={"offences": "parole in simple possession: included; trafficking: not included"},
    ),
    "18-leeds-holbeck": Case(
        ((Basis.STREETS, FREE, "has settled"), (Basis.STREETS, EXCLUDED, "opposite sign")),
        {"version": 2, "status": Status.WITHDRAWN},
        day=date(2019, 6, 1),
        versions=2,
        words={"offences": "soliciting: included; drug use: not included"},
    ),
    "19-new-york-city-opcs": Case(
        ((Basis.POLYGON, FREE, PLAIN), (Basis.WALK, EVALUATION, NO_ZONE)),
        {"visibility": Visibility.PARTNERS, "effective": date(2021, 11, 30)},
        words={"suspended": "narcotics enforcement nearby"},
    ),
    "20-british-columbia-threshold": Case(
        (
            (Basis.JURISDICTION, FREE, "has settled"),
            (Basis.CIRCLE, EXCLUDED, "opposite sign"),
            (Basis.PARCEL, EXCLUDED, "opposite sign"),
        ),
        {"min_age": 18, "effective": date(2023, 1, 31), "expires": date(2026, 1, 31)},
        day=date(2025, 6, 1),
        words={"thresholds": "up to 2.5 g of all listed drugs, all substances together"},
    ),
    "21-washington-dc-1000-ft": Case(
        ((Basis.CIRCLE, PROHIBITED, NO_ZONE),), {"formality": Formality.STATUTE}
    ),
    "22-ontario-200-m": Case(
        ((Basis.CIRCLE, PROHIBITED, NO_ZONE),), {"formality": Formality.STATUTE}
    ),
}
each_case = pytest.mark.parametrize("name", CASES)


@pytest.fixture(autouse=True)
def _application(qapp: object) -> Iterator[None]:
    with drawing():
        yield


def files_of(name: str) -> list[Path]:
    if CASES[name].versions == 1:
        return [FOLDER / f"{name}.json"]
    return [FOLDER / f"{name}-v{number}.json" for number in (1, 2)]


def entered(name: str) -> Project:
    """A project with the case recorded in it, as `gisapp agree` does."""
    document = Document(Project(timezone="Europe/London"))
    for path in files_of(name):
        entry = agreement_file.read_entry(path)
        assert agree.record(document, entry) in ("added", "superseded")
    return document.project


def parts_of(name: str) -> tuple[Project, Agreement, list[Zone]]:
    project = entered(name)
    [agreement] = project.agreements.values()
    return project, agreement, list(project.zones.values())


def test_every_file_is_a_case() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == {
        path.name for name in CASES for path in files_of(name)
    }
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"`{name}" in readme for name in CASES)


@each_case
def test_it_says_what_was_agreed(name: str) -> None:
    case = CASES[name]
    project, agreement, zones = parts_of(name)
    assert {key: getattr(agreement, key) for key in case.terms} == dict(case.terms)
    for what, words in case.words.items():
        assert words in getattr(terms_words, what)(agreement), what
    assert [(zone.basis, zone.polarity) for zone in zones] == [
        (basis, polarity) for basis, polarity, _ in case.zones
    ]
    assert all(zone.agreement_id == agreement.id for zone in zones)
    assert len(project.former) == case.versions - 1
    for party in agreement.parties:  # an office, and nobody by name
        assert party.organisation.startswith(("Harbourton ", "Legislature of Harbourton"))
        assert party.signatory in {
            "Chief officer", "Prosecutor in chief", "Director", "Head of community safety",
            "Chair", "Clerk",
        }  # fmt: skip


@each_case
def test_it_is_drawn_with_its_look(name: str) -> None:
    project, _, zones = parts_of(name)
    day = CASES[name].day
    look = Look(day, None, Audience.POLICE)
    for zone in zones:
        alone = replace(project, zones={zone.id: zone})
        view = MapView.around(zone.shape.bounds, 240, margin=0.2)
        image = render_image(Scene(alone, view, look))
        style = zone_style(alone.standing(zone, day), zone.polarity)
        width, height = image.width(), image.height()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, -1, 4)[:, :width, :3]
        wanted = QColor(style.color)
        colour = np.array([wanted.blue(), wanted.green(), wanted.red()])
        near = np.abs(pixels.astype(int) - colour).max(axis=2) < 60
        assert near.sum() > 20, zone.name


@each_case
def test_it_is_saved_and_opened_without_losing_a_term(name: str, tmp_path: Path) -> None:
    project = entered(name)
    project_file.save(project, tmp_path / "p.gpkg")
    assert_same(project_file.load(tmp_path / "p.gpkg"), project)


@each_case
def test_it_is_written_to_files_and_read_back_without_losing_a_term(
    name: str, tmp_path: Path
) -> None:
    project = entered(name)
    written = agreement_folder.write(project, tmp_path / "out")
    assert len(written.files) == CASES[name].versions
    assert written.kept_back == ()
    entries = [agreement_file.read_entry(path) for path in written.files]
    document = Document(Project(timezone="Europe/London"))
    for entry in sorted(entries, key=lambda entry: entry.agreement.version):
        agree.record(document, entry)
    assert_same(replace(document.project, id=project.id), project)
    assert all(agree.record(document, entry) == "unchanged" for entry in entries[-1:])


@each_case
def test_what_may_be_exported_is_and_the_rest_is_refused_with_its_reason(
    name: str, tmp_path: Path
) -> None:
    case = CASES[name]
    project, _, zones = parts_of(name)
    going, refused = exportable(project, case.day)
    reasons = {refusal.zone_id: refusal.reason for refusal in refused}
    for zone, (_, _, reason) in zip(zones, case.zones, strict=True):
        assert reason in reasons.get(zone.id, ""), zone.name
        assert (zone.id in reasons) is bool(reason), reasons.get(zone.id)
    if not going:
        return
    path = tmp_path / "zones.zip"
    manifest = write_package(project, case.day, path)
    for sent in manifest.zones:
        version = project.version_on(project.zone(str(sent.attributes["zone_id"])), case.day)
        assert version is not None
        for column, words in {
            "suspended_words": terms_words.suspended(version),
            "offences": terms_words.offences(version),
            "thresholds": terms_words.thresholds(version),
            "persons": terms_words.persons(version),
            "exceptions": terms_words.exceptions(version),
            "hours": version.hours_in_words(),
            "units_not_bound": version.units_not_bound,
            "recording": version.recording,
        }.items():
            assert sent.attributes[column] == words
    assert zipfile.is_zipfile(path)


# What only one case has


def test_leeds_holds_at_the_hours_of_its_version_until_it_was_suspended() -> None:
    project, _, [streets, homes] = parts_of("18-leeds-holbeck")

    def holds(day: date, hour: int) -> bool:
        return project.in_force(streets, datetime.combine(day, time(hour, 30), project.tzinfo))

    assert [holds(date(2016, 5, 4), hour) for hour in (6, 18, 19, 20)] == [True, False, True, True]
    assert [holds(date(2019, 5, 4), hour) for hour in (6, 18, 19, 20)] == [
        False, False, False, True,
    ]  # fmt: skip
    assert holds(date(2020, 3, 23), 21)
    assert not holds(date(2020, 3, 24), 21)
    assert not holds(date(2021, 7, 1), 21)
    assert project.standing(streets, date(2020, 6, 1)) is Standing.SUSPENDED
    assert project.standing(streets, date(2021, 7, 1)) is Standing.WITHDRAWN
    assert homes.polarity is Polarity.EXCLUSION


def test_leeds_goes_out_once_the_overlap_is_settled() -> None:
    project, _, [streets, homes] = parts_of("18-leeds-holbeck")
    decision = Settlement(
        (streets.id, homes.id), Settled.OPPOSITE_HOLDS, date(2018, 12, 1), "Safer Harbourton board"
    )
    project = overlap_edits.settle_overlap(decision).apply(project)
    going, _ = exportable(project, date(2019, 6, 1))
    assert [zone.name for zone in going] == ["Industrial streets"]


def test_seattle_knows_the_former_threshold_on_a_former_day() -> None:
    project, _, [zone, _] = parts_of("16-seattle-lead")
    before, after = (project.version_on(zone, date(year, 5, 1)) for year in (2013, 2017))
    assert before is not None
    assert after is not None
    assert (before.thresholds[0].amount, after.thresholds[0].amount) == (3, 7)
    assert after.calendar.service_hours


def test_a_scene_is_over_when_it_ends() -> None:
    project, _, [scene] = parts_of("17-canada-good-samaritan")
    assert scene.visibility is Visibility.POLICE_ONLY
    assert project.in_force(scene, datetime(2026, 3, 8, 4, 14, tzinfo=UTC))
    assert not project.in_force(scene, datetime(2026, 3, 8, 4, 15, tzinfo=UTC))
    [refused] = exportable(project, date(2026, 3, 9))[1]
    assert "is over" in refused.reason


def test_distances_are_measured_from_where_the_rule_says() -> None:
    _, _, [school] = parts_of("21-washington-dc-1000-ft")
    assert school.measured_from is MeasuredFrom.PARCEL_EDGE
    assert school.radius_m == pytest.approx(304.8)
    # The ground round a parcel of 110 m by 80 m is more than a disc of that radius.
    assert school.area_m2 > 1.3 * np.pi * 304.8**2
    _, _, [other] = parts_of("22-ontario-200-m")
    assert other.area_m2 == pytest.approx(np.pi * 200**2, rel=0.01)
    _, _, [_, playground, _] = parts_of("20-british-columbia-threshold")
    assert playground.radius_m == 15
    assert playground.starts_at == datetime(2023, 9, 17, 23, tzinfo=UTC)
    _, _, [room] = parts_of("08-melbourne-injecting-room")
    assert room.measured_from is MeasuredFrom.BUILDING_EDGE
