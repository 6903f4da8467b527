"""Fields of the style editor: a colour by its name, and sizes whose steps undo together."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QColor, QIcon
from PySide6.QtWidgets import QColorDialog, QDoubleSpinBox, QMenu, QPushButton, QWidget

from gisapp.layers.style import CHOICES, Style
from gisapp.render.palette import seen
from gisapp.ui import theme
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.widgets.fields import WheelGuard

#: Changes further apart than this are two gestures, and undo one by one.
_GESTURE_MS = 900


class Gesture(QObject):
    """A key that changes soon after each other share, so that they undo as one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._key = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_GESTURE_MS)
        self._pause.timeout.connect(self.end)

    def key(self) -> str:
        """The key of the change that is made now."""
        self._key = self._key or uuid.uuid4().hex
        self._pause.start()
        return self._key

    def end(self) -> None:
        """Whatever comes next is a gesture of its own."""
        self._key = ""


def color_name(color: str) -> str:
    """`Blue` for one of our own colours, its number (#RRGGBB) for any other."""
    names = {value.upper(): name for name, value in CHOICES}
    return names.get(color.upper(), color.upper())


class ColorField(QPushButton):
    """A colour to choose by name, or any other; `chosen(color, gesture)` tells each choice.

    `gesture` is empty for a choice from the list; colours tried in the dialog share one. `other`
    is done for any other colour where this field would not outlive the dialog.
    """

    chosen = Signal(str, str)

    def __init__(
        self,
        name: str,
        other: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._other = other or self.ask
        self._color = CHOICES[0][1]
        self._dialog: QColorDialog | None = None
        self._gesture = Gesture(self)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.setIconSize(QSize(16, 16))
        self.setAutoDefault(False)
        self.set_color(self._color)

    @property
    def color(self) -> str:
        return self._color

    def set_color(self, color: str) -> None:
        """Show a colour (#RRGGBB); nothing is told."""
        self._color = color
        self.setText(color_name(color))
        self.setIcon(_picture(color))
        self.setAccessibleName(f"{color_name(color)}, {self._name.lower()}")
        self.setToolTip(f"{self._name}: {color_name(color)}")

    def changeEvent(self, event: QEvent) -> None:
        """The picture follows light and dark, as the map does."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.setIcon(_picture(self._color))

    def _fill(self) -> None:
        """The colours that are told apart by colour-blind eyes, and the way to any other."""
        self._menu.clear()
        group = QActionGroup(self._menu)
        for name, color in CHOICES:
            entry = self._menu.addAction(_picture(color), name)
            entry.setCheckable(True)
            entry.setChecked(color.upper() == self._color.upper())
            entry.triggered.connect(lambda _=False, color=color: self._choose(color, ""))
            group.addAction(entry)
        self._menu.addSeparator()
        self._menu.addAction("Another colour…", self._other)

    def _choose(self, color: str, gesture: str) -> None:
        self.set_color(color)
        self.chosen.emit(color, gesture)

    def ask(self) -> QColorDialog:
        """Let any colour be tried: the map follows, and closing the dialog takes none back."""
        if self._dialog is None:
            self._dialog = QColorDialog(self)
            self._dialog.setOption(QColorDialog.ColorDialogOption.NoButtons)
            self._dialog.setWindowTitle(self._name)
            self._dialog.currentColorChanged.connect(self._on_tried)
        self._gesture.end()
        self._dialog.blockSignals(True)
        self._dialog.setCurrentColor(QColor(self._color))
        self._dialog.blockSignals(False)
        self._dialog.show()
        return self._dialog

    def _on_tried(self, color: QColor) -> None:
        self._choose(color.name().upper(), self._gesture.key())


def _picture(color: str) -> QIcon:
    """A colour as the map draws it now: ink is light on a dark one."""
    return swatch(Style(color=seen(color, theme.current().dark)), "class")


class SizeField(QDoubleSpinBox):
    """A length in points or another number; `changed(value, gesture)` tells each step."""

    changed = Signal(float, str)

    def __init__(
        self,
        name: str,
        least: float,
        most: float,
        step: float = 0.5,
        unit: str = " pt",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._gesture = Gesture(self)
        self.setAccessibleName(name)
        self.setDecimals(1 if step < 1 else 0)
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setSuffix(unit)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        WheelGuard.protect(self)
        self.valueChanged.connect(lambda value: self.changed.emit(value, self._gesture.key()))

    def set_value(self, value: float) -> None:
        """Show a value; nothing is told."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)
