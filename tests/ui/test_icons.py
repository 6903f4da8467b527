"""Signs of the window, drawn from a font."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from gisapp.ui.icons import icon


@pytest.mark.parametrize("size", [QSize(0, 0), QSize(0, 16), QSize(-1, -1)])
def test_a_button_without_a_place_gets_no_picture_and_no_complaint(
    qapp: QApplication, size: QSize
) -> None:
    """A warning of Qt fails the test."""
    assert icon("warning").pixmap(size).isNull()


def test_a_sign_fills_its_place(qapp: QApplication) -> None:
    drawn = icon("warning").pixmap(QSize(16, 16), 1.0).toImage()
    assert drawn.size() == QSize(16, 16)
    assert any(drawn.pixelColor(x, y).alpha() > 200 for x in range(16) for y in range(16))
