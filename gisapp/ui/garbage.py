"""Keeps Python's collector of garbage from stopping the window.

A full collection looks through every object of the program while no thread can run: with the
libraries loaded a tenth of a second, however little there is to collect. Nearly all of these
objects stay to the end. So they are set aside once they are there, and full collections look
through what came after them.
"""

from __future__ import annotations

import gc


def set_aside() -> None:
    """Take all objects there are out of what the collector looks through. Takes no time.

    Those among them that nobody needs any more are freed as ever, when the last reference goes;
    only such as refer to each other in a circle stay, and these are few and small.
    """
    gc.freeze()
