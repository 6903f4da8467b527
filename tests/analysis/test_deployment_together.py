"""Advice that several zones call for is told once."""

from __future__ import annotations

from gisapp.analysis.deployments.together import told_once

OUT = "Take the zone out of the area, or tell the unit where its edge runs."
LATE = "From 22:00 the zone is no longer in force in this shift."


def test_one_zone_needs_no_name() -> None:
    assert told_once([("A", [OUT, LATE])]) == [OUT, LATE]


def test_what_all_call_for_is_told_of_all_of_them_in_the_plural() -> None:
    assert told_once([("A", [OUT, LATE]), ("B", [OUT])]) == [
        "Both zones: Take these zones out of the area, or tell the unit where their edges run.",
        f"“A”: {LATE}",
    ]


def test_some_are_named_and_many_counted() -> None:
    said = told_once([*((name, [LATE]) for name in "ABC"), ("D", [OUT])])
    assert (
        said[0] == "“A”, “B” and “C”: From 22:00 these zones are no longer in force in this shift."
    )
    said = told_once([*((name, [LATE]) for name in "ABCDE"), ("F", [])])
    assert said[0].startswith("“A”, “B”, “C” and 2 more: From 22:00")
