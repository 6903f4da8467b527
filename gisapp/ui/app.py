"""Puts the program together: settings, look, session, window; and runs it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from gisapp import __version__
from gisapp.document import Document
from gisapp.io.reading import localities
from gisapp.layers.project import Project
from gisapp.ui import garbage, theme
from gisapp.ui.agreements.reviews_due import DueNotice
from gisapp.ui.agreements.versions_caption import DayCaption
from gisapp.ui.app_icon import app_icon
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Session, start_look
from gisapp.ui.settings import Settings
from gisapp.ui.today import Today
from gisapp.ui.warmth import Warmth

log = logging.getLogger(__name__)

#: How long a thread keeps the others waiting at most, in seconds, unless it is within a library.
#: A turn of the window lets go of Python dozens of times, for as often as it calls Qt, and waits so
#: long each time: 5.2 ms with Python's 5 ms beside one worker, 1.2 with 1 ms, 0.4 with this.
_TURN_S = 0.0002


def _paint_again(widget: QWidget) -> None:
    if shiboken6.isValid(widget):
        widget.setUpdatesEnabled(True)


class Appearance(QObject):
    """Keeps the look as the user or the system wants it, light or dark."""

    changed = Signal(bool)

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        self._steps: Iterator[None] = iter(())
        self._stepping = self._again = False
        self._sizes: list[tuple[QWidget, QSize]] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._step)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.refresh)

    @property
    def dark(self) -> bool:
        scheme = self._settings.scheme
        return theme.system_is_dark() if scheme == "system" else scheme == "dark"

    def choose(self, scheme: str) -> None:
        """Take `system`, `light` or `dark` from now on."""
        self._settings.scheme = scheme
        self.refresh()

    def refresh(self) -> None:
        """Turn the window to the look that is wanted, over a few turns of its loop."""
        if self._stepping:  # asked for by what is told of a change
            self._again = True
            return
        for _ in self._steps:  # what the last change left, or some would stay bare
            pass
        self._sizes = [(window, window.size()) for window in self._shown()]
        self._paint(False)
        self._steps = self._turning()
        self._step()

    def _shown(self) -> list[QWidget]:
        return [window for window in self._app.topLevelWidgets() if window.isVisible()]

    def _turning(self) -> Iterator[None]:
        dark = self.dark
        docks = [dock for window in self._shown() for dock in window.findChildren(QDockWidget)]
        try:
            yield from theme.turning(self._app, dark)
            self.changed.emit(dark)
            yield
            # To paint all of a window takes as long as all else here: the map first, then what is
            # round it.
            for dock in docks:
                dock.setUpdatesEnabled(False)
            self._paint(True)
            for dock in docks:
                yield
                _paint_again(dock)
        finally:  # whatever goes wrong, something has to be seen
            for dock in docks:
                _paint_again(dock)
            self._paint(True)
        yield
        self._take_back_sizes()

    def _step(self) -> None:
        self._stepping = True
        try:
            for _ in self._steps:
                self._next.start(0)
                return
        finally:
            self._stepping = False
        if self._again:
            self._again = False
            self.refresh()

    def _take_back_sizes(self) -> None:
        """Bare widgets ask for more room, and a dialog that grew for them would stay so."""
        sizes, self._sizes = self._sizes, []
        for window, size in sizes:
            if shiboken6.isValid(window) and window.isVisible():
                window.resize(size)

    def _paint(self, wanted: bool) -> None:
        for window in self._app.topLevelWidgets():
            window.setUpdatesEnabled(wanted)
            if wanted and window.isVisible():
                # What was to be painted meanwhile is still on Qt's list, so it believes that it
                # will come to it, and asks for no painting of this window any more.
                self._app.postEvent(window, QEvent(QEvent.Type.UpdateRequest))


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication, with its name and icon."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    sys.setswitchinterval(_TURN_S)
    # A single call of 0.08 s that lets no thread run: nobody waits for a window not yet there.
    localities.unfold()
    app = QApplication(arguments)
    garbage.collect_at_leisure(app)
    app.setApplicationName("gisapp")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("gisapp")
    app.setWindowIcon(app_icon())
    return app


def present() -> datetime:
    """This moment, in the zone of the machine."""
    return datetime.now().astimezone()


def make_window(
    app: QApplication,
    project: Project | None = None,
    settings: Settings | None = None,
    now: Callable[[], datetime] = present,
    warmth: Warmth | None = None,
) -> MainWindow:
    """The window with its session; shown by the caller. `now` says which moment it is.

    With `warmth` the modules of its pages are loaded beside it, and heavy libraries after them.
    """
    settings = settings or Settings()
    appearance = Appearance(app, settings)
    theme.apply(app, appearance.dark)
    project = project or Project()
    today = Today(now, project)
    session = Session(Document(project), start_look(today.day(project), appearance.dark))
    session.today = today
    window = MainWindow(session, settings)
    session.setParent(window)
    window.scheme_asked.connect(appearance.choose)
    appearance.changed.connect(window.on_scheme)
    appearance.setParent(window)
    if warmth is None:
        window.first_painted.connect(window.make_pages)
    else:
        window.first_painted.connect(lambda: warmth.begin(session.courtesy.wait))
        warmth.pages_loaded.connect(window.make_pages)
        window.pages_made.connect(warmth.go_on)
    DayCaption(session, window.canvas, lambda: today.day(session.project))
    DueNotice(session, lambda: window.commands.show_agreements(due=True), window)
    return window


def explain_bugs(session: Session) -> None:
    """A mistake of ours becomes a notice; the window stays."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("a bug", exc_info=(kind, error, trace))
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        session.tell(
            f"Something went wrong inside gisapp ({kind.__name__}). Your project is as it was; "
            "please report what you did.",
            "error",
        )

    sys.excepthook = hook


def run(path: Path | None = None, project: Project | None = None) -> int:
    """Open the window on a project file, on a project, or on the welcome page."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app = make_application(["gisapp"])
    warmth = Warmth(app)
    window = make_window(app, project, warmth=warmth)
    former = sys.excepthook
    explain_bugs(window.session)
    window.show()
    if path is not None:
        QTimer.singleShot(0, lambda: window.files.open(path))
    elif project is None:
        QTimer.singleShot(0, window.files.offer_unsaved)
    try:
        return app.exec()
    finally:
        sys.excepthook = former
        warmth.end()


def main(arguments: list[str]) -> int:
    """`gisapp [PROJECT.gpkg]`: returns the exit code."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        sys.stderr.write("usage: gisapp [PROJECT.gpkg]; gisapp --help lists the commands\n")
        return 2
    return run(Path(arguments[0]) if arguments else None)
