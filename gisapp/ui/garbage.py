"""Keeps Python's collector of garbage from stopping the window, or from hanging it.

A full collection looks through every object of the program while no thread can run: with the
libraries loaded and a large project open a tenth of a second, however little there is to collect.
Nearly all of these objects stay to the end, and what goes does so with its last reference. So full
collections, which only find objects that refer to each other in a circle, wait until the user has
turned to another program.

Left to itself Python collects on whichever thread makes the next object. On a worker that ends in
a deadlock: freeing a slot takes one of Qt's locks and then wants Python's, while the window, which
has Python's, wants that one of Qt's to connect a signal. So the window's thread alone collects.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

#: How often the window's thread looks whether there are new objects to look through.
_OFTEN_MS = 100
#: With fewer new objects than this Python would not look either.
_FEW = 700
#: More take long, some 0.2 ms a thousand while workers run, and the next look but nine goes through
#: all that these nine left: they are set aside unseen.
_MANY = 20_000
#: Who is away for so long has turned to another program; a dialog that opens takes less.
_AWAY_MS = 1_000
#: After so many looks at the newest objects those that were left are looked through once more.
_AGAIN = 10


def collect_at_leisure(app: QGuiApplication) -> None:
    """From now on collect on the thread of the window, in full only when the user turns away."""
    collect_here(app)
    away = QTimer(app, singleShot=True, interval=_AWAY_MS)
    away.timeout.connect(tidy)

    def on_state(state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            away.stop()
        else:
            away.start()

    app.applicationStateChanged.connect(on_state)


def collect_here(owner: QObject) -> None:
    """Collect the newest garbage on this thread and no other for as long as `owner` lives."""
    gc.disable()
    often = QTimer(owner)
    often.timeout.connect(collect_new)
    often.start(_OFTEN_MS)


def collect_new() -> None:
    """Look through the objects made since the last look."""
    new, looks, _ = gc.get_count()
    if new > _MANY:
        gc.freeze()
    elif new > _FEW and looks < _AGAIN:
        gc.collect(0)
    elif new > _FEW:
        if len(gc.get_objects(generation=1)) > _MANY:
            gc.freeze()
        else:
            gc.collect(1)


def set_aside() -> None:
    """Take all objects there are out of what the collector looks through. Takes no time.

    Those among them that nobody needs any more are freed as ever, when the last reference goes;
    only such as refer to each other in a circle stay, until somebody tidies up.
    """
    gc.freeze()


def tidy() -> None:
    """Collect garbage among all objects, those set aside as well, and set aside what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
