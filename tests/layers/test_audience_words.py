"""Audiences within sentences: one of them is a singular."""

from __future__ import annotations

from gisapp.layers.audience import Audience


def test_the_public_is_one_and_the_others_are_many():
    assert [audience.within for audience in Audience] == [
        "the public",
        "partners",
        "police analysts",
        "patrol systems",
    ]
    assert Audience.PUBLIC.sees == "the public sees"
    assert Audience.PARTNERS.sees == "partners see"
