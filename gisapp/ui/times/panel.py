"""When the events of a layer happened, and a span of time that limits the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gisapp.analysis.points.time_bars import Mask, Span, Step, TimeBars
from gisapp.layers.audience import Audience, Showing, showing, shown_count, suppressed, threshold
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import INK, INK_ON_DARK
from gisapp.progress import Progress
from gisapp.render.prepared import bars_in_order, time_bars_of
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Selection, Session
from gisapp.ui.table.row_filter import Part
from gisapp.ui.times.filtered import FilteredTimes, Left
from gisapp.ui.times.histogram import Histogram, bars_in_words, finest_told, histogram
from gisapp.ui.times.histogram_view import HistogramView, Place
from gisapp.ui.times.player import TimePlayer
from gisapp.ui.times.selection import SelectedTimes
from gisapp.ui.times.walk import aligned
from gisapp.ui.times.week_strip import WeekStrip
from gisapp.ui.turns import Afterwards
from gisapp.ui.widgets.bottom_page import BottomPage
from gisapp.ui.widgets.forms import INSIDE, choose, combo, say, secondary
from gisapp.ui.widgets.plain import tip

#: The times of so many rows are read at once; of more in the background.
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class _Times:
    """The bars of a layer's table as an audience may see them, kept while both are the same.

    `seen` are the rows that it may know of, None for all: the bars are those of no other.
    """

    table: object
    at_least: Step
    seen: Mask | None
    bars: TimeBars | None
    histogram: Histogram | None


class TimePanel(BottomPage):
    """A histogram of the chosen layer; the span chosen in it joins the table's filter."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        #: The span each layer is limited to, by its finest bars.
        self.spans: dict[str, Span] = {}
        self._times: dict[str, _Times] = {}
        self._reading = LookUp(session)
        self._audience = session.look.audience
        self._dark = session.look.dark
        self._build()
        self.selected = SelectedTimes(session, self._show_selected)
        self.filtered = FilteredTimes(session, self.refresh)
        self._edition = session.filters.edition
        self._afterwards = Afterwards(self, session.courtesy, self.refresh)
        session.filters.when_times_lifted(self._on_lifted)
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)
        session.current_layer_changed.connect(self._on_current_layer)
        session.selection_changed.connect(self._follow_selection)
        self._offer_layers()

    def _build(self) -> None:
        label = self.layer_label = QLabel("&Times of")
        self.top.addWidget(label)
        self.layer_box = combo([], "Layer whose times are shown")
        self.layer_box.currentIndexChanged.connect(self.refresh)
        label.setBuddy(self.layer_box)
        self.top.addWidget(self.layer_box)
        self.words = say("")
        self.words.setAccessibleName("Span shown")
        self.top.addWidget(self.words, 1)
        self.clear = secondary("Show all times", lambda: self.view.set_span(None))
        self.top.addWidget(self.clear)
        charts = QHBoxLayout()
        charts.setSpacing(INSIDE * 2)
        self.body.addLayout(charts, 1)
        self.view = HistogramView()
        self.view.span_changed.connect(self._on_brush)
        self.view.bar_clicked.connect(self._on_click)
        charts.addWidget(self.view, 1)
        self.week = WeekStrip()
        charts.addWidget(self.week, 0, Qt.AlignmentFlag.AlignTop)
        self.player = TimePlayer(self.filled)
        self.body.addWidget(self.player)
        self.player.moved.connect(self._on_walk)
        self.player.changed.connect(self._note)
        self.view.play_wanted.connect(self.player.toggle)
        self.note = say("", "hint")
        self.body.addWidget(self.note)

    @property
    def layer(self) -> Layer | None:
        key = self.layer_box.currentData()
        return next((x for x in self.session.project.layers if x.id == key), None)

    def show_layer(self, layer_id: str) -> None:
        """Show the times of a layer by its id."""
        choose(self.layer_box, layer_id)

    def refresh(self) -> None:
        """Show the bars of the chosen layer as its audience may see them."""
        self._lift_others()
        layer = self.layer
        reason = self._why_empty(layer)
        times = self._times_of(layer) if layer is not None and not reason else None
        if layer is not None and not reason and times is None:
            reason = f"Reading the times of “{layer.name}”…"
        if layer is not None and times is not None and times.histogram is None:
            reason = f"Not one row of “{layer.name}” has a time that could be read."
        self.empty.set_text(reason)
        self.stack.setCurrentWidget(self.empty if reason else self.filled)
        if layer is None or times is None or times.histogram is None or times.bars is None:
            self._show_nothing()
            return
        span = self.spans.get(layer.id)
        place = None if span is None else times.histogram.place_of(span)
        audience, left = self._reader(layer), self._left(layer, times)
        chart = times.histogram if left is None else left.chart
        self.view.show_histogram(chart, place, self._color(layer), audience)
        self.view.click_does = _click_does(times)
        self.player.show_bars(times.bars, span, times.at_least)
        self._say(layer, times)
        self._follow_selection()

    def _show_nothing(self) -> None:
        """Forget what was shown, of which not even hidden parts may go on telling."""
        self.words.setText("")
        self.words.setToolTip("")
        self.clear.setVisible(False)
        self.view.show_histogram(None, None, QColor(), self.session.look.audience)
        self.week.show_counts(np.zeros((7, 24), dtype=np.int64), self.session.look.audience)
        self.player.show_bars(None, None, Step.HOUR)
        self.note.setText("")

    def _why_empty(self, layer: Layer | None) -> str:
        if layer is None:
            return (
                "No layer with times yet. Import overdoses or stops with a column of dates, and "
                "their times appear here."
            )
        audience = self.session.look.audience
        how = showing(layer.kind, layer.sensitivity, audience, exported=False)
        if how is Showing.NOTHING:
            return f"“{layer.name}” is not shown to {audience.within}."
        return ""

    def _times_of(self, layer: Layer) -> _Times | None:
        """The bars of a layer, None while they are read; for counts never finer than months.

        Two spans that differ by a day would else let a small count be worked out.
        """
        at_least, kept = self._at_least(layer), self._times.get(layer.id)
        if kept is not None and kept.table is layer.table and self._is_for_reader(layer, kept):
            return kept
        if kept is not None and layer.id in self.spans:
            self._lift(layer)
        cache = self.session.cache
        known = cache.known((layer.table,), "times", layer.fields.get("time", ""))
        if isinstance(known, TimeBars):
            bars: TimeBars | None = known
        elif len(layer) <= _AT_ONCE:
            bars = time_bars_of(layer, cache, Progress())
        else:
            self._read(layer)
            return None
        return self._keep(layer, at_least, bars)

    def _at_least(self, layer: Layer) -> Step:
        how = showing(layer.kind, layer.sensitivity, self.session.look.audience, exported=False)
        return finest_told(how)

    def _is_for_reader(self, layer: Layer, times: _Times) -> bool:
        return times.at_least is self._at_least(layer) and times.seen is self._seen(layer)

    def _lift_others(self) -> None:
        """Lift spans of bars that were made for another audience, of layers not looked at too."""
        for layer in self.session.project.layers:
            kept = self._times.get(layer.id) if layer.id in self.spans else None
            if kept is not None and not self._is_for_reader(layer, kept):
                self._lift(layer)

    def _seen(self, layer: Layer) -> Mask | None:
        """Rows of a layer that the audience may know of: not the confidential services."""
        return open_rows(layer, self.session.look.audience, exported=False)

    def _reader(self, layer: Layer) -> Audience:
        """For whom counts are: small ones are kept back of events in somebody's life only."""
        return self.session.look.audience if layer.is_events else Audience.POLICE

    def _keep(self, layer: Layer, at_least: Step, bars: TimeBars | None) -> _Times:
        seen, times_of = self._seen(layer), layer.column("time")
        if seen is not None and bars is not None and times_of is not None:
            bars = TimeBars.of_some(times_of, bars.timezone, seen)
        chart = histogram(bars, at_least) if bars is not None else None
        times = _Times(layer.table, at_least, seen, bars, chart)
        self._times[layer.id] = times
        if bars is not None:
            self._make_ready(layer, bars)
        return times

    def _make_ready(self, layer: Layer, bars: TimeBars) -> None:
        """Have on a worker what the map needs for the first step of the brush: 0.1 s of 10 M."""
        points, cache = layer.geometry, self.session.cache
        if len(layer) <= _AT_ONCE or not isinstance(points, Points):
            return
        task = Task(
            f"Sorting the times of {layer.name}",
            lambda progress: bars_in_order(bars, points, cache, progress),
            reads=frozenset({layer.id}),
        )
        self.session.start(task, quick=True)

    def _read(self, layer: Layer) -> None:
        """Number the times on a worker, then show them."""
        cache = self.session.cache

        def done(bars: TimeBars | None) -> None:
            if self.layer is None or self.layer.table is not layer.table:
                return
            if bars is None:
                self._keep(self.layer, self._at_least(self.layer), None)
            self.refresh()

        task: Task[TimeBars | None] = Task(
            f"Reading the times of {layer.name}",
            lambda progress: time_bars_of(layer, cache, progress),
            reads=frozenset({layer.id}),
        )
        self._reading.ask(task, done)

    def _color(self, layer: Layer) -> QColor:
        value = layer.style.color
        return QColor(INK_ON_DARK if value == INK and self.session.look.dark else value)

    # The span

    def _shown(self) -> tuple[Layer, _Times] | None:
        layer = self.layer
        times = None if layer is None or self._why_empty(layer) else self._times_of(layer)
        if layer is None or times is None or times.histogram is None:
            return None
        return layer, times

    def _on_brush(self, place: Place | None) -> None:
        shown = self._shown()
        if shown is None:
            return
        layer, times = shown
        span = None
        if place is not None and times.histogram is not None:
            span = times.histogram.fine_span(*place)
        self.player.show_span(span)
        self._limit(layer, times, span)

    def _on_walk(self, span: Span) -> None:
        shown = self._shown()
        if shown is None:
            return
        layer, times = shown
        if times.histogram is not None:
            self.view.show_span(times.histogram.place_of(span))
        self._limit(layer, times, span)

    def _on_lifted(self, layer_id: str) -> None:
        """A span was taken off elsewhere."""
        self.spans.pop(layer_id, None)
        if self.layer is not None and self.layer.id == layer_id:
            self.view.set_span(None)

    def _lift(self, layer: Layer) -> None:
        self.spans.pop(layer.id, None)
        self.session.filters.set(layer.id, Part.TIME, None)

    def _limit(self, layer: Layer, times: _Times, span: Span | None) -> None:
        if span is None or times.bars is None:
            self._lift(layer)
        else:
            span = self.spans[layer.id] = aligned(times.bars, span, times.at_least)
            words = bars_in_words(times.bars, span, times.at_least)
            self.session.filters.set_times(layer.id, times.bars, span, words)
        self._say(layer, times)

    def _left(self, layer: Layer, times: _Times) -> Left | None:
        """What the layer's filter leaves; None for all rows.

        For who sees counts only the bars stay those of all rows: beside those of a few less, a
        small count could be worked out.
        """
        if times.at_least is not Step.HOUR or times.bars is None or times.histogram is None:
            return None
        return self.filtered.left_of(layer, times.bars, times.histogram, times.seen)

    def _say(self, layer: Layer, times: _Times) -> None:
        chart, bars, audience = times.histogram, times.bars, self._reader(layer)
        assert chart is not None and bars is not None
        left = self._left(layer, times)
        if left is not None:
            chart, bars = left.chart, left.bars
        chosen = self.spans.get(layer.id)
        span = chosen or (0, len(bars))
        words = bars_in_words(bars, span, times.at_least)
        filtered = self.session.filters.fields(layer.id) is not None
        if self.filtered.waiting:
            counted = "counting what the filter leaves…"
        elif left is not None:
            inside = None if chosen is None else bars.count(chosen)
            counted = _of_filtered(layer, left, self._held(layer, times), inside)
        elif chosen is None and bars.unknown and threshold(audience) == 1:
            counted = f"{bars.count(span):,} of {self._held(layer, times)}"
        else:
            counted = _told(layer, bars.count(span), audience)
            counted += " with or without the filter" if filtered else ""
        self.words.setText(f"{words} · {counted}")
        self.words.setToolTip(tip(self.session.filters.in_words(layer.id, times=False)))
        self.clear.setVisible(chosen is not None)
        self._note()
        self.week.show_counts(bars.weekday_hours(chosen), audience)

    def _held(self, layer: Layer, times: _Times) -> str:
        """How many rows of a layer there are as far as the audience may know, in words."""
        return layer.counted if times.seen is None else layer.count_words(int(times.seen.sum()))

    def _note(self) -> None:
        chart, walk, layer = self.view.histogram, self.player.walk, self.layer
        if chart is not None and layer is not None:
            notes = _notes(chart, self._reader(layer))
            self.note.setText(f"{notes} {walk.note() if walk is not None else ''}".strip())

    # What is selected

    def _on_click(self, bar: int) -> None:
        """Select the rows of a bar; an audience that sees counts only shows the bar alone."""
        shown = self._shown()
        if shown is None:
            return
        layer, times = shown
        assert times.histogram is not None and times.bars is not None
        if times.at_least is not Step.HOUR:
            self.view.set_span((bar, bar + 1))
            return
        rows = times.bars.mask(times.histogram.fine_span(bar, bar + 1))
        limit = self.session.look.rows_of(layer)
        if limit is not None:
            rows &= limit
        self.session.select(Selection(layer_id=layer.id, rows=np.flatnonzero(rows)))

    def _follow_selection(self) -> None:
        shown = self._shown() if self.stack.currentWidget() is self.filled else None
        layer, times = shown if shown is not None else (None, None)
        each = times is not None and times.at_least is Step.HOUR
        self.selected.follow(layer if each else None, times.bars if times and each else None)

    def _show_selected(self) -> None:
        shown = self._shown()
        found = self.selected
        if shown is None or shown[1].histogram is None or found.by_bar is None:
            self.view.show_selected(None)
            self.week.show_selected(None)
        else:
            self.view.show_selected(shown[1].histogram.summed(found.by_bar))
            self.week.show_selected(found.by_week)

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
        look, edition = self.session.look, self.session.filters.edition
        if look.audience is not self._audience:
            # At once: nobody else may know of the bars there were, nor see rows by their spans.
            self._audience, self._dark, self._edition = look.audience, look.dark, edition
            self.refresh()
        elif (look.dark, edition) != (self._dark, self._edition):
            self._dark, self._edition = look.dark, edition
            self._afterwards.ask()

    def catch_up(self) -> None:
        """Say what the session says now; it is done soon after each change anyway."""
        self._afterwards.now()


def _of_filtered(layer: Layer, left: Left, held: str, inside: int | None) -> str:
    """How many rows a span holds of those that the filter leaves; None for no span."""
    if left.rows == 0:
        return f"the filter leaves no {layer.count_words(0).removeprefix('0 ')}"
    if inside is None:
        return f"{left.rows:,} of {held}, which the filter leaves"
    return f"{inside:,} of the {layer.count_words(left.rows)} that the filter leaves"


def _told(layer: Layer, count: int, audience: Audience) -> str:
    """So many rows in words, as far as an audience may know how many."""
    known = suppressed(count, audience)
    if known is None:
        return f"{shown_count(None, audience)} {layer.count_words(0).removeprefix('0 ')}"
    return layer.count_words(known)


def _click_does(times: _Times) -> str:
    if times.at_least is Step.HOUR:
        return "Click selects these rows. Drag shows only a span."
    return "Click or drag shows only a span."


def _has_times(layer: Layer) -> bool:
    times = layer.column("time")
    return times is not None and pa.types.is_timestamp(times.type)


def _notes(bars: Histogram, audience: Audience) -> str:
    """What the bars leave out, in one line."""
    notes = [f"Bars are counts {bars.step.each}."]
    if threshold(audience) > 1:
        notes.append(f"Bars of fewer than {threshold(audience)} are not shown.")
    if bars.unknown and suppressed(bars.unknown, audience) is not None:
        one = bars.unknown == 1
        rows, are = ("row has", "is") if one else ("rows have", "are")
        notes.append(f"{bars.unknown:,} {rows} no time and {are} left out of a span.")
    return " ".join(notes)
