"""Who may look at a paper for officers: a room sees on screen no more than its audience may."""

from __future__ import annotations

from gisapp.analysis.briefing.briefing import Briefing
from gisapp.analysis.briefing.order import Order
from gisapp.analysis.look_ups.service_list import services_of
from gisapp.errors import DataError
from gisapp.layers.audience import Audience, sees_zone


def check_reader(subject: Briefing | Order, audience: Audience) -> None:
    """DataError where the paper names what an audience may not see on screen."""
    told = all(sees_zone(one, audience, exported=False) for one in subject.told)
    if told and _services(subject, subject.audience) <= _services(subject, audience):
        return
    raise DataError(
        f"This page is for officers: it names what {audience.within} may not see.",
        "Choose another audience in the tool bar first.",
    )


def _services(subject: Briefing | Order, audience: Audience) -> frozenset[str]:
    """The names of the services that an audience may be told of."""
    exported = audience is subject.audience
    known = services_of(subject.project, audience, exported=exported).services
    return frozenset(one.name for one in known)
