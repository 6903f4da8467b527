"""Classes that no row is in because their rule cannot be told: what readers of a legend must know.

A rule of a project may be older than the table it is asked of. Where it compares what cannot be
compared it holds for no row, and its class would be missing from the legend without a word.
"""

from __future__ import annotations

import numpy as np

from gisapp.analysis.classes.expressions import mask_where, why_unclear
from gisapp.analysis.classes.making import legend_labels
from gisapp.analysis.classes.symbology import Classes
from gisapp.layers.layer import Layer
from gisapp.layers.symbology import Rule, Symbology


def unclear_classes(layer: Layer, symbology: Symbology, numbers: Classes) -> tuple[str, ...]:
    """A sentence for each class of a rule that holds for no row because it cannot be told.

    `numbers` are those of `class_numbers`: only classes without rows are looked at again. Not
    those that are not drawn, nor rules that are plain and just met by none.
    """
    held = np.bincount(numbers[numbers >= 0], minlength=len(symbology.classes))
    labels = legend_labels(symbology)
    said = []
    for number, one in enumerate(symbology.classes):
        if held[number] or not one.visible or not isinstance(one.test, Rule):
            continue
        why = why_unclear(layer, one.test.where)
        if why and not mask_where(layer, one.test.where, typed=False).any():
            said.append(f"No row is in “{labels[number][0]}”, for its rule cannot be told: {why}.")
    return tuple(said)
