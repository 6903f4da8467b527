"""A window of time that walks over the map: by the clock, by keys, and never too fine."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from gisapp.analysis.points.time_bars import Step, TimeBars
from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.table.row_filter import Part
from gisapp.ui.times.caption import TimeCaption, caption
from gisapp.ui.times.panel import TimePanel
from gisapp.ui.times.walk import Walk, aligned, shifted
from gisapp.ui.widgets.forms import choose

moments = st.datetimes(
    datetime.fromisoformat("2019-01-01"),
    datetime.fromisoformat("2026-01-01"),
    timezones=st.just(UTC),
)


def bars_of(*texts, zone="Europe/London"):
    times = pa.array(np.array(texts, dtype="datetime64[us]"), pa.timestamp("us"))
    return TimeBars.build(pa.compute.assume_timezone(pa.chunked_array([times]), zone), zone)


def day(text):
    return np.datetime64(text, "us")


def test_months_are_moved_by_the_calendar():
    assert shifted(day("2025-01-31"), Step.MONTH, 1) == day("2025-03-01"), "as far as it has days"
    assert shifted(day("2025-01-01"), Step.QUARTER, -1) == day("2024-10-01")
    assert shifted(day("2024-02-28"), Step.YEAR, 1) == day("2025-02-28")
    assert shifted(day("2025-03-29"), Step.WEEK, 1) == day("2025-04-05")


def test_a_day_with_another_clock_is_one_window_of_its_own():
    bars = bars_of("2025-03-28T12:00", "2025-03-30T00:30", "2025-03-30T23:30", "2025-04-02T12:00")
    walk = Walk.over(bars, Step.DAY, Step.DAY, None, Step.HOUR)
    spans = [walk.at(position) for position in range(walk.last + 1)]
    starts = [bars.moments(span)[0].astype("datetime64[D]").astype(str) for span in spans]
    assert starts == [f"2025-03-{d}" for d in (28, 29, 30, 31)] + ["2025-04-01", "2025-04-02"]
    assert [bars.count(span) for span in spans] == [1, 0, 2, 0, 0, 1]


def test_a_brushed_span_of_months_keeps_to_months():
    bars = bars_of("2024-01-05", "2025-12-20")
    base = bars.span_of(day("2024-02-01"), day("2024-04-01"))
    walk = Walk.over(bars, Step.MONTH, None, base, Step.HOUR)
    assert walk.at(walk.position_of(base)) == base
    assert bars.moments(walk.at(3)) == (day("2024-04-01"), day("2024-06-01"))


@given(
    st.lists(
        st.datetimes(
            datetime.fromisoformat("2019-01-01"),
            datetime.fromisoformat("2026-01-01"),
            timezones=st.just(UTC),
        ),
        min_size=2,
        max_size=9,
    ),
    st.sampled_from(Step),
    st.none() | st.sampled_from(Step),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.sampled_from([Step.HOUR, Step.MONTH]),
    st.data(),
)
def test_every_window_holds_bars_and_none_is_finer_than_allowed(
    times, step, window, first, length, at_least, data
):
    bars = TimeBars.build(pa.chunked_array([pa.array(times, pa.timestamp("us", "UTC"))]), "UTC")
    first = min(first, len(bars) - 1)
    base = (first, min(first + length + 1, len(bars)))
    walk = Walk.over(bars, step, window, data.draw(st.none() | st.just(base)), at_least)
    assert walk.at(0)[0] <= walk.at(walk.last)[0] < len(bars)
    position = data.draw(st.integers(0, walk.last))
    span = walk.at(position)
    assert 0 <= span[0] < span[1] <= len(bars)
    assert aligned(bars, span, at_least) == span
    if at_least is Step.MONTH:
        start, end = bars.moments(span)
        assert span[0] == 0 or start == start.astype("datetime64[M]")
        assert span[1] == len(bars) or end == end.astype("datetime64[M]")


@pytest.fixture
def panel(qtbot, session):
    panel = TimePanel(session)
    qtbot.addWidget(panel)
    panel.resize(900, 240)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def layer_of(session):
    return session.project.layers_of(LayerKind.OVERDOSES)[0]


def test_it_plays_to_the_end_and_stops_by_itself(panel, session, qtbot):
    player, layer = panel.player, layer_of(session)
    choose(player.window_box, "month")
    choose(player.step_box, "month")
    choose(player.speed_box, 16)
    seen = []
    player.moved.connect(seen.append)
    qtbot.mouseClick(player.play, Qt.MouseButton.LeftButton)
    assert player.playing
    assert player.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: not player.playing, timeout=5000)
    assert player.slider.value() == player.slider.maximum()
    assert seen[-1][1] == len(player.bars)
    rows = session.look.mask_of(layer.id)
    assert rows.sum() == player.bars.count(seen[-1])
    assert (session.look.span_of(layer).mask == rows).all()
    assert "(America/New_York)" in panel.words.text()


def test_space_plays_and_pauses_arrows_step_home_and_end_jump(panel, session, qtbot):
    player = panel.player
    slider = player.slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Space)
    assert player.playing
    qtbot.keyClick(slider, Qt.Key.Key_Space)
    assert not player.playing
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert panel.spans[layer_of(session).id] == player.walk.at(player.walk.last)
    assert len(player.bars) - 7 * 24 < player.walk.at(player.walk.last)[1] < len(player.bars)
    assert "after 29 June 2025 are in none" in panel.note.text(), "no window is a part of a week"
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert panel.spans[layer_of(session).id] == player.walk.at(0)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 1
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert player.playing
    player.pause()


def test_it_begins_again_where_that_is_wanted(panel, qtbot):
    player = panel.player
    choose(player.speed_box, 16)
    qtbot.keyClick(player.slider, Qt.Key.Key_End)
    player.slider.setValue(player.slider.maximum() - 1)
    player.loop.setChecked(True)
    player.start()
    qtbot.waitUntil(lambda: player.slider.value() == 1, timeout=3000)
    assert player.playing
    player.pause()


def test_a_brushed_span_is_what_walks(panel, session):
    panel.view.set_span((2, 4))
    assert panel.player.window_box.currentText() == "as brushed"
    length = np.subtract(*panel.spans[layer_of(session).id])
    panel.player.slider.setValue(panel.player.slider.value() + 1)
    assert np.subtract(*panel.spans[layer_of(session).id]) == length


def test_for_others_it_walks_in_whole_months_at_least(panel, session):
    session.set_look(audience=Audience.PARTNERS)
    player = panel.player
    windows = [player.window_box.itemText(i) for i in range(player.window_box.count())]
    assert windows == ["a month", "a quarter", "a year", "as brushed"]
    player.start()
    player.pause()
    start, end = player.bars.moments(panel.spans[layer_of(session).id])
    assert start == start.astype("datetime64[M]") or start == player.bars.edges[0]
    assert end == end.astype("datetime64[M]")


def test_another_audience_stops_it_and_shows_all(panel, session):
    panel.player.start()
    session.set_look(audience=Audience.PUBLIC)
    assert not panel.player.playing
    assert layer_of(session).id not in session.look.rows


def test_the_map_says_which_span_it_shows(panel, session, qtbot):
    assert caption(session.project, session.look) == ""
    panel.view.set_span((0, 1))
    words = caption(session.project, session.look)
    assert words in panel.words.text()
    assert words.endswith("(America/New_York)")
    on_map = TimeCaption(panel)
    on_map.say(session.project, session.look)
    assert on_map.isVisible()
    assert on_map.accessibleDescription() == words
    panel.view.set_span(None)
    on_map.say(session.project, session.look)
    assert not on_map.isVisible()


def test_a_long_span_is_written_on_more_lines_where_the_map_is_narrow(session, qtbot):
    narrow = QWidget()
    qtbot.addWidget(narrow)
    narrow.resize(220, 200)
    on_map = TimeCaption(narrow)
    on_map.text = "16 January 2017 to 22 January 2017 (America/Chicago)"
    size, line = on_map.sizeHint(), on_map.fontMetrics().height()
    assert size.width() < narrow.width() and size.height() > 2 * line
    narrow.resize(2000, 200)
    assert on_map.sizeHint().height() < 2 * line


def test_a_click_selects_the_rows_of_a_bar_and_they_are_a_part_of_the_bars(panel, session, qtbot):
    view = panel.view
    place = view.rect().center()
    bar = view.bar_at(place.x())
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    rows = session.selection.rows
    assert len(rows) == view.histogram.counts[bar]
    assert session.selection.layer_id == layer_of(session).id
    assert view.span is None, "a click shows all rows as before"
    assert view.selected[bar] == view.selected.sum() == len(rows)
    assert panel.selected.by_week.sum() == len(rows)


def test_for_others_a_click_selects_no_rows(panel, session, qtbot):
    session.set_look(audience=Audience.PARTNERS)
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=panel.view.rect().center())
    assert session.selection.is_empty
    assert panel.view.selected is None
    assert panel.view.span is not None


def test_the_map_says_that_a_filter_is_on(panel, session, qtbot):
    layer = layer_of(session)
    session.filters.set(layer.id, Part.TABLE, np.arange(600) % 2 == 0, "every second")
    assert caption(session.project, session.look) == "A filter is on: Overdoses 2025"
    panel.view.set_span((0, 1))
    words = caption(session.project, session.look)
    assert words.endswith("(America/New_York)  ·  a filter is on: Overdoses 2025")
    session.filters.set(layer.id, Part.TABLE, None)
    assert "filter" not in caption(session.project, session.look)


def test_a_click_on_the_slider_moves_the_window_there(panel, session, qtbot):
    slider = panel.player.slider
    for part in (0.5, 0.25, 0.8):
        at = QPoint(round(slider.width() * part), slider.height() // 2)
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=at)
        assert slider.value() == pytest.approx(slider.maximum() * part, abs=1.5)
        walk = panel.player.walk
        assert panel.spans[layer_of(session).id] == walk.at(slider.value())
