"""The window, for journeys through it."""

from __future__ import annotations

from tests.ui.window.conftest import open_window, settings

__all__ = ["open_window", "settings"]
