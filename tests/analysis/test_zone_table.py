"""Zones chosen by a condition on what is known of them, as far as the audience sees them."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from gisapp.analysis.zones.table import COLUMNS, zone_table, zones_where
from gisapp.errors import DataError
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, Polarity, Visibility
from gisapp.layers.zone import Zone, circle_zone
from tests.ui import made

DAY = date(2025, 6, 4)
ROUND = circle_zone("Quay Street", -84.51, 39.1, 200, "agreed in May")
HOUSE = Zone("House", shapely.box(-84.51, 39.1, -84.5099, 39.1001), Basis.FOOTPRINT)
HIDDEN = Zone("Hidden", HOUSE.shape, visibility=Visibility.POLICE_ONLY)
AGAINST = Zone("Against", shapely.box(0, 0, 0.1, 0.1), polarity=Polarity.ENHANCED_PENALTY)
PROJECT = Project().with_zones([ROUND, HOUSE, HIDDEN, AGAINST])


def names(expression: str, audience: Audience = Audience.POLICE) -> list[str]:
    found = zones_where(PROJECT, expression, DAY, audience)
    return [PROJECT.zones[key].name for key in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("basis == 'circle'", ["Quay Street"]),
        ("area_m2 < 1000", ["House", "Hidden"]),
        ("radius_m >= 200 and name.str.contains('Quay')", ["Quay Street"]),
        ("radius_m.isna() and not area_m2 > 1000", ["House", "Hidden"]),
        ("effect == 'enhanced_penalty'", ["Against"]),
        ("basis_text == ''", ["House", "Hidden", "Against"]),
        ("standing == 'no agreement'", ["Quay Street", "House", "Hidden", "Against"]),
        ("name == 'Nowhere'", []),
    ],
)
def test_zones_by_what_is_known_of_them(expression: str, expected: list[str]) -> None:
    assert names(expression) == expected


def test_who_does_not_see_a_zone_does_not_choose_it() -> None:
    assert names("basis == 'footprint'", Audience.PUBLIC) == ["House"]


@pytest.mark.parametrize("expression", ["", "basis = 'circle'", "nowhere > 3", "__import__('os')"])
def test_what_is_no_condition_is_refused(expression: str) -> None:
    with pytest.raises(DataError):
        names(expression)


def test_zones_of_an_agreement_say_how_they_stand() -> None:
    project = made.project()
    table = zone_table(project, tuple(project.zones.values()), DAY)
    assert tuple(table.column_names) == COLUMNS
    assert table.num_rows == len(project.zones)
    titles = {agreement.title for agreement in project.agreements.values()}
    assert set(table["agreement"].to_pylist()) <= {"", *titles}
    assert all(table["standing"].to_pylist())
