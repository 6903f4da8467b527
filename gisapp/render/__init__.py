"""Draws a project for a reader: on the screen, on a page, as a picture. Knows no window.

Loading Qt puts a hook of PySide's around every `import` that follows, for an option that gisapp
does not use (`from __feature__ import snake_case`). The hook reads the source of each module and
keeps it: with pandas and the like a thousand files and 50 MB. So whoever loads this package, and
that is everything that draws, has the former `import` back.
"""

import builtins

import PySide6.QtCore  # noqa: F401  # the hook comes with the first module of Qt

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
