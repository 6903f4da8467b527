"""Large files are read in pieces, to the same rows and lines as when they are read whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.errors import Cancelled, DataError
from gisapp.io.reading import delimited, large_text, sources
from gisapp.io.reading.delimited import read_delimited, read_large
from gisapp.progress import Progress

CELLS = st.one_of(
    st.text(st.sampled_from("ab1 é,\"\n\r;'"), max_size=6),
    st.sampled_from(["", "NULL", "1.5", "市", " x "]),
)


def written(cell: str, quote: bool) -> str:
    if quote or any(char in cell for char in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    rows = ["name,place,lat"]
    for _ in range(draw(st.integers(1, 8))):
        cells = draw(st.lists(CELLS, min_size=3, max_size=3))
        rows.append(",".join(written(cell, draw(st.booleans())) for cell in cells))
        rows += [""] * draw(st.integers(0, 1))
    return (ends.join(rows) + draw(st.sampled_from(["", ends]))).encode()


@settings(max_examples=150, deadline=None)
@given(texts(), st.sampled_from([7, 64, 1 << 20]))
def test_in_pieces_and_whole_are_the_same(data: bytes, piece: int) -> None:
    try:
        whole = read_delimited(data, "x.csv")
    except DataError:
        return
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_text, "_PIECE", piece)
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        pieces = read_large(path, "x.csv", Progress())
    if pieces is not None:
        assert pieces.table.equals(whole.table)
        assert np.array_equal(pieces.lines, whole.lines)
        assert (pieces.delimiter, pieces.notes) == (whole.delimiter, whole.notes)
        assert not whole.broken


PLAIN = b"name,lat,lon\n" + b'"Caf\xc3\xa9, Quay",51.5,-0.1\nNULL,51.6,\n' * 400


def test_a_plain_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 1000)
    monkeypatch.setattr(large_text, "_PIECE", 333)
    monkeypatch.setattr(large_text, "LARGE", 1000)
    monkeypatch.setattr(sources, "read_delimited", None)  # nothing may be read whole
    path = tmp_path / "plain.csv"
    path.write_bytes(PLAIN)
    told: list[float | None] = []
    source = sources.probe([path], Progress(lambda fraction, _: told.append(fraction)))
    assert source.rows == 800
    assert source.table["name"][0].as_py() == "Café, Quay"
    assert source.table["lon"].null_count == 400
    assert source.lines[-1] == 801
    shares = [share for share in told if share is not None]
    assert len(shares) > 10
    assert max(shares) > 0.9


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data.replace(b"NULL", b"a\0b", 1),
        lambda data: data.replace(b"\xc3\xa9", b"\xe9", 1),
        lambda data: data.replace(b"NULL,51.6,", b"too,many,cells,here", 1),
        lambda data: data + b'"never closed,1,2',
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.replace(b",", "¬".encode()),
        lambda _: b"name,lat,lon\n",
    ],
)
def test_what_is_not_plain_is_read_whole(tmp_path: Path, harm: object) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(harm(PLAIN))
    assert read_large(path, "x.csv", Progress()) is None


@pytest.mark.parametrize("after", [1, 15, 25])
def test_reading_stops_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(large_text, "_PIECE", 500)
    monkeypatch.setattr(delimited, "_BLOCK", 1000)
    path = tmp_path / "x.csv"
    path.write_bytes(PLAIN)
    told: list[str] = []

    def listen(_: float | None, text: str) -> None:
        told.append(text)
        if len(told) == after:
            progress.cancel()

    progress = Progress(listen)
    with pytest.raises(Cancelled):
        read_large(path, "x.csv", progress)
    assert set(told) == {"Reading x.csv"}
