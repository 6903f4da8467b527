"""Blocks of a paper set in a width: nothing lost, nothing over the edge, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.analysis.briefing.parts import Box, Grid, Heading, Items, Signing, Words
from gisapp.render.briefing.atoms import atoms_of, stacked
from gisapp.render.briefing.blocks import set_block, set_blocks, set_head
from gisapp.render.briefing.laid import FINE, Frame, Laid, Line, Rule, paint_laid, parted
from gisapp.render.briefing.table import set_table
from gisapp.render.briefing.text import Hand, set_text, widest, widest_word

ARABIC, HEBREW = "هذه تعليمات لجميع الضباط", "שלום עולם"
LONG = "Donaudampfschifffahrtsgesellschaft" * 4
PLAIN = Hand(14.0)


def lines(laid: Laid) -> list[Line]:
    return [mark for mark in laid.marks if isinstance(mark, Line)]


def ends(line: Line) -> tuple[float, float]:
    """Where the letters of a line begin and end, across."""
    box = line.layout.lineAt(line.number).naturalTextRect()
    return line.x + box.left() / FINE, line.x + box.right() / FINE


def letters(text: str) -> str:
    return "".join(text.split()).replace("\N{LINE SEPARATOR}", "")


def drawn(laid: Laid) -> QImage:
    width, height = round(laid.width) + 1, round(laid.height) + 1
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_laid(painter, laid, QPointF(0, 0))
    painter.end()
    return image


def inked(image: QImage, left: int, right: int) -> int:
    """How many dark pixels there are between two columns."""
    across, down = range(left, right), range(image.height())
    return sum(image.pixelColor(x, y).lightness() < 128 for x in across for y in down)


# Text

words = st.text(st.sampled_from("abc WÄ.-/\n١٢ مرحبا שלום 中文 0123"), max_size=60)


@given(words, st.floats(30, 400), st.sampled_from([10.0, 44 / 3, 24.0]))
def test_every_letter_is_in_a_line_that_fits(text: str, width: float, size: float) -> None:
    laid = set_text(text, width, Hand(size))
    assert letters(laid.text) == letters(text)
    y = 0.0
    for line in lines(laid):
        start, end = ends(line)
        # The ink of some letters, such as Arabic ones, reaches a little over their advance.
        assert start >= -size / 20 and end <= width + size / 20
        assert line.y == pytest.approx(y)
        y = line.bottom
    assert laid.height == pytest.approx(y)


def test_a_word_wider_than_the_line_is_broken() -> None:
    laid = set_text(LONG, 100, PLAIN)
    assert len(lines(laid)) > 3
    assert "".join(line.text for line in lines(laid)) == LONG
    assert widest_word([LONG], PLAIN) == pytest.approx(widest([LONG], PLAIN))


def test_words_stay_whole_where_they_fit() -> None:
    said = "Talk and ask if everybody is safe before anything else is done"
    laid = set_text(said, 120, PLAIN)
    assert [word for line in lines(laid) for word in line.text.split()] == said.split()
    assert widest_word([said], PLAIN) == pytest.approx(widest(["everybody"], PLAIN), 0.05)


@pytest.mark.parametrize("text", [ARABIC, HEBREW, f"24 {ARABIC}"])
def test_what_is_read_from_the_right_stands_at_the_right(text: str) -> None:
    (line,) = lines(set_text(text, 400, PLAIN))
    assert ends(line)[1] == pytest.approx(400, abs=0.5)
    (other,) = lines(set_text(f"Zone {text}", 400, PLAIN))
    assert ends(other)[0] == pytest.approx(0, abs=0.5)


def test_spaces_are_one_and_line_breaks_stay() -> None:
    laid = set_text("  One \t two\r\n three  ", 400, PLAIN)
    assert [letters(line.text) for line in lines(laid)] == ["Onetwo", "three"]
    assert "One two" in laid.text
    # A telephone number is not broken where its spaces may not be.
    number = "01632\N{NO-BREAK SPACE}960\N{NO-BREAK SPACE}166"
    wide = widest([number], PLAIN) + 5
    assert number in set_text(f"Call {number}", wide, PLAIN).text.split("\n")


def test_text_has_the_size_that_is_said() -> None:
    for points in (8, 10, 10.5, 11, 11.5, 12, 18):
        size = points * 96 / 72
        (line,) = lines(set_text("Words", 400, Hand(size)))
        assert line.layout.font().pixelSize() / FINE == pytest.approx(size)


# Blocks


def test_items_hang_beside_their_marks() -> None:
    pieces = set_block(Items(("word " * 30,) * 12, ordered=True), 200, 14.0)
    assert len(pieces) == 12
    starts = set()
    for number, piece in enumerate(pieces, 1):
        mark, *text = lines(piece)
        assert mark.text == str(number)
        assert all(line.x > ends(mark)[1] for line in text)
        starts |= {line.x for line in text}
    assert len(starts) == 1, "the text of all items begins at one place"


def test_the_mark_of_an_item_stands_where_reading_begins() -> None:
    (piece,) = set_block(Items((ARABIC,), crossed=True), 300, 14.0)
    mark, text = lines(piece)
    assert ends(mark)[0] > ends(text)[1]
    assert ends(mark)[1] == pytest.approx(300, abs=0.5)


def test_columns_are_the_same_in_every_row_and_words_whole() -> None:
    rows = (("1", "Quay " + LONG[:40], "At all hours"), ("22", "East", "10:00–16:00"))
    grid = Grid(("No.", "Area", "Whenever"), rows, (4, 90, 6))
    pieces = set_table(grid, 500, 14.0)
    assert len(pieces) == 3
    assert len({tuple(sorted({line.x for line in lines(piece)})) for piece in pieces}) == 1
    said = " ".join(piece.text.replace("\n", " ") for piece in pieces).split()
    assert {"No.", "Whenever", "10:00–16:00"} <= set(said)
    for piece in pieces:
        (rule,) = [mark for mark in piece.marks if isinstance(mark, Rule)]
        assert rule.width == pytest.approx(500)
        assert max(line.bottom for line in lines(piece)) <= rule.y


def test_a_word_without_room_breaks_and_others_do_not() -> None:
    grid = Grid(("No.", "Area"), (("1", LONG),), (5, 95))
    header, row = set_table(grid, 300, 14.0)
    assert [line.text for line in lines(header)] == ["No.", "Area"]
    assert letters(row.text) == "1" + LONG
    assert all(ends(line)[1] <= 300 for line in lines(row))


def test_a_box_goes_round_its_text() -> None:
    (box,) = set_block(Box("Title", ("line " * 40, ARABIC)), 300, 14.0)
    (frame,) = [mark for mark in box.marks if isinstance(mark, Frame)]
    for line in lines(box):
        start, end = ends(line)
        assert frame.x < start and end < frame.x + frame.width
        assert frame.y < line.y and line.bottom < frame.bottom
    image = drawn(box)
    assert inked(image, 0, 2) >= image.height() - 4
    assert inked(image, 298, 300) >= image.height() - 4


def test_a_line_to_sign_begins_behind_the_longest_label() -> None:
    (room,) = set_block(Signing(("Signature", "Office of the superintendent", "Date")), 600, 14.0)
    rules = [mark for mark in room.marks if isinstance(mark, Rule)]
    assert len(rules) == 3 and len({rule.x for rule in rules}) == 1
    assert all(ends(line)[1] < rules[0].x for line in lines(room))
    assert rules[1].y - rules[0].y > 2 * 14.0, "there is room for a hand"


def test_letters_are_drawn_within_their_piece() -> None:
    head = set_head("Briefing", "Today", 300, 14.0)
    image = drawn(head)
    assert inked(image, 0, 150) > 100
    (name, below) = lines(head)
    assert name.height > below.height


def test_room_is_left_above_a_heading_but_not_at_the_top() -> None:
    one = set_blocks((Heading("A"),), 300, 14.0)
    two = set_blocks((Heading("A"), Words("b"), Heading("A")), 300, 14.0)
    assert lines(one)[0].y == 0
    first, said, second = lines(two)
    assert second.y - said.bottom > said.y - first.bottom > 0


# Parts


@given(st.integers(1, 30), st.floats(20, 200))
def test_parts_hold_all_lines_within_the_height(count: int, height: float) -> None:
    (box,) = set_block(Box("Title", tuple(f"Line {number}" for number in range(count))), 300, 14.0)
    parts = parted(box, height)
    assert letters("".join(part.text for part in parts)) == letters(box.text)
    for part in parts:
        assert part.height <= max(height, 40)
        assert all(line.y >= -0.1 and line.bottom <= part.height + 0.1 for line in lines(part))
        assert [mark for mark in part.marks if isinstance(mark, Frame)]


@pytest.mark.parametrize(
    "block",
    [
        Items(("word " * 2000,)),
        Box("Title", ("word " * 2000,)),
        Grid(("No.", "Area"), (("1", "word " * 2000), ("2", "East")), (10, 90)),
        Words("word\n" * 200, strong=True),
    ],
    ids=lambda block: type(block).__name__,
)
def test_what_is_higher_than_a_page_goes_on_the_next(block: Items | Box | Grid | Words) -> None:
    blocks = (Heading("Over it"), Heading("And", 2), block, Words("After it"))
    pages = stacked(atoms_of(blocks, 500, 400, 14.0, 100), 400)
    assert len(pages) > 2
    assert len(pages[0]) > 2, "headings stand over what they belong to"
    for page in pages:
        assert all(y + atom.height <= 400.01 for atom, y in page)
    said = [atom.laid.text for page in pages for atom, _ in page if atom.laid is not None]
    assert said[0] == "Over it" and said[-1] == "After it"
    told = 2000 if not isinstance(block, Words) else 200
    assert sum(text.count("word") for text in said) == told
