"""The rows of the layers panel, made from the project and how it is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, Showing, shown_count, suppressed
from gisapp.layers.confidential import open_count
from gisapp.layers.layer import Layer
from gisapp.layers.point_ways import heat_id
from gisapp.layers.project import Hotspots
from gisapp.layers.seen import seen_by
from gisapp.layers.style import LegendEntry, Style
from gisapp.render.legend_classes import scale_words
from gisapp.render.painters.zones import zones_by_look
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.layers.delegate import BADGE, COUNT, FILTER, ID, KIND
from gisapp.ui.layers.menu import SENSITIVITY_HELP, SENSITIVITY_ICONS
from gisapp.ui.session import Session
from gisapp.ui.styles.swatch import entry_icon, swatch, symbol_of
from gisapp.ui.table.filter_limits import filter_limit
from gisapp.ui.times.limits import time_limit
from gisapp.ui.widgets.plain import tip

#: The space before a number and its unit, which stay on one line with the word before them.
_TOGETHER = re.compile(r" (?=[\d.,]+ )|(?<=\d) (?=k?m)")
_METHODS = {"kde": "Density", "gistar": "Gi* hotspots"}


def told(session: Session) -> tuple[object, ...]:
    """All that the rows say: where it is the same again they need not be made anew."""
    project, look = session.project, session.look
    seen = seen_by(project, look.audience, exported=False)
    looks = tuple((key, len(zones)) for key, zones in zones_by_look(seen, look).items())
    layers = tuple(
        (one.id, one.name, one.kind, one.style, one.sensitivity, one.visible, len(one))
        for one in project.layers
    )
    shown = look.audience, look.exported, theme.current()
    limits = session.filters.edition, out_of_scale(session)
    return project.zones_visible, looks, layers, project.hotspots, session.legend, shown, limits


def out_of_scale(session: Session) -> tuple[str, ...]:
    """The ids of layers that are not drawn at the scale of the map."""
    scale, layers = session.view.scale, session.project.layers
    return tuple(layer.id for layer in layers if not layer.style.shown_at(scale))


def add_rows(tree: QTreeWidget, session: Session) -> None:
    """One row for the zones, then one a layer from top to bottom, with legends below."""
    project = session.project
    _add_zones(tree, session)
    entries = _entries(session)
    for layer in reversed(project.layers):
        item = _add_layer(tree, layer, session)
        why = _why_not_drawn(layer, session)
        if why:
            # In words as well: what is grey cannot be told in the colours of the current row.
            _add_entry(item, LegendEntry(why, Style(), "caption"))
        else:
            for entry in (*entries.get(layer.id, ()), *entries.get(heat_id(layer.id), ())):
                _add_entry(item, entry)
        for hotspots in project.hotspots:
            if hotspots.layer_id == layer.id:
                below = _add_hotspots(item, hotspots)
                for entry in entries.get(hotspots.id, ()):
                    _add_entry(below, entry)


def _why_not_drawn(layer: Layer, session: Session) -> str:
    """What the scale has to do with it that a layer is not on the map; empty where nothing."""
    wanted = layer.visible and session.look.showing(layer) is not Showing.NOTHING
    if not wanted or layer.style.shown_at(session.view.scale):
        return ""
    shown = scale_words(layer.style).replace(" : ", "\N{NO-BREAK SPACE}:\N{NO-BREAK SPACE}")
    return f"Not drawn now. {shown}"


def _entries(session: Session) -> dict[str, tuple[LegendEntry, ...]]:
    """Legend entries by the id of their section, where there is more than one to tell apart."""
    found = {}
    for section in session.legend:
        parts = [part for entry in section.entries for part in _classes(entry)]
        entries = tuple(_under_columns(parts))
        if section.hint:
            entries += (LegendEntry(section.hint, Style(), "caption"),)
        if len(entries) > 1:
            found[section.id] = entries
    return found


def _under_columns(entries: Sequence[LegendEntry]) -> Iterator[LegendEntry]:
    """Classes of amounts under the name of their column: beside it the limits had no room."""
    column = ""
    for entry in entries:
        if entry.column != column and entry.column:
            yield LegendEntry(entry.column, entry.style, "caption")
        column = entry.column
        yield replace(entry, label=entry.own_label, detail=entry.detail or entry.label)


def _classes(entry: LegendEntry) -> tuple[LegendEntry, ...]:
    """Classes as one entry each; any other entry as it is."""
    if entry.symbol not in ("ramp", "marks"):
        return (entry,)
    words = _TOGETHER.sub("\N{NO-BREAK SPACE}", entry.label)
    caption = LegendEntry(words, entry.style, "caption", detail=entry.detail or entry.label)
    sides = entry.sides or (1.0,) * len(entry.ramp)
    return (
        caption,
        *(
            LegendEntry(
                label,
                Style(color=color),
                "mark" if entry.symbol == "marks" else "class",
                detail=f"{entry.label}: {label}",
                mark=entry.mark,
                sides=(side,),
            )
            for (color, label), side in zip(entry.ramp, sides, strict=True)
        ),
    )


def _add_zones(tree: QTreeWidget, session: Session) -> None:
    look = session.look
    project = seen_by(session.project, look.audience, exported=False)
    item = QTreeWidgetItem(tree, ["Zones"])
    item.setData(0, COUNT, f"{len(project.zones):,}")
    _mark(item, "zones", "zones", checked=project.zones_visible)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | _CHECKABLE)
    item.setIcon(0, icon("zone"))
    for (label, style), zones in reversed(list(zones_by_look(project, look).items())):
        _add_entry(item, LegendEntry(label, style, "area", f"{len(zones):,}"))
    for section in session.legend:
        for entry in section.entries if section.id == "zones" else ():
            if entry.symbol == "alert":
                _add_entry(item, entry)


_CHECKABLE = Qt.ItemFlag.ItemIsUserCheckable


def _add_layer(tree: QTreeWidget, layer: Layer, session: Session) -> QTreeWidgetItem:
    item = QTreeWidgetItem(tree, [layer.name])
    _mark(item, "layer", layer.id, checked=layer.visible)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsEditable
        | Qt.ItemFlag.ItemIsDragEnabled
        | _CHECKABLE
    )
    item.setIcon(0, swatch(layer.style, symbol_of(layer)))
    item.setData(
        0, BADGE, icon(SENSITIVITY_ICONS[layer.sensitivity], QPalette.ColorRole.PlaceholderText)
    )
    say_layer(item, layer, session)
    return item


def say_layer(item: QTreeWidgetItem, layer: Layer, session: Session) -> None:
    """Say in a layer's row what it holds, for whom, and what limits it."""
    look = session.look
    how = look.showing(layer)
    item.setData(0, COUNT, _held(layer, session))
    if how is Showing.NOTHING:
        item.setForeground(0, QColor(theme.current().disabled))
        shown = f"not for this audience ({look.audience.label})"
    else:
        shown = f"{how.value}. Drag to reorder, click the colour or the badge to change them"
    limits = [] if how is Showing.NOTHING else _show_limits(item, layer, session)
    lines = (*limits, f"{layer.name}: {shown}.", f"{SENSITIVITY_HELP[layer.sensitivity]}.")
    item.setToolTip(0, tip("\n".join(lines)))
    said = " ".join((*limits, layer.sensitivity.label))
    item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, said)


def _held(layer: Layer, session: Session) -> str:
    """How many rows there are as far as the audience may know.

    A small number is kept back where each row is an event in somebody's life. Services are not:
    they are all counted but for those that are kept confidential, of which nothing is told.
    """
    look = session.look
    if look.showing(layer) is Showing.NOTHING:
        return ""
    audience = look.audience if layer.is_events else Audience.POLICE
    held = open_count(layer, look.audience, exported=look.exported)
    return shown_count(suppressed(held, audience), audience)


def _show_limits(item: QTreeWidgetItem, layer: Layer, session: Session) -> list[str]:
    """Show that a filter or a span of time leaves rows out, or the scale all; and in words."""
    lines, limit, times = [], filter_limit(session, layer), time_limit(session, layer)
    if not layer.style.shown_at(session.view.scale):
        item.setForeground(0, QColor(theme.current().disabled))
        now = f"1 : {session.view.scale:,.0f}".replace(",", " ")
        lines.append(f"Not drawn at the present scale, {now}: its style says so, under Scale.")
    limited = limit is not None or times is not None
    item.setData(0, FILTER, icon("filter", QPalette.ColorRole.Link) if limited else None)
    if limit is not None:
        if limit.left is not None:
            lines.append(f"A filter leaves {limit.said(item.data(0, COUNT))}")
            item.setData(0, COUNT, f"{limit.left:,}")
        else:
            lines.append(f"A filter limits what is shown: {limit.words}")
    if times is not None:
        lines.append(times.said_with_times)
        if times.left is not None:
            item.setData(0, COUNT, f"{times.left:,}")
    if limited:
        off = "take the filter off" if limit is not None else "show all times"
        lines.append(f"Click the funnel to {off}.")
    return lines


def _add_hotspots(parent: QTreeWidgetItem, hotspots: Hotspots) -> QTreeWidgetItem:
    reach = geodesy.in_words(hotspots.bandwidth_m)
    name = f"{_METHODS.get(hotspots.method, hotspots.method)}, {reach}"
    item = QTreeWidgetItem(parent, [name])
    _mark(item, "hotspots", hotspots.id, checked=hotspots.visible)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | _CHECKABLE)
    item.setIcon(0, icon("hotspots"))
    item.setToolTip(0, f"Cells of {geodesy.in_words(hotspots.cell_m)}, reach {reach}")
    return item


def _add_entry(parent: QTreeWidgetItem, entry: LegendEntry) -> None:
    item = QTreeWidgetItem(parent, [entry.label])
    item.setData(0, COUNT, entry.count)
    _mark(item, "entry", "")
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    if entry.symbol != "caption":
        item.setIcon(0, entry_icon(entry))
    item.setToolTip(0, tip(entry.detail or entry.label))
    item.setForeground(0, QColor(theme.current().muted))


def _mark(item: QTreeWidgetItem, kind: str, key: str, *, checked: bool | None = None) -> None:
    item.setData(0, KIND, kind)
    item.setData(0, ID, key)
    if checked is not None:
        state = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        item.setCheckState(0, state)
