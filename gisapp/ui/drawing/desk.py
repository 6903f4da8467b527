"""What tools that draw share: the canvas, what they snap to, the bar one types in, the streets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from gisapp.analysis.streets.trace import Tracer, tracer_of
from gisapp.errors import GisappError
from gisapp.layers.layer import Layer
from gisapp.layers.units import Units
from gisapp.tasks import Task
from gisapp.ui.drawing.bar import DrawBar
from gisapp.ui.drawing.snap import Snapper
from gisapp.ui.look_up import LookUp
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.session import Session


class Typist(Protocol):
    """A tool that takes what is typed; errors it raises are said in the bar."""

    title: str
    example: str
    traces: bool

    def typed(self, text: str) -> None: ...

    def finish(self) -> None: ...


class DrawDesk(QObject):
    """One for a window; the tool in use is at it, one at a time."""

    def __init__(self, canvas: MapCanvas, session: Session) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.session = session
        self.snapper = Snapper(session, self)
        self.bar = DrawBar(canvas)
        self.traces = False
        self._streets = LookUp(session)
        self._at: Typist | None = None
        self.bar.snap.setChecked(True)
        self.bar.snap.toggled.connect(self._on_snap)
        self.bar.trace.toggled.connect(self._on_trace)
        self.bar.entered.connect(self._on_entered)
        self.bar.left.connect(canvas.setFocus)
        self.bar.finish.clicked.connect(self._on_finish)

    @property
    def units(self) -> Units:
        return self.canvas.units

    def take(self, tool: Typist) -> None:
        """A tool is in use: the bar is its own."""
        self._at = tool
        self.bar.open(tool.title, tool.example, traces=tool.traces)

    def leave(self) -> None:
        """No tool is in use any more."""
        self._at = None
        self._streets.drop()
        self.bar.hide()

    def rest(self) -> None:
        """The tool waits for something else to be filled in: the bar is put away meanwhile."""
        self.bar.hide()

    def toggle_snap(self) -> None:
        self.bar.snap.toggle()

    def toggle_trace(self) -> None:
        self.bar.trace.toggle()

    def tracer(self, layer: Layer, ready: Callable[[], None]) -> Tracer | None:
        """The streets of a layer ready to be followed; None while a worker reads them."""
        shapes = layer.geometry
        cache = self.session.cache
        known = cache.known((shapes,), "streets to follow", 0)
        if isinstance(known, Tracer):
            return known
        if not self._streets.waiting:
            task = Task(
                "Reading the streets",
                lambda progress: cache.get(
                    (shapes,), "streets to follow", 0, lambda: tracer_of(layer, progress)
                ),
                reads=frozenset({layer.id}),
            )
            self._streets.ask(task, lambda _: self._on_streets(ready), self.session.explain)
        return None

    def _on_streets(self, ready: Callable[[], None]) -> None:
        self._streets.drop()
        ready()

    def _on_snap(self, on: bool) -> None:
        self.snapper.on = on
        self.canvas.update()

    def _on_trace(self, on: bool) -> None:
        self.traces = on

    def _on_entered(self, text: str) -> None:
        if self._at is None:
            return
        try:
            self._at.typed(text)
        except GisappError as error:
            self.bar.say(str(error))
            return
        self.bar.accept()

    def _on_finish(self) -> None:
        if self._at is not None:
            self.canvas.setFocus()
            self._at.finish()
