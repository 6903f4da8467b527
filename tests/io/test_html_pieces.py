"""The data of an HTML map is written in pieces, and reads as if it had been written at once."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.html import map_file as html_map
from gisapp.io.html.shapes import encoded

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=40,
)


@given(VALUES, st.integers(1, 4))
def test_pieces_together_are_what_they_are_at_once(value: object, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_map, "_PIECE", piece)
        text = "".join(html_map._in_json(value))
    assert text == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


LINES = st.lists(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=6),
    max_size=5,
)


@given(LINES)
def test_lines_in_whole_numbers_are_where_they_were(lines: list[list[tuple[float, float]]]) -> None:
    written = encoded(np.array([shapely.LineString(line) for line in lines], dtype=object))
    for line, numbers in zip(lines, written, strict=True):
        lat, lon = np.cumsum(np.reshape(numbers, (-1, 2)), axis=0).T / 1e5
        assert np.allclose(np.c_[lon, lat], line, atol=0.6e-5)


def test_what_is_no_number_is_refused_as_before() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        html_map.as_script_data({"value": [float("nan")]})
