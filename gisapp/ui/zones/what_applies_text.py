"""What applies at a place, as text for the panel beside the map."""

from __future__ import annotations

from html import escape

from gisapp.analysis.look_ups.place_answer import HoldsHere, PlaceAnswer
from gisapp.analysis.look_ups.place_words import not_now, not_settled, terms_of
from gisapp.layers.vocabulary import Polarity


def as_html(answer: PlaceAnswer) -> str:
    """Zones that hold, those that do not and why, and what nobody knows; names lead to the zone."""
    parts = [_warning(not_settled(plain, other)) for plain, other in answer.disputed]
    parts += [_zone(one) for one in answer.holds]
    if not answer.holds:
        parts.append("<p><b>No zone holds here then.</b></p>")
    for zone, why in answer.unsure:
        said = f": {why}" if why else ""
        parts.append(_warning(f"Not known whether “{zone.name}” holds{said}"))
    if answer.not_now:
        lines = "".join(
            f"<li>{_link(one.zone.id, one.zone.name)}: {escape(not_now(one))}</li>"
            for one in answer.not_now
        )
        parts.append(f"<p><b>Here, but not then</b></p><ul style='margin-left:-24px'>{lines}</ul>")
    return "".join(parts)


def _zone(one: HoldsHere) -> str:
    plain = one.zone.polarity is Polarity.NO_ENFORCEMENT
    title = (
        f"<p><b>{_link(one.zone.id, one.zone.name)}</b> holds · {escape(one.agreement.title)}</p>"
    )
    activities = [activity.label for activity in one.suspended]
    other = one.agreement.suspended_other.strip()
    if plain and other:
        activities.append(other)
    listed = "".join(f"<li>{escape(text)}</li>" for text in activities)
    not_here = f"<p>Not done here:</p><ul style='margin-left:-24px'>{listed}</ul>" if listed else ""
    terms = "<br>".join(f"{escape(name)}: {escape(text)}" for name, text in terms_of(one))
    return f"{title}{not_here}<p>{terms}</p>"


def _warning(text: str) -> str:
    return f"<p><b>⚠ {escape(text)}.</b></p>"


def _link(zone_id: str, name: str) -> str:
    return f'<a href="{escape(zone_id)}">{escape(name)}</a>'
