"""A paper as DOCX, for people who have to change or add to it: headings, tables, alt text.

After ECMA-376 through python-docx. The same paper and picture give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from gisapp.analysis.briefing_parts import (
    Block,
    Box,
    Grid,
    Heading,
    Items,
    Paper,
    Picture,
    Signing,
    Words,
)

if TYPE_CHECKING:
    from docx.document import Document

LANGUAGE = "en-GB"
_MARGIN_MM = 15.0
_BODY, _LARGE, _SMALL = 11.0, 18.0, 8.0
#: A date that every file in the archive can carry: the first that a ZIP knows.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_FONT = "Arial"


def docx_bytes(
    paper: Paper,
    picture: bytes,
    *,
    made_on: date,
    size_mm: tuple[float, float],
    large: bool = False,
) -> bytes:
    """The whole file. `picture` is the map as PNG, empty where there is none."""
    import docx

    document = docx.Document()
    _set_up(document, paper, made_on, size_mm, large)
    document.add_heading(paper.title, level=0)
    document.add_paragraph(paper.subtitle)
    for block in paper.blocks:
        _add(document, block, picture, size_mm[0] - 2 * _MARGIN_MM)
    for note in paper.notes:
        _small(document.add_paragraph(), note, large)
    store = io.BytesIO()
    document.save(store)
    return _same_bytes(store.getvalue())


def _set_up(
    document: Document, paper: Paper, made_on: date, size_mm: tuple[float, float], large: bool
) -> None:
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(size_mm[0]), Mm(size_mm[1])
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    body = _LARGE if large else _BODY
    sizes = {"Normal": 1.0, "Title": 1.6, "Heading 1": 1.2, "Heading 2": 1.05}
    for name, share in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(round(body * share, 1))
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.bold = name != "Normal"
        style.paragraph_format.space_before = Pt(0 if name in ("Normal", "Title") else 8)
        style.paragraph_format.space_after = Pt(3)
        _own_font(style)
    for name in ("List Bullet", "List Number"):
        style = document.styles[name]
        style.paragraph_format.space_after = Pt(1)
    _language(document)
    _properties(document, paper, made_on)
    _foot(section, paper, large)


def _own_font(style: Any) -> None:
    """The font for every script, in place of the one of the theme."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), _FONT)


def _language(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults"))
    for found in defaults.iter(qn("w:lang")):
        found.set(qn("w:val"), LANGUAGE)
    normal: Any = document.styles["Normal"]
    lang: Any = OxmlElement("w:lang")
    lang.set(qn("w:val"), LANGUAGE)
    normal.element.get_or_add_rPr().append(lang)


def _properties(document: Document, paper: Paper, made_on: date) -> None:
    properties = document.core_properties
    moment = datetime.combine(made_on, time(0))
    properties.title, properties.subject = paper.title, paper.subtitle
    properties.author = properties.last_modified_by = "gisapp"
    properties.comments, properties.language = "", LANGUAGE
    properties.created = properties.modified = moment
    properties.revision = 1


def _foot(section: Any, paper: Paper, large: bool) -> None:
    """What stands at the foot of each page: the paper's own words and the number of the page."""
    paragraph = section.footer.paragraphs[0]
    _small(paragraph, f"{paper.foot} · Page ", large)
    _field(paragraph, "PAGE", large)
    _small(paragraph, " of ", large)
    _field(paragraph, "NUMPAGES", large)


def _small(paragraph: Any, text: str, large: bool) -> Any:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(_SMALL * 1.5 if large else _SMALL)
    return run


def _field(paragraph: Any, code: str, large: bool) -> None:
    """A field that the reader's program fills in (ECMA-376-1, 17.16.19)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element: Any = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run = _small(paragraph, "1", large)
    element.append(run._r)
    paragraph._p.append(element)


# Blocks


def _add(document: Document, block: Block, picture: bytes, width_mm: float) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, level=block.level)
    elif isinstance(block, Words):
        document.add_paragraph().add_run(block.text).bold = block.strong or None
    elif isinstance(block, Items):
        _items(document, block)
    elif isinstance(block, Grid):
        _grid(document, block, width_mm)
    elif isinstance(block, Box):
        _box(document, block)
    elif isinstance(block, Signing):
        _signing(document, block, width_mm)
    elif isinstance(block, Picture) and picture:
        _picture(document, block, picture, width_mm)


def _items(document: Document, block: Items) -> None:
    for number, text in enumerate(block.items, block.first):
        if block.ordered:
            # The number is part of the text: Word would count on from the list before.
            paragraph = document.add_paragraph()
            _hang(paragraph)
            paragraph.add_run(f"{number}\t{text}")
        elif block.crossed:
            paragraph = document.add_paragraph()
            _hang(paragraph)
            paragraph.add_run("×\t").bold = True
            paragraph.add_run(text)
        else:
            document.add_paragraph(text, style="List Bullet")


def _hang(paragraph: Any) -> None:
    from docx.shared import Mm

    paragraph.paragraph_format.left_indent = Mm(7)
    paragraph.paragraph_format.first_line_indent = Mm(-7)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(7))


def _grid(document: Document, block: Grid, width_mm: float) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=1, cols=len(block.header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    head: Any = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(text)
    for row_of in table.rows:
        # A row stays on one page.
        row_of._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _widths(table, [width_mm * share / 100 for share in block.widths])
    document.add_paragraph()


def _widths(table: Any, widths_mm: list[float]) -> None:
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _box(document: Document, block: Box) -> None:
    table = document.add_table(rows=1, cols=1, style="Table Grid")
    cell = table.rows[0].cells[0]
    cell.paragraphs[0].add_run(block.title).bold = True
    for line in block.lines:
        cell.add_paragraph(line)
    document.add_paragraph()


def _signing(document: Document, block: Signing, width_mm: float) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label in block.labels:
        row = table.add_row()
        row.height = Mm(14)
        row.cells[0].paragraphs[0].add_run(label)
    _widths(table, [width_mm * 0.25, width_mm * 0.6])


def _picture(document: Document, block: Picture, picture: bytes, width_mm: float) -> None:
    from docx.shared import Mm

    shape = document.add_picture(io.BytesIO(picture), width=Mm(width_mm))
    named: Any = shape._inline.docPr
    named.set("name", "Map")
    named.set("descr", block.alt)


def _same_bytes(data: bytes) -> bytes:
    """The archive with one date for all that is in it, in the order of their names."""
    store = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        # The list of contents comes first: that is how readers tell what the archive is.
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return store.getvalue()
