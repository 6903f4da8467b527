"""Opens the scenarios, and divides the map between the project and one of them."""

from __future__ import annotations

from gisapp.ui import dialogs
from gisapp.ui.commands import Commands
from gisapp.ui.scenarios.swipe_map import Swipe


def show_scenarios(commands: Commands) -> None:
    """List the scenarios and compare them."""
    dialog = dialogs.make("ScenarioDialog", commands.session, commands.window)
    dialog.map_asked.connect(lambda scenario_id: divide(commands, scenario_id))
    commands.show_dialog(dialog)


def divide(commands: Commands, scenario_id: str) -> None:
    """Show a scenario on the right of the map, in place of one that is shown there."""
    Swipe(commands.canvas, scenario_id)
    commands.session.tell(
        "Drag the handle, or use the arrow keys, to compare. Esc brings the whole map back."
    )
