"""Networks of street layers, kept while their layer lives: making one takes a second."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import pyarrow as pa

from gisapp.analysis.streets.network import StreetNetwork, street_network
from gisapp.layers.layer import Layer, Shapes
from gisapp.progress import Progress

#: The column of classes that a network was made with goes with it: it decides who walks where.
_Known = tuple[pa.ChunkedArray | None, StreetNetwork]
_networks: WeakKeyDictionary[Shapes, _Known] = WeakKeyDictionary()


def network_of(layer: Layer, progress: Progress | None = None) -> StreetNetwork:
    """The network to walk on of a layer; DataError as `network` says.

    Layers that differ in name or look alone share theirs.
    """
    if not isinstance(layer.geometry, Shapes):
        return street_network(layer, progress)
    classes = layer.column("road_class")
    known = _networks.get(layer.geometry)
    if known is not None and (known[0] is classes or _same(known[0], classes)):
        return known[1]
    network = street_network(layer, progress)
    _networks[layer.geometry] = classes, network
    return network


def _same(old: pa.ChunkedArray | None, new: pa.ChunkedArray | None) -> bool:
    return old is not None and new is not None and bool(old.equals(new))
