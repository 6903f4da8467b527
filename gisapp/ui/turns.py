"""What the window does in pieces, one in each turn of its loop, so that it answers in between."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def next_turn(owner: QObject, act: Callable[[], object]) -> None:
    """Do it in the next turn of the loop, after what is to be drawn; not if the owner is gone.

    A timer of no time at all would not do: Qt calls it within this turn, before it looks at the
    mouse and the keys.
    """
    QTimer.singleShot(1, owner, act)
