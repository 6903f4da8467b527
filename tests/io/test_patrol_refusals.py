"""What stays out of a package, each with its reasons, and when all of it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

from gisapp.errors import ExportError
from gisapp.io.patrol.content import Note
from gisapp.io.patrol.package import prepare, write_package
from gisapp.io.patrol.refusals import exportable
from gisapp.layers.agreement import Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import PartyRole, Polarity, Visibility
from gisapp.layers.zone import Zone
from tests.io.packages import DAY, contents, manifest, package, project, zone

BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
OPPOSITE = Zone(
    "School", shapely.box(-84.6, 39.0, -84.499, 39.2), polarity=Polarity.EXCLUSION, id="school"
)


def with_flaw(flawed: Zone) -> Project:
    return project("Quay").with_zone(flawed)


CASES = {
    "draft": (project(status=Status.DRAFT), "draft", False),
    "unsigned": (project(parties=(Party("Police", PartyRole.POLICE),)), "unsigned", False),
    "expired": (project(expires=date(2025, 6, 1)), "expired", False),
    "suspended": (project(status=Status.SUSPENDED), "suspended", False),
    "withdrawn": (project(status=Status.WITHDRAWN), "withdrawn", False),
    "not yet": (project(effective=date(2025, 6, 3)), "not_yet", False),
    "no agreement": (with_flaw(replace(zone("Market"), agreement_id=None)), "no_agreement", False),
    "no basis": (
        project("Quay", radius_basis="").with_zone(zone("Market", basis_text=" ")),
        "no_basis", True,
    ),
    "invalid outline": (
        with_flaw(Zone("Market", BOW_TIE, agreement_id="quay")), "invalid_outline", True,
    ),
    "above the audience": (
        with_flaw(zone("Market", 1, visibility=Visibility.NEVER_EXPORT)),
        "not_for_audience", False,
    ),
    "unsettled overlap": (
        project("Quay").with_zone(zone("Far", 9)).with_zone(OPPOSITE), "unsettled_overlap", True,
    ),
    "opposite sign": (
        with_flaw(replace(OPPOSITE, shape=shapely.box(0, 0, 1, 1))), "opposite_sign", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_reason_has_its_code_its_words_and_its_zone(case: str) -> None:
    of, code, flawed = CASES[case]
    going, refusals = exportable(of, DAY)
    found = [one for one in refusals if code in one.codes]
    assert found, [one.codes for one in refusals]
    for one in found:
        assert of.zone(one.zone_id).name == one.name
        assert one.zone_id not in {zone.id for zone in going}
        assert one.reason
    assert any(one.is_flawed for one in found) is flawed


def test_a_zone_of_the_whole_world_says_plainly_why_not() -> None:
    """Measured on the ground it is nothing, for the shortest way round it is none."""
    world = Zone("World", shapely.box(-180, -90, 180, 90), agreement_id="quay", id="world")
    _, refusals = exportable(with_flaw(world), DAY)
    (found,) = (one for one in refusals if one.zone_id == "world")
    assert "no_area" in found.codes
    assert "half way round the Earth" in found.reason
    assert "no area" not in found.reason


def test_who_signed_later_is_not_said_to_have_named_no_parties() -> None:
    later = project(parties=(Party("Police", PartyRole.POLICE, signed_on=date(2025, 7, 1)),))
    _, refusals = exportable(later, DAY)
    assert {one.reason for one in refusals} == {
        "its agreement was not signed by all until 1 July 2025"
    }


@pytest.mark.parametrize("case", [name for name, (_, _, flawed) in CASES.items() if flawed])
def test_a_package_with_a_flaw_says_that_it_is_not_complete(case: str, tmp_path: Path) -> None:
    of, _, _ = CASES[case]
    path = package(tmp_path / "z.zip", of)
    told = manifest(path)
    assert told["counts"]["flawed"] == 1
    assert (
        b"NOT COMPLETE: 1 further zone in force has still to be put right"
        in contents(path)["README.txt"]
    )
    with pytest.raises(ExportError, match="may not go out as they are"):
        write_package(of, DAY, tmp_path / "no.zip", strict=True)
    assert not (tmp_path / "no.zip").exists()


def test_what_is_kept_back_is_not_even_counted(tmp_path: Path) -> None:
    of, _, _ = CASES["above the audience"]
    path = package(tmp_path / "z.zip", of)
    assert manifest(path)["counts"]["flawed"] == 0
    assert b"Market" not in b"".join(contents(path).values())
    write_package(of, DAY, tmp_path / "strict.zip", strict=True)


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience.PUBLIC, {"Quay"}),
        (Audience.PARTNERS, {"Quay", "Partners"}),
        (Audience.PATROL, {"Quay", "Partners", "Police"}),
    ],
)
def test_an_audience_gets_what_is_meant_for_it(audience: Audience, names: set[str]) -> None:
    of = project("Quay").with_zones(
        [
            zone("Partners", 1, visibility=Visibility.PARTNERS),
            zone("Police", 2, visibility=Visibility.POLICE_ONLY),
        ]
    )
    prepared = prepare(of, DAY, note=Note(audience=audience))
    assert {zone.attributes["name"] for zone in prepared.content.zones} == names
    reasons = {one.reason for one in prepared.refusals}
    assert reasons <= {f"it is not meant for {audience.within}"}


def test_an_unknown_format_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no format “dgn”") as caught:
        write_package(project(), DAY, tmp_path / "z.zip", formats=("geojson", "dgn"))
    assert "geojson, gpkg" in caught.value.hint
