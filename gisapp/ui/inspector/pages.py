"""Pages of the inspector about rows and layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gisapp.layers import edits
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience, Showing, shown_count, suppressed
from gisapp.layers.confidential import confidential_rows, open_rows
from gisapp.layers.identifiers import names_things
from gisapp.layers.layer import FIELDS, Layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.meetings import Meetings, known_meetings, meetings_of
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.deployments.meeting_parts import say_all_meetings, say_meetings
from gisapp.ui.inspector.later import Later
from gisapp.ui.inspector.parts import NameEdit, Page
from gisapp.ui.inspector.parts import Standing as StandingCard
from gisapp.ui.inspector.span_line import SpanLine
from gisapp.ui.layers.menu import SENSITIVITY_HELP
from gisapp.ui.session import Selection, Session
from gisapp.ui.styles.fields import ColorField
from gisapp.ui.table.filter_limits import filter_limit
from gisapp.ui.widgets.forms import beside, say, secondary

RowNumbers = NDArray[np.int64]

#: More fields or rows than these are read in the table, not here.
_MOST_FIELDS, _MOST_ROWS = 60, 12


def feature_page(
    place: QWidget, session: Session, commands: Commands, layer: Layer, rows: RowNumbers
) -> Page:
    """The fields of one row, as far as the audience may read them; several rows by number."""
    page = Page(place)

    def show_zone(zone_id: str) -> None:
        commands.select_zones((zone_id,), zoom=True)

    singular = layer.count_words(1).removeprefix("1 ").capitalize()
    if session.look.showing(layer) is not Showing.EACH:
        page.title(layer.name, "Layer")
        page.add(StandingCard("Not for this audience", "restricted", theme.current().muted))
        page.end()
        return page
    seen = open_rows(layer, session.look.audience, exported=False)
    if seen is not None:
        rows = rows[seen[rows]]
    if not len(rows):
        page.title(singular, f"Not for this audience in {layer.name}")
        page.end()
        return page
    rows, left_out = _passing(session, layer, rows)
    if len(rows) != 1:
        page.title(layer.count_words(len(rows)), f"Selected in {layer.name}")
    else:
        names = layer.column("name")
        title = str(names[int(rows[0])].as_py() or singular) if names is not None else singular
        page.title(title, f"{singular} in {layer.name}")

    if left_out:
        page.add(say(left_out, "hint"))

    def draw(part: Page, meetings: Meetings | None) -> None:
        for row in rows[:_MOST_ROWS].tolist():
            if len(rows) > 1:
                part.section(f"{singular} {row + 1:,}")
            part.facts(row_facts(layer, row))
            if layer.kind is LayerKind.DEPLOYMENTS:
                say_meetings(part, meetings, row, session.project.tzinfo, show_zone)

    if layer.kind is LayerKind.DEPLOYMENTS:
        _with_meetings(page, session, layer, draw)
    else:
        draw(page, None)
    if len(rows) > _MOST_ROWS:
        page.link(f"Read all {len(rows):,} in the table", lambda: commands.show_table(layer.id))
    if len(rows) and layer.kind is LayerKind.SERVICES and session.look.audience is Audience.POLICE:
        _offer_confidence(page, session, layer, tuple(rows.tolist()))
    page.end()
    return page


def _passing(session: Session, layer: Layer, rows: RowNumbers) -> tuple[RowNumbers, str]:
    """Of several rows those that pass the filter of the layer, and in words what it leaves out.

    A row that is read alone stays, whatever the filter asks for.
    """
    mask = session.filters.fields(layer.id)
    if mask is None or len(mask) != len(layer):
        return rows, ""
    passing = rows[mask[rows]]
    out = len(rows) - len(passing)
    if not out:
        return rows, ""
    if len(rows) == 1:
        return rows, "The filter leaves it out."
    others = "1 is" if out == 1 else f"{out:,} are"
    return passing, f"{others} selected besides, which the filter leaves out."


def _offer_confidence(page: Page, session: Session, layer: Layer, rows: tuple[int, ...]) -> None:
    """Whether services are kept confidential, and the other way as a link."""
    kept = bool(confidential_rows(layer)[list(rows)].all())
    if kept:
        page.add(
            StandingCard(
                "Kept confidential",
                "restricted",
                theme.current().muted,
                "Only police analysts see it, on screen. Zones whose outline tells where it is "
                "are in no file.",
            )
        )
    words = "Show it to others again" if kept else "Keep confidential"
    page.link(words, lambda: session.perform(edits.mark_confidential(layer.id, rows, not kept)))


def _with_meetings(
    page: Page, session: Session, layer: Layer, draw: Callable[[Page, Meetings | None], None]
) -> None:
    """Draw at once what deployments meet where it is known, else when it was found."""
    project, cache = session.project, session.cache
    known = known_meetings(project, layer, cache)
    if known is not None:
        draw(page, known)
        return
    task = Task(
        "Checking deployments",
        lambda progress: meetings_of(project, layer, cache, progress),
        reads=frozenset({layer.id}),
    )
    page.add(Later(session, task, draw))


def _look(page: Page, session: Session, commands: Commands, layer: Layer) -> None:
    """The colour at hand, and the way to everything else of the style."""
    page.section("Look")
    color = ColorField("Colour", lambda: commands.show_style(layer.id))
    color.set_color(layer.style.color)

    def paint(chosen: str, gesture: str) -> None:
        style = replace(session.project.layer(layer.id).style, color=chosen)
        session.perform(edits.restyle_layer(layer.id, style, drag=gesture or None))

    color.chosen.connect(paint)
    more = secondary("Style…", lambda: commands.show_style(layer.id))
    more.setToolTip("Classes, sizes, fill, names and scales of this layer")
    page.add(beside(color, more))


def _select_row(session: Session, layer: Layer, row: int) -> None:
    session.select(Selection(layer_id=layer.id, rows=np.array([row], dtype=np.int64)))


def row_facts(layer: Layer, row: int) -> list[tuple[str, str]]:
    """Names and values of a row. Of events only the fields their kind knows: what else a file
    held may point at a person."""
    known = [(f.label, layer.fields[f.name]) for f in FIELDS[layer.kind] if f.name in layer.fields]
    columns = known
    if not layer.is_events:
        used = {column for _, column in known}
        columns = known + [(c, c) for c in layer.table.column_names if c not in used]
    facts = []
    for label, column in columns[:_MOST_FIELDS]:
        if column in layer.table.column_names:
            value = layer.table[column][row].as_py()
            facts.append((label, _value(value, name=names_things(layer.table, column))))
    return facts


def _value(value: object, *, name: bool) -> str:
    """What a cell holds, in words; a number that is a `name` without separators."""
    if value is None:
        return ""
    if name and isinstance(value, int | float) and value == value // 1:
        return f"{value:.0f}"
    if isinstance(value, datetime):
        return f"{day_in_words(value.date())}, {value:%H:%M %Z}".strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def layer_page(place: QWidget, session: Session, commands: Commands, layer: Layer) -> Page:
    """A layer: what it holds, who may see it, and where it came from."""
    page, origin = Page(place), layer.provenance
    page.add(
        NameEdit(
            layer.name, "layer", lambda name: session.perform(edits.rename_layer(layer.id, name))
        )
    )
    how = session.look.showing(layer)
    audience = session.look.audience if layer.is_events else Audience.POLICE
    seen = open_rows(layer, session.look.audience, exported=False)
    held = layer.counted if seen is None else layer.count_words(int(seen.sum()))
    if how is Showing.NOTHING or suppressed(len(layer), audience) is None:
        held = layer.kind.label
    limit = filter_limit(session, layer)
    page.facts(
        [
            ("Holds", held),
            (
                "Shown by the filter" if limit and limit.left is not None else "Filter",
                limit.said(held) if limit else "",
            ),
            ("Shown", f"{how.value} ({session.look.audience.label.lower()})"),
            ("Who may see", SENSITIVITY_HELP[layer.sensitivity]),
            ("Time zone", layer.timezone or ""),
        ]
    )
    page.add(SpanLine(session, layer))
    page.buttons(
        ("zoom-layer", "Zoom to", lambda: commands.zoom_to_layer(layer.id)),
        ("table", "Table", lambda: commands.show_table(layer.id)),
    )
    if layer.kind is LayerKind.DEPLOYMENTS and how is Showing.EACH:

        def draw(part: Page, meetings: Meetings | None) -> None:
            say_all_meetings(part, layer, meetings, lambda row: _select_row(session, layer, row))

        _with_meetings(page, session, layer, draw)
    _look(page, session, commands, layer)
    page.section("Where it came from")
    imported = day_in_words(origin.imported_at.date()) if origin.imported_at else ""

    def told(count: int) -> str:
        """A count as this audience may read it; empty for none."""
        # Beside what is told of, a number of all services would tell how many are confidential.
        if how is Showing.NOTHING or not count or seen is not None:
            return ""
        return shown_count(suppressed(count, audience), audience)

    twice = told(origin.duplicates)
    page.facts(
        [
            ("Files", "\n".join(origin.sources)),
            ("Coordinates", origin.crs),
            ("Imported", imported),
            ("Rows read", told(origin.read)),
            ("Left out", told(origin.rejected)),
            *((f"  {reason}", told(count)) for reason, count in origin.reasons.items()),
            ("Duplicates", f"{twice} (kept, counted)" if twice else ""),
            ("Notes", "\n".join(origin.notes)),
        ]
    )
    page.end()
    return page
