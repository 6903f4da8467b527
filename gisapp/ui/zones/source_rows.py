"""Which rows of a layer zones are drawn from: all, a kind, the selection, or those ticked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gisapp.analysis.streets.zones import names_like
from gisapp.analysis.zones.order import Shape
from gisapp.layers.layer import Layer
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind, ServiceType
from gisapp.layers.zoning import names_of
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import choose, combo
from gisapp.ui.zones.plan import kinds_counted, rows_of_kind, rows_with_zones

ALL, LIST, SELECTED, ZONED = "all", "list", "selected", "zoned"
#: More than this is found by typing and not by scrolling.
_MOST = 500


class RowPicker(QWidget):
    """Ask `rows` for the rows chosen, or `names` for the streets."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.layer: Layer | None = None
        self._shape = Shape.CIRCLE
        self._ticked: dict[int | str, None] = {}
        self._own_names: list[str] = []
        self.which_box = combo([], "Which of them")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setMinimumHeight(96)
        self.part = QLineEdit()
        self.part.setPlaceholderText("the whole street, or such as 12th St to Liberty St")
        self.part.setAccessibleName("From which cross street to which")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.which_box, self.search, self.list, self.part):
            column.addWidget(widget)
        self.setFocusProxy(self.which_box)
        self.which_box.currentIndexChanged.connect(lambda _: self._on_which())
        self.search.textChanged.connect(lambda _: self._fill())
        self.list.itemChanged.connect(self._on_ticked)
        self.part.textEdited.connect(lambda _: self.changed.emit())

    def set_layer(self, layer: Layer, shape: Shape) -> None:
        """Offer the rows of another layer, or of another way to draw from it."""
        if layer is self.layer and (shape is Shape.STREETS) == (self._shape is Shape.STREETS):
            self._shape = shape
            return
        self.layer, self._shape = layer, shape
        self._ticked, self._own_names = {}, []
        what = "street" if shape is Shape.STREETS else _noun(layer)
        for field in (self.search, self.list):
            field.setAccessibleName(
                f"Find a {what}" if field is self.search else f"{what}s to tick"
            )
        self.search.setPlaceholderText(f"Find a {what}")
        self._quietly(self.search.clear)
        self._quietly(self._offer)
        self._on_which()

    def choose_zoned(self) -> None:
        """Choose the sites that have a zone now, where not all or none of them do."""
        choose(self.which_box, ZONED)

    def choose_selection(self) -> None:
        choose(self.which_box, SELECTED)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The rows that are chosen, in the order of the layer."""
        which, layer = self.which_box.currentData(), self.layer
        if layer is None or self._shape is Shape.STREETS:
            return np.empty(0, dtype=np.int64)
        if which == LIST:
            return np.array(sorted(r for r in self._ticked if isinstance(r, int)), dtype=np.int64)
        if which == SELECTED:
            chosen = self.session.selection
            return chosen.rows if chosen.layer_id == layer.id else np.empty(0, dtype=np.int64)
        if which == ZONED:
            return self._with_zones(layer)
        if which in (None, ALL):
            return np.arange(len(layer))
        return rows_of_kind(layer, ServiceType(which))

    @property
    def names(self) -> tuple[str, ...]:
        """The streets that are ticked, the only one perhaps from one cross street to another."""
        if self._shape is not Shape.STREETS:
            return ()
        names = [name for name in self._ticked if isinstance(name, str)]
        part = self.part.text().strip()
        return (f"{names[0]} from {part}",) if len(names) == 1 and part else tuple(names)

    def _offer(self) -> None:
        box, layer = self.which_box, self.layer
        assert layer is not None
        box.clear()
        selection = self.session.selection
        chosen = len(selection.rows) if selection.layer_id == layer.id else 0
        if layer.is_events:
            # Nobody means the scenes of all events at once.
            box.addItem(f"The selection ({chosen:,})", SELECTED)
            return
        box.addItem(f"All {layer.counted}", ALL)
        zoned = len(self._with_zones(layer))
        if 0 < zoned < len(layer):
            box.addItem(f"Those with a zone now ({zoned:,})", ZONED)
        if layer.kind is LayerKind.SERVICES:
            for kind, count in kinds_counted(layer):
                if count < len(layer):
                    box.addItem(f"{kind.label} ({count:,})", kind.value)
        if chosen:
            box.addItem(f"The selection ({chosen:,})", SELECTED)
        box.addItem("Those ticked in a list", LIST)

    def _with_zones(self, layer: Layer) -> NDArray[np.int64]:
        seen = seen_by(self.session.project, self.session.look.audience, exported=False)
        return rows_with_zones(layer, seen.zones.values())

    def _on_which(self) -> None:
        streets = self._shape is Shape.STREETS
        listed = streets or self.which_box.currentData() == LIST
        self.which_box.setVisible(not streets)
        self.search.setVisible(listed)
        self.list.setVisible(listed)
        self.setFocusProxy(self.search if streets else self.which_box)
        if listed:
            self._fill()
        self._on_changed()

    def _fill(self) -> None:
        """List what the search finds; what was ticked stays ticked, seen or not."""
        layer = self.layer
        if layer is None:
            return
        self.list.blockSignals(True)
        self.list.clear()
        for key, text in self._found(layer):
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            checked = Qt.CheckState.Checked if key in self._ticked else Qt.CheckState.Unchecked
            item.setCheckState(checked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _found(self, layer: Layer) -> list[tuple[int | str, str]]:
        if self._shape is Shape.STREETS:
            ticked = [name for name in self._ticked if isinstance(name, str)]
            found = names_like(layer, self.search.text(), _MOST)
            return [(name, name) for name in dict.fromkeys((*ticked, *found))]
        if not self._own_names:
            self._own_names = names_of(layer, np.arange(len(layer)))
        wanted = self.search.text().strip().casefold()
        rows = [row for row, name in enumerate(self._own_names) if wanted in name.casefold()]
        return [(row, self._own_names[row]) for row in rows[:_MOST]]

    def _on_ticked(self, item: QListWidgetItem) -> None:
        key = item.data(Qt.ItemDataRole.UserRole)
        if item.checkState() is Qt.CheckState.Checked:
            self._ticked[key] = None
        else:
            self._ticked.pop(key, None)
        self._on_changed()

    def _on_changed(self) -> None:
        self.part.setVisible(self._shape is Shape.STREETS and len(self._ticked) == 1)
        self.changed.emit()

    def _quietly(self, work: Callable[[], None]) -> None:
        for field in (self.which_box, self.search):
            field.blockSignals(True)
        work()
        for field in (self.which_box, self.search):
            field.blockSignals(False)


def _noun(layer: Layer) -> str:
    """What one row is called: `service`."""
    return layer.count_words(1).split(" ", 1)[1]
