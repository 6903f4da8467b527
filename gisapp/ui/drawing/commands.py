"""What can be done with the selected zones at once, without a tool of the map."""

from __future__ import annotations

from gisapp.layers import zone_gestures
from gisapp.ui.commands import Commands
from gisapp.ui.drawing.cut import CutDialog
from gisapp.ui.drawing.select import SelectZonesDialog
from gisapp.ui.drawing.zones_tool import done_words


def merge(commands: Commands) -> None:
    """Make one of the selected zones; EditError where they lie apart or are not alike."""
    session = commands.session
    zones = [session.project.zone(key) for key in session.selection.zone_ids]
    edit = zone_gestures.merge(zones)
    if session.perform(edit):
        commands.select_zones((zones[0].id,))
        session.tell(done_words(edit.label), "done", "Undo", commands.undo)


def cut(commands: Commands) -> None:
    """Ask by what the selected zones are to be cut."""
    commands.show_dialog(CutDialog(commands.session, commands.window))


def select_where(commands: Commands) -> None:
    """Ask for a condition on zones."""
    commands.show_dialog(SelectZonesDialog(commands.session, commands.window))
