"""Zones that are in force but not fit for a paper: nobody could rely on where they are."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from gisapp.analysis.briefing.area import told_zones
from gisapp.layers.agreement import Agreement
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True, eq=False)
class Unfit:
    """A zone, as it may be shown, that is left out of what holds, and why."""

    zone: Zone
    why: str

    @property
    def name(self) -> str:
        return self.zone.name


def shown(project: Project, audience: Audience) -> tuple[tuple[Zone, ...], tuple[Unfit, ...]]:
    """Zones under an agreement that may be told to an audience on paper, and those left out.

    Both under the names that they may have there. Left out is what a package refuses too: a
    circle whose radius nobody settled, and an outline that crosses itself.
    """
    fit: list[Zone] = []
    unfit: list[Unfit] = []
    for zone in told_zones(project, audience):
        agreement = project.agreement_of(zone)
        if agreement is None:
            continue
        why = _why_unfit(zone, agreement)
        if why:
            unfit.append(Unfit(zone, why))
        else:
            fit.append(zone)
    return tuple(fit), tuple(unfit)


def _why_unfit(zone: Zone, agreement: Agreement) -> str:
    basis = zone.basis_text.strip() or agreement.radius_basis.strip()
    if zone.basis is Basis.CIRCLE and not basis:
        return "nobody wrote down who settled on the radius of this circle"
    # The scene of an overdose is told as a rule, never as a place.
    if zone.basis is not Basis.EVENT_SCENE and not shapely.is_valid(zone.shape):
        return "its outline crosses itself and must be mended first"
    return ""
