"""The project: everything a user keeps, as one frozen value, and the difference between two."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gisapp.errors import EditError
from gisapp.layers.agreement import Agreement, Standing
from gisapp.layers.base_map import BaseMap
from gisapp.layers.breach import Breach
from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.scenario import OverlapRule, Scenario, Settlement
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
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def is_empty(self) -> bool:
        return not self.layers and not self.zones and not self.agreements

    @property
    def bounds(self) -> Bounds | None:
        """The extent of all layers and zones in degrees, or None when there is nothing."""
        boxes = [layer.bounds for layer in self.layers]
        boxes += [zone.shape.bounds for zone in self.zones.values()]
        return _around(boxes)

    @property
    def subject(self) -> Bounds | None:
        """The extent of what the project is about: boundaries, zones and services.

        Without boundaries that of all layers but streets and whatever else is only ground. Of
        events it takes where nearly all lie: one far away would make the map small, and the
        edge of the map would give its place away.
        """
        ground = (LayerKind.STREETS, LayerKind.OTHER)
        about = (LayerKind.BOUNDARIES, LayerKind.SERVICES)
        kept = [layer for layer in self.layers if layer.kind not in ground]
        if any(layer.kind is LayerKind.BOUNDARIES and len(layer) for layer in kept):
            kept = [layer for layer in kept if layer.kind in about]
        boxes = [_most_of(layer) if layer.is_events else layer.bounds for layer in kept]
        boxes += [zone.shape.bounds for zone in self.zones.values()]
        return _around(boxes) or self.bounds

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
        """The agreement of a zone after its former versions, oldest first.

        Each former version is shown as it stands beside the next that takes over, whatever was
        corrected since: so a draft of a new version ends nothing. Where the zone has terms of
        its own, every version has those.
        """
        current = self.agreement_of(zone)
        if current is None:
            return ()
        versions = [*(old for old in self.former if old.id == current.id), current]
        for place in range(len(versions) - 1):
            for later in versions[place + 1 :]:
                if later.takes_over:
                    versions[place] = versions[place].superseded_by(later)
                    break
        if zone.terms is not None:
            versions = [version.with_terms(zone.terms) for version in versions]
        return tuple(versions)

    # When a zone holds

    def standing(self, zone: Zone, day: date) -> Standing:
        """How a zone stands on a day, by the version of its agreement that held then."""
        versions = self.versions_of(zone)
        if not versions:
            return Standing.PROPOSED
        if self.version_on(zone, day) is not None:
            return Standing.IN_FORCE
        return versions[-1].standing_on(day)

    def version_on(self, zone: Zone, day: date) -> Agreement | None:
        """The version of a zone's agreement that is in force on a day, or None."""
        for version in reversed(self.versions_of(zone)):
            if version.standing_on(day) is Standing.IN_FORCE:
                return version
        return None

    def terms_on(self, zone: Zone, day: date) -> Agreement | None:
        """What to say of a zone on a day: the version in force then, else the newest."""
        known = self.version_on(zone, day)
        if known is None:
            known = next(reversed(self.versions_of(zone)), None)
        return known

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

    def counts_at(self, zone: Zone, local: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """At which wall-clock times (datetime64[us], the agreement's zone) incidents count.

        A zone drawn without an agreement is a proposal and counts always.
        """
        versions = self.versions_of(zone)
        if not versions:
            return zone.lasts(local, self.timezone)
        holds = np.zeros(len(local), dtype=bool)
        for version in versions:
            holds |= version.in_force_local(local)
        return holds & zone.lasts(local, versions[-1].timezone)

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
        return replace(self, zones={k: v for k, v in self.zones.items() if k not in gone})

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
            self.zones or self.agreements or self.before.zones_visible != self.after.zones_visible
        )


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> frozenset[str]:
    if old is new:
        return frozenset()
    return frozenset(key for key in old.keys() | new.keys() if old.get(key) is not new.get(key))


def _around(boxes: Iterable[Bounds | None]) -> Bounds | None:
    known = np.array([box for box in boxes if box is not None])
    if not len(known):
        return None
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


#: Share of events on each side that may lie outside of where nearly all are.
_FEW = 0.005


def _most_of(layer: Layer) -> Bounds | None:
    """Where nearly all events of a layer lie, with a little room."""
    points = layer.geometry
    if not isinstance(points, Points) or not len(points):
        return layer.bounds
    (west, east), (south, north) = (
        np.quantile(values, (_FEW, 1 - _FEW)) for values in (points.lon, points.lat)
    )
    across, up = (east - west) * 0.03, (north - south) * 0.03
    return float(west - across), float(south - up), float(east + across), float(north + up)
