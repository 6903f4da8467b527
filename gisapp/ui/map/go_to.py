"""Go to a place: coordinates in the usual forms, or the name of something in the project."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from gisapp.analysis.look_ups.place_search import places_named
from gisapp.errors import CrsError
from gisapp.io.reading import reference_systems
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Bounds
from gisapp.layers.position_text import GridPosition, grid_position_in, positions_in
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.view import mercator
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.look_up import LookUp
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import secondary
from gisapp.ui.widgets.plain import tip

_WIDTH, _MARGIN, _ROW = 420, 12, 26
#: Below the words on what is restricted, at the upper left.
_TOP = 36
#: The nearest that going to a single point brings the map, in Mercator metres a pixel.
_NEAR = 1.5
_HELP = "A place in the project, or coordinates such as 39.1042, -84.5120 or 39°6′15″N 84°30′43″W"


@dataclass(frozen=True, slots=True)
class Answer:
    """Somewhere to go: its name, what it is, and its extent in degrees."""

    name: str
    what: str
    bounds: Bounds

    @property
    def middle(self) -> tuple[float, float]:
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2


@dataclass(frozen=True, slots=True)
class Answers:
    """What fits the words; where nothing does, `problem` says so."""

    found: tuple[Answer, ...]
    problem: str = ""


def answers_to(text: str, project: Project, audience: Audience, progress: Progress) -> Answers:
    """Positions that the text can mean, those near the project first, then names that fit."""
    positions = [
        Answer(geodesy.position_in_words(p.lon, p.lat), f"Read as {p.order}", _point(p.lon, p.lat))
        for p in positions_in(text)
    ]
    positions.sort(key=lambda answer: not _near(answer, project))
    grid, problem = None if positions else grid_position_in(text), ""
    if grid is not None:
        positions, problem = _on_grids(grid, project)
    named = places_named(project, audience, text, progress=progress)
    found = (*positions, *(Answer(p.name, p.what, p.bounds) for p in named))
    if not found and not problem:
        problem = (
            f"Nothing here is called “{text.strip()}”, and it is no position. Write a name, or "
            "latitude and longitude such as 39.1042, -84.5120."
        )
    return Answers(found, problem)


def _point(lon: float, lat: float) -> Bounds:
    return lon, lat, lon, lat


def _near(answer: Answer, project: Project) -> bool:
    """Whether a position lies in the extent of the project or within as much round it."""
    if project.bounds is None:
        return True
    west, south, east, north = project.bounds
    lon, lat = answer.middle
    across, up = east - west, north - south
    return west - across <= lon <= east + across and south - up <= lat <= north + up


def _on_grids(grid: GridPosition, project: Project) -> tuple[list[Answer], str]:
    """Where the numbers lie in the grid that was named, or in those the layers came in."""
    came_in = dict.fromkeys(layer.provenance.crs for layer in project.layers)
    codes = [grid.code] if grid.code else [crs for crs in came_in if crs != reference_systems.WGS84]
    if not codes:
        return [], (
            "These numbers are no degrees. Name their grid before them, such as "
            "EPSG:27700 530000 180000."
        )
    found = []
    for code in codes:
        try:
            lon, lat = reference_systems.to_degrees(code, np.array([grid.x]), np.array([grid.y]))
        except CrsError as error:
            return [], str(error)
        if np.isfinite(lon[0]) and np.isfinite(lat[0]):
            name = geodesy.position_in_words(float(lon[0]), float(lat[0]))
            found.append(Answer(name, f"Read as {code}", _point(float(lon[0]), float(lat[0]))))
    near = [answer for answer in found if _near(answer, project)]
    problem = "" if found else f"These numbers lie nowhere on Earth in {', '.join(codes)}."
    return near or found, problem


class GoToBar(QFrame):
    """Stands at the top of the map: a field, and under it where the words lead."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._session, self._canvas = session, canvas
        self._look_up = LookUp(session)
        self._answered = ""
        self._wants_to_go = False
        self.setProperty("role", "card")
        self.setAccessibleName("Go to")
        t = theme.tokens(False)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("Go to a place or coordinates")
        self.edit.setAccessibleName("Go to a place or coordinates")
        self.edit.setAccessibleDescription(_HELP)
        self.edit.setToolTip(tip(_HELP))
        self.edit.setClearButtonEnabled(True)
        self.edit.textEdited.connect(self._ask)
        self.edit.installEventFilter(self)
        self.close_button = secondary("Close", self.leave)
        row = QHBoxLayout()
        row.setSpacing(t.gap)
        row.addWidget(self.edit, 1)
        row.addWidget(self.close_button)
        self.list = QListWidget()
        self.list.setAccessibleName("Places that fit")
        self.list.setWordWrap(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self.list.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(t.gap, t.gap, t.gap, t.gap)
        column.setSpacing(t.gap_small)
        column.addLayout(row)
        column.addWidget(self.list)
        canvas.resized.connect(self._place)
        self.hide()

    def open(self) -> None:
        """Show the bar with the words of last time, to be typed over."""
        self._ask(self.edit.text())
        self._place()
        self.show()
        self.raise_()
        self.edit.setFocus()
        self.edit.selectAll()

    def leave(self) -> None:
        self._look_up.drop()
        self.hide()
        self._canvas.setFocus()

    # Asking

    def _ask(self, text: str) -> None:
        self._wants_to_go = False
        if not text.strip():
            self._look_up.drop()
            self._show(Answers(()), "")
            return
        project, audience = self._session.project, self._session.look.audience
        task = Task("Search", lambda progress: answers_to(text, project, audience, progress))
        if not self.list.count():
            self._add_words("Looking…")
            self.list.show()
            self._place()
        self._look_up.ask(task, lambda answers: self._show(answers, text))

    def _add_words(self, text: str) -> None:
        """A line to be read, not chosen."""
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(item)

    def _show(self, answers: Answers, text: str) -> None:
        self._answered = text
        self.list.clear()
        for answer in answers.found:
            item = QListWidgetItem(f"{answer.name}   ·   {answer.what}")
            item.setData(Qt.ItemDataRole.UserRole, answer)
            self.list.addItem(item)
        if answers.problem:
            self._add_words(answers.problem)
        elif answers.found:
            self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self._place()
        if self._wants_to_go:
            self._go(self.list.currentItem())

    # Going

    def _enter(self) -> None:
        if self._answered == self.edit.text():
            self._go(self.list.currentItem())
        else:
            # The answer is on its way; it is gone to when it is there.
            self._wants_to_go = True

    def _go(self, item: QListWidgetItem | None) -> None:
        answer = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(answer, Answer):
            self.leave()
            go_to(self._canvas, answer)

    # Events

    def enterEvent(self, event: QEnterEvent) -> None:
        self._canvas.pointer_left()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.count():
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        rows = [max(self.list.sizeHintForRow(row), _ROW) for row in range(self.list.count())]
        self.list.setFixedHeight(min(sum(rows) + 4, max(self._canvas.height() - 120, _ROW)))
        self.setFixedWidth(min(_WIDTH, self._canvas.width() - 2 * _MARGIN))
        self.adjustSize()
        self.move((self._canvas.width() - self.width()) // 2, _TOP)


def go_to(canvas: MapCanvas, answer: Answer) -> None:
    """Bring a place into view, and mark it for a moment."""
    view = canvas.view
    west, south, east, north = answer.bounds
    x, y = mercator(np.array([west, east]), np.array([south, north]))
    if (x[1] - x[0], y[1] - y[0]) == (0, 0):
        resolution = min(view.resolution, _NEAR)
    else:
        resolution = max(view.shown(answer.bounds, margin=0.2).resolution, _NEAR / 2)
    moved = replace(view, x=float(x.mean()), y=float(y.mean()), resolution=resolution)
    canvas.glide.stop()
    canvas.move_to(moved)
    canvas.marker.show(answer.middle, answer.name)
