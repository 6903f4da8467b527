"""Makes Qt's actions from the table, and keeps them telling what can be done."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gisapp.errors import GisappError
from gisapp.ui.actions import ACTIONS, MENUS, Action
from gisapp.ui.commands import Commands
from gisapp.ui.help_dialogs import shown_keys
from gisapp.ui.icons import icon


class ActionSet(QObject):
    """One QAction for each row of the table; `menus` are the menus by name."""

    def __init__(self, commands: Commands, window: QWidget) -> None:
        super().__init__(window)
        self.commands = commands
        self.menus: dict[str, QMenu] = {}
        #: What each says: why it cannot be done, and what it would undo or redo.
        self._said: dict[str, tuple[str | None, str | None]] = {}
        self._tools = QActionGroup(self)
        self._tools.setExclusive(True)
        self.qt: dict[str, QAction] = {row.id: self._make(row, window) for row in ACTIONS}
        for signal in (
            commands.session.project_changed,
            commands.session.selection_changed,
            commands.session.saved_changed,
            commands.session.current_layer_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def _make(self, row: Action, window: QWidget) -> QAction:
        made = QAction(row.text, window)
        made.setObjectName(row.id)
        if row.icon:
            made.setIcon(icon(row.icon))
        if row.shortcut:
            made.setShortcut(QKeySequence(row.shortcut))
        if row.tool:
            made.setCheckable(True)
            self._tools.addAction(made)
        made.triggered.connect(lambda _=False, row=row: self._run(row))
        window.addAction(made)
        return made

    def _run(self, row: Action) -> None:
        reason = row.why_not(self.commands)
        if reason is not None:
            self.commands.session.tell(f"{reason}.")
            return
        try:
            row.run(self.commands)
        except GisappError as error:
            self.commands.session.explain(error)

    def fill(self, bar: QMenuBar) -> None:
        """Put the actions into their menus, parted by their groups."""
        for name in MENUS:
            menu = bar.addMenu(f"&{name}")
            menu.setToolTipsVisible(True)
            self.menus[name] = menu
            group = None
            for row in (row for row in ACTIONS if row.menu == name):
                if group is not None and row.group != group:
                    menu.addSeparator()
                group = row.group
                menu.addAction(self.qt[row.id])

    def check_tool(self, tool_id: str) -> None:
        """Show which tool is in use."""
        if tool_id in self.qt:
            self.qt[tool_id].setChecked(True)

    def refresh(self, *_: object) -> None:
        """Enable what can be done; say in the tool tip why the rest cannot."""
        document = self.commands.session.document
        labels = {"edit.undo": document.undo_label, "edit.redo": document.redo_label}
        for row in ACTIONS:
            said = row.why_not(self.commands), labels.get(row.id)
            if self._said.get(row.id) != said:
                self._said[row.id] = said
                self._say(row, *said)

    def _say(self, row: Action, reason: str | None, label: str | None) -> None:
        """Why an action cannot be done now, and the step that is undone or redone by it."""
        made = self.qt[row.id]
        made.setEnabled(reason is None)
        text = row.text.rstrip("…")
        if row.id in ("edit.undo", "edit.redo"):
            made.setIconText(text)
            text = f"{text} {label[:1].lower()}{label[1:]}" if label else text
            made.setText(text)
        key = f" ({shown_keys(row.shortcut)})" if row.shortcut else ""
        more = reason or ("" if label else row.help)
        made.setToolTip(text + key + (f"\n{more}" if more else ""))
