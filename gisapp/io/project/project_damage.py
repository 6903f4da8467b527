"""What is said of a project file whose tables do not hold what gisapp wrote."""

from __future__ import annotations

from gisapp.errors import DataError, EditError, ProjectFileError

#: What parsing a value raises when it is not what gisapp wrote.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, DataError, EditError)


def damaged(table: str, what: str) -> ProjectFileError:
    return ProjectFileError(
        f"The table “{table}” of this project file is damaged: {what}.",
        "Open a recovery copy or a backup.",
    )
