"""Play, pause and a slider that let a window of time walk over the map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from gisapp.analysis.points.time_bars import COARSENESS, Span, Step, TimeBars
from gisapp.ui.icons import icon
from gisapp.ui.times.walk import Walk
from gisapp.ui.widgets.forms import INSIDE, choose, combo

_BRUSHED = "brushed"
_WINDOWS = (Step.DAY, Step.WEEK, Step.MONTH, Step.QUARTER, Step.YEAR)
_STEPS = (Step.HOUR, *_WINDOWS)
#: Steps a second.
_SPEEDS = (1, 2, 4, 8, 16)


class TimeSlider(QSlider):
    """Where the window stands; the space bar plays and pauses."""

    space = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName("Place of the window in time")
        self.setMinimumWidth(120)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the handle brings it there, from where it can be dragged on."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        kind, style = QStyle.ComplexControl.CC_Slider, self.style()
        part = QStyle.SubControl
        handle = style.subControlRect(kind, option, part.SC_SliderHandle, self)
        at = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton and not handle.contains(at):
            groove = style.subControlRect(kind, option, part.SC_SliderGroove, self)
            place = at.x() - groove.left() - handle.width() // 2
            room = groove.width() - handle.width()
            self.setValue(
                QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, room)
            )
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.space.emit()
            return
        super().keyPressEvent(event)


class TimePlayer(QWidget):
    """A row of controls. `moved` carries the span of the layer's finest bars to be shown.

    It knows no map: it walks by the clock, and leaves steps out where the window is late, so
    that what is shown last is always the newest.
    """

    moved = Signal(object)  # Span
    #: It began or stopped to play, or walks over other windows.
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: TimeBars | None = None
        self._span: Span | None = None
        self._base: Span | None = None
        self._at_least = Step.HOUR
        #: What the boxes showed at first, chosen by nobody.
        self._offered: dict[QComboBox, object] = {}
        self._walk: tuple[tuple[object, ...], Walk] | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._build()

    def _build(self) -> None:
        self.play = QToolButton()
        self.play.clicked.connect(self.toggle)
        self.slider = TimeSlider()
        self.slider.valueChanged.connect(self._on_slider)
        self.slider.space.connect(self.toggle)
        self.window_box = combo([], "Length of the window")
        self.step_box = combo([], "Step")
        speeds = [(f"{speed} a second", speed) for speed in _SPEEDS]
        self.speed_box = combo(speeds, "Steps a second")
        choose(self.speed_box, 4)
        self.loop = QCheckBox("&Loop")
        self.loop.setToolTip("Begin again at the end")
        self.window_box.currentIndexChanged.connect(self._on_choice)
        self.step_box.currentIndexChanged.connect(self._on_choice)
        self.speed_box.currentIndexChanged.connect(self._pace)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(INSIDE)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        for text, box in (("&Show", self.window_box), ("S&tep", self.step_box)):
            label = QLabel(text)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
        for widget in (self.speed_box, self.loop):
            row.addWidget(widget)
        for box in (self.window_box, self.step_box, self.speed_box):
            box.setMinimumContentsLength(7)
        self._show_playing()

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @property
    def limits(self) -> bool:
        """Whether a window or span is shown, and not all times."""
        return self._span is not None

    @property
    def walk(self) -> Walk | None:
        """The windows that are walked over, as chosen."""
        if self.bars is None or self.step_box.count() == 0:
            return None
        chosen = self.window_box.currentData()
        window = None if chosen == _BRUSHED else Step(chosen)
        step = Step(self.step_box.currentData())
        asked = (self.bars, step, window, self._base, self._at_least)
        if self._walk is None or self._walk[0] != asked:
            self._walk = asked, Walk.over(*asked)
        return self._walk[1]

    def show_bars(self, bars: TimeBars | None, span: Span | None, at_least: Step) -> None:
        """The times of another layer or audience; it stops when they differ."""
        if bars is not self.bars or at_least is not self._at_least:
            self.pause()
            self.bars, self._at_least = bars, at_least
            self._offer_choices()
        self.show_span(span)

    def show_span(self, span: Span | None) -> None:
        """A span that was brushed elsewhere, or None; nothing is emitted."""
        if span is not None and span != self._span:
            self.pause()
            self._base = span
            self._choose_quietly(_BRUSHED)
        elif span is None:
            self.pause()
            self._base = None
        self._span = span
        self._show_place()

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.start()

    def start(self) -> None:
        """Play from here, or from the beginning when there is no further."""
        walk = self.walk
        if walk is None:
            return
        if self._span is None or self.slider.value() >= walk.last:
            self._go(0)
        self._clock.start()
        self._pace()
        self._timer.start()
        self._show_playing()

    def step_by(self, steps: int) -> None:
        """Move the window by so many steps, as far as there are any."""
        walk = self.walk
        if walk is not None:
            self.pause()
            self._go(min(max(self.slider.value() + steps, 0), walk.last))

    def pause(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._show_playing()

    def _tick(self) -> None:
        walk = self.walk
        if walk is None:
            self.pause()
            return
        late = max(round(self._clock.restart() / max(self._timer.interval(), 1)), 1)
        position = self.slider.value() + late
        if position <= walk.last:
            self._go(position)
        elif self.loop.isChecked():
            self._go(0)
        else:
            self._go(walk.last)
            self.pause()

    def _go(self, position: int) -> None:
        walk = self.walk
        if walk is None:
            return
        span = walk.at(position)
        self._place(walk, position)
        if span != self._span:
            self._span = span
            self.moved.emit(span)

    def _on_slider(self, position: int) -> None:
        self._clock.restart()
        self._go(position)

    def _on_choice(self) -> None:
        walk = self.walk
        if walk is None:
            return
        self._show_place()
        if self._span is not None:
            self._go(walk.position_of(self._span))

    def _pace(self) -> None:
        self._timer.setInterval(1000 // int(self.speed_box.currentData()))

    # What is shown

    def _offer_choices(self) -> None:
        """The windows and steps that bars and audience allow; the choices made stay if they can.

        What was only offered does not: it would tell of the times that another audience sees.
        """
        order = COARSENESS.index
        finest = order(self._at_least)
        if self.bars is not None:
            finest = max(finest, order(self.bars.unit))
        windows = [(f"a {x.value}", str(x)) for x in _WINDOWS if order(x) >= finest]
        steps = [(f"a {x.value}", str(x)) for x in _STEPS if order(x) >= finest]
        steps = [(text.replace("a hour", "an hour"), value) for text, value in steps]
        wanted = str(_well_read(self.bars))
        for box, choices in (
            (self.window_box, [*windows, ("as brushed", _BRUSHED)]),
            (self.step_box, steps),
        ):
            former = box.currentData()
            chosen = former not in (None, _BRUSHED, self._offered.get(box))
            box.blockSignals(True)
            box.clear()
            for text, value in choices:
                box.addItem(text, value)
            if not chosen or not choose(box, former):
                choose(box, wanted)
                self._offered[box] = box.currentData()
            box.blockSignals(False)

    def _choose_quietly(self, window: str) -> None:
        self.window_box.blockSignals(True)
        choose(self.window_box, window)
        self.window_box.blockSignals(False)

    def _show_place(self) -> None:
        walk = self.walk
        self.setEnabled(walk is not None)
        if walk is not None:
            self._place(walk, walk.position_of(self._span) if self._span else 0)
        self.changed.emit()

    def _place(self, walk: Walk, position: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setRange(0, walk.last)
        self.slider.setPageStep(max(walk.last // 10, 1))
        self.slider.setValue(position)
        self.slider.blockSignals(False)

    def _show_playing(self) -> None:
        text = "Pause" if self.playing else "Play"
        self.play.setIcon(icon("pause" if self.playing else "play"))
        self.play.setToolTip(f"{text} (space bar)")
        self.play.setAccessibleName(text)
        self.changed.emit()


def _well_read(bars: TimeBars | None) -> Step:
    """The window offered first: some 20 to 100 of them over all times."""
    if bars is None:
        return Step.MONTH
    days = float((bars.edges[-1] - bars.edges[0]) / np.timedelta64(1, "D"))
    if days <= 100:
        return Step.DAY
    if days <= 400:
        return Step.WEEK
    return Step.MONTH if days <= 3000 else Step.QUARTER if days <= 9000 else Step.YEAR
