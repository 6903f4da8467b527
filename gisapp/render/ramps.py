"""Colours of classes on the ground that they lie on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from gisapp.analysis.classes.made_ramps import made_ramp
from gisapp.layers.classes import count_opacity, mixed, one_hue
from gisapp.layers.style import Style
from gisapp.layers.symbology import Range, Symbology
from gisapp.render.palette import ground, seen


def hue_ramp(color: str, count: int, dark: bool, exported: bool = False) -> tuple[str, ...]:
    """One hue from faint to strong, as #RRGGBB: to dark on a light map, to light on a dark one."""
    paper = ground(dark, exported).background
    return one_hue(seen(color, dark), paper, "#FFFFFF" if dark else "#000000", count)


def count_colors(
    style: Style, count: int, dark: bool, exported: bool = False
) -> tuple[tuple[str, float], ...]:
    """Colour and opacity of each class of counts in squares and hexagons."""
    opacity = count_opacity(style.opacity)
    return tuple((color, opacity) for color in hue_ramp(style.color, count, dark, exported))


def on_ground(
    colors: Sequence[tuple[str, float]], dark: bool, exported: bool = False
) -> tuple[str, ...]:
    """The colours (#RRGGBB) that half-clear ones have on the empty map: what a legend shows."""
    under = ground(dark, exported).background
    return tuple(mixed(color, under, opacity) for color, opacity in colors)


def seen_ramp(style: Style, dark: bool) -> Style:
    """The style as it is drawn: on a dark map the classes of amounts have their colours turned.

    What is most stands out from the ground then, as with counts. Only colours that were made for
    amounts are turned: one hue, darker from each class to the next. Those chosen by hand stay, and
    so does all that is stored.
    """
    classes = style.symbology.classes if dark and style.symbology is not None else ()
    # Categories may be very many, and none of them is looked at.
    if style.symbology is None or not classes or not isinstance(classes[0].test, Range):
        return style
    return replace(style, symbology=_turned(style.symbology))


@lru_cache(maxsize=64)
def _turned(symbology: Symbology) -> Symbology:
    classes, ramp = list(symbology.classes), made_ramp(symbology)
    for place, other in zip(ramp, reversed(ramp), strict=True):
        color = symbology.classes[other].color
        classes[place] = replace(symbology.classes[place], color=color)
    return replace(symbology, classes=tuple(classes))
