"""Questions about a project file, each with an answer that loses nothing."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from PySide6.QtWidgets import QMessageBox, QWidget

from gisapp.io.project.recovery import Recoverable
from gisapp.layers.agreement import day_in_words


class Answer(Enum):
    """What the user wants done with changes that are not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class Found(Enum):
    """What the user wants done with work that a crash left."""

    RESTORE = "restore"
    DISCARD = "discard"
    LATER = "later"


class Changed(Enum):
    """What the user wants done when another program has changed the file."""

    COPY = "copy"
    REPLACE = "replace"
    CANCEL = "cancel"


def ask_unsaved(window: QWidget, name: str) -> Answer:
    """Before work would be lost."""
    return _ask(
        window,
        "Save changes?",
        f"Save the changes to “{name}”?",
        "Without saving, what you changed since the last save is lost.",
        {"Save": Answer.SAVE, "Discard": Answer.DISCARD},
        Answer.CANCEL,
    )


def ask_found(window: QWidget, left: Recoverable) -> Found:
    """When work is there that was never saved. Leaving the question keeps it."""
    when = left.written_at.astimezone()
    name = f"“{left.original.name}”" if left.original else "a project that has no file yet"
    discard = "Discard it, open the file" if left.original else "Discard it"
    return _ask(
        window,
        "Restore unsaved work?",
        f"There is unsaved work on {name}, of {day_in_words(when.date())} at {when:%H:%M}.",
        "gisapp did not close properly then. What you restore is not saved until you save it; "
        "what you discard is gone.",
        {"Restore it": Found.RESTORE, discard: Found.DISCARD},
        Found.LATER,
    )


def ask_changed(window: QWidget, name: str) -> Changed:
    """Before saving over what another program wrote."""
    return _ask(
        window,
        "Replace the file?",
        f"“{name}” was changed by another program since you opened it.",
        "Save a copy to keep both. Replacing it loses what the other program wrote.",
        {"Save a copy…": Changed.COPY, "Replace": Changed.REPLACE},
        Changed.CANCEL,
    )


def ask_gone(window: QWidget, name: str) -> Changed:
    """Before saving to a place from which the file has gone."""
    return _ask(
        window,
        "Write a new file?",
        f"“{name}” is no longer where you opened it: it was moved, renamed or deleted.",
        "A file written there now is a new one, with all of the project. One that was moved stays "
        "as it is. Or choose another place and name.",
        {"Save as…": Changed.COPY, "Write a new file there": Changed.REPLACE},
        Changed.CANCEL,
    )


def ask_open_twice(window: QWidget, name: str) -> bool:
    """Whether to open a copy of a project that another window of gisapp has open."""
    return _ask(
        window,
        "Open a copy?",
        f"“{name}” is open in another gisapp.",
        "Two cannot write to one file. A copy has no file of its own until you save it "
        "under another name.",
        {"Open a copy": True},
        False,
    )


T = TypeVar("T")


def _ask(window: QWidget, title: str, text: str, detail: str, choices: dict[str, T], left: T) -> T:
    """Ask; the first choice is the one that Enter takes, and Esc and Cancel mean `left`."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(detail)
    buttons = []
    for number, words in enumerate(choices):
        role = QMessageBox.ButtonRole.DestructiveRole
        if number == 0:
            role = QMessageBox.ButtonRole.AcceptRole
        buttons.append((box.addButton(words, role), choices[words]))
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(buttons[0][0])
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return next((answer for button, answer in buttons if button is clicked), left)
