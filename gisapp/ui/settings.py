"""What the window remembers between two runs. Bad values are dropped; they never stop the start."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

log = logging.getLogger(__name__)

SCHEMES = ("system", "light", "dark")
_RECENT = 8
_SOURCES = 50


def user_store() -> QSettings:
    """The one file in which what the user chose is kept."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gisapp", "gisapp")


class Settings:
    """Typed access to a QSettings; tests give their own."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or user_store()

    @property
    def scheme(self) -> str:
        """`system`, `light` or `dark`."""
        value = self._store.value("scheme", "system")
        if value not in SCHEMES:
            self._drop("scheme")
            return "system"
        return str(value)

    @scheme.setter
    def scheme(self, value: str) -> None:
        self._store.setValue("scheme", value)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Project files opened or saved of late, latest first, as far as they still exist."""
        value = self._store.value("recent", [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._drop("recent")
            return ()
        return tuple(path for path in map(Path, value) if _is_there(path))

    def remember(self, path: Path) -> None:
        """Put a project file at the head of `recent`."""
        path = path.resolve()
        self._keep([path, *(other for other in self.recent if other != path)])

    def forget(self, path: Path) -> None:
        self._keep(other for other in self.recent if other != path.resolve())

    def _keep(self, paths: Iterable[Path]) -> None:
        self._store.setValue("recent", [str(path) for path in list(paths)[:_RECENT]])

    @property
    def tile_sources(self) -> tuple[str, ...]:
        """Addresses of tiles that may be asked from this machine, and shares that may be read."""
        value = self._store.value("tile_sources", [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._drop("tile_sources")
            return ()
        return tuple(value)

    def agree_to(self, source: str) -> None:
        """Note that the user of this machine lets gisapp ask for tiles there."""
        others = [other for other in self.tile_sources if other != source]
        self._store.setValue("tile_sources", [source, *others][:_SOURCES])

    def take_back_agreements(self) -> None:
        """From now on the user is asked again about each source of tiles."""
        self._store.remove("tile_sources")

    def layout(self, name: str) -> QByteArray | None:
        """A saved geometry or state of the window; None when there is none that is usable."""
        value = self._store.value(f"window/{name}")
        if value is None:
            return None
        if not isinstance(value, QByteArray):
            self._drop(f"window/{name}")
            return None
        return value

    def keep_layout(self, name: str, value: QByteArray) -> None:
        self._store.setValue(f"window/{name}", value)

    def text(self, name: str, otherwise: str) -> str:
        """A word kept under a name, such as a choice among a few; the caller checks it."""
        value = self._store.value(name, otherwise)
        return value if isinstance(value, str) else otherwise

    def keep_text(self, name: str, value: str) -> None:
        self._store.setValue(name, value)

    def flush(self) -> None:
        self._store.sync()

    def _drop(self, key: str) -> None:
        log.info("the setting %s could not be read and was dropped", key)
        self._store.remove(key)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def recovery_folder() -> Path:
    """Where copies of projects without a file are kept."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "recovery"


def tile_folder() -> Path:
    """Where tiles of servers are kept; it may be deleted at any time."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    return Path(place) / "gisapp"
