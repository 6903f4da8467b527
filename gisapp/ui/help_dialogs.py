"""Help: the list of keys, made from the table of actions, and what this program is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gisapp import __version__
from gisapp.ui import theme
from gisapp.ui.widgets.forms import FormDialog, actions, heading, primary, say, scrolled

#: Keys of the map and the lists, which are no actions of the menus.
MAP_KEYS = (
    ("Move the map", "Arrow keys"),
    ("Move it a little", "Shift+arrow keys"),
    ("Use the tool at the cross, after the arrow keys", "Space"),
    ("Closer, further", "+   −"),
    ("Show everything", "Home"),
    ("Set a corner of a box to select or zoom, then the other", "X"),
    ("Type a place or length while drawing", "0 to 9"),
    ("Snap or not, follow streets or not, while drawing", "N   T"),
    ("Next and former corner while reshaping; a new one", "]   [   Ins"),
    ("Move a corner or the zones, by ten pixels", "Arrow keys   Shift+arrow keys"),
    ("Turn the zones, by 15°", "[   ]   {   }"),
    ("Move the map with any tool", "Space and drag"),
    ("Finish what is being drawn", "Enter"),
    ("Take back the last corner", "Backspace"),
    ("Stop the tool", "Esc"),
    ("Go to one of the first nine saved views", "Alt+1 to Alt+9"),
)
LIST_KEYS = (
    ("Show or hide the layer", "Space"),
    ("Move the layer up or down", "Ctrl+Up   Ctrl+Down"),
    ("Rename", "F2"),
    ("Remove", "Del"),
)


class ShortcutsDialog(FormDialog):
    """Every key of the program: `groups` are (title, ((what, keys), …))."""

    def __init__(
        self, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], parent: QWidget | None = None
    ) -> None:
        super().__init__("Keyboard shortcuts", QSize(520, 560), parent)
        page = QWidget()
        self.body.addWidget(scrolled(page), 1)
        grid = QGridLayout(page)
        grid.setColumnStretch(0, 1)
        row = 0
        for title, keys in groups:
            label = heading(title)
            label.setContentsMargins(0, theme.tokens(False).gap, 0, 0)
            grid.addWidget(label, row, 0, 1, 2)
            row += 1
            for what, key in keys:
                grid.addWidget(QLabel(what), row, 0)
                shown = QLabel(key)
                shown.setProperty("role", "muted")
                grid.addWidget(shown, row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        self.body.addLayout(actions(primary("Close", self.accept)))


@cache
def shown_keys(shortcut: str) -> str:
    """A shortcut as it is written on this system."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


class AboutDialog(FormDialog):
    """What gisapp is, in four sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About gisapp", QSize(460, 260), parent)
        self.body.addWidget(say(f"gisapp {__version__}", "title"))
        self.body.addWidget(
            say(
                "Maps for partnerships of police and health services: services, agreed zones, "
                "hotspots and stops on one map that everybody in the room can trust."
            )
        )
        self.body.addWidget(
            say(
                "It never shows an individual to anybody but the police analyst who holds the "
                "data, and no file that leaves it holds one. Open source under the MIT licence; "
                "icons: Phosphor (MIT).",
                "hint",
            )
        )
        self.body.addStretch(1)
        self.body.addLayout(actions(primary("Close", self.accept)))
