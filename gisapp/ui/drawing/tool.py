"""What every tool that draws does alike: snap, take typed numbers, and show what it snaps to."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from gisapp.layers.entry_text import Entry, entry_in
from gisapp.layers.sketch import Place
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.sketch_painting import paint_snap
from gisapp.ui.drawing.snap import Snap
from gisapp.ui.map.tool import Tool

_PLAIN = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DrawTool(Tool):
    """A tool at the desk. N switches snapping, a digit starts to type, Alt snaps for once not."""

    title = ""
    example = "47.37 8.54"
    traces = False

    def __init__(self, desk: DrawDesk) -> None:
        self.desk = desk
        self.canvas = desk.canvas
        self.session = desk.session
        self.snap: Snap | None = None

    def activate(self) -> None:
        self.desk.take(self)

    def deactivate(self) -> None:
        self.snap = None
        self.desk.leave()
        self.canvas.set_hint("")

    def own_places(self) -> tuple[Place, ...]:
        """Places of what is being drawn, to snap to."""
        return ()

    def left_out(self) -> tuple[str, ...]:
        """Ids of the zones that nothing snaps to."""
        return ()

    def place_of(self, event: QMouseEvent) -> Place:
        """The place that is meant: what is near the pointer, or that under it."""
        plain = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        return self.place_near(event.position(), plain=plain)

    def place_near(self, pixel: QPointF, *, plain: bool = False) -> Place:
        self.snap = None
        if self.desk.snapper.on and not plain:
            self.snap = self.desk.snapper.at(pixel, without=self.left_out(), own=self.own_places())
        return self.snap.place if self.snap is not None else self.canvas.place_at(pixel)

    def entry(self, text: str) -> Entry:
        """What was typed, places taken for those near the map's middle."""
        return entry_in(text, self.canvas.place_at(QPointF(self.canvas.rect().center())))

    def typed(self, text: str) -> None:
        """Do what was typed; errors are said in the bar."""

    def finish(self) -> None:
        """What is drawn is complete."""

    def shared_key(self, event: QKeyEvent) -> bool:
        """Keys that mean the same in every tool; returns whether it was one."""
        if event.modifiers() & ~_PLAIN:
            return False
        if event.key() == Qt.Key.Key_N:
            self.desk.toggle_snap()
        elif event.key() == Qt.Key.Key_T and self.traces:
            self.desk.toggle_trace()
        elif event.text().isdigit() and self.desk.bar.isVisible():
            self.desk.bar.begin(event.text())
        else:
            return False
        return True

    def paint_snapped(self, painter: QPainter) -> None:
        """Show what the pointer snaps to."""
        if self.snap is not None and self.desk.snapper.on:
            paint_snap(painter, self.canvas.view, self.snap)
