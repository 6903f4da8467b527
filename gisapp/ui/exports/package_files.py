"""Every file of a package before it is written: a list, and what is in the file that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QHeaderView,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.errors import GisappError
from gisapp.io.patrol import file_preview, package, signing
from gisapp.io.patrol.content import Content, Format
from gisapp.io.patrol.package import Prepared
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.paper import package_page
from gisapp.tasks import Task
from gisapp.ui.exports.package_sheet import PackageSheet
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import EmptyState, list_table
from gisapp.ui.widgets.plain import tip


@dataclass(frozen=True, slots=True)
class _Made:
    """Files by name, and what the page among them was drawn from."""

    files: Mapping[str, bytes]
    project: Project
    content: Content


class PackageFiles(QWidget):
    """Makes the files of a package behind the window and shows one at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._look_up = LookUp(session)
        self._wanted: tuple[Prepared, tuple[Format, ...]] | None = None
        self._made: _Made | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        parted = QSplitter()
        column.addWidget(parted)
        self.list = list_table("Files of the package", ("File", "Bytes"))
        parted.addWidget(self.list)
        self.shown = QStackedWidget()
        parted.addWidget(self.shown)
        parted.setStretchFactor(1, 1)
        parted.setSizes([310, 430])
        self.list.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setColumnWidth(1, 96)
        self.list.itemSelectionChanged.connect(self._on_chosen)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("What is in the file")
        self.sheet = PackageSheet(session)
        self.empty = EmptyState("")
        for widget in (self.empty, self.text, self.sheet):
            self.shown.addWidget(widget)

    def want(self, prepared: Prepared | None, formats: Sequence[Format]) -> None:
        """Show the files of this package from now on; they are made once somebody looks."""
        wanted = None if prepared is None else (prepared, tuple(formats))
        if wanted == self._wanted:
            return
        self._wanted, self._made = wanted, None
        self._look_up.drop()
        self._fill({})
        self._say("No file: nothing goes out on this day." if wanted is None else "")
        if self.isVisible():
            self.make()

    @property
    def made(self) -> Mapping[str, bytes]:
        """The files that are shown, by name; none before they are made."""
        return {} if self._made is None else self._made.files

    def make(self) -> None:
        """Make the files, unless they are there or under way."""
        if self._wanted is None or self._made is not None or self._look_up.waiting:
            return
        prepared, formats = self._wanted
        project = self.session.project
        self._say("Making the files…")

        def work(progress: Progress) -> _Made:
            extra = package_page.files_over(project)
            # Signed already, for README and page name the key: what is seen is what is sent.
            made = package.make(
                prepared, formats, key=signing.own_key(), extra=extra, progress=progress
            )
            return _Made(made.files, project, made.manifest.content)

        self._look_up.ask(Task("Making the files", work), self._show, self._on_failed)

    def drop(self) -> None:
        """Want no files any more."""
        self._look_up.drop()
        self.sheet.drop()

    def _show(self, made: _Made) -> None:
        self._look_up.drop()
        self._made = made
        self._fill(made.files)
        self.list.selectRow(0)

    def _on_failed(self, error: GisappError) -> None:
        self._look_up.drop()
        self._say(str(error))

    def _fill(self, files: Mapping[str, bytes]) -> None:
        self.list.setRowCount(len(files))
        for row, (name, data) in enumerate(files.items()):
            named, size = QTableWidgetItem(name), QTableWidgetItem(f"{len(data):,}")
            named.setToolTip(tip(name))
            size.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.list.setItem(row, 0, named)
            self.list.setItem(row, 1, size)

    def _on_chosen(self) -> None:
        rows = self.list.selectionModel().selectedRows()
        if not rows or self._made is None:
            return
        name = list(self._made.files)[rows[0].row()]
        if name == package_page.NAME:
            self.shown.setCurrentIndex(2)
            self.sheet.want(self._made.project, self._made.content)
            return
        # Sentences are read, not scrolled; rows of a file stay as they are.
        wrapped = name.endswith(".txt")
        mode = QPlainTextEdit.LineWrapMode
        self.text.setLineWrapMode(mode.WidgetWidth if wrapped else mode.NoWrap)
        self.text.setPlainText(file_preview.preview(name, self._made.files[name]))
        self.shown.setCurrentIndex(1)

    def _say(self, words: str) -> None:
        self.empty.label.setText(words)
        self.shown.setCurrentIndex(0)
