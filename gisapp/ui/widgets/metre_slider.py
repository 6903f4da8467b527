"""A slider with its number beside it: coarse by hand, exact by typing."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

from gisapp.ui.widgets.fields import WheelGuard
from gisapp.ui.widgets.forms import INSIDE

#: Places of the slider; its pitch is even in proportions, not in metres.
_PLACES = 200
#: Changes further apart than this are two gestures, and undo one by one.
_GESTURE_MS = 900


class MetreSlider(QWidget):
    """Emits `changed(value, gesture)`: changes of one drag carry the same gesture."""

    changed = Signal(int, str)

    def __init__(
        self,
        name: str,
        least: int,
        most: int,
        unit: str = " m",
        step: int = 5,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._least, self._most, self._step = least, most, step
        self._gesture, self._count = "", 0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _PLACES)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(name)
        self.number = QSpinBox()
        self.number.setRange(least, most)
        self.number.setSingleStep(step)
        self.number.setSuffix(unit)
        self.number.setGroupSeparatorShown(True)
        self.number.setAccessibleName(name)
        self.number.setKeyboardTracking(False)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setFixedWidth(100)
        self.slider.setMinimumHeight(24)
        WheelGuard.protect(self.slider)
        WheelGuard.protect(self.number)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.number)
        self.setFocusProxy(self.slider)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_GESTURE_MS)
        self._pause.timeout.connect(self._end_gesture)
        self.slider.sliderPressed.connect(self._end_gesture)
        self.slider.sliderReleased.connect(self._end_gesture)
        self.slider.valueChanged.connect(self._on_slider)
        self.number.valueChanged.connect(self._on_number)

    @property
    def value(self) -> int:
        return self.number.value()

    def set_value(self, value: float) -> None:
        """Show a value; nothing is emitted."""
        for widget in (self.slider, self.number):
            widget.blockSignals(True)
        self.number.setValue(round(value))
        if not self.slider.isSliderDown():
            self.slider.setValue(self._place(value))
        for widget in (self.slider, self.number):
            widget.blockSignals(False)

    def _place(self, value: float) -> int:
        share = math.log(max(value, self._least) / self._least)
        return round(share / math.log(self._most / self._least) * _PLACES)

    def _on_slider(self, place: int) -> None:
        value = self._least * (self._most / self._least) ** (place / _PLACES)
        rounded = min(max(round(value / self._step) * self._step, self._least), self._most)
        if rounded == self.number.value():
            return
        self.number.blockSignals(True)
        self.number.setValue(rounded)
        self.number.blockSignals(False)
        self._tell(rounded)

    def _on_number(self, value: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(self._place(value))
        self.slider.blockSignals(False)
        self._tell(value)

    def _tell(self, value: int) -> None:
        if not self._gesture:
            self._count += 1
            self._gesture = f"{id(self)}-{self._count}"
        if not self.slider.isSliderDown():
            self._pause.start()
        self.changed.emit(value, self._gesture)

    def _end_gesture(self) -> None:
        self._gesture = ""
