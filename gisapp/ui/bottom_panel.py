"""The foldable panel below the map: tabs whose pages are made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
from gisapp.ui.icons import icon


class BottomPanel(QWidget):
    """A row of tabs with one page below it; `folded_changed` tells when the page goes or comes."""

    folded_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.folded = False
        self._names: list[str] = []
        self._waiting: dict[str, Callable[[], QWidget]] = {}
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName("Panels below the map")
        self.pages = QStackedWidget()
        self.fold_button = QToolButton()
        self.fold_button.setIconSize(QSize(16, 16))
        self.fold_button.clicked.connect(lambda: self.set_folded(not self.folded))
        head = QHBoxLayout()
        head.setContentsMargins(theme.tokens(False).gap, 0, theme.tokens(False).gap, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.fold_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)
        self.tabs.tabBarClicked.connect(self._on_tab)
        self.tabs.currentChanged.connect(self._on_current)
        self._show_fold()

    def add_page(self, name: str, picture: QIcon, make: Callable[[], QWidget]) -> None:
        """A tab; its page is made when it is first looked at or asked for."""
        self._names.append(name)
        self._waiting[name] = make
        self.pages.addWidget(QWidget())
        self.tabs.addTab(picture, name)

    def page(self, name: str) -> QWidget:
        """The page of this name, made now if it was not there; ValueError without such a tab."""
        at = self._names.index(name)
        page = self.pages.widget(at)
        assert page is not None  # each name has a page, or what stands in for it
        make = self._waiting.pop(name, None)
        if make is None:
            return page
        made, shown = make(), self.pages.currentIndex()
        self.pages.insertWidget(at, made)
        self.pages.removeWidget(page)
        page.deleteLater()
        self.pages.setCurrentIndex(shown)
        return made

    @property
    def next_page(self) -> str | None:
        """The name of a page that nobody has asked for yet; None when all are there."""
        return next(iter(self._waiting), None)

    def set_text(self, name: str, picture: QIcon, text: str) -> None:
        """Say something else on the tab of a page, such as how many problems it lists."""
        at = self._names.index(name)
        self.tabs.setTabText(at, text)
        self.tabs.setTabIcon(at, picture)

    def show_page(self, page: QWidget) -> None:
        """Open the panel at a page."""
        self.tabs.setCurrentIndex(self.pages.indexOf(page))
        self.set_folded(False)

    def set_folded(self, folded: bool) -> None:
        """Show only the tabs, or the page too."""
        if folded != self.folded:
            self.folded = folded
            self.pages.setVisible(not folded)
            self._make_current()
            self._show_fold()
            self.folded_changed.emit(folded)

    def head_height(self) -> int:
        """The height of the row of tabs alone."""
        return max(self.tabs.sizeHint().height(), self.fold_button.sizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        self._make_current()
        super().showEvent(event)

    def _make_current(self) -> None:
        if self._names and not self.folded:
            self.page(self._names[self.tabs.currentIndex()])

    def _on_current(self, index: int) -> None:
        self.pages.setCurrentIndex(index)
        if self.isVisible():
            self._make_current()

    def _on_tab(self, index: int) -> None:
        if self.folded:
            self.set_folded(False)
        elif index == self.tabs.currentIndex():
            self.set_folded(True)

    def _show_fold(self) -> None:
        text = "Unfold the panel" if self.folded else "Fold the panel"
        self.fold_button.setIcon(icon("caret-up" if self.folded else "caret-down"))
        self.fold_button.setToolTip(text)
        self.fold_button.setAccessibleName(text)
