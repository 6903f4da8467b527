"""KML after OGC's own schema, and what TAK takes: events, parts without holes, manifest, fence."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fastkml
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gisapp.io.patrol.content import Withdrawn
from gisapp.io.patrol.formats import cot, cot_withdrawal, kml
from gisapp.io.patrol.formats.rings import without_holes
from gisapp.io.patrol.formats.validity import span
from gisapp.layers.zone import Zone, circle_zone
from tests.io.patrol_zones import AWKWARD, awkward, content_of, star, zones

HERE = Path(__file__).parent
#: OGC's schema of KML 2.2 as fastkml brings it.
KML = etree.XMLSchema(etree.parse(Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"))
EVENT = etree.XMLSchema(etree.parse(HERE / "schemas" / "cot_event.xsd"))
MANIFEST = etree.XMLSchema(etree.parse(HERE / "schemas" / "tak_manifest.xsd"))
SPACE = {"k": "http://www.opengis.net/kml/2.2"}


@settings(max_examples=15, deadline=None)
@given(st.lists(zones(), min_size=1, max_size=3))
def test_any_kml_is_valid_after_the_schema(drawn: list[Zone]) -> None:
    KML.assertValid(etree.fromstring(kml.kml(content_of(*drawn))))


def test_kml_is_styled_and_has_the_time_in_which_a_zone_holds() -> None:
    root = etree.fromstring(kml.kml(awkward()))
    KML.assertValid(root)
    assert root.xpath("//k:PolyStyle/k:color/text()", namespaces=SPACE) == ["4c739e00"]
    assert root.xpath("//k:Placemark[1]/k:styleUrl/text()", namespaces=SPACE) == ["#in_force"]
    times = root.xpath("//k:Placemark[1]/k:TimeSpan/*/text()", namespaces=SPACE)
    assert times == ["2025-01-01T05:00:00Z", "2027-01-01T05:00:00Z"]


def test_a_description_is_plain_text() -> None:
    zone = Zone("<script>alert(1)</script>", star(0, 0, 9), basis_text="<b>bold</b> & more")
    root = etree.fromstring(kml.kml(content_of(zone)))
    [text] = root.xpath("//k:Placemark/k:description/text()", namespaces=SPACE)
    assert "‹b›bold‹/b› & more" in text
    assert not re.search("[<>]", text)
    [name] = root.xpath("//k:Placemark/k:name/text()", namespaces=SPACE)
    assert name == zone.name


def test_an_agreement_without_an_end_has_none_in_kml() -> None:
    root = etree.fromstring(kml.kml(content_of(AWKWARD[0], expires=None)))
    assert root.xpath("//k:TimeSpan/k:end", namespaces=SPACE) == []


# TAK


def events(*drawn: Zone, **terms: object) -> list[Any]:
    data = cot.write(content_of(*drawn, **terms), Path())["zones-tak.zip"]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        manifest = etree.fromstring(package.read("MANIFEST/manifest.xml"))
        MANIFEST.assertValid(manifest)
        assert set(manifest.xpath("Configuration/Parameter/@name")) == {"uid", "name"}
        found = []
        for entry in manifest.iter("Content"):
            names = {one.get("name"): one.get("value") for one in entry}
            assert entry.get("zipEntry") == f"{names['uid']}/{names['uid']}.cot"
            found.append(etree.fromstring(package.read(entry.get("zipEntry"))))
            assert found[-1].get("uid") == names["uid"]
    return found


@settings(max_examples=15, deadline=None)
@given(st.lists(zones(), min_size=1, max_size=3))
def test_any_event_is_valid_after_the_schema(drawn: list[Zone]) -> None:
    for event in events(*drawn):
        EVENT.assertValid(event)
        links = event.xpath("detail/link/@point")
        assert bool(links) == (event.get("type") == "u-d-f")
        assert links[:1] == links[-1:]


def test_events_watch_officers_who_enter_and_nobody_else() -> None:
    for event in events(*AWKWARD):
        [fence] = event.xpath("detail/__geofence")
        assert (fence.get("monitor"), fence.get("trigger")) == ("TAKUsers", "Entry")
        assert fence.get("elevationMonitored") == "false"


def test_a_circle_stays_a_circle_and_all_others_are_areas() -> None:
    first, *others = events(AWKWARD[0], AWKWARD[4])
    assert first.get("type") == "u-d-c-c"
    assert first.xpath("detail/shape/ellipse/@major") == ["152.400"]
    assert first.xpath("point/@lat") == ["39.100000000"]
    assert {one.get("type") for one in others} == {"u-d-f"}
    names = [one.xpath("detail/contact/@callsign")[0] for one in others]
    assert names[0].endswith(f"(1 of {len(others)})")


def test_events_are_stale_when_the_agreement_ends_or_after_a_year() -> None:
    [ends] = events(AWKWARD[0])
    assert ends.get("stale") == "2027-01-01T05:00:00.000Z"
    [open_end] = events(AWKWARD[0], expires=None)
    assert open_end.get("stale") == "2026-06-02T00:00:00.000Z"
    told = cot.losses(content_of(AWKWARD[0], expires=None))
    assert [one.original for one in told] == ["a column each", "no end"]
    both = cot.losses(content_of(AWKWARD[0], replace(AWKWARD[0], id="another"), expires=None))
    assert [one.what for one in both if one.original == "no end"] == ["2 zones"]


def test_a_later_package_brings_the_same_identifiers() -> None:
    again = [event.get("uid") for event in events(*AWKWARD, version=7)]
    assert again == [event.get("uid") for event in events(*AWKWARD)]
    assert len(set(again)) == len(again)


def test_withdrawn_zones_are_taken_off_by_the_identifiers_that_they_had() -> None:
    content = awkward()
    gone = tuple(
        Withdrawn(str(zone.attributes["zone_id"]), "Quay", "expired") for zone in content.zones
    )
    [data] = cot_withdrawal.withdraw(replace(content, withdrawn=gone)).values()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        MANIFEST.assertValid(etree.fromstring(package.read("MANIFEST/manifest.xml")))
        names = [name for name in package.namelist() if name.endswith(".cot")]
        deletions = [etree.fromstring(package.read(name)) for name in names]
    assert {one.get("type") for one in deletions} == {"t-x-d-d"}
    assert all(one.xpath("detail/__forcedelete") for one in deletions)
    targets = {one.xpath("detail/link/@uid")[0] for one in deletions}
    with zipfile.ZipFile(io.BytesIO(cot.write(content, Path())["zones-tak.zip"])) as package:
        brought = {name.split("/")[0] for name in package.namelist()} - {"MANIFEST"}
    assert brought <= targets


@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(1, 8), st.sampled_from([0.3, 0.5, 0.9, 1.0])),
        max_size=9,
        unique_by=lambda hole: hole[:2],
    )
)
def test_no_ground_is_lost_or_gained_where_holes_are_cut_open(
    holes: list[tuple[int, int, float]],
) -> None:
    area = shapely.box(0, 0, 10, 10)
    for x, y, size in holes:
        area = area.difference(shapely.box(x, y, x + size, y + size))
    for polygon in shapely.get_parts(area):
        pieces = list(without_holes(polygon))
        assert all(not piece.interiors and piece.is_valid for piece in pieces)
        assert sum(piece.area for piece in pieces) == pytest.approx(polygon.area, rel=1e-12)
        assert shapely.union_all(pieces).symmetric_difference(polygon).area < 1e-12


# From when until when


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (None, None, ("2025-01-01T05:00:00Z", "2027-01-01T05:00:00Z")),
        (datetime(2025, 6, 2, 12, tzinfo=UTC), None, ("2025-06-02T12:00:00Z", "2027-01-01T05:00")),
        (None, datetime(2025, 6, 2, 18, tzinfo=UTC), ("2025-01-01T05:00:00Z", "2025-06-02T18:00")),
    ],
)
def test_a_scene_holds_within_the_days_of_its_agreement(
    start: datetime | None, end: datetime | None, wanted: tuple[str, str]
) -> None:
    zone = circle_zone("Scene", -84.5, 39.1, 50, "law", starts_at=start, ends_at=end)
    held = span(content_of(zone).zones[0])
    found = (held.start, held.end)
    assert all(
        one is not None and (one - datetime.fromisoformat(text.removesuffix("Z") + "+00:00"))
        == timedelta(0)
        for one, text in zip(found, wanted, strict=True)
    )  # fmt: skip
