"""The inspector's pages of zones: one in full, or several together."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtWidgets import QComboBox, QWidget

from gisapp.layers import edits, geodesy, zoning
from gisapp.layers.agreement import Agreement, Standing, day_in_words
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen, seen_zone
from gisapp.layers.vocabulary import Basis, Visibility
from gisapp.layers.zone import Zone
from gisapp.layers.zone_look import zone_look, zone_looks
from gisapp.layers.zoning import ZoneSummary
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.agreements.page import add_history, agreement_words, standing_card, term_facts
from gisapp.ui.commands import Commands
from gisapp.ui.inspector.later import Later
from gisapp.ui.inspector.parts import NameEdit, Page
from gisapp.ui.inspector.parts import Standing as StandingCard
from gisapp.ui.session import Session
from gisapp.ui.zones.zone_list import ZoneList, ZoneRow


def standing_words(project: Project, zone: Zone, day: date) -> tuple[Standing, str]:
    """How a zone stands on a day, and the sentence that says since or until when."""
    standing = project.standing(zone, day)
    agreement = project.terms_on(zone, day)
    if agreement is None:
        return standing, "Drawn as a proposal: put it under an agreement to give it effect."
    return standing, agreement_words(agreement, standing)


def _zone_card(session: Session, zone: Zone) -> StandingCard:
    """How a zone stands on the day, and at the hour that is asked for."""
    look = session.look
    standing, detail = standing_words(session.project, zone, look.day)
    words, _ = zone_look(session.project, zone, look.day, look.time)
    if standing is not Standing.IN_FORCE or words == standing.label:
        return standing_card(standing, detail)
    return StandingCard(words, "time", theme.current().muted, detail)


def _version_words(project: Project, zone: Zone, terms: Agreement, day: date) -> str:
    """`1; version 2 is a draft`, where a newer version than the one in force is recorded."""
    newest = project.agreement_of(zone)
    if newest is None or newest.version == terms.version:
        return str(terms.version) if terms.version > 1 else ""
    return f"{terms.version}; version {newest.version}: {newest.standing_on(day).value}"


def zone_page(place: QWidget, session: Session, commands: Commands, zone: Zone) -> Page:
    """One zone: name, how it stands, its agreement, its outline, and what can be done."""
    project, page = session.project, Page(place)
    if not is_seen(project, zone, session.look.audience, exported=False):
        page.title("Zone", "")
        page.add(StandingCard("Not for this audience", "restricted", theme.current().muted))
        page.end()
        return page
    zone = seen_zone(project, zone, session.look.audience, exported=False)
    page.add(
        NameEdit(zone.name, "zone", lambda name: session.perform(edits.rename_zone(zone.id, name)))
    )
    page.add(_zone_card(session, zone))
    add_history(page, session, project.history_of(zone), "the zone", listed=False)
    # What can be changed is the newest version, even while a former one is in force.
    newest = project.agreement_of(zone)
    page.buttons(
        ("zoom-layer", "Zoom to", lambda: commands.zoom_to_zones((zone.id,))),
        ("reshape", "Reshape", lambda: commands.use_tool("zones.reshape")),
        ("rename", "Rename", commands.rename),
        ("edit", "Details…", lambda: commands.change_details(zone.id)),
        ("agreement", "Agreement…", lambda: commands.edit_agreement(newest, (zone.id,))),
        ("delete", "Delete", lambda: commands.remove_zones((zone.id,))),
    )
    page.link("Record a possible breach…", commands.record_breach)
    _add_agreement(page, session, commands, zone)
    _add_outline(page, zone)
    page.end()
    return page


def _add_agreement(page: Page, session: Session, commands: Commands, zone: Zone) -> None:
    """Under which agreement it is, and what holds in it: its own terms or the agreement's."""
    project, day = session.project, session.look.day
    page.section("Agreement")
    page.add(_agreement_choice(session, commands, (zone,)))
    agreement = project.terms_on(zone, day)
    if agreement is not None:
        parties = ", ".join(party.organisation for party in agreement.parties)
        own = "its own, in place of the agreement's" if zone.terms is not None else ""
        page.facts(
            [
                ("Terms", own),
                *term_facts(agreement),
                ("Hours", agreement.hours_in_words()),
                ("Hours unknown", project.hours_problem(zone)),
                ("Parties", parties),
                ("Version", _version_words(project, zone, agreement, day)),
            ]
        )
        page.link("Read the whole agreement", lambda: commands.show_agreement(agreement.id))
    page.buttons(
        ("edit", "Own terms…", lambda: commands.set_own_terms((zone.id,))),
        ("copy", "Copy terms…", lambda: commands.copy_terms((zone.id,))),
    )


def _add_outline(page: Page, zone: Zone) -> None:
    page.section("Outline")
    minutes = f"{zone.walk_minutes:g} minutes" if zone.walk_minutes is not None else ""
    width = geodesy.in_words(zone.width_m) if zone.width_m is not None else ""
    page.facts(
        [
            ("Shape", zone.basis.label),
            ("Round", zone.service),
            ("And round", ", ".join(zone.anchors)),
            ("Parts", zone.parts),
            ("Radius", _radius(zone)),
            ("Walk", minutes),
            ("Measured from", zone.measured_from.label if zone.measured_from else ""),
            ("Streets", ", ".join(zone.streets)),
            ("Width", width),
            ("Area", geodesy.area_in_words(zone.area_m2)),
            ("Basis", zone.basis_text or _no_basis(zone)),
            ("Effect", zone.polarity.label),
            ("Starts", _moment(zone.starts_at)),
            ("Ends", _moment(zone.ends_at)),
            ("Priority", str(zone.priority) if zone.priority else ""),
            ("Who may see it", _visibility(zone)),
            ("Note", zone.note),
        ]
    )


def _radius(zone: Zone) -> str:
    if zone.radius_m is None:
        return ""
    metres = geodesy.in_words(zone.radius_m)
    typed = zone.radius_text.replace(" ", "")
    same = not typed or typed == metres.replace(" ", "")
    return metres if same else f"{zone.radius_text} ({metres})"


def _moment(at: datetime | None) -> str:
    return f"{day_in_words(at.date())}, {at:%H:%M %Z}" if at is not None else ""


def _visibility(zone: Zone) -> str:
    return "" if zone.visibility is Visibility.PUBLIC else zone.visibility.label


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


def zones_page(
    place: QWidget, session: Session, commands: Commands, zones: tuple[Zone, ...]
) -> Page:
    """Several zones: what they amount to, and what can be done with all of them."""
    page, day = Page(place), session.look.day
    keys = tuple(zone.id for zone in zones)
    page.title(f"{len(zones):,} zones", "Selected")
    page.add(Later(session, Task("Adding up zones", lambda _: zoning.summary(zones)), _covered))
    page.section("Put them under")
    page.add(_agreement_choice(session, commands, zones))
    page.buttons(
        ("zoom-layer", "Zoom to", lambda: commands.zoom_to_zones(keys)),
        ("delete", "Delete", lambda: commands.remove_zones(keys)),
        ("copy", "Copy terms…", lambda: commands.copy_terms(keys)),
        ("edit", "Own terms…", lambda: commands.set_own_terms(keys)),
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
