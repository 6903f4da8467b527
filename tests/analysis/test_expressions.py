"""`--where` chooses rows by a condition, and is never run as code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from gisapp.analysis.classes.expressions import mask_where, rows_where
from gisapp.errors import DataError
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.vocabulary import LayerKind


@pytest.fixture
def layer() -> Layer:
    table = pa.table(
        {
            "Site": ["Mill Lane", "Quay", "Old Port", None],
            "kind": ["pharmacy", "needle exchange", "needle exchange", None],
            "open from": [9, 10, None, 8],
        }
    )
    places = Points(np.zeros(4), np.zeros(4))
    return new_layer("Sites", LayerKind.SERVICES, table, places, {"name": "Site"})


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("kind == 'needle exchange'", [1, 2]),
        ('kind != "pharmacy" and kind.notna()', [1, 2]),
        ("kind in ['pharmacy', 'drop-in']", [0]),
        ("kind not in ('pharmacy', 'drop-in')", [1, 2, 3]),
        ("kind == ['pharmacy', 'needle exchange']", [0, 1, 2]),
        ("`open from` >= 9", [0, 1]),
        ("8 < `open from` < 10", [0]),
        ("`open from` > -1 & kind == 'pharmacy'", [0]),
        ("kind == 'pharmacy' | Site == 'Quay'", [0, 1]),
        ("~(kind == 'pharmacy')", [1, 2, 3]),
        ("not kind == 'pharmacy'", [1, 2, 3]),
        ("Site.isna()", [3]),
        ("kind.isin(['pharmacy', 'drop-in'])", [0]),
        ("not kind.isin(('pharmacy',)) and `open from`.isin([8, 10])", [1, 3]),
        ("Site.str.lower().isin(['quay'])", [1]),
        ("name == 'Quay'", [1]),
        ("Site.str.contains('l')", [0, 2]),
        ("Site.str.contains('MILL', case=False)", [0]),
        ("Site.str.lower() == 'quay'", [1]),
        ("Site.str.len() > 4", [0, 2]),
    ],
)
def test_a_condition_chooses_rows(layer: Layer, condition: str, rows: list[int]) -> None:
    assert rows_where(layer, condition).tolist() == rows


@pytest.mark.parametrize(
    "code",
    [
        "@frame.to_csv('{out}')",
        "Site.to_csv('{out}')",
        "Site.str.to_csv('{out}')",
        "frame.to_csv('{out}')",
        "@__import__('os').system('touch {out}')",
        "__import__('os').system('touch {out}')",
        "open('{out}', 'w')",
        "(lambda: open('{out}', 'w'))()",
        "[open('{out}', 'w') for _ in (1,)] == [1]",
        "Site.__class__.__base__",
        "Site.apply(open)",
        "Site.map(`open`)",
        "f'{{open(1)}}' == Site",
        "(x := 3) == Site",
    ],
)
def test_code_is_never_run(layer: Layer, tmp_path: Path, code: str) -> None:
    out = tmp_path / "made"
    with pytest.raises(DataError, match="cannot be used"):
        rows_where(layer, code.format(out=out))
    assert not out.exists()


@pytest.mark.parametrize(
    "condition",
    [
        "", "1 + 1", "9**9**9 == Site", "Site", "Site > 3", "3", "no", "Site ==", "`", "1 == 1",
        "Site.str.contains('(')", "(" * 500, "not " * 450 + "Site", "Site == 'x' * 99999999999",
        "x" * 3000, "Site.str.contains('a', na=1)", "kind == None", "Site in 'Quay'", "\0",
    ],
)  # fmt: skip
def test_what_makes_no_sense_gives_a_sentence(layer: Layer, condition: str) -> None:
    with pytest.raises(DataError, match="cannot be used"):
        rows_where(layer, condition)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("kind = pharmacy", "write == to compare"),
        ("`open from`=9", "write == to compare"),
        ("kind == pharmacy", "no column “pharmacy”; if it is text, write 'pharmacy' in quotes"),
        ("kind == 'a=b' and", "invalid syntax"),
        ("lat > 44", "“lat” is a part of the place, which is no column"),
        ("kind.map(3)", "can be asked .isin"),
        ("kind.isin('pharmacy')", "cannot be done here"),
        ("kind.isin(3, 4)", "cannot be done here"),
        ("nothing == 1", "Columns: Site, kind, open from"),
    ],
)
def test_what_to_write_instead_is_said(layer: Layer, condition: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        rows_where(layer, condition)
    assert said in str(caught.value)
    assert "Site in ['pharmacy', 'clinic']" in str(caught.value)


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:a|a)*c(?=x)", "(a|a)*c\\\\1", "(?:a|a)*c(?!x)",
        "((((a{1,999}){1,999}){1,999}){1,999})", "(?P<x>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("test", ["contains", "match", "fullmatch"])
def test_a_pattern_that_could_take_for_ever_is_refused(
    layer: Layer, pattern: str, test: str
) -> None:
    with pytest.raises(DataError, match="cannot be used"):
        rows_where(layer, f"Site.str.lower().str.{test}('{pattern}')")


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        (r"Site.str.contains('(?:\\w|\\w)*!')", []),
        (r"Site.str.contains('(?:\\s|\\s|é)*!$')", []),
        ("Site.str.match('é|a')", [0]),
        ("Site.str.match('x|a')", []),
        ("Site.str.fullmatch('é|(a|a|[é])+')", [0]),
        ("Site.str.fullmatch('É(A)+', case=False)", [0]),
        ("Site.str.contains('.', regex=False)", [1]),
        ("Site.str.contains('A.', regex=False, case=False)", [1]),
        ("Site.str.contains('a{1,99999999999}')", []),
        ("number.str.match('1+$')", [0]),
    ],
)
def test_patterns_take_a_time_that_grows_with_the_text_alone(
    condition: str, rows: list[int]
) -> None:
    table = pa.table({"Site": ["é" + "a" * 60, "b a.", None], "number": [11, 12, 21]})
    points = Points(np.zeros(3), np.zeros(3))
    layer = new_layer("Texts", LayerKind.OTHER, table, points, {})
    assert np.flatnonzero(mask_where(layer, condition)).tolist() == rows


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59.999999", "0001-01-01", "99999-01-01"])
def test_a_moment_beyond_all_calendars_is_compared_or_refused(text: str) -> None:
    times = pa.array([0, None], pa.timestamp("us", "America/New_York"))
    points = Points(np.zeros(2), np.zeros(2))
    layer = new_layer("Times", LayerKind.OTHER, pa.table({"time": times}), points, {})
    for sign in ("<", "==", ">="):
        try:
            mask = mask_where(layer, f"time {sign} '{text}'")
        except DataError:
            continue
        assert mask.tolist() == [sign == ("<" if text > "1970" else ">="), False]


def test_no_match_is_said(layer: Layer) -> None:
    with pytest.raises(DataError, match="No row"):
        rows_where(layer, "kind == 'zoo'")
