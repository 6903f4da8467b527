"""Agreements as JSON: nothing gets lost, and everything that is wrong is said at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.errors import DataError
from gisapp.io.agreements import agreement_file, agreement_keys
from gisapp.io.agreements.agreement_file import Entry
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Hours, LegalBasis, Status
from gisapp.layers.schedule import Calendar
from gisapp.layers.vocabulary import Activity, Basis, MeasuredFrom, Polarity
from gisapp.layers.zone import Zone
from tests.conftest import ROOT
from tests.io.projects import agreement, own_terms
from tests.io.strategies import AGREEMENTS, zones


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(AGREEMENTS)
def test_any_agreement_comes_back(terms: Agreement) -> None:
    assert agreement_file.parse(json.dumps(agreement_file.to_json(terms))) == terms


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(AGREEMENTS, st.lists(zones(), max_size=2, unique_by=lambda zone: zone.id))
def test_any_agreement_comes_back_with_its_zones(terms: Agreement, drawn: list[Zone]) -> None:
    under = tuple(replace(zone, agreement_id=terms.id) for zone in drawn)
    text = json.dumps(agreement_file.file_to_json(terms, under))
    assert agreement_file.parse_entry(text) == Entry(terms, under)


def mistakes(value: object) -> str:
    with pytest.raises(DataError) as caught:
        agreement_file.parse(value if isinstance(value, str) else json.dumps(value))
    assert caught.value.exit_code == 20
    assert caught.value.hint
    return caught.value.message


def test_only_a_title_is_needed() -> None:
    terms = agreement_file.parse('{"title": "Draft", "notes": null, "expires": null}')
    assert terms.title == "Draft"
    assert terms.status is Status.DRAFT
    assert len(terms.id) == 32


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = mistakes(
        {
            "titel": "A",
            "status": "in effect",
            "parties": [
                {"organisation": "City Police", "role": "police"},
                {"organisation": "Clinic", "role": "polise", "signed_on": "5 March"},
                "Health Department",
            ],
            "hours": [{"days": ["Mondy"], "start": "8", "end": "20:00"}, {"days": []}],
            "suspended": "drug_search",
            "exceptions": ["violence", "boredom"],
            "effective": "2025-02-30",
            "timezone": "London",
            "version": "2",
        }
    )
    for path in (
        "titel: is not known (meant title?)",
        "title: is missing",
        "status: “in effect” is not one of draft, agreed, in force",
        "parties[1].role: “polise” is not one of police, prosecutor",
        "parties[1].signed_on: “5 March” is not a day such as 2025-03-06",
        "parties[2]: must be an object",
        "hours[0].days[0]: “Mondy” is not a day of the week",
        "hours[0].start: “8” is not a time of day such as 08:00",
        "hours[1].start: is missing",
        "suspended: must be a list",
        "exceptions[1]: “boredom” is not one of violence",
        "effective: “2025-02-30” is not a day",
        "timezone: “London” is not a time zone such as Europe/London",
        "version: “2” is not a whole number",
    ):
        assert path in said


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"title": " "}, "title: is empty"),
        ({"title": "A", "effective": "2025-02-01", "expires": "2025-01-31"}, "expires: 2025-01-31"),
        ({"title": "A", "version": 0}, "version: must be 1 or more"),
        ({"title": "A", "id": ""}, "id: is empty"),
        (
            {"title": "A", "id": "a", "zones": [{"name": "Quay", "id": "ü" * 128}]},
            "zones[0].id: is longer than 254 bytes",
        ),
        ({"title": "A", "parties": [{"organisation": "", "role": "police"}]}, "parties[0]"),
        ({"title": "A", "version": True}, "version: true is not"),
        (
            {"title": "A", "hours": [{"days": ["Monday"], "start": "08:00Z", "end": "9:00"}]},
            "start",
        ),
        ({"title": "A", "superceded_on": "2025-01-01"}, "meant superseded_on?"),
        ([], "must be an object"),
        ("[1, 2", "is not valid JSON (line 1, column 6"),
        ('{"title": "A", "title": "B"}', "title: is there twice"),
        ("[" * 100_000, "is not valid JSON"),
        ('{"title": "A", "version": ' + "9" * 5000 + "}", "is not valid JSON"),
        ('{"title": "A", "version": 99999999999999999999}', "is not a whole number"),
        ('{"title": "A\\ud800"}', "half a character"),
    ],
)
def test_single_mistakes(terms: object, said: str) -> None:
    assert said in mistakes(terms)


def test_words_are_understood_as_people_write_them() -> None:
    terms = agreement_file.parse(
        json.dumps(
            {
                "title": "A",
                "status": "In Force",
                "suspended": ["Drug search", "id-check"],
                "parties": [{"organisation": "P", "role": "Police"}],
                "hours": [{"days": ["mon", "TUE", "Friday"], "start": "20:00", "end": "24:00"}],
            }
        )
    )
    assert terms.status is Status.IN_FORCE
    assert terms.suspended == (Activity.DRUG_SEARCH, Activity.ID_CHECK)
    assert terms.hours == (Hours((0, 1, 4), time(20), time(0)),)


def test_a_file_is_read_with_or_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "terms.json"
    text = json.dumps(agreement_file.to_json(agreement()))
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(text, encoding=encoding)
        assert agreement_file.read(path) == agreement()
        assert agreement_file.read(str(path)) == agreement()
    assert agreement_file.read(text) == agreement()


def test_files_that_are_no_agreement(tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes('{"title": "Zürich"}'.encode("latin-1"))
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 5_000_001)
    for path in (tmp_path / "none.json", tmp_path, latin, huge):
        with pytest.raises(DataError) as caught:
            agreement_file.read(path)
        assert path.name in caught.value.message


def test_the_form_reads_like_the_agreement() -> None:
    terms = agreement(hours=(Hours((0, 6), time(22), time(6)),))
    written: dict[str, Any] = agreement_file.to_json(terms)
    assert written["effective"] == "2025-01-01"
    assert written["hours"] == [{"days": ["Monday", "Sunday"], "start": "22:00", "end": "06:00"}]
    assert written["parties"][0] == {
        "organisation": "City Police",
        "role": "police",
        "signatory": "Chief",
        "signed_on": date(2024, 12, 1).isoformat(),
    }


def test_the_published_schema_is_up_to_date() -> None:
    published = json.loads((ROOT / "docs" / "agreement.schema.json").read_text("utf-8"))
    assert published == agreement_keys.schema(), "run tools/write_agreement_schema.py"


def test_the_schema_knows_every_key_that_is_written() -> None:
    schema = agreement_keys.schema()
    one = Zone("Quay", shapely.box(0, 0, 1, 1), terms=own_terms())
    agreed = agreement(hours=(Hours((0,), time(1), time(2)),))
    written = agreement_file.file_to_json(agreed, [one])
    assert set(schema["properties"]) == set(written)
    in_zone = schema["properties"]["zones"]["items"]["properties"]
    assert set(in_zone) == set(written["zones"][0])
    assert set(in_zone["terms"]["properties"]) == set(written["zones"][0]["terms"])
    assert set(schema["properties"]["parties"]["items"]["properties"]) == set(written["parties"][0])
    assert set(schema["properties"]["hours"]["items"]["properties"]) == set(written["hours"][0])


# Terms of every kind


def test_a_file_from_before_is_read_with_its_legal_basis_in_one_text() -> None:
    terms = agreement_file.parse('{"title": "A", "legal_basis": "Guidance 7/2023"}')
    assert terms.legal_basis == (LegalBasis("Guidance 7/2023"),)
    assert agreement_file.parse('{"title": "A", "legal_basis": ""}').legal_basis == ()


def test_mistakes_in_terms_are_said_with_their_paths() -> None:
    said = mistakes(
        {
            "title": "A",
            "formality": "handshake",
            "legal_basis": [{"section": "5"}],
            "offences": [{"reference": "supply", "included": "no"}],
            "thresholds": [{"substance": "heroin", "amount": "2 g"}],
            "documents": [{"title": "Annex A", "sha256": "abc"}],
            "min_age": "18",
            "covers_transit": "perhaps",
            "calendar": {"on_holiday": "not"},
            "history": [{"on": "2025-01-01", "was": "draft", "became": "agreed"}],
        }
    )
    for path in (
        "formality: “handshake” is not one of formal_written",
        "legal_basis[0].instrument: is missing",
        "offences[0].included: must be true or false",
        "thresholds[0].amount: “2 g” is not a number",
        "documents[0].sha256: “abc” is not a SHA-256",
        "min_age: “18” is not a whole number",
        "covers_transit: “perhaps” is not one of no, yes, discretion",
        "calendar.on_holiday: is not known (meant on_holidays?)",
        "history[0].who: is missing",
    ):
        assert path in said


_STEP = {"on": "2025-01-01", "was": "draft", "became": "agreed", "who": "Board"}


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"min_age": 130}, "min_age: is no age"),
        ({"calendar": {"rule": "on Mondays"}}, "calendar.rule: is no recurrence"),
        ({"calendar": {"holidays": "XX"}}, "calendar.holidays:"),
        (
            {"calendar": {"special": [{"day": "2025-12-24", "start": "09:00"}]}},
            "calendar.special[0]: needs both start and end",
        ),
        ({"history": [_STEP | {"became": "expired"}]}, "history[0]: draft cannot become expired"),
        ({"history": [_STEP], "status": "draft"}, "status: is not what the last step"),
        ({"history": [_STEP | {"who": " "}]}, "history[0]: says nobody who decided it"),
        ({"history": [_STEP, _STEP]}, "history[1]: follows one after which it was agreed"),
        (
            {"history": [_STEP, _STEP | {"on": "2024-12-31"}], "status": "agreed"},
            "history[1]: lies before the step that it follows, of 2025-01-01",
        ),
        ({"zones": [{"name": "A", "terms": {"min_age": -1}}]}, "zones[0]: it needs a geometry"),
        (
            {"zones": [{"name": "A", "terms": {"min_age": -1}} | {"basis": "circle",
             "centre": [0, 0], "radius": "9m"}]},
            "zones[0].terms.min_age: is no age",
        ),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense(terms: dict[str, Any], said: str) -> None:
    assert said in mistakes({"title": "A", "status": "agreed", **terms})


def test_a_later_version_may_be_a_step_of_the_history() -> None:
    replaced = _STEP | {"on": "2025-06-01", "was": "agreed", "became": "superseded"}
    terms = {"title": "A", "status": "superseded", "history": [_STEP, replaced]}
    assert agreement_file.parse(json.dumps(terms)).status is Status.SUPERSEDED


# Zones


def zone_of(**said: Any) -> Zone:
    text = json.dumps({"title": "A", "id": "a", "zones": [{"name": "Quay", **said}]})
    [zone] = agreement_file.parse_entry(text).zones
    return zone


def test_a_circle_is_made_from_its_centre_and_radius() -> None:
    zone = zone_of(basis="circle", centre=[-3.29, 55.25], radius="500 ft", basis_text="by-law")
    assert zone.radius_m == pytest.approx(152.4)
    assert (zone.radius_text, zone.centre) == ("500 ft", (-3.29, 55.25))
    assert zone.shape.equals(geodesy.circle(-3.29, 55.25, zone.radius_m or 0))
    assert zone.agreement_id == "a"


def test_a_scene_is_made_from_its_centre_and_lasts_between_two_moments() -> None:
    zone = zone_of(
        basis="event scene", centre=[-3.29, 55.25], radius="30 m",
        starts_at="2026-03-01T22:15+01:00", ends_at="2026-03-02T04:15+01:00",
    )  # fmt: skip
    assert zone.basis is Basis.EVENT_SCENE
    assert zone.starts_at == datetime(2026, 3, 1, 21, 15, tzinfo=UTC)


def test_a_street_is_made_from_its_line_and_width() -> None:
    line = {"type": "LineString", "coordinates": [[-3.29, 55.25], [-3.28, 55.25]]}
    zone = zone_of(basis="street_list", streets=["Reed Terrace"], width_m=20, geometry=line)
    length = geodesy.distance_m(-3.29, 55.25, -3.28, 55.25)
    # A round end of 10 m on either side.
    assert zone.area_m2 == pytest.approx(length * 20 + 3.1416 * 100, rel=0.01)
    assert zone.streets == ("Reed Terrace",)


def test_a_zone_keeps_its_id_from_reading_to_reading() -> None:
    one = zone_of(basis="circle", centre=[0, 0], radius="9m")
    assert one.id == zone_of(basis="circle", centre=[5, 5], radius="12m").id
    assert zone_of(basis="circle", centre=[0, 0], radius="9m", id="mine").id == "mine"


def test_the_outline_may_be_what_a_radius_only_describes() -> None:
    box = json.loads(shapely.to_geojson(shapely.box(-3.3, 55.25, -3.29, 55.26)))
    zone = zone_of(
        basis="circle", centre=[-3.295, 55.255], radius="1000 ft", measured_from="parcel edge",
        polarity="service_prohibited", geometry=box,
    )  # fmt: skip
    assert zone.radius_m == pytest.approx(304.8)
    assert zone.measured_from is MeasuredFrom.PARCEL_EDGE
    assert zone.polarity is Polarity.SERVICE_PROHIBITED
    assert zone.shape.equals(shapely.box(-3.3, 55.25, -3.29, 55.26))


def test_mistakes_in_zones_are_said_all_at_once() -> None:
    disc = {"name": "B", "basis": "circle", "centre": [0, 0]}
    area = json.loads(shapely.to_geojson(shapely.box(0, 0, 1, 1)))
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    said = mistakes(
        {
            "title": "A",
            "zones": [
                {"basis": "round", "centre": [55, 200], "geometri": {}},
                disc,
                disc | {"radius": "500"},
                {"name": "C", "geometry": line},
                {"name": "D", "geometry": {"type": "Point", "coordinates": [0, 0]}},
                {"name": "E", "geometry": area | {"coordinates": [[[0]]]}},
                {"name": "F", "geometry": {**line, "coordinates": [[500000, 180000], [0, 0]]}},
                {"name": "G", "geometry": area, "starts_at": "2026-03-01T22:15"},
                {"name": " ", "geometry": area},
                "a zone",
            ],
        }
    )
    for path in (
        "zones[0].geometri: is not known (meant geometry?)",
        "zones[0].name: is missing",
        "zones[0].basis: “round” is not one of footprint",
        "zones[0].centre: a list is not a place",
        "zones[1]: it needs a geometry, or a centre and a radius",
        "zones[2]: “500” is not a length",
        "zones[3]: a line needs width_m",
        "zones[4].geometry: must be a GeoJSON geometry",
        "zones[5].geometry: cannot be read as a Polygon",
        "zones[6].geometry: must be in degrees",
        "zones[7].starts_at: “2026-03-01T22:15” is not a moment",
        "zones[8].name: is empty",
        "zones[9]: must be an object",
    ):
        assert path in said


def test_two_zones_of_a_file_have_names_of_their_own() -> None:
    disc = {"basis": "circle", "centre": [0, 0], "radius": "9m"}
    said = mistakes({"title": "A", "zones": [{"name": "Quay", **disc}, {"name": "quay", **disc}]})
    assert "zones[1].name: is that of another zone" in said
    zones = [{"name": "A", "id": "1", **disc}, {"name": "B", "id": "1", **disc}]
    assert "zones[1].id: is that of another zone" in mistakes({"title": "A", "zones": zones})


def test_a_plain_calendar_needs_no_words() -> None:
    assert agreement_file.parse('{"title": "A", "calendar": null}').calendar == Calendar()
