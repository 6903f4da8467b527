"""The papers of an agreement: files known again by their content, which stay where they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from gisapp.errors import GisappError
from gisapp.io.file_hash import sha256_of
from gisapp.layers.agreement import Attachment
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.agreements.row_list import Row, Rows, line_edit
from gisapp.ui.project.file_questions import ask_open
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import say, secondary

_KINDS = "Documents (*.pdf *.docx *.odt *.txt *.png *.jpg *.tif);;All files (*)"


class DocumentRow(Row):
    """One document: its title, whether it may be public, and a check of the file."""

    check_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("document", parent)
        self.attachment: Attachment | None = None
        self.title = line_edit("Title of the document")
        self.public = QCheckBox("Public")
        self.public.setToolTip("Leave it off where its publication could harm what was agreed")
        self.check = secondary("Check the file…", self.check_asked.emit)
        self.check.setToolTip("Choose the file, to see whether it is the one that was attached")
        self.words = say("", "hint")
        self.words.setWordWrap(False)
        self.arrange((self.title, 3), (self.public, 0), (self.check, 0), (self.words, 2))

    @property
    def value(self) -> Attachment | None:
        if self.attachment is None:
            return None
        title = self.title.text().strip()
        return replace(self.attachment, title=title, public=self.public.isChecked())

    def fill(self, attachment: Attachment) -> None:
        self.attachment = attachment
        self.title.setText(attachment.title)
        self.public.setChecked(attachment.public)
        self.say_what(attachment.file_name or f"SHA-256 {attachment.sha256[:12]}…")

    def say_what(self, text: str, role: str = "hint") -> None:
        """Say something of the file beside it, in the colour of good or bad news."""
        self.words.setText(text)
        self.words.setProperty("role", role)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        attachment = self.attachment
        self.words.setToolTip(f"SHA-256 {attachment.sha256}" if attachment else "")

    def problem(self) -> str:
        if self.attachment is None or self.title.text().strip():
            return ""
        return "Give each document a title, or remove its row."


class DocumentsField(Rows[Attachment]):
    """The documents of an agreement; what they hold is read in the background."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Attach a file…", DocumentRow, parent)
        self.session = session
        self.news = say("", "error")
        self.news.hide()
        self._layout.addWidget(self.news)
        self.add.clicked.disconnect()
        self.add.clicked.connect(self._attach)

    @property
    def rows(self) -> list[DocumentRow]:
        return [row for row in self._rows if isinstance(row, DocumentRow)]

    def add_row(self) -> Row:
        row = super().add_row()
        assert isinstance(row, DocumentRow)
        row.check_asked.connect(lambda: self._check(row))
        return row

    def _attach(self) -> None:
        path = ask_open(self, "Attach a document", _KINDS)
        if path is not None:
            self.attach(path)

    def attach(self, path: Path) -> None:
        """Note a file by its content; the file itself stays where it is."""
        self._say("")

        def done(digest: str) -> None:
            self.add_row().fill(Attachment(path.stem, digest, path.name))

        self._read(path, done)

    def _check(self, row: DocumentRow) -> None:
        path = ask_open(self, "Which file is it?", _KINDS)
        if path is not None:
            self.compare(row, path)

    def compare(self, row: DocumentRow, path: Path) -> None:
        """Say in a row whether a file is the one that was attached."""

        def done(digest: str) -> None:
            if row.attachment is None:
                return
            if digest == row.attachment.sha256.lower():
                row.say_what(f"{path.name} is the same file", "done")
            else:
                row.say_what(f"{path.name} is not the file that was attached", "error")

        row.say_what("Reading the file…")
        self._read(path, done)

    def _read(self, path: Path, done: object) -> None:
        self.add.setEnabled(False)

        def finish(digest: str) -> None:
            self.add.setEnabled(True)
            if callable(done):
                done(digest)

        def failed(error: GisappError) -> None:
            self.add.setEnabled(True)
            self._say(str(error))

        def work(progress: Progress) -> str:
            return sha256_of(path, progress)

        running = self.session.start(Task("Reading document", work), finish, failed, quick=True)
        runner = self.session.runner
        self.destroyed.connect(lambda: runner.drop(running))

    def _say(self, text: str) -> None:
        self.news.setText(text)
        self.news.setVisible(bool(text))
