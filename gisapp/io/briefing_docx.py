"""A paper as DOCX, for people who have to change or add to it: headings, tables, alt text.

After ECMA-376 through python-docx. The same paper and picture give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from gisapp.analysis.briefing.parts import (
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
from gisapp.io.xml_text import characters
from gisapp.layers.seen_words import in_other_words

if TYPE_CHECKING:
    from docx.document import Document

LANGUAGE = "en-GB"
_MARGIN_MM, _FOOT_MM, _GAP_MM = 15.0, 8.0, 6.0
_SMALL, _SMALL_LARGE = 8.0, 14.0
#: Text of this size and above is large print.
_LARGE = 18.0
#: A date that every file in the archive can carry: the first that a ZIP knows.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_FONT = "Arial"
#: python-docx takes no longer title of a file.
_MOST_TOLD = 255
#: What Word leaves free at the left of a cell: a table stands out by it unless it is moved.
_INSET_TWIPS = 108


def docx_bytes(
    paper: Paper,
    pictures: Mapping[str, bytes],
    *,
    made_on: date,
    size_mm: tuple[float, float],
    points: float = 11.0,
    columns: bool = False,
) -> bytes:
    """The whole file, its text of a size in points, of 18 for large print.

    `pictures` are the maps as PNG by the letter of their part. With `columns` the middle of a
    sheet stands in two columns, so that it is one page as the PDF is.
    """
    import docx
    from docx.shared import Pt

    paper = in_other_words(paper, characters)
    document = docx.Document()
    _set_up(document, paper, made_on, size_mm, points)
    large = points >= _LARGE
    document.add_heading(paper.title, level=0)
    document.add_paragraph(paper.subtitle)
    width = size_mm[0] - 2 * _MARGIN_MM
    middle = paper.blocks[len(paper.top) : len(paper.blocks) - len(paper.body)]
    column = (width - _GAP_MM) / 2 if columns else width
    for blocks, wide, count in ((paper.top, width, 1), (middle, column, 2), (paper.body, width, 1)):
        if columns and blocks and blocks is not paper.top:
            _part(document, count)
        for number, block in enumerate(blocks):
            _add(document, block, pictures, wide, points)
            following = blocks[min(number + 1, len(blocks) - 1)]
            said_of_a_map = isinstance(block, Words) and isinstance(following, Picture)
            if isinstance(following, Signing) or said_of_a_map:
                document.paragraphs[-1].paragraph_format.keep_with_next = True
    if columns and not paper.body:
        _part(document, 1)
    for note in paper.notes:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(6)
        _small(paragraph, note, large)
    store = io.BytesIO()
    document.save(store)
    return _same_bytes(store.getvalue())


def _part(document: Document, columns: int) -> None:
    """From here on text stands in so many columns (ECMA-376-1, 17.6.4)."""
    from docx.enum.section import WD_SECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section: Any = document.add_section(WD_SECTION.CONTINUOUS)
    for found in section._sectPr.findall(qn("w:cols")):
        section._sectPr.remove(found)
    cols: Any = OxmlElement("w:cols")
    cols.set(qn("w:num"), str(columns))
    cols.set(qn("w:space"), str(Mm(_GAP_MM).twips))
    # The order of what is in a section is set: columns stand before the grid of the text.
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        section._sectPr.append(cols)
    else:
        grid.addprevious(cols)


def _set_up(
    document: Document, paper: Paper, made_on: date, size_mm: tuple[float, float], points: float
) -> None:
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(size_mm[0]), Mm(size_mm[1])
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(_MARGIN_MM), Mm(_MARGIN_MM)
    section.footer_distance = Mm(_FOOT_MM)
    large = points >= _LARGE
    sizes = {"Normal": 1.0, "Title": 1.25 if large else 1.6, "Heading 1": 1.15}
    for name, share in {**sizes, "Heading 2": 1.0, "Heading 3": 1.0}.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(round(points * share, 1))
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.bold = name != "Normal"
        above = {"Heading 1": 0.6, "Heading 2": 0.35, "Heading 3": 0.35}.get(name, 0.0)
        style.paragraph_format.space_before = Pt(round(points * above))
        style.paragraph_format.space_after = Pt(0 if "Heading" in name else 2)
        style.paragraph_format.line_spacing = 1.0
        _own_font(style)
    _no_line(document.styles["Title"])
    for name in ("List Bullet", "List Number"):
        style = document.styles[name]
        style.paragraph_format.space_after = Pt(0)
    _language(document)
    _properties(document, paper, made_on)
    _foot(section, paper, large)


def _no_line(style: Any) -> None:
    """No rule under it, which is of the colour of a theme."""
    from docx.oxml.ns import qn

    form = style.element.get_or_add_pPr()
    for found in form.findall(qn("w:pBdr")):
        form.remove(found)


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
    properties.title, properties.subject = paper.title[:_MOST_TOLD], paper.subtitle[:_MOST_TOLD]
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
    run.font.size = Pt(_SMALL_LARGE if large else _SMALL)
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


def _add(
    document: Document,
    block: Block,
    pictures: Mapping[str, bytes],
    width_mm: float,
    points: float,
) -> None:
    if isinstance(block, Heading):
        heading = document.add_heading(block.text, level=block.level)
        heading.paragraph_format.page_break_before = block.fresh or None
    elif isinstance(block, Words):
        paragraph = document.add_paragraph()
        paragraph.add_run(block.text).bold = block.strong or None
        paragraph.paragraph_format.keep_with_next = block.strong or None
    elif isinstance(block, Items):
        _items(document, block, points)
    elif isinstance(block, Grid):
        _grid(document, block, width_mm)
    elif isinstance(block, Box):
        _box(document, block, width_mm)
    elif isinstance(block, Signing):
        _signing(document, block, width_mm)
    elif isinstance(block, Picture) and block.part in pictures:
        _picture(document, block, pictures[block.part], width_mm)


def _items(document: Document, block: Items, points: float) -> None:
    for number, text in enumerate(block.items, block.first):
        plain = not (block.ordered or block.crossed)
        paragraph = document.add_paragraph(style="List Bullet" if plain else None)
        _hang(paragraph, points * 1.3)
        if not plain:
            # The number is part of the text: Word would count on from the list before.
            paragraph.add_run(f"{number if block.ordered else '×'}\t").bold = True
        paragraph.add_run(text)


def _hang(paragraph: Any, points: float) -> None:
    from docx.shared import Pt

    form, room = paragraph.paragraph_format, Pt(round(points))
    form.left_indent, form.first_line_indent, form.space_after = room, -room, Pt(0)
    form.tab_stops.add_tab_stop(room)


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
    _below(document)


def _below(document: Document) -> None:
    """A little room under a table, which would grow together with another."""
    from docx.shared import Pt

    form = document.add_paragraph().paragraph_format
    form.space_after, form.line_spacing = Pt(0), Pt(4)


def _widths(table: Any, widths_mm: list[float]) -> None:
    """Columns of these widths, the table's edge in line with the text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    table.autofit = False
    inset: Any = OxmlElement("w:tblInd")
    inset.set(qn("w:w"), str(_INSET_TWIPS))
    inset.set(qn("w:type"), "dxa")
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    layout.addprevious(inset)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _box(document: Document, block: Box, width_mm: float) -> None:
    table = document.add_table(rows=1, cols=1, style="Table Grid")
    cell = table.rows[0].cells[0]
    cell.paragraphs[0].add_run(block.title).bold = True
    for line in block.lines:
        cell.add_paragraph(line)
    _widths(table, [width_mm])
    _below(document)


def _signing(document: Document, block: Signing, width_mm: float) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label in block.labels:
        row = table.add_row()
        row.height = Mm(14)
        row.cells[0].paragraphs[0].add_run(label)
        # A line to sign is on the page of the others.
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next = label != block.labels[-1]
    _widths(table, [width_mm * 0.25, width_mm * 0.6])


def _picture(document: Document, block: Picture, picture: bytes, width_mm: float) -> None:
    from docx.shared import Mm

    shape = document.add_picture(io.BytesIO(picture), width=Mm(width_mm))
    named: Any = shape._inline.docPr
    named.set("name", "Map")
    for side in ("distT", "distB", "distL", "distR"):
        # Some programs leave room at the sides where nothing is said of it.
        shape._inline.set(side, "0")
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
