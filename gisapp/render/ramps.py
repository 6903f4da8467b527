"""Classes of counts in round numbers, and the colours that go with them."""

from __future__ import annotations

from itertools import pairwise

from gisapp.render.palette import ground, mixed, seen

#: At most this many classes: more cannot be told apart on a wall.
CLASSES = 5
_ROUND = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))


def class_starts(top: int, least: int = 1, classes: int = CLASSES) -> tuple[int, ...]:
    """The lowest count of each class, rising, from `least`; the last holds all above."""
    later = [number for number in _ROUND if least < number <= max(top, least)]
    wanted = classes - 1
    stride = -(-len(later) // wanted) if later else 1
    later = later[::-1][::stride][::-1]
    return (least, *later)


def class_labels(starts: tuple[int, ...]) -> tuple[str, ...]:
    """`1`, `2–4`, `5–9`, `10 or more`."""
    labels = []
    for start, following in pairwise(starts):
        last = following - 1
        labels.append(f"{start:,}" if start == last else f"{start:,}–{last:,}")
    return (*labels, f"{starts[-1]:,} or more")


def hue_ramp(color: str, count: int, dark: bool, exported: bool = False) -> tuple[str, ...]:
    """One hue from faint to strong, as #RRGGBB: to dark on a light map, to light on a dark one."""
    hue = seen(color, dark)
    paper = ground(dark, exported).background
    far = "#FFFFFF" if dark else "#000000"
    colors = []
    for number in range(count):
        place = number / max(count - 1, 1)
        if place <= 0.6:
            colors.append(mixed(hue, paper, 0.34 + 1.1 * place))
        else:
            colors.append(mixed(hue, far, 1 - 0.85 * (place - 0.6)))
    return tuple(colors)
