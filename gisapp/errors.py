"""What can go wrong that a user can understand: one tree, a hint and an exit code each.

An error ends in four places, which tell it to the user: the window's task runner, its action
trigger, `Session.perform`, and `cli.main`. A form may catch one to show it beside the field.
"""

from __future__ import annotations


class GisappError(Exception):
    """A failure explained to the user: what happened, and what to do about it.

    `message` is one clear sentence; `hint` says what to do. Anything that is not a
    GisappError is a bug of ours and leaves with exit code 70.
    """

    exit_code = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class DataError(GisappError):
    """A file or its rows cannot be used as they are."""

    exit_code = 20


class CrsError(GisappError):
    """A coordinate reference system is missing, unknown or contradicted by the coordinates."""

    exit_code = 22


class EditError(GisappError):
    """An edit makes no sense for the project as it is; the project has not changed."""

    exit_code = 23


class ProjectFileError(GisappError):
    """A project file cannot be opened or saved."""

    exit_code = 24


class ExportError(GisappError):
    """An export is refused or could not be written; no half file is left."""

    exit_code = 25


class Cancelled(GisappError):
    """The user asked to stop; nothing was changed."""

    exit_code = 130

    def __init__(self, message: str = "Cancelled. Nothing was changed.") -> None:
        super().__init__(message)
