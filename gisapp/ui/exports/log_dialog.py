"""What has left the project: each file with its hash, and whether the log is whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidgetItem,
    QWidget,
)

from gisapp.errors import GisappError
from gisapp.io.table_text import as_text, write_records
from gisapp.layers.export_log import Export
from gisapp.layers.project import Change
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import INSIDE, EmptyState, FormDialog, list_table, say, secondary
from gisapp.ui.widgets.plain import tip

_COLUMNS = ("No.", "When", "Who", "What", "File", "For", "Recipient", "SHA-256", "Note")
_WIDTHS = (44, 150, 90, 120, 226, 80, 124, 100)


class ExportLogDialog(FormDialog):
    """The lines of the export log, the newest first. Nobody can take a line back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Export log", QSize(1080, 560), parent)
        self.session = session
        self.trouble = say("", "error")
        self.table = list_table("Files that have left this project", _COLUMNS)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, width)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState("Nothing has left this project yet. Maps, packages and tables that are "
                       "exported are listed here.")
        )  # fmt: skip
        self.words = say("", "hint")
        self.copy_button = secondary("Copy", self.copy)
        self.save_button = secondary("Save as CSV…", self._save)
        self._lay_out()
        session.project_changed.connect(self._on_project)
        self.refresh()

    def _lay_out(self) -> None:
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.words)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        foot.addWidget(secondary("Close", self.reject))
        self.body.addLayout(foot)

    def refresh(self) -> None:
        """Show the log as it is now."""
        log = self.session.project.exports
        problems = log.problems()
        self.trouble.setText(
            "This log is not whole: somebody changed it outside of gisapp. " + " ".join(problems)
            if problems
            else ""
        )
        self.trouble.setVisible(bool(problems))
        self.table.setRowCount(len(log.lines))
        for row, line in enumerate(reversed(log.lines)):
            for column, text in enumerate(self._cells(line)):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(line.sha256 if column == 7 else text))
                self.table.setItem(row, column, item)
        self.stack.setCurrentIndex(0 if log.lines else 1)
        self.copy_button.setEnabled(bool(log.lines))
        self.save_button.setEnabled(bool(log.lines))
        self.words.setText(
            f"Times are those of {self.session.project.timezone}. Each line carries the hash of "
            "the one before it, so a line that is changed or taken out shows."
        )

    def _cells(self, line: Export) -> tuple[str, ...]:
        at = line.at.astimezone(self.session.project.tzinfo)
        return (
            str(line.number),
            f"{at:%Y-%m-%d %H:%M:%S}",
            line.who,
            line.what,
            line.file,
            line.audience,
            line.recipient,
            line.sha256,
            line.note,
        )

    def _records(self) -> list[tuple[str, ...]]:
        return [_COLUMNS, *(self._cells(line) for line in self.session.project.exports.lines)]

    def copy(self) -> None:
        """Put the log on the clipboard as a table."""
        QGuiApplication.clipboard().setText(as_text(self._records()))
        self.words.setText("Copied.")

    def _save(self) -> None:
        title = file_name(f"{self.session.project.title} export log")
        path = ask_save(self, "Save the log", "CSV (*.csv)", f"{title}.csv")
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Write the log as it is shown; the log itself is no export."""
        try:
            write_records(self._records(), path)
        except GisappError as error:
            self.words.setText(str(error))
            return
        self.words.setText(f"Saved {path.name}.")

    def _on_project(self, change: Change) -> None:
        if change.before.exports is not change.after.exports:
            self.refresh()
