"""Where help is: the nearest services that are open, and who may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.look_ups import service_list
from gisapp.analysis.look_ups.help_near import (
    CALL_FIRST,
    nearest,
    nearest_naloxone,
)
from gisapp.analysis.look_ups.help_near_many import nearest_many
from gisapp.analysis.look_ups.service_list import Opening, kinds_named
from gisapp.io.reading.importing import probe, propose, read_layer
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar, OnHolidays
from gisapp.layers.vocabulary import LayerKind, ServiceType

ZONE = ZoneInfo("America/New_York")
HERE = (-84.51, 39.10)
POLICE, PATROL, PUBLIC = Audience.POLICE, Audience.PATROL, Audience.PUBLIC
#: A Tuesday in March at noon.
NOON = datetime(2026, 3, 31, 12, 0, tzinfo=ZONE)
DAY, NIGHT = "Mo-Fr 08:00-18:00", "Mo-Su 20:00-06:00"


def services(rows: Sequence[tuple[str, str, str, float]], marks: Sequence[str] = ()) -> Layer:
    """Services by name, kind, hours, and how many degrees they lie east of here."""
    names, kinds, hours, east = zip(*rows, strict=True)
    table = pa.table(
        {
            "name": list(names),
            "kind": list(kinds),
            "hours": list(hours),
            "phone": [f"555-010{n}" for n in range(len(rows))],
            "hide": list(marks) or [""] * len(rows),
        }
    )
    points = Points(HERE[0] + np.array(east), np.full(len(rows), HERE[1]))
    fields = {"name": "name", "service_type": "kind", "opening_hours": "hours"}
    fields |= {"contact": "phone", "confidential": "hide"}
    return new_layer("Services", LayerKind.SERVICES, table, points, fields)


def project_of(*layers: Layer) -> Project:
    return Project(timezone="America/New_York", layers=layers)


TOWN = project_of(
    services(
        [
            ("Closed now", "drop-in centre", NIGHT, 0.001),
            ("Ask them", "needle exchange", "by appointment", 0.002),
            ("Day house", "Needle exchange and naloxone", DAY, 0.003),
            ("Far away", "naloxone", "24/7", 0.02),
        ]
    )
)


def test_the_nearest_open_service_comes_first_and_says_until_when() -> None:
    (found,) = nearest(TOWN, *HERE, NOON, audience=POLICE)
    assert (found.name, found.opening) == ("Day house", Opening.OPEN)
    assert found.until == datetime(2026, 3, 31, 18, 0, tzinfo=ZONE)
    assert found.until is not None and found.until.tzinfo == ZONE
    assert found.opening_in_words == "open until Tuesday 18:00"
    assert found.referral_contact == "555-0102"
    assert found.distance_m == pytest.approx(geodesy.distance_m(*HERE, HERE[0] + 0.003, HERE[1]))


def test_one_of_unknown_hours_is_offered_after_those_known_to_be_open() -> None:
    found = nearest(TOWN, *HERE, NOON, audience=POLICE, most=9)
    assert [one.name for one in found] == ["Day house", "Far away", "Ask them"]
    assert found[-1].opening_in_words == CALL_FIRST
    assert found[1].opening_in_words == "open day and night" and found[1].until is None
    late = NOON.replace(hour=19)
    assert [one.name for one in nearest(TOWN, *HERE, late, audience=POLICE)] == ["Far away"]


def test_all_of_them_are_given_nearest_first_when_asked_for() -> None:
    found = nearest(TOWN, *HERE, NOON, open_only=False, audience=POLICE, most=2)
    assert [one.opening for one in found] == [Opening.CLOSED, Opening.UNKNOWN]
    assert found[0].opens == datetime(2026, 3, 31, 20, 0, tzinfo=ZONE)
    assert found[0].opening_in_words == "closed, opens Tuesday 20:00"


def test_naloxone_is_found_by_any_of_the_kinds_that_a_text_names() -> None:
    found = nearest_naloxone(TOWN, *HERE, NOON, audience=POLICE)
    assert found is not None and found.name == "Day house"
    assert found.kinds == (ServiceType.NEEDLE_SYRINGE, ServiceType.NALOXONE)
    assert kinds_named("", "Project DAWN, Main Street") == (ServiceType.NALOXONE,)
    assert kinds_named("clinic", "Mercy") == (ServiceType.OTHER,)
    nobody = nearest_naloxone(project_of(), *HERE, NOON, audience=POLICE)
    assert nobody is None


def test_what_an_audience_may_not_see_is_never_offered() -> None:
    rows = [("Shelter", "shelter", "24/7", 0.001), ("Clinic", "naloxone", "24/7", 0.002)]
    hidden = project_of(services(rows, ["yes", "no"]))
    for audience, exported in [(PATROL, True), (PUBLIC, False), (POLICE, True)]:
        found = nearest(hidden, *HERE, NOON, audience=audience, exported=exported, most=5)
        assert [one.name for one in found] == ["Clinic"]
        many = nearest_many(
            hidden, *_one_place(), _utc([NOON]), audience=audience, exported=exported
        )
        assert [many.services[number].name for number in many.which] == ["Clinic"]
    own = nearest(hidden, *HERE, NOON, audience=POLICE, exported=False)
    assert own[0].name == "Shelter"
    narrow = project_of(replace(TOWN.layers[0], sensitivity=Sensitivity.RESTRICTED))
    assert nearest(narrow, *HERE, NOON, audience=PATROL) == ()


def test_a_service_in_two_lists_is_offered_once_with_the_hours_that_are_known() -> None:
    both = project_of(services([("House", "", "", 0.001)]), services([("HOUSE ", "", DAY, 0.001)]))
    found = nearest(both, *HERE, NOON, audience=POLICE, most=5)
    assert [(one.name, one.opening) for one in found] == [("HOUSE", Opening.OPEN)]


def test_public_holidays_are_those_of_the_agreements() -> None:
    layer = services([("House", "", f"{DAY}; PH off", 0.001)])
    calendar = Calendar(holidays="US-OH", on_holidays=OnHolidays.NOT)
    agreed = Agreement("Terms", calendar=calendar)
    holiday = datetime(2026, 11, 26, 12, 0, tzinfo=ZONE)
    with_region = project_of(layer).with_agreement(agreed)
    assert nearest(with_region, *HERE, holiday, audience=POLICE) == ()
    assert nearest(project_of(layer), *HERE, holiday, audience=POLICE)[0].name == "House"


def test_a_service_that_is_an_area_is_found_too() -> None:
    table = pa.table({"name": ["Land"]})
    shapes = Shapes(np.array([shapely.box(-84.52, 39.09, -84.50, 39.11)]))
    layer = new_layer("S", LayerKind.SERVICES, table, shapes, {"name": "name"})
    found = nearest(project_of(layer), *HERE, NOON, audience=POLICE, most=5)
    assert [one.name for one in found] == ["Land"]


@given(
    places=st.lists(
        st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.integers(0, 7 * 1440)),
        min_size=1,
        max_size=12,
    ),
    rows=st.lists(
        st.tuples(st.sampled_from([DAY, NIGHT, "24/7", "ask"]), st.floats(-0.2, 0.2)),
        max_size=6,
    ),
)
def test_many_places_get_the_answer_of_one_by_one(
    places: list[tuple[float, float, int]], rows: list[tuple[str, float]]
) -> None:
    named = [(f"S{n}", "", hours, east) for n, (hours, east) in enumerate(rows)]
    project = project_of(services(named)) if named else project_of()
    # Clocks went forward on 8 March 2026.
    first = datetime(2026, 3, 5, tzinfo=UTC)
    moments = [first + timedelta(minutes=minute) for _, _, minute in places]
    lon = np.array([HERE[0] + x for x, _, _ in places])
    lat = np.array([HERE[1] + y for _, y, _ in places])
    many = nearest_many(project, lon, lat, _utc(moments), audience=POLICE)
    for row, at in enumerate(moments):
        one = nearest(project, lon[row], lat[row], at, audience=POLICE)
        assert (many.which[row] < 0) is not bool(one)
        if one:
            # Two services may lie at one place; how far it is says that it is as near.
            assert many.distance_m[row] == pytest.approx(one[0].distance_m, abs=0.01)
            assert many.unsure[row] == (one[0].opening is Opening.UNKNOWN)


def test_far_places_and_those_without_a_moment() -> None:
    lon, lat = np.array([10.0, HERE[0]]), np.array([50.0, HERE[1]])
    at = np.array([_utc([NOON])[0], np.datetime64("NaT")])
    many = nearest_many(TOWN, lon, lat, at, audience=POLICE)
    assert many.distance_m[0] == pytest.approx(
        geodesy.distance_m(10.0, 50.0, TOWN_LON[many.which[0]], HERE[1])
    )
    assert many.unsure.tolist() == [False, True]
    assert many.services[many.which[1]].name == "Closed now"


def test_real_lists_without_hours_are_offered_with_a_call_first(shared_data: Path) -> None:
    source = probe([shared_data / "cincinnati" / "naloxone_distribution_sites.csv"])
    layer = read_layer(source, propose(source, LayerKind.SERVICES)).layer
    found = nearest_naloxone(project_of(layer), -84.512, 39.103, NOON, audience=PATROL)
    assert found is not None and found.opening is Opening.UNKNOWN and found.distance_m < 5_000


def _one_place() -> tuple[np.ndarray, np.ndarray]:
    return np.array([HERE[0]]), np.array([HERE[1]])


def _utc(moments: Sequence[datetime]) -> np.ndarray:
    return np.array(
        [at.astimezone(UTC).replace(tzinfo=None) for at in moments], dtype="datetime64[us]"
    )


TOWN_LON = HERE[0] + np.array([0.001, 0.002, 0.003, 0.02])


def test_a_list_of_services_is_read_once_for_all_that_changes_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of thousands of services reading took the lock of the interpreter after each edit."""
    read: list[str] = []
    kinds = service_list.kinds_named

    def noted(service_type: str, name: str) -> tuple[ServiceType, ...]:
        read.append(name)
        return kinds(service_type, name)

    monkeypatch.setattr(service_list, "kinds_named", noted)
    layer = new_layer(
        "Services",
        LayerKind.SERVICES,
        pa.table({"name": ["Quay", "Mill"]}),
        fields={"name": "name"},
        geometry=Points(np.array([-84.51, -84.52]), np.array([39.10, 39.11])),
    )
    project = Project(layers=(layer,))

    def names(of: Project) -> list[str]:
        told = service_list.services_of(of, Audience.POLICE, exported=False)
        return [one.name for one in told.services]

    assert names(project) == ["Quay", "Mill"]
    assert names(replace(project, title="Other")) == ["Quay", "Mill"]
    assert read == ["Quay", "Mill"]
    other = replace(layer, table=pa.table({"name": ["Quay", "Bridge"]}))
    assert names(replace(project, layers=(other,))) == ["Quay", "Bridge"]
