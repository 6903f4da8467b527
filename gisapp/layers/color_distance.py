"""How far apart two colours look, to eyes that see all colours and to those that do not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Colours at least so far apart (CIE 1976) are told apart in a small swatch.
APART = 16.0
#: What linear red, green and blue become without one kind of cone: Machado, Oliveira and
#: Fernandes 2009, severity 1.0; first as they are.
_SEEN = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ]
)
#: Linear sRGB to CIE XYZ, as shares of white (D65).
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
) / np.array([[0.95047], [1.0], [1.08883]])  # fmt: skip


@lru_cache(maxsize=256)
def _lab(color: str) -> Floats:
    """L*, a* and b* of #RRGGBB, one row each way of seeing."""
    channels = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(_SEEN @ linear, 0, 1) @ _XYZ.T
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1
    )


def distance(color: str, other: str) -> float:
    """The least distance (CIE 1976) of two colours #RRGGBB over all ways of seeing."""
    return float(np.linalg.norm(_lab(color) - _lab(other), axis=1).min())


def chroma(color: str) -> float:
    """How far a colour is from grey of the same lightness (CIE 1976 C*)."""
    return float(np.hypot(*_lab(color)[0, 1:]))


def apart_from(color: str, others: Iterable[str]) -> tuple[str, ...]:
    """Those of the others that are told apart from a colour, in their order."""
    return tuple(other for other in others if distance(color, other) >= APART)
