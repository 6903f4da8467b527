"""The sentence under how an agreement stands."""

from __future__ import annotations

from datetime import date

from gisapp.layers import lifecycle
from gisapp.layers.agreement import Agreement, Party, Standing, Status
from gisapp.layers.vocabulary import PartyRole
from gisapp.ui.agreements.page import agreement_words

SIGNED = Party("Police", PartyRole.POLICE, "Chief", date(2014, 10, 1))
AGREED = Agreement("Quay", Status.AGREED, (SIGNED,), effective=date(2014, 10, 1))


def test_what_ended_says_since_when_and_not_its_first_day() -> None:
    suspended = lifecycle.moved(AGREED, Status.SUSPENDED, date(2020, 3, 24), "Board", "pandemic")
    assert agreement_words(suspended, Standing.SUSPENDED) == "since 24 March 2020"
    ended = lifecycle.moved(suspended, Status.WITHDRAWN, date(2021, 6, 15), "Board", "ended")
    assert agreement_words(ended, Standing.WITHDRAWN) == "since 15 June 2021"


def test_before_the_signatures_it_names_their_day_and_not_nobody() -> None:
    assert agreement_words(AGREED, Standing.UNSIGNED) == "all signed by 1 October 2014"
    assert agreement_words(Agreement("Quay"), Standing.UNSIGNED) == "No parties are named yet."
