"""Icons of one outline family (Phosphor, from the qtawesome wheel), drawn in palette colours.

The font is used directly: importing qtawesome costs 0.2 s of the start, and its icons keep the
colour they were made with, while these follow the palette from light to dark.
"""

from __future__ import annotations

import importlib.util
import json
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)

_FONT, _CHARMAP = "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json"

#: What the program calls an icon, and its name in the family.
NAMES = {
    "about": "info",
    "add": "plus",
    "agreement": "handshake",
    "all-day": "clock",
    "audience": "users-three",
    "buffer": "arrows-out",
    "cancel": "x",
    "chart": "chart-bar",
    "circle": "circle-dashed",
    "circles": "circles-three",
    "close": "x",
    "color": "palette",
    "copy": "copy",
    "corridor": "path",
    "counts": "hash",
    "cut": "scissors",
    "dark": "moon",
    "day": "calendar-blank",
    "delete": "trash",
    "deployments": "users-three",
    "done": "check-circle",
    "drop": "download-simple",
    "edit": "pencil-simple",
    "error": "warning-octagon",
    "export": "export",
    "fill": "paint-bucket",
    "filter": "funnel",
    "hidden": "eye-slash",
    "hole": "minus-circle",
    "hotspots": "fire-simple",
    "identify": "info",
    "import": "download-simple",
    "info": "info",
    "keyboard": "keyboard",
    "layers": "stack",
    "light": "sun",
    "map": "map-trifold",
    "measure": "ruler",
    "merge": "arrows-in",
    "move": "arrows-out-cardinal",
    "new": "file-plus",
    "notices": "bell",
    "open": "folder-open",
    "package": "package",
    "pan": "hand",
    "pause": "pause",
    "place": "map-pin",
    "play": "play",
    "polygon": "polygon",
    "quit": "sign-out",
    "recent": "clock-counter-clockwise",
    "redo": "arrow-u-up-right",
    "rename": "pencil-simple",
    "reshape": "line-segments",
    "restricted": "lock",
    "sample": "buildings",
    "save": "floppy-disk",
    "save-as": "floppy-disk-back",
    "search": "magnifying-glass",
    "select": "cursor",
    "select-area": "selection-plus",
    "select-box": "selection",
    "snap": "magnet",
    "split": "knife",
    "style": "paint-brush",
    "system": "monitor",
    "table": "table",
    "time": "clock",
    "trace": "path",
    "undo": "arrow-u-up-left",
    "view": "bookmark-simple",
    "visible": "eye",
    "warning": "warning",
    "zone": "shield-check",
    "zoom-all": "corners-out",
    "zoom-box": "bounding-box",
    "zoom-in": "magnifying-glass-plus",
    "zoom-layer": "frame-corners",
    "zoom-out": "magnifying-glass-minus",
}


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, int]:
    return {
        name: int(code, 16)
        for name, code in json.loads((_folder() / _CHARMAP).read_text("utf8")).items()
    }


def _folder() -> Path:
    found = importlib.util.find_spec("qtawesome")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the package qtawesome, which holds the icons, is not installed")
    return Path(found.submodule_search_locations[0]) / "fonts"


@lru_cache(maxsize=1)
def _family() -> str:
    loaded = QFontDatabase.addApplicationFont(str(_folder() / _FONT))
    families = QFontDatabase.applicationFontFamilies(loaded)
    if not families:
        raise RuntimeError("the icon font of qtawesome cannot be read")
    return families[0]


class _Glyph(QIconEngine):
    """Draws one character of the icon font in the palette's colour of the moment."""

    def __init__(self, name: str, role: QPalette.ColorRole | str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def clone(self) -> QIconEngine:
        return _Glyph(self._name, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        group = QPalette.ColorGroup.Active
        if mode is QIcon.Mode.Disabled:
            group = QPalette.ColorGroup.Disabled
        font = QFont(_family())
        # A little less than the place, for some glyphs reach beyond their em.
        font.setPixelSize(max(round(rect.height() * 0.94), 1))
        painter.save()
        painter.setFont(font)
        palette = QGuiApplication.palette()
        if isinstance(self._role, str):
            painter.setPen(self._role)
        else:
            painter.setPen(palette.color(group, self._role))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, chr(_glyphs()[self._name]))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # a button that has no place yet
            return QPixmap()
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return QPixmap.fromImage(image)


def icon(name: str, color: QPalette.ColorRole | str = QPalette.ColorRole.WindowText) -> QIcon:
    """The icon the program calls `name` (see NAMES), or a name of the family itself.

    It is drawn in a role of the palette, paler where disabled, or in a colour `#RRGGBB`.
    KeyError for a name that neither knows.
    """
    glyph = NAMES.get(name, name.removeprefix("ph."))
    if glyph not in _glyphs():
        raise KeyError(f"no icon is called {name}")
    return QIcon(_Glyph(glyph, color))
