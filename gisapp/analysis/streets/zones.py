"""Zones of streets chosen by name, whole or between two cross streets, and corridors of a route."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.streets.network import StreetNetwork, street_network
from gisapp.errors import DataError, EditError
from gisapp.layers.bands import band, corridor
from gisapp.layers.layer import Layer, Points, Shapes
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import different, names_of, with_basis

#: Networks to find stretches in: making one takes a second.
_networks: WeakKeyDictionary[Shapes, StreetNetwork] = WeakKeyDictionary()
_STRETCH = re.compile(r"(.+?) from (.+?) to (.+)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A street by its name, or the part of it between two streets that meet it."""

    name: str
    since: str = ""
    until: str = ""

    @classmethod
    def parse(cls, text: str) -> Stretch:
        """`Vine St`, or `Vine St from 12th St to Liberty St`."""
        text = " ".join(text.split())
        match = _STRETCH.fullmatch(text)
        return cls(*match.groups()) if match else cls(text)

    @property
    def words(self) -> str:
        return f"{self.name} from {self.since} to {self.until}" if self.since else self.name


def names_like(layer: Layer, text: str = "", most: int = 200) -> list[str]:
    """Names of streets that hold a text in any case, those that begin with it first."""
    wanted = " ".join(text.split()).casefold()
    names = {name.strip() for name in layer.texts("name")} - {""}
    found = [name for name in names if wanted in name.casefold()]
    found.sort(key=lambda name: (not name.casefold().startswith(wanted), name.casefold()))
    return found[:most]


def street_zone(
    layer: Layer,
    stretches: Sequence[Stretch],
    width_m: float,
    basis_text: str,
    *,
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> Zone:
    """One zone of all the streets chosen, `width_m` metres wide from side to side.

    DataError for a street that the layer does not hold, or that does not meet its cross street;
    EditError without streets, or without a basis in words.
    """
    with_basis(basis_text)
    if not stretches:
        raise EditError("No street is chosen.", "Choose at least one by its name.")
    lines = [line for stretch in stretches for line in lines_of(layer, stretch)]
    first, more = stretches[0].words, len(stretches) - 1
    name = first if not more else f"{first} and {more} more"
    return Zone(
        name=different([name], taken)[0],
        shape=band(shapely.MultiLineString(lines), width_m),
        basis=Basis.STREETS,
        basis_text=basis_text.strip(),
        streets=tuple(stretch.words for stretch in stretches),
        width_m=width_m,
        agreement_id=agreement_id,
    )


def lines_of(layer: Layer, stretch: Stretch) -> list[shapely.LineString]:
    """The lines (degrees) of a street or of its part; DataError where there is none."""
    rows = _rows_named(layer, stretch.name)
    if not stretch.since:
        assert not isinstance(layer.geometry, Points)
        return [part for row in rows for part in shapely.get_parts(layer.geometry.geoms[row])]
    network = _network(layer)
    own = np.isin(network.street, rows)
    starts = _meeting(layer, network, own, stretch, stretch.since)
    ends = _meeting(layer, network, own, stretch, stretch.until)
    return list(network.lines[_way(network, own, starts, ends, stretch)])


def _network(layer: Layer) -> StreetNetwork:
    """All streets of a layer, walked on or not; kept while the layer lives."""
    assert isinstance(layer.geometry, Shapes)
    if layer.geometry not in _networks:
        _networks[layer.geometry] = street_network(layer, walked_only=False)
    return _networks[layer.geometry]


def corridors(
    layer: Layer,
    width_m: float,
    basis_text: str,
    *,
    rows: NDArray[np.int64],
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> tuple[Zone, ...]:
    """One corridor along each line chosen; EditError where a row is no line."""
    if isinstance(layer.geometry, Points):
        raise EditError(f"“{layer.name}” holds points, and a corridor runs along a line.")
    named = names_of(layer, rows)
    return tuple(
        corridor(
            name,
            layer.geometry.geoms[row],
            width_m,
            basis_text,
            streets=(own,),
            agreement_id=agreement_id,
        )
        for row, own, name in zip(rows, named, different(named, taken), strict=True)
    )


def _rows_named(layer: Layer, name: str) -> NDArray[np.int64]:
    """The rows of a street; DataError naming what is like it where the layer holds none."""
    if isinstance(layer.geometry, Points):
        raise DataError(f"“{layer.name}” holds points.", "Choose a layer of streets.")
    wanted = " ".join(name.split()).casefold()
    same = [" ".join(own.split()).casefold() == wanted for own in layer.texts("name")]
    rows = np.flatnonzero(np.array(same) & (shapely.get_dimensions(layer.geometry.geoms) == 1))
    if not len(rows):
        like = names_like(layer, name, 5) or names_like(layer, name.split()[0] if name else "", 5)
        like = like or _spelled_alike(layer, wanted)
        known = ", ".join(f"“{one}”" for one in like)
        hint = f"Streets like it: {known}." if known else "Check how the layer spells it."
        raise DataError(f"There is no street “{name}” in “{layer.name}”.", hint)
    return rows.astype(np.int64)


def _spelled_alike(layer: Layer, wanted: str) -> list[str]:
    """Names of streets that differ from a name (case folded) by a letter or two."""
    names = {name.casefold(): name for name in names_like(layer, "", len(layer))}
    return [names[one] for one in get_close_matches(wanted, names, n=3, cutoff=0.75)]


def _meeting(
    layer: Layer, network: StreetNetwork, own: NDArray[np.bool_], stretch: Stretch, cross: str
) -> NDArray[np.int64]:
    """The junctions where a street meets another one."""
    theirs = np.isin(network.street, _rows_named(layer, cross))
    met = np.intersect1d(_junctions(network, own), _junctions(network, theirs))
    if not len(met):
        raise DataError(
            f"“{stretch.name}” does not meet “{cross}” in “{layer.name}”.",
            "Choose a street that it meets, or draw the area.",
        )
    return met


def _junctions(network: StreetNetwork, edges: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.union1d(network.start[edges], network.end[edges])


def _way(
    network: StreetNetwork,
    own: NDArray[np.bool_],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    stretch: Stretch,
) -> NDArray[np.int64]:
    """The edges of the shortest way along one street between two cross streets.

    Where the cross streets meet it more than once, all that lies between them nearest each other
    is taken; of two carriageways the shorter way is.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    edges = np.flatnonzero(own)
    edges = edges[np.argsort(-network.length_m[edges], kind="stable")]
    a, b = network.start[edges], network.end[edges]
    size = network.junctions
    # Between the same two junctions the last one told, the shortest, counts.
    known = {}
    for edge, one, other in zip(edges.tolist(), a.tolist(), b.tolist(), strict=True):
        known[one, other] = known[other, one] = edge
    pairs = np.array(list(known), dtype=np.int64)
    metres = np.maximum(network.length_m[list(known.values())], 1e-6)
    graph = csr_array((metres, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    far, before = dijkstra(graph, indices=starts, return_predecessors=True)
    which, end = divmod(int(np.argmin(far[:, ends])), len(ends))
    if not np.isfinite(far[which, ends[end]]) or far[which, ends[end]] == 0:
        raise DataError(
            f"“{stretch.name}” does not run from “{stretch.since}” to “{stretch.until}”.",
            "Choose two other streets that it meets, or draw the area.",
        )
    at, found = int(ends[end]), []
    while at != starts[which]:
        previous = int(before[which, at])
        found.append(known[previous, at])
        at = previous
    return np.array(found, dtype=np.int64)
