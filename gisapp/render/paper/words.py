"""The sentences of a printed page: what is counted, for whom, from where, and by what rules."""

from __future__ import annotations

from datetime import datetime

from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience, Showing, threshold
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.render.furniture import shortened, sources
from gisapp.render.legend import in_words
from gisapp.render.look import Look


def subtitle_of(project: Project, look: Look) -> str:
    """What is counted and when: `6,060 overdoses, August 2015 to January 2018`.

    Layers of the same months are named together.
    """
    spans: dict[str, list[str]] = {}
    for layer in reversed(project.layers):
        shown = layer.visible and look.showing(layer) is not Showing.NOTHING
        if shown and layer.is_events and len(layer):
            spans.setdefault(months_of(layer), []).append(in_words(layer, look))
    return ". ".join(", ".join(filter(None, (_listed(w), span))) for span, w in spans.items())


def _listed(words: list[str]) -> str:
    """`a`, `a and b` or `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def months_of(layer: Layer) -> str:
    """The months of the first and the last event; days would say more of single ones."""
    ends = layer.time_range
    if ends is None:
        return ""
    first, last = ends
    if (first.year, first.month) == (last.year, last.month):
        return f"{last:%B %Y}"
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{start} to {last:%B %Y}"


def day_words(project: Project, look: Look) -> str:
    """The day that zones are judged at: `Zones on 21 November 2025 at 22:00 (Europe/London)`."""
    words = f"Zones on {day_in_words(look.day)}"
    return words if look.time is None else f"{words} at {look.time:%H:%M} ({project.timezone})"


def footnotes(project: Project, look: Look, generated_at: datetime) -> tuple[str, ...]:
    """Sources, rules of suppression, and when the page was made."""
    notes = []
    named = sources(project, look)
    if named:
        notes.append(f"Sources: {shortened(named)}.")
    notes.append(_rule(project, look))
    made = f"{day_in_words(generated_at.date())}, {generated_at:%H:%M} {generated_at.tzname()}"
    notes.append(
        f"The scale is true on the ground at the middle of the map. Made with gisapp on {made}."
    )
    return tuple(note for note in notes if note)


def _rule(project: Project, look: Look) -> str:
    events = any(
        layer.visible and layer.is_events and look.showing(layer) is not Showing.NOTHING
        for layer in project.layers
    )
    if not events:
        return "This map holds no stops, overdoses or other events."
    words = "Stops, overdoses and referrals are shown as counts or a surface, never one by one."
    least = threshold(look.audience)
    if least > 1:
        return f"{words} Counts below {least}, and what would give them away, are left out."
    if look.audience is Audience.POLICE:
        words += " Small counts are in it: for police analysts only."
    return words
