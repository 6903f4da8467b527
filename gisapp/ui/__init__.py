"""The window: panels, dialogs and tools."""

import gisapp.render  # noqa: F401  # first of all, for what it does about importing
