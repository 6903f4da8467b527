"""What the inspector says of deployments that meet zones: where, when, what is suspended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial

from gisapp.analysis.deployments.zones_met import Conflict
from gisapp.layers.agreement import day_in_words
from gisapp.layers.deployment_units import Binding
from gisapp.layers.layer import Layer
from gisapp.render.meetings import Meetings
from gisapp.ui import theme
from gisapp.ui.inspector.parts import Page, Standing
from gisapp.ui.widgets.forms import say

#: More deployments than this are not listed one by one.
_MOST = 20
_CHECKING = "Checking against the zones…"


def say_meetings(
    page: Page, meetings: Meetings | None, row: int, zone: tzinfo, show: Callable[[str], object]
) -> None:
    """The zones that the deployment in a row meets; `show` selects a zone by its id.

    None for what is still being looked for.
    """
    t = theme.current()
    page.section("Zones at these hours")
    if meetings is None:
        page.add(say(_CHECKING, "hint"))
        return
    found = meetings.of(row)
    if meetings.trouble:
        page.add(Standing("Not checked", "warning", t.warning, meetings.trouble))
    elif row in meetings.unjudged:
        why = "Start or end is missing, or the end is not after the start."
        page.add(Standing("Not checked", "warning", t.warning, why))
    elif not found:
        page.add(Standing("Meets no zone in force", "done", t.done))
    for one in found:
        doubt = "; not known whether it binds this unit" if one.binds is Binding.UNKNOWN else ""
        detail = f"{where_and_when(one, zone)}{doubt}"
        page.add(Standing(f"Meets {one.zone}", "warning", t.error, detail))
        page.facts([("Not done there", "\n".join(a.label for a in one.suspended))])
        page.link("Show the zone", partial(show, one.zone_id))


def where_and_when(one: Conflict, zone: tzinfo) -> str:
    """`24 March 2026, 17:00 to 20:00 (GMT); 81 % of its area`."""
    first, last = one.first.astimezone(zone), one.last.astimezone(zone)
    end = f"{last:%H:%M}"
    if last.date() != first.date():
        end = f"{day_in_words(last.date())}, {end}"
    words = f"{day_in_words(first.date())}, {first:%H:%M} to {end} ({first:%Z})"
    if one.overlap_m2:
        words += f"; {max(round(one.share * 100), 1)} % of its area"
    return words


def say_all_meetings(
    page: Page, layer: Layer, meetings: Meetings | None, show: Callable[[int], object]
) -> None:
    """How many deployments of a layer meet a zone, and which; `show` selects one by its row."""
    t = theme.current()
    page.section("Zones at their hours")
    if meetings is None:
        page.add(say(_CHECKING, "hint"))
        return
    rows = meetings.rows.tolist()
    if meetings.trouble:
        page.add(Standing("Not checked", "warning", t.warning, meetings.trouble))
        return
    unknown = len(meetings.unjudged)
    detail = f"{unknown:,} not checked: start or end is missing or wrong." if unknown else ""
    if rows:
        words = f"{len(rows):,} of {len(layer):,} meet a zone in force"
        page.add(Standing(words, "warning", t.error, detail))
    elif unknown:
        # What nobody could check is never taken as clear.
        page.add(Standing("None that was checked meets a zone", "warning", t.warning, detail))
    else:
        page.add(Standing("None meets a zone in force", "done", t.done, detail))
    names = {one.deployment_row: one.deployment for one in meetings.conflicts}
    for row in rows[:_MOST]:
        page.link(names[row], partial(show, row))
