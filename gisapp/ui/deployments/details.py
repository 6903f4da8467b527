"""What the panel says of one deployment: zones, what not to do there, help, advice."""

from __future__ import annotations

from html import escape

from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments.check import Checked, DeploymentCheck, Meeting
from gisapp.layers.units import Units


def details(check: DeploymentCheck, one: Checked, units: Units) -> str:
    """The deployment as HTML; every text that comes from files is escaped."""
    who = " · ".join(filter(None, (one.unit, one.purpose)))
    parts = [f"<b>{escape(one.name)}</b>", *_lines(who, advice.hours_words(one))]
    for meeting in one.met:
        parts += _zone(check, one, meeting, units)
    for meeting in one.others:
        parts += _lines(f"“{meeting.conflict.zone}”: {advice.binds_words(meeting)}")
    parts += ["", "<b>What to do</b>"]
    parts += [f"• {escape(text)}" for text in advice.advice_of(check, one, units)]
    if one.services:
        parts += ["", "<b>Services inside</b>"]
        parts += [escape(advice.service_words(check, each)) for each in one.services]
    return "<br>".join(parts)


def _zone(check: DeploymentCheck, one: Checked, meeting: Meeting, units: Units) -> list[str]:
    words = advice.meeting_words(check, one, meeting, units)
    found = ["", f"<b>Meets {escape(words.zone)}</b>", *_lines(words.where, words.when)]
    named = "; ".join(words.not_there) or "the agreement names nothing"
    found.append(f"Not done there: {escape(named)}")
    if words.exceptions:
        found += _lines(f"Except: {words.exceptions}")
    return [*found, *_lines(words.binds, f"On {words.streets}" if words.streets else "")]


def _lines(*texts: str) -> list[str]:
    return [escape(text) for text in texts if text]
