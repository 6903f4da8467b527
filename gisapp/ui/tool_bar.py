"""The tool bar: actions of the table, menus for drawing and exporting, day, time and audience."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from gisapp.ui import theme
from gisapp.ui.action_set import ActionSet
from gisapp.ui.icons import icon
from gisapp.ui.question_bar import QuestionBar

_BUTTONS = (
    ("file.open", "file.save"),
    ("edit.undo", "edit.redo"),
    ("tool.pan", "tool.zoom", "tool.identify", "tool.select", "tool.measure"),
    ("view.in", "view.out", "view.current", "view.all"),
)
#: Groups that give way where the window is narrow, in this order: menus and keys have them too.
_GIVE_WAY = ("view.in", "file.open", "edit.undo")
#: Width of the button that opens what has no room: up to the edge of the window.
_MORE = 19
#: What is in the menu of the one button for zones.
_ZONES = (
    ("zones.draw", "zones.circle", "zones.corridor", "zones.scene", "zones.services"),
    ("zones.reshape", "zones.move", "zones.split", "zones.merge"),
    ("zones.cut", "zones.hole", "zones.fill", "zones.buffer"),
    ("tool.select-area", "zones.select-where", "zones.select-all"),
)


def fill_tool_bar(bar: QToolBar, actions: ActionSet, questions: QuestionBar) -> None:
    """Groups of buttons, then what is drawn, what is asked, and what leaves."""
    t = theme.tokens(False)
    bar.setObjectName("tools")
    bar.setWindowTitle("Tool bar")
    bar.setMovable(False)
    bar.setIconSize(QSize(t.icon_tool, t.icon_tool))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    room = _Room(bar, questions)
    for group in _BUTTONS:
        room.add([actions.qt[key] for key in group], group[0])
    groups = [[actions.qt[key] for key in group] for group in _ZONES]
    bar.addWidget(_menu_button("Zones", "polygon", groups))
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(space)
    bar.addWidget(questions)
    bar.addSeparator()
    export = [actions.qt[key] for key in ("file.export-map", "file.export-package")]
    bar.addWidget(_menu_button("Export", "export", [export]))
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if isinstance(more, QToolButton):
        more.setAccessibleName("More tools")
        more.setToolTip("More tools")
        more.setMinimumWidth(_MORE)
        more.setIconSize(QSize(12, 12))
    room.name_buttons()
    bar.installEventFilter(room)


class _Room(QObject):
    """Keeps day, time, audience and export in a narrow window: groups of buttons give way."""

    def __init__(self, bar: QToolBar, questions: QuestionBar) -> None:
        super().__init__(bar)
        self._bar, self._questions = bar, questions
        #: Buttons by the first of them, with the line that ends the group.
        self._groups: dict[str, tuple[list[QAction], QAction]] = {}
        #: How wide each group was that gave way.
        self._away: dict[str, int] = {}

    def add(self, group: list[QAction], key: str) -> None:
        """Put buttons with a line after them at the end of the bar."""
        self._bar.addActions(group)
        self._groups[key] = group, self._bar.addSeparator()

    def name_buttons(self) -> None:
        for button in self._bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if not button.accessibleName() and button.defaultAction() is not None:
                button.setAccessibleName(button.defaultAction().iconText())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._fit()
        return False

    def _fit(self) -> None:
        """The symbols beside the fields give way first, then one group after the other."""
        room = self._bar.width()
        wanted = self._bar.sizeHint().width() + sum(self._away.values())
        if not self._questions.has_symbols:
            wanted += self._questions.symbols_width
        self._questions.show_symbols(wanted <= room)
        if wanted > room:
            wanted -= self._questions.symbols_width
        for key in _GIVE_WAY:
            away = wanted > room
            wanted -= self._set_away(key, away)
        # The bar does not lay itself out anew for what changes while it is laid out.
        layout = self._bar.layout()
        if layout is not None:
            layout.invalidate()
            layout.setGeometry(self._bar.rect())

    def _set_away(self, key: str, away: bool) -> int:
        """Take a group out of the bar or put it back; the width that it leaves free."""
        group, line = self._groups[key]
        if away and key not in self._away:
            parts = [self._bar.widgetForAction(one) for one in (*group, line)]
            layout = self._bar.layout()
            between = layout.spacing() if layout is not None else 0
            self._away[key] = sum(part.sizeHint().width() + between for part in parts)
            for action in group:
                self._bar.removeAction(action)
        elif not away and key in self._away:
            del self._away[key]
            self._bar.insertActions(line, group)
            self.name_buttons()
        line.setVisible(not away)
        return self._away.get(key, 0)


def _menu_button(text: str, picture: str, groups: list[list[QAction]]) -> QToolButton:
    """A button with a menu, its groups parted by lines."""
    button = QToolButton()
    button.setText(f" {text}")
    button.setIcon(icon(picture))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolTip(text)
    button.setProperty("menu", True)
    button.setAccessibleName(text)
    menu = QMenu(button)
    menu.setToolTipsVisible(True)
    for number, group in enumerate(groups):
        if number:
            menu.addSeparator()
        menu.addActions(group)
    button.setMenu(menu)
    return button
