"""Everything the user can do as one table: menus, tool bar, keys and help come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gisapp.layers.layer import Points
from gisapp.layers.vocabulary import LayerKind
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


def _empty(c: Commands) -> str | None:
    return "There is nothing on the map yet" if c.project.is_empty else None


def _no_undo(c: Commands) -> str | None:
    return None if c.session.document.undo_label else "There is nothing to undo"


def _no_redo(c: Commands) -> str | None:
    return None if c.session.document.redo_label else "There is nothing to redo"


def _saved(c: Commands) -> str | None:
    saved = c.session.document.is_saved and c.session.path is not None
    return "Everything is saved" if saved else None


def _no_target(c: Commands) -> str | None:
    if len(c.session.selection.rows):
        return "Rows of a layer stay as they were imported"
    chosen = c.session.selection.zone_ids or c.session.current_layer_id
    return None if chosen else "Select a zone or a layer first"


def _no_layer(c: Commands) -> str | None:
    return None if c.session.current_layer_id else "Choose a layer in the list first"


def _no_points(c: Commands) -> str | None:
    has = any(isinstance(layer.geometry, Points) for layer in c.project.layers)
    return None if has else "Import a layer of points first"


def _no_services(c: Commands) -> str | None:
    services = c.project.layers_of(LayerKind.SERVICES)
    return None if services else "Import services first, or try the sample city"


def _no_zones(c: Commands) -> str | None:
    return None if c.project.zones else "There are no zones yet"


def _no_selected_zones(c: Commands) -> str | None:
    return None if c.session.selection.zone_ids else "Select zones first"


def _not_one_zone(c: Commands) -> str | None:
    return None if len(c.session.selection.zone_ids) == 1 else "Select one zone first"


def _tool(id: str, text: str, menu: str, icon: str, key: str, group: int, help: str) -> Action:
    return Action(
        id, text, menu, lambda c: c.use_tool(id), icon, key, group, _empty, tool=True, help=help
    )


ACTIONS: tuple[Action, ...] = (
    Action("file.new", "New project", "File", lambda c: c.files.new(), "new", "Ctrl+N"),
    Action("file.open", "Open…", "File", lambda c: c.files.choose(), "open", "Ctrl+O"),
    Action("file.sample", "Open the sample city", "File", Commands.open_sample, "sample"),
    Action("file.save", "Save", "File", lambda c: c.files.save(), "save", "Ctrl+S", 1, _saved),
    Action(
        "file.save-as",
        "Save as…",
        "File",
        lambda c: c.files.save_as(),
        "save-as",
        "Ctrl+Shift+S",
        1,
    ),
    Action("file.import", "Import…", "File", lambda c: c.import_files(), "import", "Ctrl+I", 2),
    Action(
        "file.import-folder",
        "Import folder…",
        "File",
        Commands.import_folder,
        "open",
        "Ctrl+Shift+I",
        2,
        help="Read all files of a folder as one layer",
    ),
    Action(
        "file.export-map", "Export map…", "File", Commands.export_map, "map", "Ctrl+E", 2, _empty
    ),
    Action(
        "file.export-package",
        "Export patrol package…",
        "File",
        Commands.export_package,
        "package",
        "Ctrl+Shift+E",
        2,
        _no_zones,
    ),
    Action("file.close", "Close", "File", lambda c: c.window.close(), "quit", "Ctrl+Q", 3),
    Action("edit.undo", "Undo", "Edit", Commands.undo, "undo", "Ctrl+Z", 0, _no_undo),
    Action("edit.redo", "Redo", "Edit", Commands.redo, "redo", "Ctrl+Shift+Z", 0, _no_redo),
    Action("edit.rename", "Rename", "Edit", Commands.rename, "rename", "F2", 1, _no_target),
    Action("edit.delete", "Delete", "Edit", Commands.delete, "delete", "Del", 1, _no_target),
    _tool("tool.pan", "Pan", "View", "pan", "P", 0, "Drag the map"),
    _tool("tool.zoom", "Zoom to a box", "View", "zoom-box", "Z", 0, "Drag a box to zoom to it"),
    _tool("tool.identify", "Identify", "View", "identify", "I", 0, "Click to read about it"),
    _tool("tool.select", "Select", "View", "select", "S", 0, "Click, or drag a box; Shift adds"),
    _tool("tool.measure", "Measure", "View", "measure", "M", 0, "Distance and area on the ground"),
    Action("view.in", "Zoom in", "View", Commands.zoom_in, "zoom-in", "Ctrl++", 1, _empty),
    Action("view.out", "Zoom out", "View", Commands.zoom_out, "zoom-out", "Ctrl+-", 1, _empty),
    Action(
        "view.current",
        "Zoom to layer or selection",
        "View",
        Commands.zoom_current,
        "zoom-layer",
        "Ctrl+J",
        1,
        _empty,
    ),
    Action(
        "view.all", "Zoom to everything", "View", Commands.zoom_all, "zoom-all", "Ctrl+0", 1, _empty
    ),
    Action("view.goto", "Go to…", "View", lambda c: c.ask_view("goto"), "search", "Ctrl+G", 1),
    Action(
        "view.second",
        "Second map",
        "View",
        lambda c: c.ask_view("second"),
        "map",
        "Ctrl+Shift+2",
        2,
        _empty,
        help="The same place beside it, for another day, audience or other layers",
    ),
    Action(
        "view.overview",
        "Overview map",
        "View",
        lambda c: c.ask_view("overview"),
        "zoom-all",
        "Ctrl+Shift+O",
        2,
        help="The whole project as a small picture in the corner of the map",
    ),
    Action("view.alone", "Map alone", "View", Commands.map_alone, "frame-corners", "F11", 2),
    Action(
        "view.base-map",
        "Base map…",
        "View",
        lambda c: c.choose_base_map(),
        "map",
        "",
        2,
        help="A file of tiles or a server under all layers",
    ),
    Action("view.save", "Save this view…", "View", Commands.save_view, "view", "Ctrl+B", 2, _empty),
    Action(
        "view.views",
        "Arrange saved views…",
        "View",
        lambda c: c.ask_view("views"),
        "view",
        "Ctrl+Shift+B",
        2,
        help="Go to them, rename, order and remove them",
    ),
    Action(
        "layer.table",
        "Attribute table",
        "Layer",
        lambda c: c.show_table(c.session.current_layer_id),
        "table",
        "Ctrl+T",
        0,
        _empty,
    ),
    Action(
        "layer.zoom",
        "Zoom to layer",
        "Layer",
        lambda c: c.zoom_to_layer(c.session.current_layer_id or ""),
        "frame-corners",
        "",
        0,
        _no_layer,
    ),
    Action(
        "layer.remove",
        "Remove layer",
        "Layer",
        lambda c: c.remove_layer(c.session.current_layer_id or ""),
        "delete",
        "",
        1,
        _no_layer,
    ),
    _tool("zones.draw", "Draw an outline", "Zones", "polygon", "D", 0, "Click the zone's corners"),
    _tool(
        "zones.circle",
        "Draw a circle",
        "Zones",
        "circle",
        "C",
        0,
        "Click the centre, type the radius",
    ),
    Action(
        "zones.reshape",
        "Reshape the zone",
        "Zones",
        lambda c: c.use_tool("zones.reshape"),
        "reshape",
        "R",
        0,
        _not_one_zone,
        tool=True,
        help="Drag its corners",
    ),
    Action(
        "zones.services",
        "Circles round services…",
        "Zones",
        lambda c: c.zones_round_services(),
        "circles",
        "Ctrl+R",
        0,
        _no_services,
    ),
    Action(
        "zones.agreement",
        "New agreement…",
        "Zones",
        lambda c: c.edit_agreement(None),
        "agreement",
        "Ctrl+Shift+A",
        1,
    ),
    Action(
        "zones.problems",
        "Problems",
        "Zones",
        lambda c: c.problems_asked.emit(),
        "warning",
        "Ctrl+Shift+P",
        1,
        help="What to look at before a zone is agreed or goes out",
    ),
    Action(
        "zones.due",
        "What is due…",
        "Zones",
        lambda c: c.show_agreements(due=True),
        "day",
        "",
        1,
        help="Reviews, signatures that are missing, agreements that end soon",
    ),
    Action(
        "zones.copy-terms",
        "Copy terms from…",
        "Zones",
        lambda c: c.copy_terms(c.session.selection.zone_ids),
        "copy",
        "",
        1,
        _no_selected_zones,
        help="Give the selected zones the agreement and the own terms of another",
    ),
    Action(
        "zones.breaches",
        "Possible breaches…",
        "Zones",
        Commands.show_breaches,
        "warning",
        "",
        1,
        help="What was told of, for the police and the partners to look at together",
    ),
    Action(
        "zones.problems",
        "Problems",
        "Zones",
        lambda c: c.problems_asked.emit(),
        "warning",
        "Ctrl+Shift+P",
        1,
        help="What to look at before a zone is agreed or goes out",
    ),
    Action(
        "zones.select-all",
        "Select all zones",
        "Zones",
        lambda c: c.select_zones(tuple(c.project.zones)),
        "select-box",
        "",
        2,
        _no_zones,
    ),
    Action(
        "zones.remove",
        "Remove selected zones",
        "Zones",
        lambda c: c.remove_zones(c.session.selection.zone_ids),
        "delete",
        "",
        2,
        _no_selected_zones,
    ),
    Action(
        "analysis.hotspots",
        "Hotspots",
        "Analysis",
        lambda c: c.make_hotspots(),
        "hotspots",
        "Ctrl+H",
        0,
        _no_points,
    ),
    Action(
        "analysis.counts",
        "Counts in zones",
        "Analysis",
        lambda c: c.counts_asked.emit(),
        "counts",
        "Ctrl+K",
        0,
        _no_points,
    ),
    Action("help.keys", "Keyboard shortcuts", "Help", Commands.show_shortcuts, "keyboard", "F1"),
    Action("help.about", "About gisapp", "Help", Commands.show_about, "about"),
)


def action(action_id: str) -> Action:
    """The action with this id; KeyError without one."""
    for candidate in ACTIONS:
        if candidate.id == action_id:
            return candidate
    raise KeyError(action_id)


def shortcut_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """What the help page lists: each menu with its actions that have a key."""
    groups = []
    for menu in MENUS:
        keys = [(a.text.rstrip("…"), a.shortcut) for a in ACTIONS if a.menu == menu and a.shortcut]
        if keys:
            groups.append((menu, keys))
    return groups
