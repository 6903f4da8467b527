"""Hotspots of a point layer: method and parameters that the map follows while they are dragged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QStackedWidget, QVBoxLayout, QWidget

from gisapp.analysis.hotspots.hotspots import GISTAR, KDE, Surface
from gisapp.io import cells_file
from gisapp.layers import edits
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.tasks import Task
from gisapp.ui.exports.record import record_export
from gisapp.ui.layers.hotspot_legend import LegendView, legend_lines
from gisapp.ui.look_up import LookUp
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import (
    INSIDE,
    EmptyState,
    Form,
    actions,
    choose,
    combo,
    primary,
    say,
    scrolled,
    secondary,
)
from gisapp.ui.widgets.metre_slider import MetreSlider

_PAUSE_MS = 60
#: From this width on, in pixels, the parts stand beside each other.
_WIDE = 860
_KINDS = "GeoPackage (*.gpkg);;GeoJSON (*.geojson)"
_METHODS = (
    ("Kernel density", KDE, "How many events there are about each place."),
    ("Getis-Ord Gi*", GISTAR, "Where more events lie together than chance would put there."),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """A surface, or why there is none, for the question with this number."""

    number: int
    layer: Layer
    surface: Surface | str
    opacity: float


class HotspotsPanel(QWidget):
    """Parameters are kept in the project; one set for each layer."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.surface: Surface | None = None
        self._asked = 0
        self._surfaces = LookUp(session)
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._ask)
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)
        session.current_layer_changed.connect(self._on_current_layer)
        self._offer_layers()

    def _build(self) -> None:
        self.layer_box = combo([])
        self.method_box = combo([(text, value) for text, value, _ in _METHODS])
        self.cell = MetreSlider("Cell size", 20, 2000)
        self.bandwidth = MetreSlider("Bandwidth", 50, 5000, step=10)
        self.opacity = MetreSlider("Opacity", 10, 100, unit=" %")
        self.visible = QCheckBox("Show on the map")
        self.legend = LegendView()
        self.notes = say("", "hint")
        self.start = primary("Find hotspots", self._find)
        self.start.setDefault(False)
        self.save = secondary("Save cells…", self._save)
        self.remove = secondary("Remove", self._remove)
        # Empty places first, so that what they hold is dressed once.
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        outer.addWidget(self.stack, 1)
        self.filled = QWidget()
        self.empty = EmptyState("")
        self.stack.addWidget(scrolled(self.filled))
        self.stack.addWidget(self.empty)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, self.filled)
        self._columns.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        self._columns.setSpacing(INSIDE * 2)
        self._columns.addWidget(self._question(), 3)
        self._columns.addWidget(self._parameters(), 3)
        self._columns.addWidget(_at_top(self.legend), 2)
        self._columns.addWidget(self._words(), 4)
        self._connect()

    def _question(self) -> Form:
        form = Form()
        form.add("Layer", self.layer_box)
        self.method_row = form.add("Method", self.method_box)
        form.across(self.visible)
        form.finish()
        return form

    def _parameters(self) -> Form:
        form = Form()
        form.add("Cells", self.cell)
        self.bandwidth_row = form.add("Bandwidth", self.bandwidth)
        form.add("Opacity", self.opacity)
        form.finish()
        return form

    def _words(self) -> QWidget:
        """What is to be known of the surface, and what can be done, at the lower right."""
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE)
        column.addWidget(self.notes)
        column.addStretch(1)
        column.addLayout(actions(self.start, self.save, self.remove))
        return place

    def _connect(self) -> None:
        self.layer_box.currentIndexChanged.connect(lambda _: self.refresh())
        self.method_box.currentIndexChanged.connect(self._on_method)
        self.cell.changed.connect(lambda v, g: self._change(g, cell_m=float(v)))
        self.bandwidth.changed.connect(lambda v, g: self._change(g, bandwidth_m=float(v)))
        self.opacity.changed.connect(lambda v, g: self._change(g, opacity=v / 100))
        self.visible.toggled.connect(lambda on: self._change(None, visible=on))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, under each other in a narrow column."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(way)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody reads legend and notes: the map computes what it draws by itself."""
        super().hideEvent(event)
        self._later.stop()
        self._surfaces.drop()

    # What is shown

    @property
    def layer(self) -> Layer | None:
        key = self.layer_box.currentData()
        return next((x for x in self.session.project.layers if x.id == key), None)

    @property
    def hotspots(self) -> Hotspots | None:
        """The hotspots that the project keeps for the chosen layer."""
        key = self.layer_box.currentData()
        return next((h for h in self.session.project.hotspots if h.layer_id == key), None)

    def show_layer(self, layer_id: str) -> None:
        """Show the hotspots of a layer by its id."""
        choose(self.layer_box, layer_id)

    def refresh(self) -> None:
        """Show the parameters as the project has them, and ask for legend and notes anew."""
        reason = self._why_empty()
        self.empty.set_text(reason)
        self.stack.setCurrentIndex(1 if reason else 0)
        if reason:
            return
        kept = self.hotspots
        shown = kept or Hotspots(self.layer_box.currentData())
        self.method_box.blockSignals(True)
        choose(self.method_box, shown.method)
        self.method_box.blockSignals(False)
        self.cell.set_value(shown.cell_m)
        self.bandwidth.set_value(shown.bandwidth_m)
        self.opacity.set_value(shown.opacity * 100)
        self.visible.blockSignals(True)
        self.visible.setChecked(shown.visible)
        self.visible.blockSignals(False)
        self._say_method(shown.method)
        self.start.setVisible(kept is None)
        for widget in (self.save, self.remove, self.visible, self.legend, self.notes):
            widget.setVisible(kept is not None)
        if kept is not None and self.isVisible():
            self._later.start()

    def _why_empty(self) -> str:
        layer = self.layer
        if layer is None:
            return "No layer of points yet. Import stops or overdoses to see where they lie close."
        audience = self.session.look.audience
        if showing(layer.kind, layer.sensitivity, audience, exported=False) is Showing.NOTHING:
            return f"“{layer.name}” is not shown to {audience.within}."
        return ""

    def _say_method(self, method: str) -> None:
        words = {value: hint for _, value, hint in _METHODS}
        self.method_row.set_hint(words.get(method, ""))
        distance = method == GISTAR
        self.bandwidth_row.label.setText("Distance" if distance else "Bandwidth")
        self.bandwidth.slider.setAccessibleName("Distance" if distance else "Bandwidth")
        self.bandwidth_row.set_hint(
            "Cells this near are neighbours."
            if distance
            else "How far an event counts; larger is smoother."
        )

    def _ask(self) -> None:
        """Compute the surface for legend and notes; the map shares what is computed."""
        layer, kept = self.layer, self.hotspots
        if layer is None or kept is None:
            return
        self._asked += 1
        number, project = self._asked, self.session.project
        look, cache = self.session.look, self.session.cache

        def work(progress: Progress) -> _Answer:
            rows = look.mask_of(layer.id)
            found = prepared.surface_of(project, kept, rows, cache, progress)
            return _Answer(number, layer, found, kept.opacity)

        task = Task("Finding hotspots", work, reads=frozenset({layer.id}))
        self._surfaces.ask(task, self._show, lambda _: None)

    def _show(self, answer: _Answer) -> None:
        if answer.number != self._asked:
            return
        found = answer.surface
        self.surface = None if isinstance(found, str) else found
        police = self.session.look.audience is Audience.POLICE
        self.save.setEnabled(self.surface is not None and police)
        self.save.setToolTip("" if police else "Cells are saved by police analysts only.")
        if isinstance(found, str):
            self.legend.show_lines("", [])
            self.notes.setText(found)
            return
        title = "Compared with chance" if found.classes is not None else found.unit.capitalize()
        dark = self.session.look.dark
        lines = legend_lines(answer.layer, found, dark, answer.opacity)
        self.legend.show_lines(title, lines)
        self.notes.setText("\n".join(_for_audience(found, self.session.look.audience)))

    # Changing

    def _find(self) -> None:
        hotspots = Hotspots(
            self.layer_box.currentData(),
            self.method_box.currentData(),
            float(self.cell.value),
            float(self.bandwidth.value),
            opacity=self.opacity.value / 100,
        )
        self.session.perform(edits.set_hotspots(hotspots))
        self.cell.setFocus()

    def _on_method(self) -> None:
        self._say_method(self.method_box.currentData())
        self._change(None, method=self.method_box.currentData())

    def _change(self, gesture: str | None, **parameters: Any) -> None:
        """Put other parameters into the project; steps of one gesture undo together."""
        kept = self.hotspots
        if kept is None:
            return
        changed = replace(kept, **parameters)
        if changed != kept:
            self.session.perform(edits.set_hotspots(changed, drag=gesture))

    def _remove(self) -> None:
        kept = self.hotspots
        if kept is not None:
            self.session.perform(edits.remove_hotspots(kept.id))

    def _save(self) -> None:
        layer = self.layer
        if layer is None or self.surface is None:
            return
        suggested = f"{file_name(layer.name)} hotspots.gpkg"
        path = ask_save(self, "Save the cells of the hotspots", _KINDS, suggested)
        if path is not None:
            self.save_cells(path)

    def save_cells(self, path: Path) -> None:
        """Write the cells as areas with the counts that the present audience may see."""
        layer, surface = self.layer, self.surface
        if layer is None or surface is None:
            return
        name = f"{layer.name} {self.method_box.currentText()}"
        audience = self.session.look.audience

        def work(_: Progress) -> int:
            reader = cells_file.reader_of(layer, audience)
            return cells_file.write(surface, path, name=name, audience=reader)

        def done(cells: int) -> None:
            whom = _for_whom(layer, audience)
            self.session.tell(f"Saved {cells:,} cells to {path.name}{whom}.", "done")
            record_export(self.session, path, "hotspots", audience=audience.value)

        self.session.start(Task("Saving cells", work), done)

    # Following the session

    def _offer_layers(self) -> None:
        choices = [(layer.name, layer.id) for layer in _point_layers(self.session.project)]
        box = self.layer_box
        if choices != [(box.itemText(i), box.itemData(i)) for i in range(box.count())]:
            former = box.currentData()
            box.blockSignals(True)
            box.clear()
            for text, value in choices:
                box.addItem(text, value)
            choose(box, former)
            box.blockSignals(False)
        self.refresh()

    def _on_current_layer(self) -> None:
        choose(self.layer_box, self.session.current_layer_id)

    def _on_project(self, change: Any) -> None:
        if change.layers or change.hotspots:
            self._offer_layers()

    def _on_look(self) -> None:
        self.refresh()


def _at_top(widget: QWidget) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return place


def _point_layers(project: Project) -> list[Layer]:
    """Layers of points, those of events first, topmost first."""
    points = [x for x in reversed(project.layers) if isinstance(x.geometry, Points) and len(x)]
    return sorted(points, key=lambda x: (not x.is_events, x.kind is LayerKind.SERVICES))


def _for_whom(layer: Layer, audience: Audience) -> str:
    """Who may have the file, as the end of a sentence; of places everybody may know nothing."""
    if not layer.is_events:
        return ""
    if audience is Audience.POLICE:
        return ", with small counts: for police analysts only"
    return f", without small counts: for {audience.within}"


def _for_audience(surface: Surface, audience: Audience) -> list[str]:
    notes = [*surface.notes, *surface.advice]
    if audience is not Audience.POLICE:
        notes.append("Cells with few events near them are not shown to this audience.")
    return notes
