"""How many events of a layer fell inside, round and outside the zones."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gisapp.analysis.counting import Counts, place_events
from gisapp.analysis.suppression import ShownCounts, in_words, suppress
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience, Showing, showing, threshold
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.look import Look
from gisapp.render.prepared import index_of
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Selection, Session
from gisapp.ui.widgets.bottom_page import BottomPage
from gisapp.ui.widgets.forms import INSIDE, choose, combo, list_table, say
from gisapp.ui.widgets.plain import tip

_OWN_TIME, _THE_DAY, _PLACE = "own", "day", "place"


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: the events of a layer, in which zones, judged how."""

    project: Project
    layer: Layer
    look: Look
    judged: str
    ring_m: float | None

    @property
    def filtered(self) -> bool:
        """Whether only the rows shown are counted; others than police always count all.

        Counts of two filters could be compared, and their difference be one person.
        """
        return self.look.audience is Audience.POLICE and self.layer.id in self.look.rows

    @property
    def seen(self) -> Project:
        """The project with the zones that the reader may see: others are none to them."""
        return seen_by(self.project, self.look.audience, exported=False)


class CountsPanel(BottomPage):
    """Counts for the audience of the moment, kept up with the project, the day and the filter."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._answers = LookUp(session)
        self._zone_ids: list[str] = []
        self._build()
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self.refresh)
        self._offer_layers()

    def _build(self) -> None:
        self.layer_box = combo([], "Layer to count")
        self.judged_box = combo(
            [
                ("each at its own time", _OWN_TIME),
                ("by the zones of the day above", _THE_DAY),
                ("by place alone", _PLACE),
            ],
            "How events are judged",
        )
        self.judged_box.setMinimumWidth(248)
        self.ring = QLineEdit("200 m")
        self.ring.setAccessibleName("Width of the ring round the zones")
        self.ring.setFixedWidth(88)
        self.problem = say("", "error")
        for text, field in (
            ("&Count", self.layer_box),
            ("&judged", self.judged_box),
            ("&ring of", self.ring),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            self.top.addWidget(label)
            self.top.addWidget(field)
        self.top.addWidget(self.problem, 1)
        tables = QHBoxLayout()
        tables.setSpacing(INSIDE * 2)
        self.body.addLayout(tables, 1)
        self.figures = self._prepared("Events inside, round and outside zones", ("Where", "Events"))
        tables.addWidget(self.figures, 2)
        self.by_zone = self._prepared("Events inside each zone", ("Zone", "Events inside"))
        tables.addWidget(self.by_zone, 3)
        self.by_zone.itemSelectionChanged.connect(self._on_zone)
        self.note = say("", "hint")
        self.body.addWidget(self.note)
        self.layer_box.currentIndexChanged.connect(self.refresh)
        self.judged_box.currentIndexChanged.connect(self.refresh)
        self.ring.editingFinished.connect(self.refresh)

    def _prepared(self, name: str, heads: tuple[str, str]) -> QTableWidget:
        table = list_table(name, heads)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(1, 128)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        for column, (text, side) in enumerate(zip(heads, sides, strict=True)):
            head = QTableWidgetItem(text)
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(column, head)
        return table

    # What is asked

    @property
    def layer(self) -> Layer | None:
        key = self.layer_box.currentData()
        return next((x for x in self.session.project.layers if x.id == key), None)

    def show_layer(self, layer_id: str) -> None:
        """Count the events of a layer by its id."""
        choose(self.layer_box, layer_id)

    def _offer_layers(self) -> None:
        kept = self.layer_box.currentData()
        kinds = (LayerKind.SERVICES, LayerKind.DEPLOYMENTS)
        choices = [
            layer
            for layer in self.session.project.layers
            if isinstance(layer.geometry, Points) and layer.kind not in kinds
        ]
        self.layer_box.blockSignals(True)
        self.layer_box.clear()
        for layer in choices:
            self.layer_box.addItem(layer.name, layer.id)
        choose(self.layer_box, kept)
        self.layer_box.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while the page was hidden is counted now."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Count again in the background; nothing while the page is hidden."""
        if not self.isVisible():
            return
        self._answers.drop()
        reason = self._why_empty()
        self.empty.set_text(reason)
        self.stack.setCurrentWidget(self.empty if reason else self.filled)
        layer = self.layer
        if reason or layer is None:
            return
        try:
            text = self.ring.text().strip()
            ring_m = geodesy.parse_length(text) if text else None
        except DataError as error:
            self.problem.setText(str(error))
            return
        self.problem.setText("")
        judged = str(self.judged_box.currentData())
        question = Question(self.session.project, layer, self.session.look, judged, ring_m)
        task = Task(
            "Counting",
            lambda progress: self._count(question, progress),
            reads=frozenset({layer.id}),
        )
        self._answers.ask(task, lambda counts: self._show(question, counts))

    def _count(self, question: Question, progress: Progress) -> Counts:
        layer = question.layer
        assert isinstance(layer.geometry, Points)
        placed = place_events(
            question.seen,
            layer,
            index=index_of(layer.geometry, self.session.cache, progress),
            ring_m=question.ring_m,
            day=question.look.day if question.judged == _THE_DAY else None,
            ignore_dates=question.judged == _PLACE,
            progress=progress,
        )
        return placed.counts(question.look.mask_of(layer.id) if question.filtered else None)

    def _why_empty(self) -> str:
        layer = self.layer
        if layer is None:
            return "No events yet: import stops or overdoses, and they are counted here."
        if not self.session.project.zones:
            return "No zones yet: draw them round services or on the map, and events are counted."
        look = self.session.look
        how = showing(layer.kind, layer.sensitivity, look.audience, exported=False)
        if how is Showing.NOTHING:
            return f"“{layer.name}” is not shown to {look.audience.within}."
        return ""

    # What is answered

    def _show(self, question: Question, counts: Counts) -> None:
        if question.project is not self.session.project:
            return
        shown = suppress(counts, question.look.audience)
        rows = [("Inside a zone", shown.inside)]
        if question.ring_m:
            rows.append((f"Within {geodesy.in_words(question.ring_m)} of one", shown.ring))
        rows.append(("Elsewhere", shown.outside))
        if shown.no_time != 0:
            rows.append(("Near a zone, at an unknown time", shown.no_time))
        rows.append(("Together", shown.total))
        _fill(self.figures, rows)
        zones = question.seen.zones
        order = sorted(shown.by_zone, key=lambda key: -(shown.by_zone[key] or 0))
        self.by_zone.blockSignals(True)
        _fill(self.by_zone, [(zones[key].name, shown.by_zone[key]) for key in order])
        self._zone_ids = order
        self.by_zone.blockSignals(False)
        self.note.setText(_note(question, shown))

    def _on_zone(self) -> None:
        chosen = {index.row() for index in self.by_zone.selectedIndexes()}
        ids = tuple(self._zone_ids[row] for row in sorted(chosen) if row < len(self._zone_ids))
        if ids:
            self.session.select(Selection(zone_ids=ids))

    def _on_project(self, *_: object) -> None:
        self._offer_layers()
        self.refresh()


def _fill(table: QTableWidget, rows: list[tuple[str, int | None]]) -> None:
    table.setRowCount(len(rows))
    for number, (name, count) in enumerate(rows):
        first = QTableWidgetItem(name)
        first.setToolTip(tip(name))
        figure = QTableWidgetItem(in_words(count))
        figure.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        table.setItem(number, 0, first)
        table.setItem(number, 1, figure)


def _note(question: Question, shown: ShownCounts) -> str:
    """What the counts say, and what they leave out."""
    ways = {
        _OWN_TIME: "Each is judged by the zones in force at its own time",
        _THE_DAY: f"All are judged by the zones of {day_in_words(question.look.day)}",
        _PLACE: "Zones count whether or not they were in force",
    }
    parts = [ways[question.judged] + "; zones without an agreement count always."]
    if question.filtered:
        parts.append("Only the rows that the filter shows are counted.")
    source = question.layer.provenance
    police = question.look.audience is Audience.POLICE
    if source.rejected and police:
        parts.append(f"{source.rejected:,} of {source.read:,} rows have no usable place.")
    if shown.anything_left_out:
        least = threshold(question.look.audience)
        parts.append(f"Counts below {least}, and what would give them away, are left out.")
    if len(question.seen.zones) > 1:
        parts.append("An event in several zones counts once inside, and in each of them.")
    return " ".join(parts)
