"""The one veil for words: names of confidential services are found however they are written."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.agreement import Agreement, Party
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import INSTEAD, names_a_site, without_sites
from gisapp.layers.folded_text import folded
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.seen_words import in_seen_words
from gisapp.layers.vocabulary import LayerKind, PartyRole


def project_of(*names: str) -> Project:
    table = pa.table({"name": [*names, "Open Door"], "confidential": [*["yes"] * len(names), ""]})
    places = Points(np.linspace(-1, 1, len(table)), np.linspace(50, 51, len(table)))
    fields = {"name": "name", "confidential": "confidential"}
    return Project(layers=(new_layer("S", LayerKind.SERVICES, table, places, fields),))


HOUSE = project_of("St Anne's Rose House", "Al", "Café 12", "玫瑰")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("At ST ANNE\u2019S  rose\u00a0house, left", "At a service, left"),
        ("at St-Anne\u00ads Rose\u200bHouse.", "at a service."),
        ("the ｓｔ Ａｎｎｅ＇ｓ rose\nhouse gate", "the a service gate"),
        ("Cafe 12 and CAFÉ\u200912", "a service and a service"),
        ("Cafe\u0301 12", "a service"),
        ("Ask Al or also Alan", "Ask a service or also Alan"),
        ("去玫瑰店", "去a service店"),
        ("a l", "a service"),
        ("Open Door, 01632 960166", "Open Door, 01632 960166"),
        ("Al, 01632 960166", "a service"),
        ("Ask the Café 12@example.org", "Ask the a service"),
        ("Café 12 345678, Al", "a service, a service"),
        (
            "Al (tel. +44 1632 960-166), al@example.org ; then 999",
            "a service (tel.), a service; then 999",
        ),
        ("Al from 2026-03-24 17:00 to 24 March 2026 17:00", None),
    ],
)
def test_names_are_cut_and_the_numbers_beside_them(text: str, left: str | None) -> None:
    assert without_sites(HOUSE, text) == (left or text.replace("Al", INSTEAD))


_FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
_BLANKS = st.sampled_from([" ", "  ", "\u00a0", "\t\n", "-", "\u2011", " \u00ad", ""])

_AROUND = st.text(max_size=12) | st.sampled_from(["x@", "@y", "www.", "01632 960", " 960 166", "."])


@given(st.data(), _AROUND, _AROUND)
def test_no_spelling_is_left(data: st.DataObject, before: str, after: str) -> None:
    name = "Rose\0Garden\0House"
    for _ in range(2):
        name = name.replace("\0", data.draw(_BLANKS), 1)
    case = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase]))
    form = data.draw(st.sampled_from(_FORMS))
    project = project_of("Rose Garden House")
    text = before + unicodedata.normalize(form, case(name)) + after
    told = without_sites(project, text)
    assert INSTEAD in told and not names_a_site(project, told)
    rest = folded(told.replace(INSTEAD, "")).replace(" ", "")
    assert not any(word in rest for word in ("rose", "garden", "house"))


@given(st.text(), st.text(min_size=1, max_size=8))
def test_what_is_left_never_names_one_and_is_left_as_it_is(text: str, name: str) -> None:
    project = project_of(name)
    told = without_sites(project, text)
    if not names_a_site(project, INSTEAD):
        assert not names_a_site(project, told)
        assert without_sites(project, told) == told
    if not names_a_site(project, text):
        assert told is text


def test_every_word_of_an_agreement_is_read_and_one_that_names_nobody_stays_the_same() -> None:
    plain = Agreement("Pact", id="Al", parties=(Party("Police", PartyRole.POLICE),))
    assert in_seen_words(HOUSE, plain) is plain
    party = Party("Al", PartyRole.SERVICE, "the head of Al")
    told = in_seen_words(HOUSE, replace(plain, title="Al's", parties=(*plain.parties, party)))
    assert told.title == "a service's" and told.id == "Al"
    assert told.parties[1] == Party(INSTEAD, PartyRole.SERVICE, f"the head of {INSTEAD}")
    assert told.parties[0] is plain.parties[0]


def test_a_project_is_read_in_other_words_by_all_but_police_analysts_at_their_screen() -> None:
    named = replace(HOUSE, title="Town of Al", agreements={"x": Agreement("By Al", id="x")})
    assert seen_by(named, Audience.POLICE, exported=False) is named
    for audience, exported in ((Audience.PARTNERS, False), (Audience.POLICE, True)):
        seen = seen_by(named, audience, exported=exported)
        assert (seen.title, seen.agreements["x"].title) == ("Town of a service", "By a service")
        assert seen.layers == named.layers
        assert seen_by(seen, audience, exported=exported) is seen
        again = seen_by(replace(named, id="other"), audience, exported=exported)
        assert again.layers[0] is seen.layers[0]
