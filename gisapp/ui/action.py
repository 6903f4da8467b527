"""What a row of the table of actions is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gisapp.ui.commands import Commands

MENUS = ("File", "Edit", "View", "Layer", "Zones", "Analysis", "Help")


def always(_: Commands) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do. `why_not` says in the user's words why it cannot be done now.

    `group` parts a menu by lines; an action that is a `tool` stays pressed.
    """

    id: str
    text: str
    menu: str
    run: Callable[[Commands], object]
    icon: str = ""
    shortcut: str = ""
    group: int = 0
    why_not: Callable[[Commands], str | None] = always
    tool: bool = False
    help: str = ""
