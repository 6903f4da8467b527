"""Selecting by a drawn outline, and zones by a condition."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.zones.table import COLUMNS, zones_where
from gisapp.errors import DataError
from gisapp.layers.seen import is_seen
from gisapp.render.identify import rows_in_shape, zones_in_shape
from gisapp.ui.drawing.course_tool import CourseTool
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.map.tools import joined
from gisapp.ui.session import Selection, Session
from gisapp.ui.widgets.forms import Form, FormDialog, actions, combo, primary, say, secondary

_ADDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier

#: Conditions to begin with, as they are said and as they are written.
EXAMPLES = (
    ("Circles", "basis == 'circle'"),
    ("In force", "standing == 'in force'"),
    ("Without agreement", "agreement == ''"),
    ("Larger than a hectare", "area_m2 > 10000"),
    ("Without a basis", "basis_text == ''"),
    ("With terms of their own", "own_terms == True"),
)


class SelectAreaTool(CourseTool):
    """Draw an outline: what it touches is selected; Shift or Ctrl at the end adds."""

    id = "tool.select-area"
    title = "Select by an outline"
    first = "Click the first corner of the outline to select in"

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self._adds = False

    def press(self, event: QMouseEvent) -> None:
        self._adds = bool(event.modifiers() & _ADDS)
        super().press(event)

    def double_click(self, event: QMouseEvent) -> None:
        self._adds = bool(event.modifiers() & _ADDS)
        super().double_click(event)

    def finish(self) -> None:
        self._adds = self._adds or bool(QApplication.keyboardModifiers() & _ADDS)
        super().finish()

    def complete(self) -> None:
        chosen = selected_in(self.session, self.sketch.area())
        if self._adds:
            chosen = joined(self.session.selection, chosen)
        self.clear()
        self.session.select(chosen)
        self.say()


def selected_in(session: Session, area: BaseGeometry) -> Selection:
    """Rows of the current layer that an area touches; without one, or where none does, zones."""
    key, project = session.current_layer_id, session.project
    if key is not None and project.layer(key).visible:
        rows = rows_in_shape(project, session.look, key, area, session.cache)
        if len(rows):
            return Selection((), key, rows)
    if not project.zones_visible:
        return Selection()
    audience = session.look.audience
    return Selection(
        tuple(
            zone_id
            for zone_id in zones_in_shape(project, area)
            if is_seen(project, project.zones[zone_id], audience, exported=False)
        )
    )


class SelectZonesDialog(FormDialog):
    """A condition on the table of zones; how many it holds for is said while it is typed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Select zones by a condition", QSize(520, 300), parent)
        self._session = session
        self._found: tuple[str, ...] = ()
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("basis == 'circle' and area_m2 > 10000")
        self.examples: QComboBox = combo([("Choose…", ""), *EXAMPLES], "Begin with")
        form = Form()
        form.add("Begin with", self.examples)
        self.row = form.add("Condition", self.edit, f"Columns: {', '.join(COLUMNS)}")
        self.count = say("")
        self.count.setAccessibleName("Zones found")
        self.body.addWidget(form)
        self.body.addWidget(self.count)
        self.body.addStretch(1)
        self.add_button = secondary("Add to the selection", lambda: self._select(adds=True))
        self.select_button = primary("Select", lambda: self._select(adds=False))
        self.body.addLayout(
            actions(self.select_button, self.add_button, secondary("Cancel", self.reject))
        )
        self.edit.textChanged.connect(self._check)
        self.examples.activated.connect(self._begin_with)
        self._check()
        self.edit.setFocus()

    def _begin_with(self) -> None:
        text = str(self.examples.currentData() or "")
        if text:
            self.edit.setText(text)
            self.edit.setFocus()

    def _check(self) -> None:
        look, text = self._session.look, self.edit.text()
        problem = ""
        self._found = ()
        if text.strip():
            try:
                self._found = zones_where(self._session.project, text, look.day, look.audience)
            except DataError as error:
                problem = str(error)
        self.row.set_error(problem)
        count = len(self._found)
        nouns = "1 zone" if count == 1 else f"{count:,} zones"
        self.count.setText("" if problem or not text.strip() else f"Holds for {nouns}.")
        self.select_button.setText(f"Select {nouns}" if count else "Select")
        for button in (self.select_button, self.add_button):
            button.setEnabled(bool(count))

    def _select(self, *, adds: bool) -> None:
        old = self._session.selection.zone_ids if adds else ()
        self._session.select(Selection(tuple(dict.fromkeys((*old, *self._found)))))
        self.accept()
