"""What one sees first: the sample city, a project, an import, or a place to drop files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.widgets.forms import say, scrolled
from gisapp.ui.widgets.plain import tip

_WIDTH = 560


class _Choice(QPushButton):
    """A large button with a picture, what it does, and a line on it."""

    def __init__(self, picture: str, text: str, detail: str) -> None:
        super().__init__()
        self.setProperty("big", True)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setAccessibleDescription(detail)
        symbol = QToolButton()
        symbol.setIcon(icon(picture))
        symbol.setIconSize(QSize(28, 28))
        symbol.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        title = QLabel(text)
        title.setFont(theme.font("body", bold=True))
        below = QLabel(detail)
        below.setProperty("role", "hint")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(title)
        words.addWidget(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(theme.tokens(False).gap)
        row.addWidget(symbol)
        row.addLayout(words, 1)
        for part in (symbol, title, below):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class WelcomePage(QWidget):
    """Shown while the project is empty. `dismissed` asks for the empty map."""

    dismissed = Signal()

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.commands = commands
        self.setProperty("role", "welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        t = theme.tokens(False)
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(t.gap_large, t.gap_large, t.gap_large, t.gap_large)
        self._column.setSpacing(t.gap)
        self._head()
        self._choices()
        self._drop_place()
        self.recent = QVBoxLayout()
        self.recent.setSpacing(2)
        self._column.addLayout(self.recent)
        place = QWidget()
        outer = QVBoxLayout(place)
        outer.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        # As wide as it may be wherever the window has the room.
        row.addWidget(column, 60)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        # A long list of recent projects scrolls, and never makes the window higher than a screen.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(place))
        commands.files.recent_changed.connect(self.refresh)
        self.refresh()

    def _head(self) -> None:
        title = QLabel("Agreed zones on one map")
        font = theme.font("title", bold=True)
        font.setPointSizeF(font.pointSizeF() * 1.25)
        title.setFont(font)
        self._column.addWidget(title)
        self._column.addWidget(
            say(
                "Draw zones round services, put them under an agreement, see where overdoses and "
                "stops happen, and hand the zones to patrol systems.",
                "hint",
            )
        )
        self._column.addSpacing(theme.tokens(False).gap)

    def _choices(self) -> None:
        choices = (
            ("sample", "Open the sample city", "An invented city with everything in it", True),
            ("open", "Open a project…", "A project file of gisapp (.gpkg)", False),
            ("import", "Import data…", "CSV, Excel, GeoJSON, Shapefile, GeoPackage, KML", False),
        )
        runs = (
            self.commands.open_sample,
            self.commands.files.choose,
            self.commands.import_files,
        )
        for (name, text, detail, first), run in zip(choices, runs, strict=True):
            button = _Choice(name, text, detail)
            button.setProperty("leading", first)
            button.clicked.connect(lambda _=False, run=run: run())
            self._column.addWidget(button)

    def _drop_place(self) -> None:
        box = QFrame()
        box.setProperty("role", "drop")
        row = QHBoxLayout(box)
        row.setContentsMargins(16, 14, 16, 14)
        symbol = QToolButton()
        symbol.setIcon(icon("drop"))
        symbol.setIconSize(QSize(20, 20))
        symbol.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        symbol.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addStretch(1)
        row.addWidget(symbol)
        row.addWidget(QLabel("or drop files here"))
        row.addStretch(1)
        self._column.addWidget(box)

    def refresh(self) -> None:
        """List the projects that were open of late."""
        while self.recent.count():
            item = self.recent.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        paths = self.commands.files.settings.recent
        if paths:
            head = QLabel("Recent projects")
            head.setProperty("role", "section")
            head.setContentsMargins(0, theme.tokens(False).gap, 0, 0)
            self.recent.addWidget(head)
        for path in paths[:4]:
            self.recent.addWidget(self._recent(path))
        empty = QPushButton("Start with an empty map")
        empty.setProperty("flat", True)
        empty.setAutoDefault(False)
        empty.clicked.connect(self.dismissed)
        self.recent.addWidget(empty, 0, Qt.AlignmentFlag.AlignLeft)

    def _recent(self, path: Path) -> QPushButton:
        button = QPushButton(icon("recent"), f"{path.stem}   {_short(path.parent)}")
        button.setProperty("flat", True)
        button.setAutoDefault(False)
        button.setToolTip(tip(str(path)))
        button.setProperty("recent", True)
        files = self.commands.files
        button.clicked.connect(lambda: files.when_safe(lambda: files.open(path)))
        return button


def _short(folder: Path) -> str:
    """A folder as one writes it: the home folder as ~."""
    try:
        return f"~/{folder.relative_to(Path.home())}"
    except ValueError:
        return str(folder)
