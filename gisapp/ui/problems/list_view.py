"""The list of problems by how grave they are; it keeps its place when the answer is new."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidgetItem, QWidget

from gisapp.layers.checks import Issue, Severity
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.widgets.found_list import SUBJECT, FoundList
from gisapp.ui.widgets.plain import tip

_COLUMNS = ("Problem", "Kind", "Can be fixed")


class ProblemsList(FoundList):
    """Issues under a heading for each severity. Enter shows on the map, Ctrl+Enter fixes."""

    fix_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _COLUMNS,
            "Problems",
            "Enter shows the problem on the map, Control and Enter fixes it where it can be.",
            parent,
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setIndentation(theme.tokens(False).gap_large)
        head = self.header()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 210), (2, 100)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)
        self.itemDoubleClicked.connect(self._on_double)

    def fill(self, issues: Sequence[Issue]) -> None:
        """List these; what was selected and folded stays so where it is still there."""
        chosen = {issue.key for issue in self.chosen}
        with self.filling() as folded:
            for severity in Severity:
                some = [issue for issue in issues if issue.severity is severity]
                if some:
                    heading = self._heading(severity, len(some))
                    heading.addChildren([_item(issue) for issue in some])
                    heading.setExpanded(int(severity) not in folded)
            for item in self.rows():
                issue = item.data(0, SUBJECT)
                if isinstance(issue, Issue) and issue.key in chosen:
                    item.setSelected(True)
        self.itemSelectionChanged.emit()

    @property
    def chosen(self) -> tuple[Issue, ...]:
        """The selected issues in the order of the list; a selected heading means all under it."""
        found: dict[int, Issue] = {}
        for item in self.rows():
            issue = item.data(0, SUBJECT)
            above = item.parent()
            if isinstance(issue, Issue) and (
                item.isSelected() or (above is not None and above.isSelected())
            ):
                found[id(issue)] = issue
        return tuple(found.values())

    def _heading(self, severity: Severity, count: int) -> QTreeWidgetItem:
        picture = ("error", "warning", "info")[severity]
        color = getattr(theme.current(), picture)
        heading = QTreeWidgetItem(self, [severity.counted(count)])
        heading.setIcon(0, icon(picture, color))
        heading.setData(0, SUBJECT, int(severity))
        heading.setFont(0, theme.font("body", bold=True))
        heading.setFirstColumnSpanned(True)
        return heading

    def _on_double(self, item: QTreeWidgetItem) -> None:
        if isinstance(item.data(0, SUBJECT), Issue):
            self.show_asked.emit()

    def enter(self, event: QKeyEvent) -> None:
        fixes = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        (self.fix_asked if fixes else self.show_asked).emit()


def _item(issue: Issue) -> QTreeWidgetItem:
    item = QTreeWidgetItem([issue.message, issue.code.label, "Yes" if issue.fix else ""])
    item.setData(0, SUBJECT, issue)
    item.setToolTip(0, tip("\n".join(filter(None, (issue.message, issue.fix_words)))))
    item.setToolTip(1, tip(issue.code.label))
    return item
