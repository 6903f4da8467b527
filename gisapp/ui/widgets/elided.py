"""Words in a line or a few, however little room there is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

#: Words go on over so many lines; what then is left ends in an ellipsis.
LINES = 3


def wrapped(text: str, metrics: QFontMetrics, room: int, most: int = LINES) -> list[str]:
    """Words in at most so many lines no wider than `room` pixels, the last shortened.

    Words joined by a no-break space stay together where they can.
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and metrics.horizontalAdvance(longer) > room and len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = longer
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines]


class Elided(QLabel):
    """Words that end in an ellipsis where they have no room: no window grows for their sake.

    They take up to `lines` lines, and no more of them than they need.
    """

    def __init__(self, parent: QWidget | None = None, *, lines: int = 1) -> None:
        super().__init__(parent)
        self._most = lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(lines > 1)
        self.setSizePolicy(policy)

    def lines(self, width: int) -> list[str]:
        """What is read in so many pixels."""
        return wrapped(self.text(), self.fontMetrics(), width, self._most)

    def hasHeightForWidth(self) -> bool:
        return self._most > 1

    def heightForWidth(self, width: int) -> int:
        frame = self.height() - self.contentsRect().height()
        return len(self.lines(width)) * self.fontMetrics().lineSpacing() + max(frame, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        text = "\n".join(self.lines(room.width()))
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
