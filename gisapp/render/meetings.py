"""Deployments that meet zones in force at their hours: found once, for map and inspector alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.deployments import zones_met
from gisapp.analysis.deployments.zones_met import Conflict
from gisapp.errors import DataError
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache

#: What the cache calls it.
_NAME = "meetings"


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """Conflicts in the order of the rows, and the rows whose hours are not known.

    `trouble` says in words why nothing could be checked; it is empty otherwise.
    """

    conflicts: tuple[Conflict, ...] = ()
    unjudged: frozenset[int] = frozenset()
    trouble: str = ""

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows of the deployments that meet a zone, each once, in their order."""
        return np.unique(np.array([c.deployment_row for c in self.conflicts], dtype=np.int64))

    def of(self, row: int) -> tuple[Conflict, ...]:
        return tuple(one for one in self.conflicts if one.deployment_row == row)


class _Terms:
    """What conflicts depend on besides the layer: equal as long as it is the very same."""

    def __init__(self, project: Project) -> None:
        self._parts = (
            project.zones,
            project.agreements,
            project.former,
            project.settlements,
            project.overlap_rule,
            # Some zones hold at the hours of services.
            *project.layers_of(LayerKind.SERVICES),
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Terms)
            and len(self._parts) == len(other._parts)
            and all(mine is theirs for mine, theirs in zip(self._parts, other._parts, strict=True))
        )

    def __hash__(self) -> int:
        return hash(tuple(map(id, self._parts)))


def meetings_of(
    project: Project, layer: Layer, cache: Cache, progress: Progress | None = None
) -> Meetings:
    """What a layer of deployments meets; computed again only when zones or agreements change."""

    def make() -> Meetings:
        try:
            found = zones_met.conflicts(project, layer, progress)
            return Meetings(found, frozenset(zones_met.unjudged(layer).tolist()))
        except DataError as error:
            return Meetings(trouble=str(error))

    owners, asked = _asked(project, layer)
    return cache.get(owners, _NAME, asked, make, keep=1)


def known_meetings(project: Project, layer: Layer, cache: Cache) -> Meetings | None:
    """The same, where it was found before and still holds; None where it takes time."""
    owners, asked = _asked(project, layer)
    known = cache.known(owners, _NAME, asked)
    return known if isinstance(known, Meetings) else None


def _asked(project: Project, layer: Layer) -> tuple[tuple[object, ...], Hashable]:
    terms = (_Terms(project), tuple(sorted(layer.fields.items())))
    return (layer.geometry, layer.table), terms
