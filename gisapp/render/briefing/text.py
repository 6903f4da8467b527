"""A paragraph set in a width: broken between words, in any script and direction.

QTextLayout does the setting: it finds letters that the font lacks in other fonts, joins those of
Arabic and Devanagari, and orders text that runs both ways. Lengths are units of 1/96 inch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextLayout, QTextOption

from gisapp.render.briefing.laid import FINE, Laid, Line
from gisapp.render.palette import font

#: From line to line at least, as a share of the size; large letters need what their font says.
_PITCH, _LARGE_FROM = 1.2, 20.0
#: Wider than any text in one line, in units of 1/96 inch.
_ENDLESS = 1e5
_BREAK = "\N{LINE SEPARATOR}"
#: Spaces of which several are one; a space that does not break stays.
_SPACES = re.compile(r"[ \t\r\f\v]+")


@dataclass(frozen=True, slots=True)
class Hand:
    """How text is written: the size of its letters, and whether they are bold."""

    size: float
    strong: bool = False


def set_text(text: str, width: float, hand: Hand) -> Laid:
    """The text in lines of at most a width; a word that is wider is broken.

    A line break in the text stays one. Text that is read from the right stands at the right.
    """
    layout = _layout(text, width, hand, QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    least = 0.0 if hand.size > _LARGE_FROM else _PITCH * hand.size
    lines = []
    y = 0.0
    for number in range(layout.lineCount()):
        height = max(layout.lineAt(number).height() / FINE, least)
        lines.append(Line(layout, number, 0.0, y, height))
        y += height
    return Laid(width, y, tuple(lines))


def widest(texts: Iterable[str], hand: Hand) -> float:
    """The width that the widest of some texts takes in one line."""
    whole = QTextOption.WrapMode.NoWrap
    return (
        max((_layout(one, _ENDLESS, hand, whole).maximumWidth() for one in texts), default=0.0)
        / FINE
    )


def widest_word(texts: Iterable[str], hand: Hand) -> float:
    """The width that is needed to break none of their words."""
    words = QTextOption.WrapMode.WordWrap
    return (
        max((_layout(one, _ENDLESS, hand, words).minimumWidth() for one in texts), default=0.0)
        / FINE
    )


def from_the_right(text: str) -> bool:
    """Whether the first letter with a direction runs to the left, as in Arabic and Hebrew."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _layout(text: str, width: float, hand: Hand, wrap: QTextOption.WrapMode) -> QTextLayout:
    """The text broken into lines of a width, in units of 1/96 inch over FINE."""
    option = QTextOption()
    option.setWrapMode(wrap)
    option.setUseDesignMetrics(True)
    right = from_the_right(text)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight
    )
    option.setAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    layout = QTextLayout(_clean(text), font(hand.size * FINE, bold=hand.strong))
    layout.setTextOption(option)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1.0) * FINE)
        line.setPosition(QPointF(0.0, 0.0))
    layout.endLayout()
    return layout


def _clean(text: str) -> str:
    """The text with single spaces, and line breaks as Qt has them within a paragraph."""
    lines = text.replace("\r\n", "\n").split("\n")
    return _BREAK.join(_SPACES.sub(" ", line).strip(" ") for line in lines)
