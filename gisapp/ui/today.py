"""Which day is today where the project is, and that the map stays on it until another is chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from gisapp.layers.project import Change, Project


class Today:
    """Late in the evening it is tomorrow elsewhere, and other zones hold: the project says where.

    `now` is this moment in the zone of the machine, which counts where there is no project yet.
    """

    def __init__(self, now: Callable[[], datetime], project: Project) -> None:
        self._now = now
        self._given = self.day(project)

    def day(self, project: Project) -> date:
        """Today, in the project's time zone."""
        now, zone = self._now(), _zone(project)
        return (now if zone is None else now.astimezone(zone)).date()

    def follow(self, change: Change, day: date) -> date:
        """The day of the map after a change, `day` before it.

        Today by the clocks of another project or zone; a day that the user chose stays.
        """
        before, after = change.before, change.after
        if before.id == after.id and _zone(before) == _zone(after):
            return day
        if day in (self._given, self.day(before)):
            day = self._given = self.day(after)
        return day


def _zone(project: Project) -> tzinfo | None:
    """The project's time zone; None, the machine's, where nothing is in it yet."""
    return None if project.is_empty else project.tzinfo
