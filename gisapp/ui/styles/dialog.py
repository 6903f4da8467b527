"""The style editor: how a layer looks, changed on the map at once, each change a step to undo."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers import edits
from gisapp.layers.layer import Layer
from gisapp.layers.project import Change
from gisapp.layers.style import Style, default_style
from gisapp.layers.symbology import Rule
from gisapp.ui import theme
from gisapp.ui.session import Session
from gisapp.ui.styles.classes_page import ClassesPage
from gisapp.ui.styles.names_page import NamesPage
from gisapp.ui.styles.page import StylePage
from gisapp.ui.styles.scale_page import ScalePage
from gisapp.ui.styles.swatch import swatch, symbol_of
from gisapp.ui.styles.symbol_page import SymbolPage
from gisapp.ui.widgets.forms import FormDialog, actions, say, secondary
from gisapp.ui.widgets.plain import tip

_SIZE = QSize(484, 620)
#: Keys that are held with Ctrl or Alt, and function keys.
_PROGRAM_KEY = re.compile(r"Ctrl\+|Alt\+|\bF\d+$")


class _Tab(QWidget):
    """The place of a page, which is made there once it is asked for."""

    def __init__(self, kind: type[StylePage]) -> None:
        super().__init__()
        self.kind = kind
        self.page: StylePage | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def fill(self, session: Session, layer_id: str) -> StylePage:
        if self.page is None:
            self.page = self.kind(session, layer_id, self)
            self._box.addWidget(self.page)
        return self.page


class StyleDialog(FormDialog):
    """Stays open beside the map, which follows; closing it takes nothing back.

    The keys of the program, as for saving and undoing, work in it as in its window.
    """

    def __init__(self, session: Session, layer_id: str, parent: QWidget | None = None) -> None:
        super().__init__("Style", _SIZE, parent)
        self.session = session
        self.layer_id = layer_id
        self.picture = QLabel()
        self.name = say("")
        self.name.setFont(theme.font("body", bold=True))
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of the style")
        self.tabs.currentChanged.connect(self._fill_tab)
        self.usual = secondary("Usual look", self._make_usual)
        self.copy = QPushButton("Copy from")
        self.copy.setAutoDefault(False)
        self.copy.setToolTip("Take over the look of another layer")
        self.menu = QMenu(self.copy)
        self.menu.aboutToShow.connect(self._offer_layers)
        self.copy.setMenu(self.menu)
        self._build()
        if parent is not None:
            self.addActions(program_keys(parent.window()))
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self.refresh)
        if parent is not None:
            parent.window().installEventFilter(self)
        self.show_layer(layer_id)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.picture)
        head.addWidget(self.name, 1)
        close = secondary("Close", self.accept)
        self.body.addLayout(head)
        self.body.addWidget(self.tabs, 1)
        self.body.addLayout(actions(close, left=(self.usual, self.copy)))

    @property
    def layer(self) -> Layer | None:
        layers = self.session.project.layers
        return next((layer for layer in layers if layer.id == self.layer_id), None)

    def show_layer(self, layer_id: str) -> None:
        """Show the style of another layer, on the same tab where it has that."""
        self.layer_id = layer_id
        layer = self.layer
        if layer is None:
            self.close()
            return
        kinds = [SymbolPage, ClassesPage, *([] if layer.is_events else [NamesPage]), ScalePage]
        former = self.tabs.tabText(self.tabs.currentIndex())
        blocked = self.tabs.blockSignals(True)
        while self.tabs.count():
            tab = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if tab is not None:
                tab.deleteLater()
        for kind in kinds:
            place = self.tabs.addTab(_Tab(kind), kind.title)
            if kind.title == former:
                self.tabs.setCurrentIndex(place)
        self.tabs.blockSignals(blocked)
        self._fill_tab()
        self.usual.setToolTip(f"Give the layer the look that {layer.kind.label.lower()} have")
        self.refresh()

    def refresh(self) -> None:
        """Show the style as the project has it now."""
        layer = self.layer
        if layer is None:
            return
        self.setWindowTitle(f"Style of {layer.name}")
        self.name.setText(layer.name)
        self.name.setToolTip(tip(layer.name))
        icon = swatch(layer.style, symbol_of(layer), 20)
        self.picture.setPixmap(icon.pixmap(QSize(20, 20)))
        self.usual.setEnabled(layer.style != default_style(layer.kind))
        self.copy.setEnabled(len(self.session.project.layers) > 1)
        for tab in self._tabs():
            if tab.page is not None:
                tab.page.show_style()

    def _tabs(self) -> list[_Tab]:
        found = (self.tabs.widget(place) for place in range(self.tabs.count()))
        return [tab for tab in found if isinstance(tab, _Tab)]

    def _fill_tab(self) -> None:
        """Make the page of the tab that is turned to: one that nobody asks for is never made."""
        tab = self.tabs.currentWidget()
        if isinstance(tab, _Tab):
            with self.session.courtesy.turn():
                tab.fill(self.session, self.layer_id)

    def turn_to(self, kind: type[StylePage]) -> StylePage:
        """Open the tab of this page; gives the page."""
        tab = next(tab for tab in self._tabs() if tab.kind is kind)
        self.tabs.setCurrentWidget(tab)
        return tab.fill(self.session, self.layer_id)

    def place_beside(self, window: QWidget) -> None:
        """Stand at the upper right of the window, off most of the map."""
        corner = window.mapToGlobal(QPoint(window.width(), 0))
        self.move(corner.x() - self.width() - 8, corner.y() + 84)

    # Changing

    def _make_usual(self) -> None:
        layer = self.layer
        if layer is not None:
            self.session.perform(edits.restyle_layer(layer.id, default_style(layer.kind)))

    def _offer_layers(self) -> None:
        self.menu.clear()
        for other in reversed(self.session.project.layers):
            if other.id != self.layer_id:
                text = other.name.replace("&", "&&")
                picture = swatch(other.style, symbol_of(other))
                self.menu.addAction(picture, text, lambda key=other.id: self.copy_from(key))

    def copy_from(self, layer_id: str) -> None:
        """Take over the whole look of another layer; classes only where the column is here too."""
        layer = self.layer
        if layer is not None:
            style = style_for(layer, self.session.project.layer(layer_id))
            self.session.perform(edits.restyle_layer(layer.id, style))

    # Following

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id or self.layer is None:
            self.close()
        elif self.layer_id in change.layers:
            self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when the window goes, or it would keep the program from ending."""
        if event.type() is QEvent.Type.Hide and not event.spontaneous() and self.isVisible():
            self.close()
        return super().eventFilter(watched, event)


def program_keys(window: QWidget) -> list[QAction]:
    """What the keys of a window do that are held with Ctrl or Alt, or are function keys.

    Letters and Delete are left out: they are for the fields of a dialog.
    """
    written = QKeySequence.SequenceFormat.PortableText
    return [
        action
        for action in window.actions()
        if _PROGRAM_KEY.search(action.shortcut().toString(written))
    ]


def style_for(layer: Layer, other: Layer) -> Style:
    """The look of another layer, without what this one has no column for."""
    style, columns = other.style, set(layer.table.column_names) | set(layer.fields)
    symbology, labels = style.symbology, style.labels
    if symbology is not None:
        rules = any(isinstance(one.test, Rule) for one in symbology.classes)
        same = set(other.table.column_names) <= columns
        if (rules and not same) or (not rules and symbology.column not in columns):
            symbology = None
    if labels.column and labels.column not in columns:
        labels = replace(labels, column="")
    return replace(style, symbology=symbology, labels=labels)
