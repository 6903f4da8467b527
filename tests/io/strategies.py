"""Strategies for everything that partners agree: each field of each value, whatever it may hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import shapely
from hypothesis import strategies as st

from gisapp.layers.agreement import (
    Agreement,
    Attachment,
    Hours,
    LegalBasis,
    Liaison,
    Party,
    Status,
    StatusChange,
)
from gisapp.layers.breach import Breach
from gisapp.layers.export_log import Export, ExportLog
from gisapp.layers.lifecycle import LEGAL
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Scenario, Settled, Settlement
from gisapp.layers.schedule import Calendar, OnHolidays, SpecialDay
from gisapp.layers.terms import Offence, Terms, Threshold
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    BreachSource,
    Exemption,
    Formality,
    MeasuredFrom,
    PartyRole,
    Polarity,
    Seized,
    Transit,
    Visibility,
)
from gisapp.layers.zone import Zone

Strategy = st.SearchStrategy[Any]

TEXT = st.text(max_size=30)
NAME = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())
DAYS = st.none() | st.dates()
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds, UTC).astimezone(zone),
    st.floats(-2e9, 7e9),
    st.just(UTC) | OFFSETS,
)
METRES = st.floats(0.01, 1e6)


def _built(kind: Callable[..., Any], **strategies: Strategy) -> Strategy:
    """Values of a kind; every field must have its strategy, so that no new one is forgotten."""
    names = {field.name for field in fields(kind)}
    assert names == set(strategies), names ^ set(strategies)
    return st.builds(kind, **strategies)


def _some(values: Strategy, most: int = 2) -> Strategy:
    return st.lists(values, max_size=most).map(tuple)


def _different(kind: Any) -> Strategy:
    return st.lists(st.sampled_from(kind), unique=True).map(tuple)


PARTIES = _built(
    Party, organisation=NAME, role=st.sampled_from(PartyRole), signatory=TEXT, signed_on=DAYS
)
HOURS = _built(
    Hours,
    days=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    start=CLOCKS,
    end=CLOCKS,
)
SPECIAL_DAYS = st.one_of(
    _built(SpecialDay, day=st.dates(), start=at, end=at) for at in (st.none(), CLOCKS)
)
CALENDARS = _built(
    Calendar,
    rule=st.sampled_from(["", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"]),
    special=_some(SPECIAL_DAYS),
    holidays=st.sampled_from(["", "GB-ENG", "US-OH", "DK"]),
    on_holidays=st.sampled_from(OnHolidays),
    service_hours=st.booleans(),
)
THRESHOLDS = _built(
    Threshold,
    substance=NAME,
    amount=st.floats(0, 1e6),
    unit=TEXT,
    cumulative=st.booleans(),
)
_TERMS: dict[str, Strategy] = {
    "suspended": _different(Activity),
    "suspended_other": TEXT,
    "offences": _some(_built(Offence, reference=NAME, included=st.booleans())),
    "thresholds": _some(THRESHOLDS),
    "persons": TEXT,
    "min_age": st.none() | st.integers(0, 120),
    "dependence_required": st.booleans(),
    "registered_clients_only": st.booleans(),
    "staff_and_peers_covered": st.booleans(),
    "covers_transit": st.none() | st.sampled_from(Transit),
    "exceptions": _different(Exemption),
    "exceptions_other": TEXT,
    "units_bound": TEXT,
    "units_not_bound": TEXT,
    "if_seized": st.none() | st.sampled_from(Seized),
    "recording": TEXT,
    "referral_contact": TEXT,
    "hours": _some(HOURS),
    "calendar": CALENDARS,
}
TERMS = _built(Terms, **_TERMS)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Status, tuple[StatusChange, ...]]:
    """A status, and legal steps that led to it, their days in order."""
    status = draw(st.sampled_from(Status))
    steps: list[StatusChange] = []
    for day in sorted(draw(st.lists(st.dates(), max_size=3))):
        if LEGAL[status]:
            then = draw(st.sampled_from(LEGAL[status]))
            steps.append(StatusChange(day, status, then, draw(NAME), draw(TEXT)))
            status = then
    return status, tuple(steps)


def _with_life(terms: Agreement, life: tuple[Status, tuple[StatusChange, ...]]) -> Agreement:
    return replace(terms, status=life[0], history=life[1])


def _in_order(terms: Agreement) -> bool:
    return terms.effective is None or terms.expires is None or terms.effective <= terms.expires


_LEGAL_BASES = _built(LegalBasis, instrument=NAME, jurisdiction=TEXT, section=TEXT, url=TEXT)
_DOCUMENTS = _built(
    Attachment,
    title=NAME,
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    file_name=TEXT,
    public=st.booleans(),
)
_BARE = _built(
    Agreement,
    **_TERMS,
    title=NAME,
    status=st.just(Status.DRAFT),
    parties=_some(PARTIES, 3),
    effective=DAYS,
    expires=DAYS,
    timezone=st.sampled_from(["UTC", "Europe/London", "Asia/Kathmandu", "America/New_York"]),
    radius_basis=TEXT,
    legal_basis=_some(_LEGAL_BASES),
    notes=TEXT,
    version=st.integers(1, 99),
    superseded_on=DAYS,
    id=NAME,
    formality=st.none() | st.sampled_from(Formality),
    liaison=_some(_built(Liaison, organisation=NAME, role=TEXT, channel=TEXT, hours=TEXT)),
    documents=_some(_DOCUMENTS),
    review_every_months=st.none() | st.integers(1, 600),
    next_review=DAYS,
    evaluation_design=TEXT,
    notice=TEXT,
    visibility=st.sampled_from(Visibility),
    history=st.just(()),
)
AGREEMENTS = st.builds(_with_life, _BARE.filter(_in_order), lives())

_BOXES = st.builds(
    lambda west, south, wide, high: shapely.box(west, south, west + wide, south + high),
    st.floats(-170, 160),
    st.floats(-80, 70),
    st.floats(0.001, 1),
    st.floats(0.001, 1),
)
SHAPES = st.one_of(
    _BOXES,
    _BOXES.map(lambda box: box - box.centroid.buffer(0.0001)),
    _BOXES.map(lambda box: shapely.MultiPolygon([box])),
    _BOXES.map(lambda box: shapely.MultiPolygon([box, shapely.box(170, 80, 171, 81)])),
)
_SCENES = st.tuples(st.none() | MOMENTS, st.none() | MOMENTS)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    """A zone with something in each of its fields; a circle has its centre and radius."""
    start, end = draw(_SCENES)
    if start and end and not start < end:
        start, end = end, start
    if start == end:
        end = None
    basis = draw(st.sampled_from(Basis))
    circle = basis is Basis.CIRCLE
    itself = basis in (Basis.FOOTPRINT, Basis.PARCEL)  # and nothing round it
    length = st.none() if itself else st.none() | METRES
    places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
    built = _built(
        Zone,
        name=NAME,
        shape=SHAPES,
        basis=st.just(basis),
        basis_text=TEXT,
        centre=places if circle else st.none() | places,
        radius_m=METRES if circle else length,
        radius_text=TEXT,
        service=TEXT,
        agreement_id=st.none() | NAME,
        polarity=st.sampled_from(Polarity),
        note=TEXT,
        id=st.uuids().map(lambda one: one.hex),
        measured_from=st.none() | st.sampled_from(MeasuredFrom),
        walk_minutes=st.none() | st.floats(0.5, 600),
        streets=_some(NAME),
        width_m=length,
        anchors=_some(NAME),
        parts=TEXT,
        priority=st.integers(-1000, 1000),
        starts_at=st.just(start),
        ends_at=st.just(end),
        visibility=st.sampled_from(Visibility),
        terms=st.none() | TERMS,
    )
    zone: Zone = draw(built)
    return zone


BREACHES = _built(
    Breach,
    zone_id=NAME,
    at=MOMENTS,
    source=st.sampled_from(BreachSource),
    activity=st.sampled_from(Activity),
    unit=TEXT,
    outcome=TEXT,
    id=st.uuids().map(lambda one: one.hex),
)


EXPORTS = _built(
    Export,
    at=MOMENTS,
    who=TEXT,
    what=TEXT,
    file=TEXT,
    sha256=TEXT,
    audience=TEXT,
    recipient=TEXT,
    note=TEXT,
    number=st.just(0),
    former=st.just(""),
)


def _log(lines: list[Export]) -> ExportLog:
    log = ExportLog()
    for line in lines:
        log = log.with_line(line)
    return log


def _by_id(drawn: list[Zone]) -> dict[str, Zone]:
    return {zone.id: zone for zone in drawn}


SCENARIOS = st.builds(
    Scenario,
    name=NAME,
    zones=st.lists(zones(), max_size=3).map(_by_id),
    note=TEXT,
    id=st.uuids().map(lambda one: one.hex),
)
SETTLEMENTS = _built(
    Settlement,
    zone_ids=st.tuples(NAME, NAME).map(lambda pair: tuple(sorted(pair))),
    settled=st.sampled_from(Settled),
    on=st.dates(),
    who=NAME,
    why=TEXT,
)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """A project without layers, with any zones, agreements and what is kept beside them."""
    agreed = draw(st.lists(AGREEMENTS, max_size=2, unique_by=lambda one: one.id))
    return Project(
        zones=_by_id(draw(st.lists(zones(), max_size=3))),
        agreements={terms.id: terms for terms in agreed},
        former=tuple(draw(st.lists(AGREEMENTS, max_size=1))),
        breaches=tuple(draw(st.lists(BREACHES, max_size=2, unique_by=lambda one: one.id))),
        scenarios=tuple(draw(st.lists(SCENARIOS, max_size=2, unique_by=lambda one: one.id))),
        overlap_rule=draw(st.sampled_from(OverlapRule)),
        settlements=tuple(draw(st.lists(SETTLEMENTS, max_size=2))),
        exports=_log(draw(st.lists(EXPORTS, max_size=3))),
    )
