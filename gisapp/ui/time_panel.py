"""When the events of a layer happened, and a span of time that limits the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gisapp.layers.audience import Audience, Showing, showing, shown_count, suppressed, threshold
from gisapp.layers.layer import Layer
from gisapp.layers.style import INK, INK_ON_DARK
from gisapp.ui.forms import INSIDE, EmptyState, choose, combo, say, secondary
from gisapp.ui.histogram import Histogram, Step, histogram, rows_between, span_in_words
from gisapp.ui.histogram import weekday_hours as count_weekday_hours
from gisapp.ui.histogram_view import HistogramView, Span
from gisapp.ui.row_filter import Part
from gisapp.ui.session import Session
from gisapp.ui.week_strip import WeekStrip


@dataclass(eq=False)
class _Times:
    """The wall-clock times of a layer's table and their bars, kept while the table is the same."""

    table: object
    at_least: Step
    local: NDArray[np.datetime64]
    histogram: Histogram | None


class TimePanel(QWidget):
    """A histogram of the chosen layer; the span chosen in it joins the table's filter."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.spans: dict[str, Span] = {}
        self._times: dict[str, _Times] = {}
        self._audience = session.look.audience
        self._dark = session.look.dark
        self._build()
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)
        session.current_layer_changed.connect(self._on_current_layer)
        self._offer_layers()

    def _build(self) -> None:
        self.layer_box = combo([], "Layer whose times are shown")
        self.layer_box.currentIndexChanged.connect(self.refresh)
        self.words = say("")
        self.words.setAccessibleName("Span shown")
        self.clear = secondary("Show all times", lambda: self.view.set_span(None))
        self.view = HistogramView()
        self.view.span_changed.connect(self._on_span)
        self.week = WeekStrip()
        self.note = say("", "hint")
        self.empty = EmptyState("")
        label = self.layer_label = QLabel("&Times of")
        label.setBuddy(self.layer_box)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(label)
        top.addWidget(self.layer_box)
        top.addWidget(self.words, 1)
        top.addWidget(self.clear)
        charts = QHBoxLayout()
        charts.setSpacing(INSIDE * 2)
        charts.addWidget(self.view, 1)
        charts.addWidget(self.week, 0, Qt.AlignmentFlag.AlignTop)
        filled = QWidget()
        layout = QVBoxLayout(filled)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(charts, 1)
        layout.addWidget(self.note)
        self.filled = filled
        self.stack = QStackedWidget()
        self.stack.addWidget(filled)
        self.stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        outer.setSpacing(INSIDE)
        outer.addLayout(top)
        outer.addWidget(self.stack, 1)

    @property
    def layer(self) -> Layer | None:
        key = self.layer_box.currentData()
        return next((x for x in self.session.project.layers if x.id == key), None)

    def show_layer(self, layer_id: str) -> None:
        """Show the times of a layer by its id."""
        choose(self.layer_box, layer_id)

    def refresh(self) -> None:
        """Show the bars of the chosen layer as its audience may see them."""
        layer = self.layer
        reason = self._why_empty(layer)
        times = self._times_of(layer) if layer is not None and not reason else None
        if layer is not None and times is not None and times.histogram is None:
            reason = f"Not one row of “{layer.name}” has a time that could be read."
        self.empty.set_text(reason)
        self.stack.setCurrentWidget(self.empty if reason else self.filled)
        if layer is None or times is None or times.histogram is None:
            self.words.setText("")
            self.clear.setVisible(False)
            return
        bars = times.histogram
        span = self.spans.get(layer.id)
        if span is not None and span[1] > len(bars):
            span = None
            self._limit(layer, times, None)
        audience = self.session.look.audience
        self.view.show_histogram(bars, span, self._color(layer), audience)
        self.week.show_counts(count_weekday_hours(self._chosen(layer, times)), audience)
        self._say(layer, times)

    def _why_empty(self, layer: Layer | None) -> str:
        if layer is None:
            return (
                "No layer with times yet. Import overdoses or stops with a column of dates, and "
                "their times appear here."
            )
        audience = self.session.look.audience
        how = showing(layer.kind, layer.sensitivity, audience, exported=False)
        if how is Showing.NOTHING:
            return f"“{layer.name}” is not shown to {audience.label.lower()}."
        return ""

    def _times_of(self, layer: Layer) -> _Times:
        """The times and bars of a layer; for audiences of counts never finer than months.

        Two spans that differ by a day would else let a small count be worked out.
        """
        how = showing(layer.kind, layer.sensitivity, self.session.look.audience, exported=False)
        at_least = Step.HOUR if how is Showing.EACH else Step.MONTH
        kept = self._times.get(layer.id)
        if kept is None or kept.table is not layer.table or kept.at_least is not at_least:
            local = layer.times_local()
            assert local is not None
            bars = histogram(local, layer.timezone or "UTC", at_least)
            if kept is not None and layer.id in self.spans:
                self._limit(layer, kept, None)
            kept = self._times[layer.id] = _Times(layer.table, at_least, local, bars)
        return kept

    def _color(self, layer: Layer) -> QColor:
        value = layer.style.color
        return QColor(INK_ON_DARK if value == INK and self.session.look.dark else value)

    # The span

    def _on_span(self, span: Span | None) -> None:
        layer = self.layer
        if layer is None:
            return
        times = self._times_of(layer)
        self._limit(layer, times, span)
        self.week.show_counts(
            count_weekday_hours(self._chosen(layer, times)), self.session.look.audience
        )
        self._say(layer, times)

    def _limit(self, layer: Layer, times: _Times, span: Span | None) -> None:
        if span is None or times.histogram is None:
            self.spans.pop(layer.id, None)
            self.session.filters.set(layer.id, Part.TIME, None)
            return
        self.spans[layer.id] = span
        start, end = times.histogram.span(*span)
        words = span_in_words(start, end, times.histogram.timezone)
        mask = rows_between(times.local, start, end)
        self.session.filters.set(layer.id, Part.TIME, mask, words)

    def _chosen(self, layer: Layer, times: _Times) -> NDArray[np.datetime64]:
        span = self.spans.get(layer.id)
        if span is None or times.histogram is None:
            return times.local
        return times.local[rows_between(times.local, *times.histogram.span(*span))]

    def _say(self, layer: Layer, times: _Times) -> None:
        bars, audience = times.histogram, self.session.look.audience
        assert bars is not None
        span = self.spans.get(layer.id)
        first, last = span or (0, len(bars))
        words = span_in_words(*bars.span(first, last), bars.timezone)
        count = int(bars.counts[first:last].sum())
        counted = f"{shown_count(suppressed(count, audience), audience)} {layer.kind.value}"
        self.words.setText(f"{words} · {counted}")
        self.clear.setVisible(span is not None)
        self.note.setText(_notes(bars, audience))

    # Following the session

    def _offer_layers(self) -> None:
        timed = [x for x in self.session.project.layers if _has_times(x)]
        choices = [(layer.name, layer.id) for layer in reversed(timed)]
        box = self.layer_box
        if choices != [(box.itemText(i), box.itemData(i)) for i in range(box.count())]:
            former = box.currentData()
            box.blockSignals(True)
            box.clear()
            for text, value in choices:
                box.addItem(text, value)
            choose(box, former)
            box.blockSignals(False)
        box.setVisible(bool(choices))
        self.layer_label.setVisible(bool(choices))
        self.refresh()

    def _on_current_layer(self) -> None:
        choose(self.layer_box, self.session.current_layer_id)

    def _on_project(self, change: Any) -> None:
        if not change.layers:
            return
        known = {layer.id for layer in change.after.layers}
        self._times = {key: value for key, value in self._times.items() if key in known}
        self.spans = {key: value for key, value in self.spans.items() if key in known}
        self._offer_layers()

    def _on_look(self) -> None:
        look = self.session.look
        if (look.audience, look.dark) != (self._audience, self._dark):
            self._audience, self._dark = look.audience, look.dark
            self.refresh()


def _has_times(layer: Layer) -> bool:
    times = layer.column("time")
    return times is not None and pa.types.is_timestamp(times.type)


def _notes(bars: Histogram, audience: Audience) -> str:
    """What the bars leave out, in one line."""
    notes = [f"Bars are counts {bars.step.each}."]
    if threshold(audience) > 1:
        notes.append(f"Bars of fewer than {threshold(audience)} are not shown.")
    if bars.unknown and suppressed(bars.unknown, audience) is not None:
        rows = "row has" if bars.unknown == 1 else "rows have"
        notes.append(f"{bars.unknown:,} {rows} no time and are left out of a span.")
    return " ".join(notes)
