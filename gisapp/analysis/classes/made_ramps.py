"""Which colours of a symbology were made for amounts, and which were chosen by hand."""

from __future__ import annotations

import colorsys
from itertools import pairwise

import numpy as np

from gisapp.analysis.classes.making import LIGHT_TO_DARK, MOST_CLASSES, PALE_TO_STRONG
from gisapp.layers.classes import lightness
from gisapp.layers.symbology import Range, Symbology

#: More classes than these are no ramp that anybody made or reads.
_MOST = 2 * MOST_CLASSES
#: How far the lightness (CIE L*) of a colour may be off for its channels being whole numbers, and
#: its hue, in shares of the circle where the channels are one apart.
_OFF, _HUE_OFF = 0.5, 1.5 / 6
#: Channels that are no further apart make a grey, which has no hue.
_GREY = 3


def made_ramp(symbology: Symbology) -> tuple[int, ...]:
    """The numbers of the classes, from low to high, whose colours `making.shades` made; else ().

    They are of one hue, and of some even steps of lightness. Classes may have been taken away
    since, or given a colour by hand, as long as most are left.
    """
    classes = symbology.classes
    lows = [one.test.low for one in classes if isinstance(one.test, Range)]
    if not len(lows) == len(classes) <= _MOST or lows != sorted(lows):
        return ()
    colors = {place: one.color for place, one in enumerate(classes) if one.color is not None}
    light = {place: lightness(color) for place, color in colors.items()}
    best: list[int] = []
    for ends in (LIGHT_TO_DARK, PALE_TO_STRONG):
        for count in range(2, MOST_CLASSES + 1):
            steps = np.linspace(*ends, count)
            even = [place for place in colors if abs(steps - light[place]).min() <= _OFF]
            for one in even:
                alike = [other for other in even if _same_hue(colors[one], colors[other])]
                falls = all(light[a] > light[b] + 2 * _OFF for a, b in pairwise(alike))
                best = alike if falls and len(alike) > len(best) else best
    return tuple(best) if 2 * len(best) > max(len(classes), 2) else ()


def _same_hue(one: str, other: str) -> bool:
    """Whether two colours are of one hue mixed with white or black, as far as rounding tells."""
    (hue, room), (other_hue, other_room) = _hue(one), _hue(other)
    apart = abs(hue - other_hue)
    return min(apart, 1 - apart) <= room + other_room


def _hue(color: str) -> tuple[float, float]:
    """The hue of a colour (#RRGGBB) as a share of the circle, and how far rounding may move it."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    reach = max(channels) - min(channels)
    # Nothing is as near to a grey as that.
    return colorsys.rgb_to_hsv(*channels)[0], _HUE_OFF / reach if reach > _GREY else -1.0
