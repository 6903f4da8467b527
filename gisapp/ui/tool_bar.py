"""The tool bar: actions of the table, menus for drawing and exporting, day, time and audience."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
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
    for group in _BUTTONS:
        for key in group:
            bar.addAction(actions.qt[key])
        bar.addSeparator()
    groups = [[actions.qt[key] for key in group] for group in _ZONES]
    bar.addWidget(_menu_button("Zones", "polygon", groups))
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(space)
    bar.addWidget(questions)
    bar.addSeparator()
    export = [actions.qt[key] for key in ("file.export-map", "file.export-package")]
    bar.addWidget(_menu_button("Export", "export", [export]))
    for button in bar.findChildren(QToolButton):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if not button.accessibleName() and button.defaultAction() is not None:
            button.setAccessibleName(button.defaultAction().iconText())


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
