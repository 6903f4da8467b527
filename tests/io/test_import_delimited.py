"""Delimited files in every dialect, down to the layer, with lines and reasons."""

from __future__ import annotations

import csv
import gzip
import io
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.errors import DataError
from gisapp.io.reading.delimited import DELIMITERS, read_delimited
from gisapp.io.reading.importing import ImportResult, probe, propose, read_layer, write_rejected
from gisapp.layers.layer import Points
from gisapp.layers.vocabulary import LayerKind

HEADER = "site,lat,lon\n"


def layer_of(path: Path, kind: LayerKind = LayerKind.OTHER) -> ImportResult:
    source = probe([path])
    return read_layer(source, propose(source, kind))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


WORDS = st.text(string.ascii_letters + "éüñ '’/-", min_size=1, max_size=12).map(str.strip)
TEXTS = WORDS.filter(lambda text: text not in ("", "NULL"))
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.integers(3_900_000, 3_930_000).map(lambda n: n / 100_000),
        st.integers(-8_470_000, -8_430_000).map(lambda n: n / 100_000),
        st.one_of(st.just(""), st.integers(0, 99).map(str)),
        TEXTS | st.just('said "no", then; left\t|'),
    ),
    min_size=2,
    max_size=30,
)


@st.composite
def dialects(draw: st.DrawFn) -> tuple[str, str, str, int, bool]:
    """Delimiter, line end, encoding, quoting and whether it is gzipped."""
    delimiter = draw(st.sampled_from(DELIMITERS))
    return (
        delimiter,
        draw(st.sampled_from(["\n", "\r\n", "\r"])),
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
        draw(st.booleans()),
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, dialect=dialects())
def test_a_table_comes_back_from_any_dialect(
    tmp_path: Path,
    rows: list[tuple[str, float, float, str, str]],
    dialect: tuple[str, str, str, int, bool],
) -> None:
    delimiter, line_end, encoding, quoting, packed = dialect
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(["label", "latitude", "longitude", "beds", "remark"])
    writer.writerows(rows)
    data = buffer.getvalue().encode(encoding)
    path = tmp_path / ("table.csv.gz" if packed else "table.csv")
    path.write_bytes(gzip.compress(data) if packed else data)

    result = layer_of(path)
    assert result.report.read == result.report.added == len(rows)
    assert isinstance(result.layer.geometry, Points)
    np.testing.assert_array_equal(result.layer.geometry.lat, [row[1] for row in rows])
    np.testing.assert_array_equal(result.layer.geometry.lon, [row[2] for row in rows])
    table = result.layer.table
    assert table["label"].to_pylist() == [row[0] for row in rows]
    assert table["remark"].to_pylist() == [row[4] for row in rows]
    beds = [None if value is None else str(value) for value in table["beds"].to_pylist()]
    assert beds == [row[3] or None for row in rows]
    assert result.report.duplicates == len(rows) - len(set(rows))


def test_reasons_and_lines(tmp_path: Path) -> None:
    text = HEADER + (
        "good,39.1,-84.5\n"
        '"two\nlines",,\n'
        "\n"
        "word,north,-84.5\n"
        "far,391.0,-84.5\n"
        "zero,0,0\n"
        "half,39.1,\n"
        "wide,39.1,-84.5,more\n"
        "short,39.1\n"
        "tail,39.2,-84.4,,\n"
    )
    report = layer_of(write(tmp_path / "sites.csv", text)).report
    assert (report.read, report.added, report.rejected) == (9, 2, 7)
    assert [(row.line, row.reason) for row in report.rejected_rows] == [
        (3, "no coordinates"),
        (6, "coordinates that are not numbers"),
        (7, "coordinates off the globe"),
        (8, "coordinates 0, 0"),
        (9, "no coordinates"),
        (10, "wrong number of cells"),
        (11, "wrong number of cells"),
    ]
    assert report.rejected_rows[1].values == {"site": "word", "lat": "north", "lon": "-84.5"}
    assert sum(report.reasons.values()) == report.rejected


def test_lines_are_right_without_rows_of_the_wrong_length(tmp_path: Path) -> None:
    text = "A title\n\n" + HEADER + '"two\nlines",39.1,-84.5\n\nbad,,\ngood,39.2,-84.5\nworse,x,y'
    report = layer_of(write(tmp_path / "sites.csv", text)).report
    assert [row.line for row in report.rejected_rows] == [7, 9]
    assert "1 line was skipped before the header of sites.csv." in report.notes


def test_decimal_commas(tmp_path: Path) -> None:
    text = "name;lat;lon\nHafen;55,67;12,55\nMarkt;55,68;12,56\n"
    result = layer_of(write(tmp_path / "orte.csv", text))
    assert result.layer.bounds == pytest.approx((12.55, 55.67, 12.56, 55.68))


def test_codes_keep_their_zeros(tmp_path: Path) -> None:
    text = "zip,n,lat,lon\n02134,1,39.1,-84.5\n45202,20,39.2,-84.5\n"
    table = layer_of(write(tmp_path / "a.csv", text)).layer.table
    assert table["zip"].to_pylist() == ["02134", "45202"]
    assert table["n"].to_pylist() == [1, 20]


def test_column_names_are_unique_whatever_their_case(tmp_path: Path) -> None:
    text = "Name,name,,lat,lon,LAT 2,\na,b,c,39.1,-84.5,d,e\nf,g,h,39.1,-84.5,i,j\n"
    names = layer_of(write(tmp_path / "a.csv", text)).layer.table.column_names
    assert names == ["Name", "name 2", "Column 3", "LAT 2", "Column 7"]


def test_a_table_without_a_header(tmp_path: Path) -> None:
    source = probe([write(tmp_path / "a.csv", "1,39.1,-84.5\n2,39.2,-84.4\n")])
    assert (source.rows, source.column_names) == (2, ["Column 1", "Column 2", "Column 3"])
    plan = replace(
        propose(source, LayerKind.OTHER), x_column="Column 3", y_column="Column 2", crs="EPSG:4326"
    )
    assert read_layer(source, plan).report.added == 2


def test_a_stray_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    text = HEADER + '5" pipe,39.1,-84.5\nnext,39.2,-84.5\nlast,39.3,-84.5\n'
    assert layer_of(write(tmp_path / "a.csv", text)).report.added == 3


def test_text_is_never_more_than_text(tmp_path: Path) -> None:
    text = HEADER + "=1+1,,\n@cmd,,\n<script>,39.1,-84.5\n-84.5,,\n"
    result = layer_of(write(tmp_path / "a.csv", text))
    assert result.layer.table["site"].to_pylist() == ["<script>"]
    out = tmp_path / "rejected.csv"
    write_rejected(result.report, out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["File", "Line", "Reason", "site", "lat", "lon"]
    assert [row[3] for row in rows[1:]] == ["'=1+1", "'@cmd", "-84.5"]
    assert [row[1] for row in rows[1:]] == ["2", "3", "5"]


def test_several_files_become_one_layer(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "name,lat,lon\nx,39.1,-84.5\n")
    write(tmp_path / "b.csv", "lon,name,lat\n-84.4,y,39.2\n,z,\n")
    report = layer_of(tmp_path).report
    assert (report.read, report.added) == (3, 2)
    assert (report.rejected_rows[0].file, report.rejected_rows[0].line) == (
        f"{tmp_path.name}/b.csv",
        3,
    )


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("name,lat\nCafé,1\n".encode("cp1252"), "cp1252"),
        ("name,lat\nCafé,1\n".encode("utf-16-le"), "utf-16-le"),
        ("name,lat\nCafé,1\n".encode("utf-16"), "utf-16"),
        ("name,lat\nCafé,1\n".encode("utf-8-sig"), "utf-8-sig"),
        (b"name,lat\nCaf\x81\xe9,1\n", "latin-1"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    raw = read_delimited(data, "a.csv")
    assert raw.encoding == encoding
    assert str(raw.table["name"][0].as_py()).startswith("Caf")


@pytest.mark.parametrize("data", [b"\0\1\2\3" * 50, b"   \n\n", b"a,b,c\n", b"\xff\xfea\0,\0b"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        read_delimited(data, "a.csv")
