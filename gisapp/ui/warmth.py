"""Loads what is heavy behind the first picture, so that nobody waits for it later."""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gisapp.progress import breathe, resting
from gisapp.ui import dialogs, garbage

log = logging.getLogger(__name__)

#: The pages below the map, wanted first: from a cold disk each could hold up the window for long.
PAGES = tuple(sorted(f"gisapp.ui.{dialogs.MODULES[name]}" for name in dialogs.PAGES))
#: Loaded after those are made, for the first import or hotspot must not wait for them.
HEAVY = (
    "pyproj",
    "pandas",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "gisapp.journeys",
    *(f"gisapp.ui.{name}" for name in sorted(set(dialogs.MODULES.values()))),
    "scipy.ndimage",
    "pyogrio",
    "geopandas",
    "folium",
)
#: Files of packages that are read before a module is loaded. No thread of Python runs while a
#: library is loaded, or while PROJ first looks into its tables: from a cold disk 50 to 77 ms
#: for GDAL (83 MB) and up to 0.3 s for Parquet, then 10 to 16 once the files have been read.
_READ_FIRST = {
    "pyproj": ("pyproj", ("*", "proj_dir/share/proj/*")),
    "pandas": ("pandas", ("_libs/*", "_libs/tslibs/*", "_libs/window/*")),
    "pyarrow.parquet": ("pyarrow", ("*parquet*", "_fs*", "*s3*", "*dataset*", "*acero*")),
    "scipy.ndimage": ("scipy", ("*", "special/*", "ndimage/*")),
    "pyogrio": ("pyogrio", ("*", "proj_data/*")),
}
_ENDINGS = frozenset((".so", ".dylib", ".pyd", ".dll", ".db"))
_AT_ONCE = 1 << 20


class Warmth(QObject):
    """Loads modules on a thread of its own, one after the other: pages first, then libraries.

    `pages_loaded` tells when the pages can be made; the libraries wait for `go_on`, so that the
    making of pages does not have to share the interpreter. What they bring stays to the end, and
    is set aside for the collector of garbage.
    """

    pages_loaded = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._further = threading.Event()
        self._rest: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._load, name="gisapp-libraries", daemon=True)

    def begin(self, rest: Callable[[], None] | None = None) -> None:
        """Load the modules of the pages, from now on; `rest` is called before each module."""
        self._rest = rest
        self._thread.start()

    def go_on(self) -> None:
        """Load the libraries as well."""
        self._further.set()

    @property
    def busy(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> None:
        """Stop after the library being loaded, and wait for that."""
        self._stop.set()
        self._further.set()
        if self._thread.is_alive():
            self._thread.join()

    def _load(self) -> None:
        sys.meta_path.insert(0, _BreatheFirst())
        try:
            with resting(self._rest):
                self._load_all()
        finally:
            sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, _BreatheFirst)]

    def _load_all(self) -> None:
        self._load_each(PAGES)
        if not self._stop.is_set():
            self.pages_loaded.emit()
        self._further.wait()
        self._load_each(HEAVY)

    def _load_each(self, names: Iterable[str]) -> None:
        for name in names:
            if self._stop.is_set():
                return
            try:
                if name in _READ_FIRST:
                    read_libraries(*_READ_FIRST[name])
                importlib.import_module(name)
            except Exception:
                # Whoever needs it says so to the user; here it only would have been early.
                log.warning("%s could not be loaded", name, exc_info=True)
            garbage.set_aside()


class _BreatheFirst(MetaPathFinder):
    """Finds no module, but lets whoever must not wait go first before one is looked for."""

    def find_spec(self, *_: object) -> None:
        breathe()


def read_libraries(package: str, inner: Iterable[str] = ("*",)) -> int:
    """Bring the libraries and tables of a package into the memory of the system; returns the bytes.

    Those whose path in the package fits one of `inner`, and those that its wheel keeps beside it.
    Other threads go on meanwhile, which they do not while a library is loaded. A file that cannot
    be read is left to the loader.
    """
    buffer, bytes_read = bytearray(_AT_ONCE), 0
    for path in _libraries(package, inner):
        try:
            with path.open("rb", buffering=0) as file:
                while count := file.readinto(buffer):
                    bytes_read += count
        except OSError:
            log.debug("%s could not be read ahead", path, exc_info=True)
    return bytes_read


def _libraries(package: str, inner: Iterable[str]) -> list[Path]:
    """The files that fit, and those in the folder beside it where wheels keep others' own."""
    spec = find_spec(package)
    folders = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    beside = [folder.with_name(f"{folder.name}.libs") for folder in folders]
    own = [folder / ".dylibs" for folder in folders]
    within = (path for folder in folders for pattern in inner for path in folder.glob(pattern))
    others = (path for folder in [*beside, *own] for path in folder.glob("*"))
    found = dict.fromkeys([*within, *others])
    return [path for path in found if not _ENDINGS.isdisjoint(path.suffixes)]
