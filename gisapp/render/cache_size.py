"""How much memory a prepared value takes, as far as arrays and pictures go."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from PySide6.QtGui import QImage

#: Values are looked into this deep, and collections up to so many things.
_DEEP, _LOOKED_AT = 3, 256


def bytes_of(value: Any, deep: int = _DEEP) -> int:
    """Bytes of the arrays and pictures in a value; what else it holds is small beside them.

    Of a long collection some things stand for all.
    """
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, QImage):
        return int(value.sizeInBytes())
    if deep == 0:
        return 0
    if is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of(getattr(value, one.name, None), deep - 1) for one in fields(value))
    if isinstance(value, dict):
        return bytes_of(list(value.values()), deep)
    if isinstance(value, (tuple, list)) and value:
        some = value[:: len(value) // _LOOKED_AT + 1]
        return sum(bytes_of(one, deep - 1) for one in some) * len(value) // len(some)
    return 0
