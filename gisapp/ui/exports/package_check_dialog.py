"""Is a package as it was sent, by whom, and still to be used? In plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QWidget

from gisapp.errors import DataError, GisappError
from gisapp.io.patrol import signing
from gisapp.io.patrol.verifying import Verified, told_of, verify
from gisapp.io.patrol.words import still_open
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.project.file_questions import ask_open
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import (
    Form,
    FormDialog,
    actions,
    beside,
    heading,
    primary,
    say,
    secondary,
)
from gisapp.ui.widgets.plain import tip


@dataclass(frozen=True, slots=True)
class _Answer:
    found: Verified
    #: The fingerprint of the key of whoever sits here; their own packages are told as such.
    own: str


class PackageCheckDialog(FormDialog):
    """Choose a package, with or without the sender's key; what is wrong with it is listed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Check a patrol package", QSize(720, 520), parent)
        self.session = session
        self.path: Path | None = None
        self._look_up = LookUp(session)
        self.file = QLabel("No package chosen yet.")
        self.file.setTextFormat(Qt.TextFormat.PlainText)
        self.fingerprint = QLineEdit()
        self.fingerprint.setPlaceholderText("64 digits that the sender told you (optional)")
        self.form = Form()
        choose = secondary("Choose package…", self._choose)
        self.form.add("Package", beside(self.file, choose, stretch=0, proxy=1))
        self.key_row = self.form.add(
            "Key of the sender",
            self.fingerprint,
            "Without it any key will do, and only changes after signing are found.",
        )
        self.form.finish()
        self.verdict = heading("")
        self.about = say("")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName("What was found")
        for widget in (self.form, self.verdict, self.about):
            self.body.addWidget(widget)
        self.body.addWidget(self.list, 1)
        self.again = primary("Check", self.check)
        self.again.setEnabled(False)
        self.body.addLayout(actions(self.again, secondary("Close", self.accept)))
        self.list.hide()

    def _choose(self) -> None:
        path = ask_open(self, "Choose a patrol package", "Package (*.zip);;All files (*)")
        if path is not None:
            self.show_file(path)

    def show_file(self, path: Path) -> None:
        """Check this file, and show what comes of it."""
        self.path = path
        self.again.setEnabled(True)
        self.file.setText(path.name)
        self.file.setToolTip(tip(str(path)))
        self.check()

    def check(self) -> None:
        """Check the chosen file against the key that is typed."""
        typed = self.fingerprint.text().strip()
        try:
            trusted = signing.plain_fingerprint(typed) if typed else ""
        except DataError as error:
            self.key_row.set_error(str(error))
            return
        self.key_row.set_error("")
        path = self.path
        if path is None:
            return
        self.verdict.setText("Checking…")
        self.about.setText("")
        self.list.hide()
        self._look_up.ask(
            Task("Checking the package", lambda progress: _checked(path, trusted, progress)),
            self._show,
            self._on_failed,
        )

    def _show(self, answer: _Answer) -> None:
        self._look_up.drop()
        found = answer.found
        problems = [one for one in found.findings if one.is_problem]
        if not problems:
            self.verdict.setText("This package is good.")
        elif len(problems) == 1:
            self.verdict.setText("Do not use this package: something is wrong.")
        else:
            self.verdict.setText(f"Do not use this package: {len(problems):,} things are wrong.")
        self.about.setText(_about(answer))
        self.list.clear()
        self.list.addItems([f"Wrong: {one.in_words()}" for one in problems])
        # Whose key it is stands above already, and one's own needs no question.
        told = [one for one in found.findings if not one.is_problem and one.code != "key"]
        self.list.addItems([one.in_words() for one in told])
        self.list.setVisible(self.list.count() > 0)

    def _on_failed(self, error: GisappError) -> None:
        self._look_up.drop()
        self.verdict.setText("")
        self.about.setText(str(error))

    def done(self, result: int) -> None:
        """Leave; nobody waits for an answer any more."""
        self._look_up.drop()
        super().done(result)


def _checked(path: Path, trusted: str, progress: Progress) -> _Answer:
    progress.report(None, "Checking the package")
    found = verify(path, fingerprint=trusted)
    return _Answer(found.on(found.day_at(datetime.now(UTC))), signing.own_key().fingerprint)


def _about(answer: _Answer) -> str:
    """What the package says of itself, and whose key holds."""
    told, lines = answer.found.manifest, []
    if told is not None:
        lines.append(f"{told_of(told)}.")
        if told["counts"]["flawed"]:
            lines.append(f"Not complete: {still_open(told['counts']['flawed'])}. Ask the sender.")
        said = (("From", told.get("sent_by")), ("for", told.get("recipient")))
        named = ", ".join(f"{word} {who}" for word, who in said if who)
        if named:
            lines.append(f"{named[0].upper()}{named[1:]}.")
    if answer.found.fingerprint:
        own = answer.found.fingerprint == answer.own
        asked = any(one.code == "key" for one in answer.found.findings) and not own
        lines.append(
            f"Signed with the key{' (your own)' if own else ''} "
            f"{signing.in_groups(answer.found.fingerprint)}"
            f"{'. Ask the sender whether this is theirs.' if asked else ''}"
        )
    return "\n".join(lines)
