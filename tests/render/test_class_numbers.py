"""Which class a row is in is worked out again only where that can have changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from gisapp.layers.layer import Points, new_layer
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render import prepared
from gisapp.render.cache import Cache


def test_colours_and_names_of_classes_change_no_row() -> None:
    table = pa.table({"kind": ["a", "b", "a"]})
    layer = new_layer("Places", LayerKind.OTHER, table, Points(np.zeros(3), np.zeros(3)))
    cache = Cache()

    def numbers(*classes: SymbolClass) -> object:
        style = replace(layer.style, symbology=Symbology(classes, "kind"))
        return prepared.class_numbers_of(layer.restyled(style), cache)

    first = numbers(SymbolClass("A", Category("a"), "#AA0000"))
    assert numbers(SymbolClass("Other name", Category("a"), "#0000AA", size=9)) is first
    assert numbers(SymbolClass("A", Category("b"), "#AA0000")) is not first
    assert numbers(SymbolClass("A", Category("a"), "#AA0000", visible=False)) is not first
