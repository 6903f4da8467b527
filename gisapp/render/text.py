"""Text set into boxes: wrapped by words, and shortened so that the reader can tell."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter


def wrapped(text: str, written: QFont, width: float, most: int = 99) -> tuple[str, ...]:
    """The lines of a text in a width; past `most` lines the last one ends in `…`."""
    metrics = QFontMetricsF(written)
    lines: list[str] = []
    line = ""
    for word in _pieces(text, metrics, width):
        longer = f"{line} {word}".strip()
        if line and metrics.horizontalAdvance(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), written, width)]
    return tuple(lines)


def _pieces(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """Words, those wider than the line broken where the line ends."""
    pieces = []
    for whole in text.split():
        word = whole
        while len(word) > 1 and metrics.horizontalAdvance(word) > width:
            fits = max(_fitting(word, metrics, width), 1)
            pieces.append(word[:fits])
            word = word[fits:]
        pieces.append(word)
    return pieces


def _fitting(text: str, metrics: QFontMetricsF, width: float) -> int:
    """How many letters of the start of a text fit into a width."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if metrics.horizontalAdvance(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def cut(text: str, written: QFont, width: float) -> str:
    """The text, or as much of its start as fits with `…` behind it."""
    metrics = QFontMetricsF(written)
    if metrics.horizontalAdvance(text) <= width:
        return text
    room = width - metrics.horizontalAdvance("…")
    return text[: _fitting(text, metrics, room)].rstrip() + "…"


def line_height(written: QFont) -> float:
    return QFontMetricsF(written).height()


def draw_lines(
    painter: QPainter, lines: tuple[str, ...], written: QFont, x: float, y: float
) -> float:
    """Draw lines from an upper left corner in the painter's pen; returns where they end."""
    metrics = QFontMetricsF(written)
    painter.setFont(written)
    for line in lines:
        painter.drawText(QPointF(x, y + metrics.ascent()), line)
        y += metrics.height()
    return y
