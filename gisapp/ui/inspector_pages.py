"""Pages of the inspector, each about one thing: zone, zones, agreement, feature, layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from PySide6.QtWidgets import QComboBox

from gisapp.layers import edits, geodesy, zoning
from gisapp.layers.agreement import Agreement, Standing, day_in_words
from gisapp.layers.audience import Audience, Showing, shown_count, suppressed
from gisapp.layers.layer import FIELDS, Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind
from gisapp.layers.zone import Zone
from gisapp.layers.zone_look import zone_look, zone_looks
from gisapp.layers.zoning import ZoneSummary
from gisapp.render.meetings import Meetings, known_meetings, meetings_of
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.forms import beside, secondary
from gisapp.ui.inspector_parts import NameEdit, Page
from gisapp.ui.inspector_parts import Standing as StandingCard
from gisapp.ui.later import Later
from gisapp.ui.layers_menu import SENSITIVITY_HELP
from gisapp.ui.meeting_parts import say_all_meetings, say_meetings
from gisapp.ui.session import Selection, Session
from gisapp.ui.style_fields import ColorField
from gisapp.ui.zone_list import ZoneList, ZoneRow

#: More fields or rows than these are read in the table, not here.
_MOST_FIELDS, _MOST_ROWS = 60, 12

_PICTURES = {
    Standing.IN_FORCE: ("done", "done"),
    Standing.AGREED: ("time", "done"),
    Standing.UNSIGNED: ("warning", "warning"),
    Standing.DRAFT: ("edit", "info"),
    Standing.PROPOSED: ("edit", "info"),
}


def standing_words(project: Project, zone: Zone, day: date) -> tuple[Standing, str]:
    """How a zone stands on a day, and the sentence that says since or until when."""
    standing = project.standing(zone, day)
    agreement = project.terms_on(zone, day)
    if agreement is None:
        return standing, "Drawn as a proposal: put it under an agreement to give it effect."
    return standing, agreement_words(agreement, standing)


def agreement_words(agreement: Agreement, standing: Standing) -> str:
    """One sentence on an agreement's dates and signatures."""
    if standing is Standing.IN_FORCE:
        return (
            f"until {day_in_words(agreement.expires)}" if agreement.expires else "with no end date"
        )
    if standing is Standing.AGREED:
        if agreement.effective is None:
            return "No start date yet."
        return f"starts on {day_in_words(agreement.effective)}"
    if standing is Standing.UNSIGNED:
        missing = [p.organisation for p in agreement.parties if p.signed_on is None]
        return "Still to sign: " + ", ".join(missing) if missing else "No parties are named yet."
    if standing is Standing.EXPIRED and agreement.expires is not None:
        return f"ended after {day_in_words(agreement.expires)}"
    return agreement.validity_in_words()


def standing_card(standing: Standing, detail: str) -> StandingCard:
    picture, color = _PICTURES.get(standing, ("cancel", "muted"))
    return StandingCard(standing.label, picture, getattr(theme.current(), color), detail)


def _zone_card(session: Session, zone: Zone) -> StandingCard:
    """How a zone stands on the day, and at the hour that is asked for."""
    look = session.look
    standing, detail = standing_words(session.project, zone, look.day)
    words, _ = zone_look(session.project, zone, look.day, look.time)
    if standing is not Standing.IN_FORCE or words == standing.label:
        return standing_card(standing, detail)
    return StandingCard(words, "time", theme.current().muted, detail)


def _terms(page: Page, agreement: Agreement) -> None:
    """What is agreed, for whom and when."""
    page.facts(
        [
            ("Suspended", ", ".join(a.label for a in agreement.suspended)),
            ("For", agreement.persons),
            ("Except", ", ".join(e.label for e in agreement.exceptions)),
            ("Hours", agreement.hours_in_words()),
            ("Parties", ", ".join(party.organisation for party in agreement.parties)),
            ("Units bound", agreement.units_bound),
            ("Refer to", agreement.referral_contact),
        ]
    )


def _version_words(project: Project, zone: Zone, terms: Agreement, day: date) -> str:
    """`1; version 2 is a draft`, where a newer version than the one in force is recorded."""
    newest = project.agreement_of(zone)
    if newest is None or newest.version == terms.version:
        return str(terms.version) if terms.version > 1 else ""
    return f"{terms.version}; version {newest.version}: {newest.standing_on(day).value}"


def zone_page(session: Session, commands: Commands, zone: Zone) -> Page:
    """One zone: name, how it stands, its agreement, its outline, and what can be done."""
    project, page = session.project, Page()
    page.add(
        NameEdit(zone.name, "zone", lambda name: session.perform(edits.rename_zone(zone.id, name)))
    )
    page.add(_zone_card(session, zone))
    page.section("Agreement")
    page.add(_agreement_choice(session, commands, (zone,)))
    day = session.look.day
    agreement = project.terms_on(zone, day)
    # What can be changed is the newest version, even while a former one is in force.
    newest = project.agreement_of(zone)
    if agreement is not None:
        _terms(page, agreement)
        page.facts([("Version", _version_words(project, zone, agreement, day))])
        page.link("Read the whole agreement", lambda: commands.show_agreement(agreement.id))
    page.section("Outline")
    radius = ""
    if zone.radius_m is not None:
        metres = geodesy.in_words(zone.radius_m)
        typed = zone.radius_text.replace(" ", "")
        same = not typed or typed == metres.replace(" ", "")
        radius = metres if same else f"{zone.radius_text} ({metres})"
    page.facts(
        [
            ("Shape", zone.basis.label),
            ("Round", zone.service),
            ("Radius", radius),
            ("Area", geodesy.area_in_words(zone.area_m2)),
            ("Basis", zone.basis_text or _no_basis(zone)),
            ("Effect", zone.polarity.label),
            ("Note", zone.note),
        ]
    )
    page.buttons(
        ("zoom-layer", "Zoom to", lambda: commands.zoom_to_zones((zone.id,))),
        ("reshape", "Reshape", lambda: commands.use_tool("zones.reshape")),
        ("rename", "Rename", commands.rename),
        ("agreement", "Agreement…", lambda: commands.edit_agreement(newest, (zone.id,))),
        ("delete", "Delete", lambda: commands.remove_zones((zone.id,))),
    )
    page.end()
    return page


def _no_basis(zone: Zone) -> str:
    if zone.basis is Basis.CIRCLE:
        return "Not recorded: a circle without it is not exported"
    return "Not recorded"


def _agreement_choice(session: Session, commands: Commands, zones: tuple[Zone, ...]) -> QComboBox:
    """Under which agreement the zones are; another choice puts them there."""
    box = QComboBox()
    box.setAccessibleName("Agreement of the zone" if len(zones) == 1 else "Agreement of the zones")
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.addItem("No agreement (a proposal)", None)
    for agreement in session.project.agreements.values():
        box.addItem(agreement.title, agreement.id)
    ids = {zone.agreement_id for zone in zones}
    if len(ids) == 1:
        box.setCurrentIndex(max(box.findData(ids.pop()), 0))
    else:
        box.setPlaceholderText("Different agreements")
        box.setCurrentIndex(-1)
    keys = tuple(zone.id for zone in zones)
    box.activated.connect(lambda: commands.place_under(keys, box.currentData()))
    return box


def zones_page(session: Session, commands: Commands, zones: tuple[Zone, ...]) -> Page:
    """Several zones: what they amount to, and what can be done with all of them."""
    page, day = Page(), session.look.day
    keys = tuple(zone.id for zone in zones)
    page.title(f"{len(zones):,} zones", "Selected")
    page.add(Later(session, Task("Adding up zones", lambda _: zoning.summary(zones)), _covered))
    page.section("Put them under")
    page.add(_agreement_choice(session, commands, zones))
    page.buttons(
        ("zoom-layer", "Zoom to", lambda: commands.zoom_to_zones(keys)),
        ("delete", "Delete", lambda: commands.remove_zones(keys)),
    )
    page.section("Zones")
    rows = ZoneList("Selected zones")
    looks = zone_looks(session.project, day, session.look.time)
    rows.show_zones([ZoneRow(zone.id, zone.name, *looks[zone.id]) for zone in zones])
    rows.zone_activated.connect(lambda key: commands.select_zones((key,), zoom=True))
    page.add(rows, 1)
    return page


def _covered(page: Page, covered: ZoneSummary | None) -> None:
    """What zones cover together, once it was added up."""
    if covered is None:
        page.facts([("Area", "Adding up…")])
        return
    overlaps = f"{covered.overlaps:,}, counted once" if covered.overlaps else ""
    page.facts([("Area", geodesy.area_in_words(covered.area_m2)), ("Overlaps", overlaps)])


def agreement_page(session: Session, commands: Commands, agreement: Agreement) -> Page:
    """One agreement in full, with its zones."""
    project, page = session.project, Page()
    page.title(agreement.title, f"Agreement, version {agreement.version}")
    standing = agreement.standing_on(session.look.day)
    page.add(standing_card(standing, agreement_words(agreement, standing)))
    page.facts(
        [("Valid", agreement.validity_in_words()), ("Status", agreement.status.capitalize())]
    )
    _terms(page, agreement)
    signed = [
        f"{p.organisation} ({p.role.label.lower()}): "
        + (f"signed {day_in_words(p.signed_on)}" if p.signed_on else "not signed")
        for p in agreement.parties
    ]
    page.facts(
        [
            ("Signatures", "\n".join(signed)),
            ("Radius", agreement.radius_basis),
            ("Legal basis", agreement.legal_basis),
            ("Notes", agreement.notes),
        ]
    )
    keys = tuple(z.id for z in project.zones.values() if z.agreement_id == agreement.id)
    page.buttons(
        ("edit", "Change…", lambda: commands.edit_agreement(agreement)),
        ("zone", f"Select {len(keys):,} zones", lambda: commands.select_zones(keys, zoom=True)),
        ("delete", "Remove", lambda: commands.remove_agreement(agreement.id)),
    )
    former = [old for old in project.former if old.id == agreement.id]
    if former:
        page.section("Former versions")
        page.facts((f"Version {old.version}", old.validity_in_words()) for old in former)
    page.end()
    return page


def feature_page(session: Session, commands: Commands, layer: Layer, rows: tuple[int, ...]) -> Page:
    """The fields of one row, as far as the audience may read them; several rows by number."""
    page = Page()

    def show_zone(zone_id: str) -> None:
        commands.select_zones((zone_id,), zoom=True)

    singular = layer.kind.counted(1).removeprefix("1 ").capitalize()
    if session.look.showing(layer) is not Showing.EACH:
        page.title(layer.name, "Layer")
        page.add(StandingCard("Not for this audience", "restricted", theme.current().muted))
        page.end()
        return page
    if len(rows) > 1:
        page.title(layer.kind.counted(len(rows)), f"Selected in {layer.name}")
    else:
        names = layer.column("name")
        title = str(names[rows[0]].as_py() or singular) if names is not None else singular
        page.title(title, f"{singular} in {layer.name}")

    def draw(part: Page, meetings: Meetings | None) -> None:
        for row in rows[:_MOST_ROWS]:
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
    page.end()
    return page


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
            facts.append((label, _value(layer.table[column][row].as_py())))
    return facts


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{day_in_words(value.date())}, {value:%H:%M %Z}".strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def layer_page(session: Session, commands: Commands, layer: Layer) -> Page:
    """A layer: what it holds, who may see it, and where it came from."""
    page, origin = Page(), layer.provenance
    page.add(
        NameEdit(
            layer.name, "layer", lambda name: session.perform(edits.rename_layer(layer.id, name))
        )
    )
    how = session.look.showing(layer)
    audience = session.look.audience if layer.is_events else Audience.POLICE
    held = layer.counted
    if how is Showing.NOTHING or suppressed(len(layer), audience) is None:
        held = layer.kind.label
    page.facts(
        [
            ("Holds", held),
            ("Shown", f"{how.value} ({session.look.audience.label.lower()})"),
            ("Who may see", SENSITIVITY_HELP[layer.sensitivity]),
            ("Time zone", layer.timezone or ""),
        ]
    )
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
        if how is Showing.NOTHING or not count:
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
