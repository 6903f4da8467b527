"""Which HTML map is asked for, and what is said of it in words beside the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience, Showing, showing, threshold
from gisapp.layers.confidential import open_count
from gisapp.layers.layer import Bounds, Layer
from gisapp.layers.project import Project

Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Question:
    """Which map is asked for: the same for every group on it."""

    project: Project
    bounds: Bounds
    day: date
    audience: Audience
    rows: Mapping[str, Rows] = field(default_factory=dict)
    at: time | None = None


def in_words(moment: datetime) -> str:
    """`24 March 2026 17:00 GMT`: never without its zone where it has one."""
    return f"{day_in_words(moment.date())} {moment:%H:%M} {moment.tzname() or ''}".strip()


def moment_in_words(question: Question) -> str:
    """`on 24 March 2026`, or `on 24 March 2026 at 22:00 (Europe/London)`."""
    words = f"on {day_in_words(question.day)}"
    if question.at is None:
        return words
    return f"{words} at {question.at:%H:%M} ({question.project.timezone})"


def how_shown(question: Question, layer: Layer) -> Showing:
    """How the reader sees a layer: NOTHING, too, where it is switched off or no row is open."""
    if not layer.visible or not open_count(layer, question.audience, exported=True):
        return Showing.NOTHING
    return showing(layer.kind, layer.sensitivity, question.audience, exported=True)


def sources(question: Question) -> tuple[str, ...]:
    """Names of the files that what is shown came from, never their folders."""
    found = []
    for layer in question.project.layers:
        if not layer.provenance.sources or how_shown(question, layer) is Showing.NOTHING:
            continue
        files = ", ".join(PurePath(s.replace("\\", "/")).name for s in layer.provenance.sources)
        found.append(f"{layer.name}: {files}")
    return tuple(found)


def rules(question: Question) -> str:
    """What was left out, and why, in one sentence or two."""
    text = "Stops, overdoses and referrals are shown as counts or a surface, never one by one."
    least = threshold(question.audience)
    if question.audience is Audience.PATROL:
        return "Stops, overdoses and referrals are not part of maps for patrol systems."
    if least > 1:
        text += f" Counts below {least}, and what would give them away, are left out."
    elif question.audience is Audience.POLICE and _has_events(question):
        text += " Small counts are in it: for police analysts only."
    return text


def _has_events(question: Question) -> bool:
    return any(
        layer.is_events and how_shown(question, layer) is not Showing.NOTHING
        for layer in question.project.layers
    )
