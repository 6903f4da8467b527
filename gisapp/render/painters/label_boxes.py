"""What on the map is taken already: no name may stand there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF


class Taken:
    """Boxes on the map that hold something already, in logical pixels."""

    def __init__(self) -> None:
        self._boxes = np.empty((64, 4))
        self._count = 0

    def add(self, box: QRectF) -> None:
        if self._count == len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count] = box.left(), box.top(), box.right(), box.bottom()
        self._count += 1

    def meets(self, box: QRectF) -> bool:
        if not self._count:
            return False
        some: NDArray[np.float64] = self._boxes[: self._count]
        apart = (
            (some[:, 0] >= box.right())
            | (some[:, 2] <= box.left())
            | (some[:, 1] >= box.bottom())
            | (some[:, 3] <= box.top())
        )
        return not bool(apart.all())
