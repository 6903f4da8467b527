"""The page of a package before it is written: whole, or at its real size to read every word."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gisapp.errors import GisappError
from gisapp.io.patrol.content import Content
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.paper import package_page
from gisapp.tasks import Task
from gisapp.ui.exports.page_preview import PagePreview
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import INSIDE, secondary

#: A page is drawn anew when its room has not changed for so long.
_PAUSE_MS = 150


class PackageSheet(QWidget):
    """Shows the page of a package as large as there is room for the whole of it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._look_up = LookUp(session)
        self._asked: tuple[Project, Content] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE)
        self.shown = QStackedWidget()
        column.addWidget(self.shown, 1)
        self.whole = PagePreview()
        self.whole.setMinimumSize(200, 200)
        self.real = QLabel()
        self.real.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.real.setAccessibleName("The page at its real size")
        self.area = QScrollArea()
        self.shown.addWidget(self.whole)
        self.shown.addWidget(self.area)
        self.area.setWidget(self.real)
        self.area.setWidgetResizable(True)
        self.size_button = secondary("Real size", self._turn)
        column.addWidget(self.size_button, 0, Qt.AlignmentFlag.AlignHCenter)

    def want(self, project: Project, content: Content) -> None:
        """Show the page of this package from now on."""
        if self._asked is not None and self._asked[1] is content:
            return
        self._asked = (project, content)
        self.whole.clear("Drawing the page…")
        self.real.clear()
        self._draw()

    def drop(self) -> None:
        """Want no page any more."""
        self._later.stop()
        self._look_up.drop()
        self._asked = None

    @property
    def is_whole(self) -> bool:
        """Whether the page is shown from edge to edge, not at its real size."""
        return self.shown.currentIndex() == 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_whole:
            self._later.start()

    def _turn(self) -> None:
        """From the whole page to its real size, and back."""
        self.shown.setCurrentIndex(1 if self.is_whole else 0)
        self.size_button.setText("Real size" if self.is_whole else "Whole page")
        self._draw()

    def _draw(self) -> None:
        self._later.stop()
        if self._asked is None:
            return
        (project, content), ratio = self._asked, self.devicePixelRatioF()
        size = package_page.size_on_screen(content)
        if self.is_whole:
            size = size.scaled(QSize(*self.whole.room), Qt.AspectRatioMode.KeepAspectRatio)
        width = size.width()

        def work(progress: Progress) -> QImage:
            progress.check()
            return package_page.picture(project, content, width, ratio)

        show = self._show_whole if self.is_whole else self._show_real
        self._look_up.ask(Task("Drawing the page", work), show, self._on_failed)

    def _show_whole(self, image: QImage) -> None:
        self._look_up.drop()
        self.whole.show_page(image)

    def _show_real(self, image: QImage) -> None:
        self._look_up.drop()
        self.real.setPixmap(QPixmap.fromImage(image))

    def _on_failed(self, error: GisappError) -> None:
        self._look_up.drop()
        self.whole.clear(str(error))
