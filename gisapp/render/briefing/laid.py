"""What is laid out once and drawn on a page anywhere: lines of text, rules and frames with places.

Nothing here is a QObject. Text is set by workers, and a QTextDocument makes connections within Qt
that wait for the window while the window waits for Python. Lengths are units of 1/96 inch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextLayout

from gisapp.render.palette import PAPER, shade

#: Fonts have whole pixels. Text is set this much larger and drawn smaller, so that 11 points, which
#: are 44/3 of 1/96 inch, are not 11.25.
FINE = 3
#: What two heights may differ by and be the same.
_NEARLY = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a text that was broken into lines; `y` is its top, `height` that to the next."""

    layout: QTextLayout
    number: int
    x: float
    y: float
    height: float

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def text(self) -> str:
        line = self.layout.lineAt(self.number)
        return self.layout.text()[line.textStart() : line.textStart() + line.textLength()]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across; `y` is its middle, `thick` how thick it is."""

    x: float
    y: float
    width: float
    thick: float
    color: str

    @property
    def bottom(self) -> float:
        return self.y


@dataclass(frozen=True, slots=True)
class Frame:
    """A border within a box."""

    x: float
    y: float
    width: float
    height: float
    thick: float

    @property
    def bottom(self) -> float:
        return self.y + self.height


Mark = Line | Rule | Frame


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Marks in a width and a height, from an upper left corner on, in the order they are read."""

    width: float
    height: float
    marks: tuple[Mark, ...] = ()

    @property
    def text(self) -> str:
        """Its words, a line for each line."""
        return "\n".join(mark.text for mark in self.marks if isinstance(mark, Line))

    def at(self, x: float, y: float) -> tuple[Mark, ...]:
        """The marks with its corner at another place."""
        return tuple(replace(mark, x=mark.x + x, y=mark.y + y) for mark in self.marks)


def under_each_other(pieces: Iterable[tuple[float, Laid]], width: float) -> Laid:
    """Pieces one below the other, each with the room above it; none above the first."""
    marks: list[Mark] = []
    y = 0.0
    for number, (above, piece) in enumerate(pieces):
        y += above if number else 0.0
        marks += piece.at(0.0, y)
        y += piece.height
    return Laid(width, y, tuple(marks))


def parted(laid: Laid, height: float) -> list[Laid]:
    """As many pieces of at most a height as are needed, parted between lines.

    A frame goes round each of them. A line that is higher than `height` is one by itself.
    """
    if laid.height <= height:
        return [laid]
    cut = _cut(laid, height)
    over = [one for mark in laid.marks if (one := _between(mark, 0.0, cut)) is not None]
    under = [one for mark in laid.marks if (one := _between(mark, cut, laid.height)) is not None]
    rest = Laid(laid.width, laid.height - cut, tuple(under)).at(0.0, -cut)
    if not over or not rest or cut >= laid.height:
        return [laid]
    below = Laid(laid.width, laid.height - cut, rest)
    return [Laid(laid.width, cut, tuple(over)), *parted(below, height)]


def _cut(laid: Laid, height: float) -> float:
    """The lowest place within a height that no line of text crosses; else below the first line."""
    lines = [mark for mark in laid.marks if isinstance(mark, Line)]
    places = sorted({line.y for line in lines if line.y > 0} | {line.bottom for line in lines})
    clear = [at for at in places if not any(_crosses(at, line) for line in lines)]
    fit = [at for at in clear if at <= height]
    return fit[-1] if fit else min(clear, default=laid.height)


def _crosses(at: float, line: Line) -> bool:
    return line.y + _NEARLY < at < line.bottom - _NEARLY


def _between(mark: Mark, top: float, bottom: float) -> Mark | None:
    """What of a mark lies between two heights."""
    if isinstance(mark, Frame):
        upper, lower = max(mark.y, top), min(mark.bottom, bottom)
        return replace(mark, y=upper, height=lower - upper) if lower > upper else None
    # A rule at the very bottom belongs to what stands above it.
    middle = (mark.y + mark.bottom) / 2 - _NEARLY
    return mark if top <= middle < bottom else None


def paint_laid(painter: QPainter, laid: Laid, corner: QPointF) -> None:
    """Draw with its upper left corner at a place, in the painter's units of 1/96 inch."""
    painter.save()
    painter.translate(corner)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for mark in laid.marks:
        if isinstance(mark, Rule):
            _paint_rule(painter, mark)
        elif isinstance(mark, Frame):
            _paint_frame(painter, mark)
    painter.setPen(shade(PAPER.text))
    painter.scale(1 / FINE, 1 / FINE)
    _paint_lines(painter, [mark for mark in laid.marks if isinstance(mark, Line)])
    painter.restore()


def _paint_lines(painter: QPainter, lines: Sequence[Line]) -> None:
    for line in lines:
        row = line.layout.lineAt(line.number)
        # A line of small letters stands in the middle of its height.
        free = line.height * FINE - row.height()
        row.draw(painter, QPointF(line.x * FINE, line.y * FINE + free / 2))


def _paint_rule(painter: QPainter, rule: Rule) -> None:
    painter.setPen(QPen(shade(rule.color), rule.thick))
    painter.drawLine(QPointF(rule.x, rule.y), QPointF(rule.x + rule.width, rule.y))


def _paint_frame(painter: QPainter, frame: Frame) -> None:
    pen = QPen(shade(PAPER.text), frame.thick)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    half = frame.thick / 2
    box = QRectF(frame.x, frame.y, frame.width, frame.height)
    painter.drawRect(box.adjusted(half, half, -half, -half))
