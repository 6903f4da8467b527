"""Every awkward file: the good ones load, the bad ones get a sentence, none of them crashes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gisapp.errors import CrsError, GisappError
from gisapp.io.reading.importing import ImportReport, preview, probe, propose, read_layer
from gisapp.layers.vocabulary import LayerKind
from tests.conftest import SHARED_DATA

AWKWARD = SHARED_DATA / "awkward"
FILES = sorted(path for path in AWKWARD.rglob("*") if path.is_file()) if AWKWARD.is_dir() else []
#: Files that hold no place at all, and say so when asked for one.
NO_PLACES = {
    "PROVENANCE.md", "bad.csv", "blanks.csv", "dummy.xls", "empty.dbf", "empty.prj", "empty.shp",
    "empty.shx", "mac_newlines.csv", "networklink.kml", "test_empty_columns.csv",
    "test_header_newline.csv", "test_locale.csv", "test_skip_lines.xlsx", "test_utf16_little.csv",
    "test_utf8_bom.csv", "bad.kml",
}  # fmt: skip


def name_of(path: Path) -> str:
    return str(path.relative_to(AWKWARD))


def imported(path: Path) -> ImportReport:
    """The report, with degrees said where the file does not declare what its numbers are."""
    source = probe([path])
    plan = propose(source, LayerKind.OTHER)
    preview(source, plan)
    if plan.crs is None and source.has_places:
        with pytest.raises(CrsError) as caught:
            read_layer(source, plan)
        assert "--crs" in caught.value.hint
        plan = replace(plan, crs="EPSG:4326")
    result = read_layer(source, plan)
    assert len(result.layer) == result.report.added
    return result.report


def test_none_is_passed_over(shared_data: Path) -> None:
    """There are some of each kind, and all that are expected to fail."""
    kinds = {path.relative_to(AWKWARD).parts[0] for path in FILES if path.parent != AWKWARD}
    assert kinds == {"csv", "geojsonhint", "kml", "shapefile"}
    assert {path.parent.name for path in FILES} >= {"good", "bad"}
    assert {path.name for path in FILES} >= NO_PLACES - {"PROVENANCE.md"}


@pytest.mark.skipif(not FILES, reason="no folder of real data: see docs/test-data.md")
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_awkward(path: Path) -> None:
    bad = path.parent.name == "bad"
    try:
        report = imported(path)
    except GisappError as error:
        assert bad or path.name in NO_PLACES, f"should load: {error}"
        assert error.exit_code in (20, 22)
        assert error.message.endswith((".", ")")) and error.hint
        return
    assert path.name not in NO_PLACES
    assert report.read == report.added + report.rejected
    if bad:
        assert report.notes, "loads without a word"


def test_utf16(shared_data: Path) -> None:
    source = probe([AWKWARD / "csv" / "test_utf16_little.csv"])
    assert (source.encoding, source.column_names) == ("utf-16", ["a", "b", "c"])
    assert source.table["c"].to_pylist() == ["3", "ʤ"]


def test_ragged_rows_are_named_by_line(shared_data: Path) -> None:
    source = probe([AWKWARD / "csv" / "bad.csv"])
    assert source.rows == 3
    assert [(row.line, len(row.cells)) for row in source.broken] == [(2, 4), (3, 2)]


def test_blank_rows_before_the_header_are_skipped(shared_data: Path) -> None:
    source = probe([AWKWARD / "csv" / "test_skip_lines.xlsx"])
    assert source.column_names[:3] == ["text", "date", "integer"]
    assert source.lines.tolist() == [5, 6, 7, 8, 9]


def test_latin_1_and_utf_8_columns(shared_data: Path) -> None:
    folder = AWKWARD / "shapefile"
    assert probe([folder / "latin1-property.shp"]).table["name"].to_pylist() == ["México"]
    assert probe([folder / "utf8-property.shp"]).column_names == ["☃"]


def test_null_shapes_are_rejected_with_their_number(shared_data: Path) -> None:
    source = probe([AWKWARD / "shapefile" / "null.shp"])
    report = read_layer(source, propose(source, LayerKind.OTHER)).report
    assert (report.added, report.reasons) == (5, {"no coordinates": 4})
    assert report.rejected_rows[0].line == 2


def test_invented_places_of_a_bad_kml_do_not_load(shared_data: Path) -> None:
    with pytest.raises(GisappError, match="not numbers"):
        probe([AWKWARD / "kml" / "bad.kml"])
