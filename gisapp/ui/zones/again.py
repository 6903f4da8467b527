"""Makes zones again from what they record: off this thread, as one step, and told in words."""

from __future__ import annotations

from collections.abc import Sequence

from gisapp.analysis.zones.remaking import Remade, remade_zones
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.commands import Commands

#: More of what could not be made again is counted and not named.
_NAMED = 2


def make_again(commands: Commands, zone_ids: Sequence[str]) -> None:
    """Draw zones anew by their basis; a step to undo where an outline differs."""
    session, project = commands.session, commands.project
    ids = tuple(zone_ids)

    def work(progress: Progress) -> Remade:
        return remade_zones(project, ids, progress)

    def done(made: Remade) -> None:
        if made.changed and session.perform(made.edit()):
            session.tell(in_words(made), "done", "Undo", commands.undo)
        else:
            session.tell(in_words(made), "info")

    session.start(Task("Making zones again", work), done)


def in_words(made: Remade) -> str:
    """`2 zones made again, 3 as they were. “Mine”: This zone was drawn by hand.`"""
    count = len(made.changed)
    said = f"{count:,} {'zone' if count == 1 else 'zones'} made again"
    if made.unchanged:
        said += f", {made.unchanged:,} as {'it was' if made.unchanged == 1 else 'they were'}"
    said += "."
    for name, why in made.problems[:_NAMED]:
        said += f" “{name}”: {why}"
    more = len(made.problems) - _NAMED
    return f"{said} And {more:,} more could not be made again." if more > 0 else said
