"""Menus of the layers panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from gisapp.layers import edits
from gisapp.layers.audience import Sensitivity
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import CHOICES
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.table.row_filter import Part

SENSITIVITY_ICONS = {
    Sensitivity.PUBLIC: "globe-simple",
    Sensitivity.PARTNER: "handshake",
    Sensitivity.RESTRICTED: "restricted",
}
SENSITIVITY_HELP = {
    Sensitivity.PUBLIC: "Public: anybody may see this layer",
    Sensitivity.PARTNER: "Partners: police and the partners of agreements may see this layer",
    Sensitivity.RESTRICTED: "Restricted: only police analysts may see this layer, on screen",
}


def layer_menu(menu: QMenu, commands: Commands, layer: Layer, rename: Callable[[], None]) -> None:
    """Everything that can be done with a layer."""
    key = layer.id
    menu.addAction(icon("zoom-layer"), "Zoom to layer", lambda: commands.zoom_to_layer(key))
    menu.addAction(icon("table"), "Attribute table", lambda: commands.show_table(key))
    _offer_all_rows(menu, commands, layer)
    if isinstance(layer.geometry, Points):
        menu.addAction(icon("hotspots"), "Make hotspots", lambda: commands.make_hotspots(key))
    if not layer.is_events:
        menu.addAction(
            icon("circles"), "Zones from these…", lambda: commands.zones_round_services(key)
        )
    menu.addSeparator()
    colors = menu.addMenu(icon("color"), "Colour")
    color_menu(colors, commands, layer)
    menu.addAction(icon("style"), "Style…", lambda: commands.show_style(key))
    reach = menu.addMenu(icon(SENSITIVITY_ICONS[layer.sensitivity]), "Who may see it")
    sensitivity_menu(reach, commands, layer)
    menu.addSeparator()
    menu.addAction(icon("rename"), "Rename\tF2", rename)
    menu.addAction(icon("delete"), "Remove layer\tDel", lambda: commands.remove_layer(key))


def filter_menu(menu: QMenu, commands: Commands, layer: Layer) -> None:
    """What can be done about the filter of a layer, and its span of time."""
    _offer_all_rows(menu, commands, layer)
    menu.addAction(icon("table"), "Attribute table", lambda: commands.show_table(layer.id))


def _offer_all_rows(menu: QMenu, commands: Commands, layer: Layer) -> None:
    filters, key = commands.session.filters, layer.id
    if filters.fields(key) is not None:
        menu.addAction(icon("filter"), "Take the filter off", lambda: filters.lift_fields(key))
    if filters.limits(key, Part.TIME):
        menu.addAction(icon("filter"), "Show all times", lambda: filters.lift_times(key))


def zones_menu(menu: QMenu, commands: Commands) -> None:
    """What can be done with all zones."""
    menu.addAction(
        icon("zoom-layer"),
        "Zoom to zones",
        lambda: commands.zoom_to_zones(tuple(commands.session.project.zones)),
    )
    menu.addAction(icon("table"), "Table of zones", lambda: commands.show_table(None))
    menu.addSeparator()
    menu.addAction(icon("polygon"), "Draw a zone", lambda: commands.use_tool("zones.draw"))
    menu.addAction(icon("circle"), "Draw a circle", lambda: commands.use_tool("zones.circle"))
    menu.addAction(icon("circles"), "Zones from a layer…", lambda: commands.zones_round_services())


def color_menu(menu: QMenu, commands: Commands, layer: Layer) -> None:
    """The colours a layer can have, each told apart by colour-blind eyes and named."""
    group = QActionGroup(menu)
    for name, color in CHOICES:
        style = replace(layer.style, color=color)
        entry = menu.addAction(swatch(style, "point"), name)
        edit = edits.restyle_layer(layer.id, style)
        entry.triggered.connect(lambda _=False, edit=edit: commands.session.perform(edit))
        entry.setCheckable(True)
        entry.setChecked(color == layer.style.color)
        group.addAction(entry)


def sensitivity_menu(menu: QMenu, commands: Commands, layer: Layer) -> None:
    """How far the layer may travel."""
    group = QActionGroup(menu)
    for level in Sensitivity:
        entry = menu.addAction(icon(SENSITIVITY_ICONS[level]), SENSITIVITY_HELP[level])
        edit = edits.set_sensitivity(layer.id, level)
        entry.triggered.connect(lambda _=False, edit=edit: commands.session.perform(edit))
        entry.setCheckable(True)
        entry.setChecked(level is layer.sensitivity)
        group.addAction(entry)
