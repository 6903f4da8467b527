"""The layers of the project as a list: see, order, colour, rename, mark how far they may travel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.layers.tree import LayersTree
from gisapp.ui.map.base_map_row import BaseMapRow
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import say

#: The height of the words over the buttons, with what is left free about them, in pixels.
_WORDS = 56


class LayersPanel(QWidget):
    """The tree of layers, and below it what is still missing with a way to get it."""

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.commands = commands
        self.tree = LayersTree(session, commands)
        self._ways: list[tuple[str, Callable[[], object]]] = []
        self.missing = self._missing()
        self.base_map = BaseMapRow(session, commands)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.missing)
        layout.addWidget(self.base_map)
        session.project_changed.connect(self.refresh)
        session.reader_changed.connect(self._say_links)
        self.tree.rows_changed.connect(self._fit)
        self.refresh()

    def _missing(self) -> QWidget:
        t = theme.tokens(False)
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setSpacing(t.gap_small)
        self.missing_text: QLabel = say("", "hint")
        self.first_button = QPushButton()
        self.second_button = QPushButton()
        layout.addWidget(self.missing_text)
        for button in (self.first_button, self.second_button):
            button.setAutoDefault(False)
            layout.addWidget(button)
        self.first_button.clicked.connect(lambda: self._ways[0][1]())
        self.second_button.clicked.connect(lambda: self._ways[1][1]())
        self.links = QLabel()
        self.links.setFont(theme.font("small"))
        self.links.setWordWrap(True)
        self.links.setTextFormat(Qt.TextFormat.RichText)
        self.links.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.links.linkActivated.connect(lambda place: self._ways[int(place)][1]())
        layout.addWidget(self.links)
        return box

    def refresh(self) -> None:
        """Say what the project still lacks; hidden once it lacks nothing."""
        text, first, second = next_step(self.session.project)
        known: dict[str, tuple[str, Callable[[], object]]] = {
            "import": ("Import…", lambda: self.commands.import_files()),
            "sample": ("Open the sample city", self.commands.open_sample),
            "circles": ("Zones from a layer…", self.commands.zones_round_services),
            "draw": ("Draw a zone", lambda: self.commands.use_tool("zones.draw")),
            "agreement": ("Record an agreement…", lambda: self.commands.edit_agreement(None)),
        }
        self.missing.setVisible(bool(text))
        self.missing_text.setText(text)
        self._ways = [known[key] for key in (first, second) if key]
        for button, way in zip((self.first_button, self.second_button), self._ways, strict=False):
            button.setText(way[0])
        self.missing_text.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._say_links()
        self._fit()

    def _say_links(self) -> None:
        # The label would keep the colour of links that it was filled with.
        color = theme.color(theme.current().link).name()
        links = (
            f'<a href="{place}" style="color: {color}">{way[0]}</a>'
            for place, way in enumerate(self._ways)
        )
        missing = self.missing_text.text().partition(":")[0]
        self.links.setText(f"{missing}: {' · '.join(links)}")

    def _fit(self) -> None:
        """Say what is missing in a line or two where buttons would leave the legend no room."""
        buttons = (self.first_button, self.second_button)[: len(self._ways)]
        spare = self.height() - self.tree.content_height() - self.base_map.sizeHint().height()
        wanted = sum(button.sizeHint().height() for button in buttons) + _WORDS
        small = self.isVisible() and spare < wanted and bool(self.session.project.layers)
        t = theme.tokens(False)
        above, below = (t.gap_small, 0) if small else (t.gap, t.gap_large)
        layout = self.missing.layout()
        assert layout is not None
        layout.setContentsMargins(t.gap_large, above, t.gap_large, below)
        self.links.setVisible(small)
        self.missing_text.setVisible(not small)
        for place, button in enumerate((self.first_button, self.second_button)):
            button.setVisible(not small and place < len(buttons))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()


def next_step(project: Project) -> tuple[str, str, str]:
    """What is missing in words, and the names of two ways to it; empty when nothing is."""
    if not project.layers_of(LayerKind.SERVICES):
        return "No services yet: import them or try the sample city.", "import", "sample"
    if not project.zones:
        return "No zones yet: draw circles round services, or an outline.", "circles", "draw"
    if not project.agreements:
        return "No agreement yet: zones are proposals until one is recorded.", "agreement", ""
    return "", "", ""
