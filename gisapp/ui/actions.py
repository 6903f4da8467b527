"""Everything the user can do as one table: menus, tool bar, keys and help come from it."""

from __future__ import annotations

from collections.abc import Callable

from gisapp.layers.layer import Points
from gisapp.layers.vocabulary import Basis
from gisapp.ui.action import MENUS as MENUS
from gisapp.ui.action import Action as Action
from gisapp.ui.commands import Commands
from gisapp.ui.drawing import commands as draw_commands
from gisapp.ui.scenarios import commands as scenario_commands
from gisapp.ui.zones import again as zone_again


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
    there = any(len(layer) for layer in c.project.layers)
    return None if there else "Import services first, or try the sample city"


def _no_zones(c: Commands) -> str | None:
    return None if c.project.zones else "There are no zones yet"


def _no_selected_zones(c: Commands) -> str | None:
    return None if c.session.selection.zone_ids else "Select zones first"


def _not_one_zone(c: Commands) -> str | None:
    return None if len(c.session.selection.zone_ids) == 1 else "Select one zone first"


def _not_two_zones(c: Commands) -> str | None:
    enough = len(c.session.selection.zone_ids) > 1
    return None if enough else "Select two zones or more first"


def _no_buffer(c: Commands) -> str | None:
    zones = c.project.zones
    for key in c.session.selection.zone_ids:
        if key in zones and zones[key].basis is Basis.FOOTPRINT:
            return f"“{zones[key].name}” is a footprint, and a footprint is never buffered"
    return _no_selected_zones(c)


def _change(
    id: str,
    text: str,
    icon: str,
    key: str,
    help: str,
    why_not: Callable[[Commands], str | None] = _no_selected_zones,
) -> Action:
    """A tool that changes the zones that are selected."""
    return Action(
        id, text, "Zones", lambda c: c.use_tool(id), icon, key, 1, why_not, tool=True, help=help
    )


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
    Action(
        "file.check-package",
        "Check patrol package…",
        "File",
        Commands.check_package,
        group=2,
        help="Whether a package is as it was sent, by whom, and still to be used",
    ),
    Action(
        "file.export-log",
        "Export log…",
        "File",
        Commands.show_export_log,
        group=2,
        help="What has left this project: when, for whom, with the hash of each file",
    ),
    Action("file.brief", "Briefing sheet…", "File", Commands.brief, "agreement", "", 2, _no_zones),
    Action("file.order", "Operational instruction…", "File", Commands.instruct, "agreement", "", 2),
    Action("file.close", "Close", "File", lambda c: c.window.close(), "quit", "Ctrl+Q", 3),
    Action("edit.undo", "Undo", "Edit", Commands.undo, "undo", "Ctrl+Z", 0, _no_undo),
    Action("edit.redo", "Redo", "Edit", Commands.redo, "redo", "Ctrl+Shift+Z", 0, _no_redo),
    Action("edit.rename", "Rename", "Edit", Commands.rename, "rename", "F2", 1, _no_target),
    Action("edit.delete", "Delete", "Edit", Commands.delete, "delete", "Del", 1, _no_target),
    _tool("tool.pan", "Pan", "View", "pan", "P", 0, "Drag the map, click to read about it"),
    _tool("tool.zoom", "Zoom to a box", "View", "zoom-box", "Z", 0, "Drag a box to zoom to it"),
    _tool("tool.identify", "Identify", "View", "identify", "I", 0, "Click to read about it"),
    _tool("tool.select", "Select", "View", "select", "S", 0, "Click, or drag a box; Shift adds"),
    _tool(
        "tool.select-area",
        "Select by an outline",
        "View",
        "select-area",
        "A",
        0,
        "Click round what is to be selected; Shift adds",
    ),
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
    _tool(
        "zones.corridor",
        "Draw a corridor",
        "Zones",
        "corridor",
        "W",
        0,
        "Click along its course, type the width",
    ),
    _tool(
        "zones.scene",
        "Draw a scene",
        "Zones",
        "time",
        "E",
        0,
        "Click where it happened, type how far and how long",
    ),
    Action(
        "zones.services",
        "Zones from a layer…",
        "Zones",
        lambda c: c.zones_round_services(),
        "circles",
        "Ctrl+R",
        0,
        _no_services,
    ),
    _change("zones.reshape", "Reshape the zone", "reshape", "R", "Drag its corners", _not_one_zone),
    _change("zones.move", "Move, turn or scale", "move", "V", "Drag zones, or type exact numbers"),
    _change("zones.split", "Split by a line", "split", "K", "Draw a line across zones"),
    Action(
        "zones.merge",
        "Merge zones",
        "Zones",
        lambda c: draw_commands.merge(c),
        "merge",
        "Ctrl+M",
        1,
        _not_two_zones,
        help="Make one of those that touch or overlap",
    ),
    Action(
        "zones.cut",
        "Cut by an area…",
        "Zones",
        lambda c: draw_commands.cut(c),
        "cut",
        "Ctrl+Shift+X",
        1,
        _no_selected_zones,
        help="Take away what lies in another zone or layer, or keep only that",
    ),
    _change("zones.hole", "Cut out a hole", "hole", "H", "Draw its outline inside a zone"),
    _change("zones.fill", "Fill a hole", "fill", "F", "Click the hole"),
    _change("zones.buffer", "Widen or narrow", "buffer", "B", "Drag, or type metres", _no_buffer),
    Action(
        "zones.again",
        "Make again",
        "Zones",
        lambda c: zone_again.make_again(c, c.session.selection.zone_ids),
        "recent",
        "",
        1,
        _no_selected_zones,
        help="Draw zones anew by their basis, where a site or a street moved",
    ),
    Action(
        "zones.agreement",
        "New agreement…",
        "Zones",
        Commands.new_agreement,
        "agreement",
        "Ctrl+Shift+A",
        2,
    ),
    Action(
        "zones.agreements", "Agreements…", "Zones", Commands.show_agreements, "agreement", "", 2
    ),
    Action(
        "zones.due",
        "What is due…",
        "Zones",
        lambda c: c.show_agreements(due=True),
        "day",
        "",
        2,
        help="Reviews, signatures that are missing, agreements that end soon",
    ),
    Action(
        "zones.copy-terms",
        "Copy terms from…",
        "Zones",
        lambda c: c.copy_terms(c.session.selection.zone_ids),
        "copy",
        "",
        2,
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
        2,
        help="What was told of, for the police and the partners to look at together",
    ),
    Action(
        "zones.scenarios",
        "Scenarios…",
        "Zones",
        lambda c: scenario_commands.show_scenarios(c),
        "layers",
        "Ctrl+Shift+C",
        2,
        _empty,
        help="Other terms for the same sites, compared in a table and on a divided map",
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
        "zones.applies",
        "What applies here?",
        "Zones",
        lambda c: c.what_applies(),
        "identify",
        "Q",
        1,
        _empty,
        help="At the pointer, or at the cross in the middle of the map, at any day and hour",
    ),
    Action(
        "zones.select-all",
        "Select all zones",
        "Zones",
        Commands.select_all_zones,
        "select-box",
        "",
        3,
        _no_zones,
    ),
    Action(
        "zones.select-where",
        "Select zones by a condition…",
        "Zones",
        lambda c: draw_commands.select_where(c),
        "filter",
        "Ctrl+Shift+F",
        3,
        _no_zones,
        help="Such as basis == 'circle' and area_m2 > 10000",
    ),
    Action(
        "zones.remove",
        "Remove selected zones",
        "Zones",
        lambda c: c.remove_zones(c.session.selection.zone_ids),
        "delete",
        "",
        3,
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
    Action(
        "analysis.deployments",
        "Deployments against zones",
        "Analysis",
        lambda c: c.deployments_asked.emit(),
        "deployments",
        "Ctrl+Shift+D",
        1,
    ),
    _tool(
        "deploy.draw", "Draw deployment", "Analysis", "polygon", "U", 1, "Draw an area to patrol"
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
