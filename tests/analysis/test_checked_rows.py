"""What a table of many places says where zones under several agreements hold together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
import shapely

from gisapp.analysis.look_ups.checked_rows import ZonesThere, checked_rows, texts_at
from gisapp.analysis.look_ups.place_answer import answer_at
from gisapp.layers.agreement import Agreement, Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Exemption, PartyRole, Polarity
from gisapp.layers.zone import Zone

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
DOOR = Agreement(
    "Door",
    Status.AGREED,
    (Party("Police", PartyRole.POLICE, signed_on=date(2025, 1, 1)),),
    date(2025, 1, 1),
    suspended_other="Waiting outside",
    exceptions=(Exemption.VIOLENCE, Exemption.SUPPLY),
    units_bound="Patrol",
    referral_contact="Desk 1",
    id="door",
)
PARK = replace(
    DOOR,
    title="Park",
    suspended_other="Filming",
    exceptions=(Exemption.VIOLENCE, Exemption.SUPPLY),
    units_bound="",
    id="park",
)


def there(*zones: tuple[str, str, Polarity]) -> ZonesThere:
    """The texts at a place in all of these zones, which are the same for one place and many."""
    shape = shapely.box(0, 0, 1, 1)
    held = [Zone(name, shape, agreement_id=key, polarity=sign) for name, key, sign in zones]
    town = Project(agreements={one.id: one for one in (DOOR, PARK)}).with_zones(held)
    who = Audience.POLICE
    at = np.array([NOON.replace(tzinfo=None)], dtype="datetime64[us]")
    row = checked_rows(town, np.array([0.5]), np.array([0.5]), at, audience=who, exported=False)
    alone = texts_at(answer_at(town, 0.5, 0.5, NOON, audience=who, exported=False))
    assert row.sets[int(row.which[0])] == alone
    return alone


PLAIN, OTHER = Polarity.NO_ENFORCEMENT, Polarity.EXCLUSION


def test_zones_of_one_agreement_say_it_once() -> None:
    both = there(("East", "door", PLAIN), ("West", "door", PLAIN))
    assert both.zones == "East; West"
    assert both.suspended_other == "Waiting outside"
    assert both.exceptions == "Violence; Supply or dealing"


def test_what_differs_between_zones_is_led_by_their_names() -> None:
    all_ = there(("East", "door", PLAIN), ("Green", "park", PLAIN), ("West", "door", PLAIN))
    assert all_.suspended_other == "East, West: Waiting outside | Green: Filming"
    assert all_.units_bound == "East, West: Patrol"
    assert (all_.exceptions, all_.agreement_contact) == ("Violence; Supply or dealing", "Desk 1")
    assert all_.units_not_bound == ""


@pytest.mark.parametrize("names", [("East", "Ring"), ("=East", "Ring")])
def test_exceptions_are_those_of_the_zone_that_protects(names: tuple[str, str]) -> None:
    said = there((names[0], "door", PLAIN), (names[1], "door", OTHER))
    assert said.exceptions == f"{names[0]}: Violence; Supply or dealing"
    assert said.not_settled == f"{names[0]} / {names[1]}"
