"""No legend names a number, or a year, that only a confidential service has."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classes.making import graduated, range_labels
from gisapp.analysis.classes.symbology import class_numbers
from gisapp.analysis.classes.told_limits import told_limits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.symbology import Range, Scheme, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.legend import legend
from tests.io.test_html_classes import group_of
from tests.render.conftest import look


def services(years: list[int], hidden: list[bool]) -> Layer:
    table = pa.table(
        {
            "name": [f"Place {number}" for number in range(len(years))],
            "year": years,
            "confidential": hidden,
        }
    )
    lon = -3.3 + np.linspace(0, 0.01, len(years))
    fields = {"name": "name", "confidential": "confidential"}
    return new_layer(
        "Sites", LayerKind.SERVICES, table, Points(lon, np.full(len(years), 55.25)), fields
    )


def classed(layer: Layer, *limits: float) -> Layer:
    tests = [
        Range(low, high, first=number == 0) for number, (low, high) in enumerate(pairwise(limits))
    ]
    classes = tuple(SymbolClass(range_labels(one)[1], one, "#AA0000") for one in tests)
    return layer.restyled(replace(layer.style, symbology=Symbology(classes, column="year")))


SITES = classed(
    services([1987, 2003, 2008, 2012, 2024], [True, False, False, False, True]), 1987, 2006, 2024
)


def said(audience: Audience, *, exported: bool) -> str:
    (section,) = legend(Project(layers=(SITES,)), look(audience, exported=exported))
    return " ".join(entry.label for entry in section.entries)


@pytest.mark.parametrize("exported", [False, True])
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS, Audience.POLICE])
def test_limits_are_those_of_the_services_that_are_told_of(
    audience: Audience, exported: bool
) -> None:
    words = said(audience, exported=exported)
    if audience is Audience.POLICE and not exported:
        assert "1987 to 2006" in words and "2007 to 2024" in words
    else:
        assert "2003 to 2006" in words and "2007 to 2012" in words
        assert "1987" not in words and "2024" not in words


def test_an_html_map_tells_no_other_limits() -> None:
    group = group_of(SITES, rows={SITES.id: np.array([False, True, True, True, False])})
    labels = [entry["label"] for entry in group["legend"]]
    assert labels[:2] == ["year: 2003 to 2006", "year: 2007 to 2012"]


def test_what_somebody_wrote_stays() -> None:
    symbology = SITES.style.symbology
    assert symbology is not None
    own = tuple(replace(one, label="Early") for one in symbology.classes)
    told = told_limits(SITES, replace(symbology, classes=own), np.array([False] + [True] * 4))
    assert {one.label for one in told.classes} == {"Early"}


def test_a_class_of_hidden_services_alone_says_nothing() -> None:
    layer = classed(SITES, 1980, 2000, 2010, 2020, 2024)
    symbology = layer.style.symbology
    assert symbology is not None
    told = told_limits(layer, symbology, np.array([False, True, True, True, False]))
    assert [one.label for one in told.classes] == ["", "2003 to 2010", "2011 to 2012", ""]
    assert [one.test for one in told.classes][::3] == [one.test for one in symbology.classes][::3]
    told = told_limits(layer, symbology, np.array([False] * 5))
    assert [one.label for one in told.classes] == [""] * 4
    between = told_limits(layer, symbology, np.array([True, False, False, True, True]))
    assert [one.label for one in between.classes][1] == ""


@given(st.lists(st.tuples(st.integers(1900, 2030), st.booleans()), min_size=3, max_size=30))
def test_no_label_names_a_number_beyond_those_that_are_seen(rows: list[tuple[int, bool]]) -> None:
    years, hidden = [year for year, _ in rows], [kept for _, kept in rows]
    seen = ~np.array(hidden)
    layer = services(years, hidden)
    if len(set(years)) < 3 or not seen.any():
        return
    made = graduated(layer, "year", Scheme.EQUAL_INTERVAL, 3)
    told = told_limits(layer, made, seen)
    known = np.array(years)[seen]
    former, now = class_numbers(layer, made), class_numbers(layer, told)
    assert (former[seen] == now[seen]).all()
    for number, one in enumerate(told.classes):
        assert bool(one.label) == (former[seen] == number).any(), "of no row seen, no word"
        numbers = [int(text) for text in one.label.replace(",", "").split() if text.isdigit()]
        assert all(known.min() <= number <= known.max() for number in numbers), one.label
    assert told_limits(layer, made, None) is made
