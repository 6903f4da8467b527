"""The tag beside the pointer that says what a tool does next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gisapp.render.view import MapView
from gisapp.ui.map.furniture import paint_hint

LONG = (
    "39,808 m² · 6 stops and 4 overdoses inside · drag a corner (or ] and arrows), double-click "
    "an edge for a new one, Delete removes one, Enter keeps it, Esc leaves it as it was"
)


def drawn(hint: str, at: QPointF, width: int = 770, height: int = 660) -> QRectF:
    view = MapView(0, 0, 10, width, height)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    box = paint_hint(painter, view, hint, at)
    painter.end()
    return box


@pytest.mark.parametrize("x", [0, 300, 769])
@pytest.mark.parametrize("y", [0, 300, 659])
def test_a_long_hint_stands_in_lines_whole_on_the_map_and_off_the_pointer(
    qtbot: QtBot, x: int, y: int
) -> None:
    box = drawn(LONG, QPointF(x, y))
    assert QRectF(0, 0, 770, 660).contains(box)
    assert box.width() < 430
    assert box.height() > drawn("Click a corner", QPointF(x, y)).height()
    assert not box.contains(QPointF(x, y))


def test_it_fits_a_narrow_map(qtbot: QtBot) -> None:
    assert QRectF(0, 0, 240, 300).contains(drawn(LONG, QPointF(120, 80), 240, 300))
