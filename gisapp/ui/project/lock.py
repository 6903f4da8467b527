"""Tells whether a project is open in another window of gisapp: a lock beside its recovery copy.

Without it the recovery copy of a program that still runs would look like one that a crash left.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile


class ProjectLock:
    """Taken when it is made, if nobody has it; `free` tells whether that went well.

    The lock of a program that ended without a word is taken over. In a folder that may not be
    written to nobody can hold one, so there it counts as free.
    """

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self.path = copy.with_name(copy.name + ".lock")
        self._lock = QLockFile(str(self.path))
        # However long it is held: only the end of the program that holds it makes it stale.
        self._lock.setStaleLockTime(0)
        taken = self._lock.tryLock(0)
        self.free = taken or self._lock.error() is not QLockFile.LockError.LockFailedError

    def release(self) -> None:
        """Give it back; does nothing when it is not ours."""
        if self._lock.isLocked():
            self._lock.unlock()
