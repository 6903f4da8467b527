"""Colours of classes on the ground that they lie on."""

from __future__ import annotations

from gisapp.layers.classes import one_hue
from gisapp.render.palette import ground, seen


def hue_ramp(color: str, count: int, dark: bool, exported: bool = False) -> tuple[str, ...]:
    """One hue from faint to strong, as #RRGGBB: to dark on a light map, to light on a dark one."""
    paper = ground(dark, exported).background
    return one_hue(seen(color, dark), paper, "#FFFFFF" if dark else "#000000", count)
