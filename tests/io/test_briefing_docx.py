"""The DOCX, read back by python-docx and as plain XML: headings, tables, alt text, language."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import date
from xml.etree import ElementTree

import docx
import pytest

from gisapp.analysis.briefing.parts import (
    Box,
    Grid,
    Heading,
    Items,
    Paper,
    Picture,
    Signing,
    Words,
)
from gisapp.io.briefing_docx import docx_bytes

MADE = date(2025, 11, 20)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


#: The smallest picture there is: one grey pixel.
PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + chunk(b"IEND", b"")
)
PAPER = Paper(
    title="Briefing: Dock",
    subtitle="Friday, all day",
    foot="Town · Friday",
    notes=("Made on Thursday.",),
    top=(Box("In short", ("One zone holds.", "Ask.")),),
    picture=Picture("Map of Dock with the zones 1: Dock."),
    beside=(Grid(("No.", "Zone"), (("1", "Dock & Quay <east>"), ("2", "مرفأ 港")), (20, 80)),),
    left=(Heading("Do not"), Items(("Search", "Arrest"), crossed=True), Heading("Cards", 2)),
    right=(Items(("Talk", "Help"), ordered=True), Words("Strong", strong=True), Items(("Call",))),
    body=(Signing(("Signature", "Date")),),
)


def made(*, points: float = 11.0, columns: bool = False, paper: Paper = PAPER) -> bytes:
    return docx_bytes(
        paper, {"": PIXEL}, made_on=MADE, size_mm=(210.0, 297.0), points=points, columns=columns
    )


@pytest.fixture
def parts() -> dict[str, ElementTree.Element]:
    """Every XML part of the archive, read without python-docx."""
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        assert archive.namelist()[0] == "[Content_Types].xml"
        return {name: ElementTree.fromstring(archive.read(name)) for name in names}


def test_it_is_read_back_with_its_headings_and_words() -> None:
    document = docx.Document(io.BytesIO(made()))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style is not None}
    assert styles["Briefing: Dock"] == "Title"
    assert styles["Do not"] == "Heading 1" and styles["Cards"] == "Heading 2"
    texts = [p.text for p in document.paragraphs]
    for words in (
        "Friday, all day",
        "×\tSearch",
        "1\tTalk",
        "2\tHelp",
        "Call",
        "Made on Thursday.",
    ):
        assert words in texts
    assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)


def test_tables_have_a_row_of_headers_and_every_script() -> None:
    document = docx.Document(io.BytesIO(made()))
    grid = next(t for t in document.tables if t.cell(0, 0).text == "No.")
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["No.", "Zone"],
        ["1", "Dock & Quay <east>"],
        ["2", "مرفأ 港"],
    ]


def test_screen_readers_are_told_of_headers_language_and_picture(
    parts: dict[str, ElementTree.Element],
) -> None:
    body = parts["word/document.xml"]
    assert len(list(body.iter(f"{WORD}tblHeader"))) == 1
    told = [one.get("descr") for one in body.iter() if one.tag.endswith("}docPr")]
    assert told == ["Map of Dock with the zones 1: Dock."]
    languages = {one.get(f"{WORD}val") for one in parts["word/styles.xml"].iter(f"{WORD}lang")}
    assert languages == {"en-GB"}
    fields = [
        one.get(f"{WORD}instr")
        for name, part in parts.items()
        if "footer" in name
        for one in part.iter(f"{WORD}fldSimple")
    ]
    assert fields == ["PAGE", "NUMPAGES"]


def test_dates_are_those_of_the_day_and_no_person_is_named(
    parts: dict[str, ElementTree.Element],
) -> None:
    core = "".join(parts["docProps/core.xml"].itertext())
    assert "2025-11-20T00:00:00Z" in core and "gisapp" in core
    assert "python-docx" not in core


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert made() == made()
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_large_print_is_of_18_points() -> None:
    document = docx.Document(io.BytesIO(made(points=18.0)))
    assert document.styles["Normal"].font.size.pt == 18


def test_a_sheet_of_one_page_has_two_columns_between_its_head_and_its_notes() -> None:
    document = docx.Document(io.BytesIO(made(columns=True)))
    found = [one._sectPr.find(f"{WORD}cols") for one in document.sections]
    assert [one.get(f"{WORD}num", "1") for one in found] == ["1", "2", "1"]
    assert {round(one.page_width.mm) for one in document.sections} == {210}
    (shape,) = document.inline_shapes
    assert shape.width.mm == pytest.approx(87, abs=0.5)
    assert document.paragraphs[-1].text == "Made on Thursday."


def test_what_stands_over_a_list_stays_with_it_and_no_rule_has_a_colour() -> None:
    document = docx.Document(io.BytesIO(made()))
    (strong,) = [one for one in document.paragraphs if one.text == "Strong"]
    assert strong.paragraph_format.keep_with_next
    signing = document.tables[-1]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in signing.rows]
    assert kept == [True, False]
    (inline,) = [one._inline for one in document.inline_shapes]
    assert {inline.get(f"dist{side}") for side in "TBLR"} == {"0"}
    title = document.styles["Title"].element
    assert not list(title.iter(f"{WORD}pBdr"))


def test_without_a_map_there_is_no_picture() -> None:
    paper = Paper("Title", "Line", "Foot", body=(Words("Text"),))
    data = docx_bytes(paper, {}, made_on=MADE, size_mm=(215.9, 279.4))
    assert not docx.Document(io.BytesIO(data)).inline_shapes


@pytest.mark.parametrize("sign", ["\x07", "\ufffe", "\uffff", "\x0b", "\ud800"])
def test_characters_that_no_xml_holds_are_shown_as_such(sign: str) -> None:
    """A name from a file may hold any of them; without them nothing at all would be written."""
    name = f"Dock{sign}side"
    paper = Paper(
        title=name,
        subtitle=name,
        foot=name,
        notes=(name,),
        top=(Box(name, (name,)), Words(name)),
        picture=Picture(name),
        left=(Heading(name), Items((name,)), Grid((name,), ((name,),), (100,))),
        body=(Signing((name,)),),
    )
    read = docx.Document(io.BytesIO(made(paper=paper)))
    assert read.paragraphs[0].text == "Dock\ufffdside"
    assert read.core_properties.title == "Dock\ufffdside"


def test_a_title_longer_than_a_property_may_be_is_written() -> None:
    read = docx.Document(io.BytesIO(made(paper=Paper("Dock " * 80, "Day " * 80, "Town"))))
    assert read.paragraphs[0].text == "Dock " * 80
    assert len(read.core_properties.title) == 255
