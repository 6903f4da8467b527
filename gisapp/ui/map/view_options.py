"""How the user likes maps to be shown and moved: remembered between two runs."""

from __future__ import annotations

from gisapp.layers.units import Units
from gisapp.ui.settings import Settings


class ViewOptions:
    """Units of measuring, whether maps glide, whether the overview is shown."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def units(self) -> Units:
        value = self._settings.text("map/units", Units.METRIC.value)
        return Units(value) if value in [units.value for units in Units] else Units.METRIC

    @units.setter
    def units(self, units: Units) -> None:
        self._settings.keep_text("map/units", units.value)

    @property
    def glides(self) -> bool:
        return self._settings.text("map/glides", "yes") != "no"

    @glides.setter
    def glides(self, glides: bool) -> None:
        self._settings.keep_text("map/glides", "yes" if glides else "no")

    @property
    def overview(self) -> bool:
        return self._settings.text("map/overview", "no") == "yes"

    @overview.setter
    def overview(self, shown: bool) -> None:
        self._settings.keep_text("map/overview", "yes" if shown else "no")
