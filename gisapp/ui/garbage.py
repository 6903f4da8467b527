"""Keeps Python's collector of garbage from stopping the window.

A full collection looks through every object of the program while no thread can run: with the
libraries loaded and a large project open a tenth of a second, however little there is to collect.
Nearly all of these objects stay to the end, and what goes does so with its last reference. So full
collections, which only find objects that refer to each other in a circle, wait until the user has
turned to another program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

#: A full collection after so many smaller ones where nobody ever turns to another program:
#: some ten million objects, of which what is left in circles is a small part.
_SELDOM = 2000


def set_aside() -> None:
    """Take all objects there are out of what the collector looks through. Takes no time.

    Those among them that nobody needs any more are freed as ever, when the last reference goes;
    only such as refer to each other in a circle stay, until somebody tidies up.
    """
    gc.freeze()


def collect_at_leisure(app: QGuiApplication) -> None:
    """From now on do full collections when the user turns to another program."""
    youngest, middle, _ = gc.get_threshold()
    gc.set_threshold(youngest, middle, _SELDOM)
    app.applicationStateChanged.connect(on_state)


def on_state(state: Qt.ApplicationState) -> None:
    """Tidy up once the window is no longer the one that is worked in."""
    if state is not Qt.ApplicationState.ApplicationActive:
        tidy()


def tidy() -> None:
    """Collect garbage among all objects, those set aside as well, and set aside what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
