"""What a briefing says of an area and a shift, and what it must not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.briefing.area import (
    WHOLE,
    Area,
    area_named,
    deployment_named,
    view_named,
)
from gisapp.analysis.briefing.briefing import Briefing, briefing
from gisapp.analysis.briefing.instruction import instruction
from gisapp.analysis.briefing.order import order
from gisapp.analysis.briefing.parts import Grid, unbroken
from gisapp.analysis.briefing.readers import check_reader
from gisapp.analysis.briefing.sheet import MOST_BESIDE, sheet
from gisapp.analysis.briefing.shift import Shift, spells_in_words
from gisapp.analysis.briefing.words import listed, numbered, opening, when
from gisapp.errors import DataError, ExportError
from gisapp.layers.agreement import Agreement, Hours, Liaison, Party, Status
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project, SavedView
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.schedule import Calendar
from gisapp.layers.terms import Offence
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    Exemption,
    LayerKind,
    PartyRole,
    Polarity,
    Seized,
    Visibility,
)
from gisapp.layers.zone import Zone, circle_zone

DAY = date(2025, 11, 21)  # a Friday
LON, LAT = -3.29, 55.25
EVENING = Hours((4,), time(18), time(23))


def pact(**more: object) -> Agreement:
    parties = (
        Party("City Police", PartyRole.POLICE, "Chief A. Person", date(2025, 1, 1)),
        Party("Health", PartyRole.HEALTH, "Dr B. Person", date(2025, 1, 1)),
    )
    terms: dict[str, object] = {
        "title": "Pact",
        "id": "pact",
        "status": Status.AGREED,
        "parties": parties,
        "effective": date(2025, 1, 1),
        "timezone": "Europe/London",
        "suspended": (Activity.DRUG_SEARCH, Activity.ARREST),
        "exceptions": (Exemption.VIOLENCE,),
        "referral_contact": "Health Hub, 01632 960187",
    }
    return Agreement(**{**terms, **more})


def zone(name: str = "Dock", agreement: str = "pact", **more: object) -> Zone:
    at = more.pop("at", (LON, LAT))
    shape = shapely.Point(at).buffer(0.002)
    return Zone(name=name, shape=shape, agreement_id=agreement, id=name, **more)


def services(hours: str = "Mo-Fr 09:00-20:00") -> Layer:
    table = pa.table(
        {
            "name": ["Open House", "Naloxone Point"],
            "kind": ["drop-in centre", "naloxone distribution"],
            "hours": [hours, "24/7"],
            "contact": ["01632 960159, house@example.org", ""],
        }
    )
    fields = {
        "name": "name",
        "service_type": "kind",
        "opening_hours": "hours",
        "contact": "contact",
    }
    points = Points(np.array([LON, LON + 0.01]), np.array([LAT, LAT]))
    return new_layer("Services", LayerKind.SERVICES, table, points, fields)


def deployments() -> Layer:
    start = datetime(2025, 11, 21, 22, tzinfo=UTC)
    table = pa.table(
        {
            "name": ["Dock patrol"],
            "unit": ["Dog unit"],
            "start": pa.array([start], pa.timestamp("us", "Europe/London")),
            "end": pa.array([start.replace(day=22, hour=2)], pa.timestamp("us", "Europe/London")),
        }
    )
    box = np.array([shapely.box(LON - 0.004, LAT - 0.001, LON, LAT + 0.001)], dtype=object)
    fields = {name: name for name in table.column_names}
    return new_layer("Boxes", LayerKind.DEPLOYMENTS, table, Shapes(box), fields)


def project(*zones: Zone, agreements: tuple[Agreement, ...] = (), **more: object) -> Project:
    made = Project(title="Town", timezone="Europe/London", **more)
    for one in agreements or (pact(),):
        made = made.with_agreement(one)
    return made.with_zones(zones or (zone(),))


def shift(start: str = "19:00", end: str = "03:00", day: date = DAY) -> Shift:
    return Shift.of(day, time.fromisoformat(start), time.fromisoformat(end), "Europe/London")


def said(found: Briefing) -> str:
    return sheet(found, DAY).texts()


# Shifts


def test_a_shift_may_run_over_midnight() -> None:
    assert shift().in_words() == "Friday 21 November 2025, 19:00 to 03:00 on Saturday"
    assert len(shift().minutes()) == 8 * 60


def test_a_shift_in_the_night_when_clocks_go_forward_is_an_hour_shorter() -> None:
    assert len(shift("22:00", "06:00", date(2026, 3, 28)).minutes()) == 7 * 60


def test_from_midnight_to_midnight_is_the_whole_day() -> None:
    assert shift("00:00", "00:00").in_words() == "Friday 21 November 2025, all day"


@settings(max_examples=25)
@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_a_zone_is_on_the_sheet_when_any_minute_of_its_hours_is_in_the_shift(
    start: int, end: int, opens: int, closes: int
) -> None:
    clock = [time(minute // 60, minute % 60) for minute in (start, end, opens, closes)]
    work = Shift.of(date(2025, 11, 19), clock[0], clock[1], "Europe/London")
    hours = (Hours(tuple(range(7)), clock[2], clock[3]),)
    made = project(agreements=(pact(hours=hours),))
    length = (closes - opens - 1) % 1440 + 1
    minutes = {(opens + minute) % 1440 for minute in range(length)}
    # In November the clocks of London are those of UTC.
    held = {int(minute) // 60_000_000 % 1440 in minutes for minute in work.minutes()}
    try:
        found = briefing(made, WHOLE, work)
    except ExportError:
        assert True not in held
        return
    (line,) = found.lines
    assert True in held
    assert all(work.start <= one.start < one.end <= work.end for one in line.spells)


def test_the_hours_of_a_zone_within_the_shift_are_said() -> None:
    found = briefing(project(agreements=(pact(hours=(EVENING,)),)), WHOLE, shift())
    (line,) = found.lines
    assert spells_in_words(line.spells, found.shift) == "19:00–23:00"


# What is said


def test_a_sheet_says_what_where_for_whom_and_what_instead() -> None:
    made = project(
        agreements=(
            pact(
                registered_clients_only=True,
                recording="a contact card",
                liaison=(Liaison("Health", "duty manager", "01632 960100", "Mo-Fr 09:00-17:00"),),
                units_bound="All units",
            ),
        ),
        layers=(services(), deployments()),
    )
    words = said(briefing(made, deployment_named(made, "dock patrol"), shift()))
    for part in (
        "Search people for drugs",
        "Arrest people for personal possession",
        "Accept a membership card of the service as proof",
        "Act as usual only in these cases: violence.",
        "Health Hub, 01632 960187",
        "A contact card.",
        "Open House (drop-in centre): open 19:00–20:00. 01632 960159.",
        "Naloxone: Naloxone Point",
        "Health, duty manager: 01632 960100 (Monday to Friday 09:00–17:00)",
        "Your unit (Dog unit) is bound.",
        "The steps are general: the agreements set none of their own.",
    ):
        assert part in words, part


def two_pacts(**more: object) -> str:
    """A sheet of two zones under agreements that differ in `more` alone."""
    other = pact(id="other", title="Other", **more)
    return said(
        briefing(project(zone(), zone("Yard", "other"), agreements=(pact(), other)), WHOLE, shift())
    )


def test_what_all_zones_share_is_said_once() -> None:
    words = two_pacts()
    assert words.count("Search people for drugs") == 1
    assert words.count("Act as usual only in these cases: violence.") == 1
    assert "zone 2" not in words.casefold().split("do instead")[0]


def test_what_differs_is_said_with_its_zones_and_as_it_was_written() -> None:
    words = two_pacts(exceptions=(Exemption.WARRANTS,), units_bound="Vancouver Police")
    assert words.count("Search people for drugs") == 1
    for part in (
        "Zone 1: Act as usual only in these cases: violence.",
        "Zone 2: Act as usual only in these cases: warrants.",
        "Who is bound (zone 2): Vancouver Police.",
    ):
        assert part in words, part


def test_acts_that_all_zones_share_come_first_where_that_is_shorter() -> None:
    acts = tuple(Activity)
    one, other = pact(suspended=acts), pact(id="other", title="Other", suspended=acts[:10])
    made = project(zone(), zone("Yard", "other"), agreements=(one, other))
    words = said(briefing(made, WHOLE, shift()))
    assert words.count("Search people for drugs") == 1
    assert "In all zones: do not" in words and "Zone 1: also do not" in words
    assert "Zone 2: also" not in words
    # An act is only what it is about: two offences are two lists.
    about = replace(other, offences=(Offence("soliciting"),))
    made = project(zone(), zone("Yard", "other"), agreements=(one, about))
    words = said(briefing(made, WHOLE, shift()))
    assert words.count("Search people for drugs") == 2 and "Zone 2: do not" in words


def test_what_is_recorded_is_told_with_its_zones_where_it_differs() -> None:
    words = two_pacts(recording="a contact card", if_seized=Seized.RETURNED)
    assert "Zone 1: No special record is agreed" in words and "Zone 2: A contact card." in words
    assert "Zone 2: Anything that was taken away is given back." in words


def test_no_line_ends_within_a_telephone_number() -> None:
    paper = unbroken(sheet(briefing(project(), WHOLE, shift()), DAY))
    assert "Health Hub, 01632\N{NO-BREAK SPACE}960187" in paper.texts()
    assert "Friday 21 November" in paper.texts()


def test_large_print_says_nothing_twice() -> None:
    found = briefing(project(), WHOLE, shift())
    normal, large = (sheet(found, DAY, large=large).texts() for large in (False, True))
    assert "search people for drugs" in normal
    assert "search people for drugs" not in large and "Search people for drugs" in large


def test_no_person_is_on_paper() -> None:
    made = project()
    both = said(briefing(made, WHOLE, shift())), instruction(order(made, DAY), DAY).texts()
    assert not any("Person" in words for words in both)


def test_the_offences_an_agreement_names_stand_in_place_of_personal_possession() -> None:
    terms = pact(offences=(Offence("soliciting"), Offence("dealing", included=False)))
    words = said(briefing(project(agreements=(terms,)), WHOLE, shift()))
    assert "This is about: soliciting." in words and "Not covered: dealing." in words
    assert "personal possession" not in words.split("Do instead")[0]


def test_unknown_hours_of_a_service_are_said() -> None:
    made = project(layers=(services("by appointment"),))
    words = said(briefing(made, WHOLE, shift()))
    assert "hours not known (its list says “by appointment”), call before you send" in words
    assert opening("by appointment") == "by appointment (as written)"
    assert opening("Mo-Fr 09:00-20:00") == "Monday to Friday 09:00–20:00"
    assert opening("24/7") == "At all hours"


def test_a_zone_that_follows_a_service_nobody_knows_the_hours_of_is_said_to_be_unknown() -> None:
    terms = pact(calendar=Calendar(service_hours=True))
    made = project(zone(service="Nowhere"), agreements=(terms,))
    found = briefing(made, WHOLE, shift())
    assert not found.lines
    assert "Hours not known" in said(found) and "Ask a supervisor" in said(found)


def test_zones_at_other_hours_of_the_day_are_named_with_their_hours() -> None:
    late = pact(id="late", title="Late", hours=(Hours((4,), time(6), time(8)),))
    made = project(zone(), zone("Yard", "late"), agreements=(pact(), late))
    words = said(briefing(made, WHOLE, shift()))
    assert "Not during this shift" in words and "Yard: Friday 06:00–08:00" in words


def test_many_zones_are_listed_after_the_first_page() -> None:
    names = [f"Zone {number:02}" for number in range(MOST_BESIDE + 1)]
    paper = sheet(briefing(project(*map(zone, names)), WHOLE, shift()), DAY)
    assert paper.body
    assert all(name in paper.texts() for name in names)


def test_a_rule_is_told_as_its_next_days() -> None:
    terms = pact(calendar=Calendar(rule="FREQ=MONTHLY;BYDAY=1MO"))
    words = when(terms, DAY)
    assert "1 December 2025, 5 January 2026" in words and "FREQ" not in words


# What must not be said


@pytest.mark.parametrize(
    "terms",
    [
        pact(status=Status.DRAFT),
        pact(parties=(Party("City Police", PartyRole.POLICE),)),
        pact(expires=date(2025, 6, 30)),
        pact(effective=date(2026, 1, 1)),
        pact(visibility=Visibility.NEVER_EXPORT),
    ],
    ids=["draft", "unsigned", "expired", "to come", "never leaves"],
)
def test_nothing_that_is_not_in_force_is_stated(terms: Agreement) -> None:
    made = project(zone(), agreements=(terms,))
    with pytest.raises(ExportError, match=r"No (zone|agreement)"):
        briefing(made, WHOLE, shift())
    with pytest.raises(ExportError, match="No agreement is in force"):
        order(made, DAY)


def test_a_zone_patrol_may_not_see_is_left_out() -> None:
    made = project(zone(), zone("Refuge", visibility=Visibility.NEVER_EXPORT))
    assert "Refuge" not in said(briefing(made, WHOLE, shift()))
    assert "Refuge" not in instruction(order(made, DAY), DAY).texts()


def test_a_circle_nobody_settled_is_left_out_and_told() -> None:
    bare = replace(circle_zone("Ring", LON, LAT, 200, ""), agreement_id="pact")
    found = briefing(project(zone(), bare), WHOLE, shift())
    assert [line.zone.name for line in found.lines] == ["Dock"]
    assert [one.name for one in found.left_out] == ["Ring"]


def bow(**more: object) -> Zone:
    """A zone whose outline crosses itself, a little east of the dock."""
    west, east, south, north = LON + 0.004, LON + 0.006, LAT, LAT + 0.002
    corners = [(west, south), (east, north), (east, south), (west, north)]
    return replace(zone("Bow tie", **more), shape=shapely.Polygon(corners))


def test_an_outline_that_crosses_itself_is_not_told_as_in_force() -> None:
    made = project(zone(), bow(visibility=Visibility.POLICE_ONLY))
    line = "Bow tie: its outline crosses itself and must be mended first."
    shift_sheet, ordered = briefing(made, WHOLE, shift()), order(made, DAY)
    assert [one.zone.name for one in shift_sheet.lines] == ["Dock"]
    assert [one.zone.name for one, _ in ordered.lines] == ["Dock"]
    for found, paper in (
        (shift_sheet, sheet(shift_sheet, DAY)),
        (ordered, instruction(ordered, DAY)),
    ):
        assert [one.name for one in found.left_out] == ["Bow tie"]
        assert paper.texts().count("Bow tie") == 1 and line in paper.texts()
        # Its name is not for everybody.
        assert paper.foot.startswith("For officers only")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 7, 1), ("1 July 2025",)),
        (date(2025, 7, 2), ("1 July 2025 (overdue)",)),
    ],
)
def test_a_review_before_the_day_of_the_paper_is_overdue(day: date, said: tuple[str]) -> None:
    made = project(agreements=(pact(review_every_months=6),))
    body = instruction(order(made, day), DAY).body
    (table,) = [one for one in body if isinstance(one, Grid) and "Next review" in one.header]
    assert tuple(row[1] for row in table.rows) == said


def test_what_is_left_out_is_told_only_where_it_would_hold() -> None:
    west = Area("West", shapely.box(LON - 0.003, LAT - 0.003, LON + 0.003, LAT + 0.003))
    assert not briefing(project(zone(), bow()), west, shift()).left_out
    draft = pact(id="draft", title="Draft", status=Status.DRAFT)
    made = project(zone(), bow(agreement="draft"), agreements=(pact(), draft))
    assert not briefing(made, WHOLE, shift()).left_out
    assert not order(made, DAY).left_out


def test_where_all_are_left_out_the_reason_is_the_hint() -> None:
    with pytest.raises(ExportError, match=r"rely on is in force.*“Bow tie” is left out: its outl"):
        briefing(project(bow()), WHOLE, shift())
    words = instruction(order(project(bow()), DAY), DAY).texts()
    assert "No area that can be told of is drawn for “Pact”" in words


def test_a_scene_is_a_rule_without_a_place() -> None:
    start = datetime(2025, 11, 21, 18, tzinfo=UTC)
    scene = zone(
        "Scene at 12 Dock Street",
        basis=Basis.EVENT_SCENE,
        starts_at=start,
        ends_at=start.replace(hour=23),
    )
    found = briefing(project(scene), WHOLE, shift())
    assert not found.lines
    words = said(found)
    assert "At the scene of an overdose, wherever it is, do not:" in words
    assert "Who is protected: Everybody." in words
    assert "12 Dock Street" not in words


def test_the_name_of_a_confidential_service_is_in_no_word() -> None:
    layer = services()
    table = layer.table.append_column("secret", pa.array(["yes", "no"]))
    hidden = replace(layer, table=table, fields={**layer.fields, "confidential": "secret"})
    follows = Calendar(service_hours=True)
    terms = pact(referral_contact="Open House, 01632 960159", calendar=follows)
    wide = zone("Refuge of the Open House", at=(LON + 0.0015, LAT), service="Open House")
    made = project(wide, agreements=(terms,), layers=(hidden,))
    found = briefing(made, WHOLE, shift())
    (line,) = found.lines
    assert spells_in_words(line.spells, found.shift) == "19:00–20:00"
    words = said(found)
    assert "Refuge" not in words and "Area " in words
    with pytest.raises(DataError):
        area_named(made, "Refuge of the Open House")
    assert "Open House" not in words
    assert "a service" in words and "960159" not in words.replace("\N{NO-BREAK SPACE}", " ")


def test_a_paper_that_is_not_for_everybody_says_so_on_every_page() -> None:
    made = project(zone(visibility=Visibility.POLICE_ONLY))
    for paper in (sheet(briefing(made, WHOLE, shift()), DAY), instruction(order(made, DAY), DAY)):
        assert paper.foot.startswith("For officers only · ")
    assert "For officers only" not in said(briefing(project(), WHOLE, shift()))


@pytest.mark.parametrize("what", ["at other hours", "of opposite sign", "agreement alone"])
def test_one_name_that_is_not_for_everybody_is_enough(what: str) -> None:
    late = pact(id="late", title="Late", hours=(Hours((4,), time(6), time(8)),))
    police = Visibility.POLICE_ONLY
    zones = {
        "at other hours": (zone(), zone("Yard", "late", visibility=police)),
        "of opposite sign": (zone(), opposite(visibility=police)),
        "agreement alone": (zone(),),
    }[what]
    alone = what == "agreement alone"
    agreements = (pact(visibility=police if alone else Visibility.PUBLIC), late)
    made = project(*zones, agreements=agreements)
    for found in (briefing(made, WHOLE, shift()), order(made, DAY)):
        assert police in found.told
        with pytest.raises(DataError, match="names what the public may not see"):
            check_reader(found, Audience.PUBLIC)
        check_reader(found, Audience.POLICE)
    assert sheet(briefing(made, WHOLE, shift()), DAY).foot.startswith("For officers only")


def test_a_list_of_services_for_officers_is_on_no_screen_of_the_public() -> None:
    made = project(layers=(replace(services(), sensitivity=Sensitivity.RESTRICTED),))
    found = briefing(made, WHOLE, shift())
    assert "Open House" not in said(found)
    check_reader(found, Audience.PUBLIC)


# Areas of opposite sign


def opposite(**more: object) -> Zone:
    return zone("School ring", polarity=Polarity.EXCLUSION, at=(LON + 0.001, LAT), **more)


def test_ground_nobody_settled_is_said_in_plain_words() -> None:
    made = project(zone(), opposite())
    words = said(briefing(made, WHOLE, shift()))
    assert "Not settled: ask before you act" in words
    assert "“School ring” share" in words and "Ask your supervisor before you act" in words
    assert "Not settled" in instruction(order(made, DAY), DAY).texts()


def test_an_area_patrol_may_not_see_is_not_named_in_a_dispute() -> None:
    made = project(zone(), opposite(visibility=Visibility.NEVER_EXPORT))
    words = said(briefing(made, WHOLE, shift()))
    assert "School ring" not in words and "an area that is not shown here" in words


def test_an_area_of_opposite_sign_is_told_with_what_holds_there() -> None:
    words = said(briefing(project(zone(), opposite()), WHOLE, shift()))
    assert "School ring (no protection)" in words
    assert "2 School ring: the protection does not apply here, the usual rules do." in words


def test_where_nothing_protects_no_step_speaks_of_exceptions() -> None:
    made = project(opposite())
    for words in (said(briefing(made, WHOLE, shift())), instruction(order(made, DAY), DAY).texts()):
        assert "Ask calmly" in words
        assert "exceptions." not in words and "only in those cases" not in words
    assert "with no zone that protects." in said(briefing(made, WHOLE, shift()))


def test_nobody_is_sent_to_a_contact_that_is_not_named() -> None:
    for contact, words in (("", "services"), ("Health Hub", "use the contact")):
        made = project(agreements=(pact(referral_contact=contact),))
        for text in (
            said(briefing(made, WHOLE, shift())),
            instruction(order(made, DAY), DAY).texts(),
        ):
            assert words in text
            assert ("use the contact" in text) is bool(contact)


def test_a_circle_is_told_with_its_radius_unless_its_name_says_so() -> None:
    for name, reach in (
        ("1,000 ft round the school", ""),
        ("The school", "; 1000\N{NO-BREAK SPACE}ft round it"),
    ):
        ring = replace(circle_zone(name, LON, LAT, 304.8, "law"), agreement_id="pact")
        ring = replace(ring, radius_text="1000ft" if reach else "1000 ft")
        assert f"{name}{reach}" in instruction(order(project(ring), DAY), DAY).texts()
        assert ("round it" in instruction(order(project(ring), DAY), DAY).texts()) is bool(reach)


def test_what_was_settled_is_followed() -> None:
    settled = Settlement(("Dock", "School ring"), Settled.OPPOSITE_HOLDS, DAY, "Meeting")
    made = replace(project(zone(), opposite()), settlements=(settled,))
    words = said(briefing(made, WHOLE, shift()))
    assert "Not settled" not in words
    assert "not where it meets “School ring”" in words


# Areas by name


def test_areas_are_found_by_name() -> None:
    district = new_layer(
        "Districts",
        LayerKind.BOUNDARIES,
        pa.table({"name": ["North"]}),
        Shapes(np.array([shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1)], dtype=object)),
        {"name": "name"},
    )
    view = SavedView("Harbour", (LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01))
    made = project(layers=(district, deployments()), views=(view,))
    assert area_named(made, "DOCK").name == "Dock"
    # A zone that is a whole district bears its name: both are one area, two of two places are not.
    [district] = [one.shape for one in [area_named(made, "north")] if one.shape is not None]
    same = made.with_zone(Zone("North", district, agreement_id="pact"))
    assert area_named(same, "north").name == "North"
    elsewhere = made.with_zone(Zone("North", shapely.box(0, 0, 1, 1), agreement_id="pact"))
    with pytest.raises(DataError, match="2 areas"):
        area_named(elsewhere, "north")
    assert area_named(made, "north").shape is not None
    assert view_named(made, "harbour").bounds == pytest.approx(view.bounds)
    patrol = deployment_named(made, "Dock patrol")
    assert patrol.unit == "Dog unit" and patrol.start is not None
    with pytest.raises(DataError, match=r"no zone and no district “Nowhere”.*Known: “Dock”"):
        area_named(made, "Nowhere")


def test_an_area_outside_the_project_is_refused() -> None:
    with pytest.raises(DataError, match="lies outside everything"):
        briefing(project(), Area("Elsewhere", shapely.box(10, 10, 11, 11)), shift())


def test_an_area_without_a_zone_is_refused() -> None:
    made = project(layers=(services(),))
    beside = Area("Beside", shapely.box(LON + 0.0095, LAT - 0.001, LON + 0.02, LAT + 0.001))
    with pytest.raises(ExportError, match="No zone that officers may be told of lies in “Beside”"):
        briefing(made, beside, shift())


def test_without_a_zone_under_an_agreement_the_whole_jurisdiction_says_so() -> None:
    made = project()
    bare = replace(
        made, zones={key: replace(zone, agreement_id=None) for key, zone in made.zones.items()}
    )
    with pytest.raises(ExportError) as refused:
        briefing(bare, WHOLE, shift())
    assert "in the whole jurisdiction is under " in str(refused.value)
    assert "agreement" in refused.value.message and "Choose" not in refused.value.hint
    with pytest.raises(ExportError) as refused:
        briefing(project(zone(visibility=Visibility.NEVER_EXPORT)), WHOLE, shift())
    assert "may be told of lies in the whole jurisdiction" in refused.value.message
    assert "Record an agreement" in refused.value.hint and "Choose" not in refused.value.hint


def test_when_nothing_holds_the_hours_of_the_zones_are_the_hint() -> None:
    made = project(agreements=(pact(hours=(EVENING,)),))
    with pytest.raises(ExportError, match=r"is in force on .*“Dock” holds at these hours: Friday"):
        briefing(made, WHOLE, shift("02:00", "05:00"))


# Words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([1], "1"), ([1, 2], "1 and 2"), ([1, 2, 3, 4, 7], "1–4 and 7"), ([3, 1], "1 and 3")],
)
def test_numbers_are_told_in_runs(numbers: list[int], words: str) -> None:
    assert numbered(numbers) == words


def test_names_are_listed() -> None:
    assert listed(["a"]) == "a" and listed(["a", "b", "c"]) == "a, b and c"
