"""The project: everything a user keeps, as one frozen value, and the difference between two."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gisapp.errors import EditError
from gisapp.layers import holding
from gisapp.layers.agreement import Agreement, Standing
from gisapp.layers.base_map import BaseMap
from gisapp.layers.breach import Breach
from gisapp.layers.export_log import Export, ExportLog
from gisapp.layers.layer import Bounds, Layer
from gisapp.layers.moments import Moments
from gisapp.layers.scenario import OverlapRule, Scenario, Settlement
from gisapp.layers.service_hours import hours_problem, service_hours, with_service_hours
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True)
class Hotspots:
    """Parameters of a hotspot surface of one layer; the surface itself is computed when needed.

    `method` is `kde` (kernel density) or `gistar` (Getis-Ord Gi*). Lengths are metres on the
    ground. For Gi* `bandwidth_m` is the distance within which cells are neighbours.
    """

    layer_id: str
    method: str = "kde"
    cell_m: float = 150.0
    bandwidth_m: float = 400.0
    visible: bool = True
    opacity: float = 0.75
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named place to come back to: west, south, east, north in degrees."""

    name: str
    bounds: Bounds


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Project:
    """Layers from bottom to top, zones and agreements by id, analysis parameters, views.

    Mappings are never changed in place: each change gives a new Project that shares the rest.
    `former` keeps the earlier versions of agreements as they were, oldest first.
    """

    title: str = "Untitled project"
    timezone: str = "UTC"
    layers: tuple[Layer, ...] = ()
    zones: Mapping[str, Zone] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    former: tuple[Agreement, ...] = ()
    hotspots: tuple[Hotspots, ...] = ()
    views: tuple[SavedView, ...] = ()
    zones_visible: bool = True
    base_map: BaseMap | None = None
    breaches: tuple[Breach, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    overlap_rule: OverlapRule = OverlapRule.UNION
    settlements: tuple[Settlement, ...] = ()
    exports: ExportLog = field(default_factory=ExportLog)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def is_empty(self) -> bool:
        return not self.layers and not self.zones and not self.agreements

    @property
    def bounds(self) -> Bounds | None:
        """The extent of all layers and zones in degrees, or None when there is nothing."""
        boxes = [layer.bounds for layer in self.layers]
        boxes += [zone.shape.bounds for zone in self.zones.values()]
        return around(boxes)

    def with_export(self, line: Export) -> Project:
        """The project whose log tells of one more file that left."""
        return replace(self, exports=self.exports.with_line(line))

    # Looking things up

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id; EditError if it is gone."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise EditError("This layer is no longer in the project.")

    def layer_named(self, name: str) -> Layer:
        """The layer with this name, in any case; EditError naming the layers there are."""
        for layer in self.layers:
            if layer.name.casefold() == name.casefold():
                return layer
        names = ", ".join(f"“{layer.name}”" for layer in self.layers) or "none"
        raise EditError(f"There is no layer “{name}”.", f"Layers in this project: {names}.")

    def layers_of(self, kind: LayerKind) -> tuple[Layer, ...]:
        return tuple(layer for layer in self.layers if layer.kind is kind)

    def zone(self, zone_id: str) -> Zone:
        """The zone with this id; EditError if it is gone."""
        try:
            return self.zones[zone_id]
        except KeyError:
            raise EditError("This zone is no longer in the project.") from None

    def agreement_of(self, zone: Zone) -> Agreement | None:
        return self.agreements.get(zone.agreement_id) if zone.agreement_id else None

    def versions_of(self, zone: Zone) -> tuple[Agreement, ...]:
        """The agreement of a zone after its former versions, oldest first, as they hold for it.

        Each former version is shown as it stands beside the next that takes over, whatever was
        corrected since: so a draft of a new version ends nothing. Where the zone has terms of
        its own, every version has those; one that follows a service has the hours of the zone's.
        """
        versions = list(self.versions_of_agreement(zone.agreement_id or ""))
        if zone.terms is not None:
            versions = [version.with_terms(zone.terms) for version in versions]
        if any(version.calendar.service_hours for version in versions):
            found = service_hours(self.layers_of(LayerKind.SERVICES), zone)
            versions = [with_service_hours(version, found) for version in versions]
        return tuple(versions)

    def versions_of_agreement(self, agreement_id: str) -> tuple[Agreement, ...]:
        """An agreement after its former versions, each as it stands beside those after it."""
        if agreement_id not in self.agreements:
            return ()
        former = [old for old in self.former if old.id == agreement_id]
        return tuple(holding.side_by_side([*former, self.agreements[agreement_id]]))

    # When a zone holds

    def agreement_on(self, agreement_id: str, day: date) -> Agreement:
        """The version of an agreement that speaks on a day; EditError if it is gone."""
        speaking = holding.speaking_on(self.versions_of_agreement(agreement_id), day)
        if speaking is None:
            raise EditError("This agreement is no longer in the project.")
        return speaking

    def standing(self, zone: Zone, day: date) -> Standing:
        """How a zone stands on a day, by the version of its agreement that speaks for it then."""
        return holding.standing_on(self.versions_of(zone), zone, day)

    def version_on(self, zone: Zone, day: date) -> Agreement | None:
        """The version of a zone's agreement under which it is in force on a day, or None."""
        versions = self.versions_of(zone)
        if holding.standing_on(versions, zone, day) is not Standing.IN_FORCE:
            return None
        return holding.speaking_on(versions, day)

    def terms_on(self, zone: Zone, day: date) -> Agreement | None:
        """What to say of a zone on a day: the version in force then, else as `speaking_on` says."""
        return holding.speaking_on(self.versions_of(zone), day)

    def history_of(self, zone: Zone) -> tuple[holding.Span, ...]:
        """How a zone stood and will stand, from first to last; nothing without an agreement."""
        return holding.spans_of(self.versions_of(zone), zone)

    def hours_problem(self, zone: Zone) -> str:
        """Why it is not known at which hours a zone holds that follows a service; else empty.

        Such a zone holds at its agreement's own hours, and without any never.
        """
        terms = self.agreement_of(zone)
        if terms is not None and zone.terms is not None:
            terms = terms.with_terms(zone.terms)
        if terms is None or not terms.calendar.service_hours:
            return ""
        return hours_problem(terms, service_hours(self.layers_of(LayerKind.SERVICES), zone))

    def hold_key(self, zone: Zone) -> Hashable:
        """Zones with equal keys hold at the same times."""
        key = zone.agreement_id, zone.terms, zone.starts_at, zone.ends_at
        return (*key, zone.id) if self._follows_service(zone) else key

    def _follows_service(self, zone: Zone) -> bool:
        """Whether any version of a zone's terms has the hours of its service."""
        if zone.terms is not None:
            return zone.terms.calendar.service_hours
        current = self.agreement_of(zone)
        former = any(
            old.calendar.service_hours for old in self.former if old.id == zone.agreement_id
        )
        return current is not None and (former or current.calendar.service_hours)

    def in_force(self, zone: Zone, at: datetime) -> bool:
        """Whether a zone holds at a moment, hours included. Without agreement it never does."""
        if not all(
            (
                zone.starts_at is None or at >= zone.starts_at,
                zone.ends_at is None or at < zone.ends_at,
            )
        ):
            return False
        return any(version.in_force(at) for version in self.versions_of(zone))

    def held_under(
        self, zone: Zone, moments: Moments
    ) -> tuple[tuple[Agreement, NDArray[np.bool_]], ...]:
        """Each version of a zone's agreement with the moments at which the zone holds under it.

        Every version is judged by its own time zone; no moment that nobody knows counts.
        """
        lasts = moments.within(zone.starts_at, zone.ends_at)
        return tuple(
            (version, version.in_force_local(moments.local(version.timezone)) & lasts)
            for version in self.versions_of(zone)
        )

    def counts_at(self, zone: Zone, moments: Moments) -> NDArray[np.bool_]:
        """At which moments incidents count in a zone.

        A zone drawn without an agreement is a proposal and counts always.
        """
        if zone.agreement_id not in self.agreements:
            return moments.within(zone.starts_at, zone.ends_at)
        counts = np.zeros(len(moments), dtype=bool)
        for _, holds in self.held_under(zone, moments):
            counts |= holds
        return counts

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    # Changing: each gives a new project

    def with_layer(self, layer: Layer) -> Project:
        """The layer put in place of the one with its id, or on top."""
        if any(old.id == layer.id for old in self.layers):
            layers = tuple(layer if old.id == layer.id else old for old in self.layers)
            return replace(self, layers=layers)
        return replace(self, layers=(*self.layers, layer))

    def with_zones(self, zones: Iterable[Zone]) -> Project:
        return replace(self, zones={**self.zones, **{zone.id: zone for zone in zones}})

    def with_zone(self, zone: Zone) -> Project:
        return self.with_zones((zone,))

    def without_zones(self, zone_ids: Iterable[str]) -> Project:
        gone = set(zone_ids)
        return self.with_only({k: v for k, v in self.zones.items() if k not in gone})

    def with_only(self, zones: Mapping[str, Zone]) -> Project:
        """These zones and no others; what was settled between any that are gone goes with them.

        The log of possible breaches stays: what was told does not go away with a zone.
        """
        kept = tuple(one for one in self.settlements if zones.keys() >= set(one.zone_ids))
        return replace(self, zones=dict(zones), settlements=kept)

    def with_agreement(self, agreement: Agreement) -> Project:
        return replace(self, agreements={**self.agreements, agreement.id: agreement})


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two states of a project; views ask it what concerns them."""

    before: Project
    after: Project

    @property
    def layers(self) -> frozenset[str]:
        """Ids of layers added, removed, changed or moved."""
        if self.before.layers is self.after.layers:
            return frozenset()
        old = {layer.id: (i, layer) for i, layer in enumerate(self.before.layers)}
        new = {layer.id: (i, layer) for i, layer in enumerate(self.after.layers)}
        return frozenset(
            key
            for key in old.keys() | new.keys()
            if key not in old
            or key not in new
            or old[key][1] is not new[key][1]
            or old[key][0] != new[key][0]
        )

    @property
    def zones(self) -> frozenset[str]:
        """Ids of zones added, removed or changed."""
        return _differing(self.before.zones, self.after.zones)

    @property
    def agreements(self) -> frozenset[str]:
        """Ids of agreements added, removed or changed."""
        return _differing(self.before.agreements, self.after.agreements)

    @property
    def hotspots(self) -> bool:
        return self.before.hotspots != self.after.hotspots

    @property
    def zone_look(self) -> bool:
        """Whether zones look different: themselves, their agreements, or their visibility."""
        return bool(
            self.zones
            or self.agreements
            or self.before.former != self.after.former
            or self.before.zones_visible != self.after.zones_visible
            or self._followed_services
        )

    @property
    def _followed_services(self) -> bool:
        """Whether a list of services changed while zones hold at the hours of services."""
        before, after = (
            project.layers_of(LayerKind.SERVICES) for project in (self.before, self.after)
        )
        if before == after:
            return False
        terms = [one.calendar for one in (*self.after.agreements.values(), *self.after.former)]
        terms += [zone.terms.calendar for zone in self.after.zones.values() if zone.terms]
        return any(calendar.service_hours for calendar in terms)


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> frozenset[str]:
    if old is new:
        return frozenset()
    return frozenset(key for key in old.keys() | new.keys() if old.get(key) is not new.get(key))


def around(boxes: Iterable[Bounds | None]) -> Bounds | None:
    """The box round boxes in degrees, of which some may be nowhere; None where all are."""
    known = np.array([box for box in boxes if box is not None])
    if not len(known):
        return None
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)
