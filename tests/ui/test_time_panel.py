"""Times in bars, the span chosen in them, and what it does to the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt

from gisapp.analysis.points.known_indexes import index_of
from gisapp.analysis.points.time_bars import Step, TimeBars
from gisapp.layers import edits
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.edits import Edit
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.prepared import time_bars_of
from gisapp.ui.session import Selection
from gisapp.ui.table.row_filter import Part
from gisapp.ui.times.caption import caption
from gisapp.ui.times.histogram import days_in_words, histogram, span_in_words, step_for
from gisapp.ui.times.limits import time_limit
from gisapp.ui.times.panel import TimePanel


def moments(*texts):
    return np.array(texts, dtype="datetime64[us]")


@pytest.fixture
def panel(qtbot, session):
    panel = TimePanel(session)
    qtbot.addWidget(panel)
    panel.resize(900, 200)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def layer_of(session):
    return session.project.layers_of(LayerKind.OVERDOSES)[0]


def bars_of(times, zone="UTC"):
    column = pa.chunked_array([pa.array(times, pa.timestamp("us"))])
    return TimeBars.build(pa.compute.assume_timezone(column, zone), zone)


@given(st.lists(st.integers(0, 4_000_000), min_size=1, max_size=60), st.sampled_from(Step))
def test_bars_hold_every_known_time_between_their_edges(minutes, at_least):
    times = np.datetime64("1969-11-30T00:00", "us") + np.array(minutes) * np.timedelta64(1, "m")
    fine = bars_of(np.append(times, np.datetime64("NaT", "us")))
    bars = histogram(fine, at_least)
    assert bars.unknown == 1
    assert bars.counts.sum() == len(times)
    for bar in (0, len(bars) - 1, len(bars) // 2):
        start, end = bars.span(bar, bar + 1)
        assert ((times >= start) & (times < end)).sum() == bars.counts[bar]
        span = bars.fine_span(bar, bar + 1)
        assert fine.count(span) == bars.counts[bar]
        assert bars.place_of(span) == (bar, bar + 1)
    assert (bars.summed(fine.counts) == bars.counts).all()


def test_weeks_start_on_monday():
    bars = histogram(bars_of(moments("2025-03-05", "2025-03-10", "2025-06-01")), Step.WEEK)
    assert bars.edges[0] == np.datetime64("2025-03-03")
    assert bars.counts[:2].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("days", "step"),
    [(1, Step.HOUR), (90, Step.DAY), (365, Step.WEEK), (3000, Step.MONTH), (20000, Step.YEAR)],
)
def test_the_step_follows_the_range(days, step):
    assert step_for(days) is step
    assert step_for(days, Step.MONTH) in (Step.MONTH, Step.YEAR)


def test_a_span_names_its_last_day_and_its_zone():
    start, end = moments("2025-03-01", "2025-04-01")
    assert span_in_words(start, end, "Europe/London") == (
        "1 March 2025 to 31 March 2025 (Europe/London)"
    )
    assert span_in_words(start, moments("2025-03-02")[0], "UTC") == "1 March 2025 (UTC)"
    hours = span_in_words(*moments("2025-03-01T08:00", "2025-03-01T09:00"), "UTC")
    assert hours == "1 March 2025, 08:00 to 09:00 (UTC)"
    late = span_in_words(*moments("2025-03-01T08:00", "2025-03-03"), "UTC")
    assert late == "1 March 2025, 08:00 to 2 March 2025, 24:00 (UTC)"


@pytest.mark.parametrize("end", ["2018-08-18T23:00", "2018-08-19T00:00", "2018-08-18T00:01"])
def test_all_times_are_said_by_their_first_and_last_day(end):
    words = days_in_words(*moments("2018-08-10T07:00", end), "UTC")
    assert words == "10 August 2018 to 18 August 2018 (UTC)"


def test_dragging_chooses_a_span_and_limits_the_map(panel, session, qtbot):
    view, layer = panel.view, layer_of(session)
    y = view.height() // 2
    middle = [QPoint(round((view.x_of(bar) + view.x_of(bar + 1)) / 2), y) for bar in range(8)]
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle[2])
    qtbot.mouseMove(view, middle[4])
    qtbot.mouseMove(view, middle[5])
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle[5])
    assert view.span == (2, 6)
    shown = session.look.mask_of(layer.id)
    assert shown.sum() == view.histogram.counts[2:6].sum()
    assert "(America/New_York)" in panel.words.text()
    assert f"{shown.sum()} overdoses" in panel.words.text()
    assert session.filters.in_words(layer.id) in panel.words.text()


def test_an_end_of_the_span_is_moved_by_its_handle(panel, session, qtbot):
    view = panel.view
    view.set_span((2, 6))
    y = view.height() // 2
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(6)), y))
    qtbot.mouseMove(view, QPoint(round(view.x_of(9)), y))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(9)), y))
    assert view.span == (2, 9)
    inside = QPoint(round(view.x_of(3)) + 8, y)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=inside)
    qtbot.mouseMove(view, QPoint(round(view.x_of(5)) + 8, y))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(5)) + 8, y))
    assert view.span == (4, 11)


def test_arrows_move_the_span_shift_grows_it_and_escape_shows_all(panel, session, qtbot):
    view = panel.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.span == (0, 1)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.span == (1, 3)
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.span == (0, 1)
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert view.span == (0, len(view.histogram))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.span is None
    assert layer_of(session).id not in session.look.rows


def test_showing_all_times_keeps_the_filter_of_the_table(panel, session, qtbot):
    layer = layer_of(session)
    mask = np.arange(600) % 2 == 0
    session.filters.set(layer.id, Part.TABLE, mask, "every second")
    panel.catch_up()
    panel.view.set_span((1, 4))
    assert session.look.mask_of(layer.id).sum() < mask.sum()
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert (session.look.mask_of(layer.id) == mask).all()


def test_other_audiences_see_no_small_bar_and_no_span_finer_than_a_month(panel, session):
    panel.view.set_span((1, 2))
    session.set_look(audience=Audience.PARTNERS)
    assert panel.view.histogram.step is Step.MONTH
    assert layer_of(session).id not in session.look.rows, "a finer span is lifted"
    assert "fewer than 11 are not shown" in panel.note.text()
    for bar, count in enumerate(panel.view.histogram.counts):
        assert panel.view.shown(bar) is (None if 0 < count < 11 else int(count)) or count >= 11


def test_patrol_systems_see_no_times_of_events(panel, session):
    session.set_look(audience=Audience.PATROL)
    assert panel.stack.currentWidget() is panel.empty
    assert "not shown to patrol systems" in panel.empty.label.text()


def test_without_times_it_says_what_to_do(qtbot, empty_session):
    panel = TimePanel(empty_session)
    qtbot.addWidget(panel)
    assert "No layer with times yet" in panel.empty.label.text()


def test_bars_and_counts_are_those_of_the_rows_that_a_filter_leaves(panel, session, qtbot):
    layer, view = layer_of(session), panel.view
    whole, week = view.histogram, panel.week._counts
    mask = np.asarray(layer.table["substance"]) == "heroin"
    session.filters.set(layer.id, Part.TABLE, mask, "substance == 'heroin'")
    panel.catch_up()
    left = int(mask.sum())
    assert f"{left} of 600 overdoses, which the filter leaves" in panel.words.text()
    assert (view.histogram.edges == whole.edges).all()
    assert view.histogram.counts.sum() + view.histogram.unknown == left
    assert panel.week._counts.sum() == view.histogram.counts.sum() < week.sum()
    view.set_span((2, 6))
    inside = int(session.look.mask_of(layer.id).sum())
    assert inside == view.histogram.counts[2:6].sum()
    assert f"{inside} of the {left} overdoses that the filter leaves" in panel.words.text()
    bar = 3
    place = QPoint(round((view.x_of(bar) + view.x_of(bar + 1)) / 2), view.height() // 2)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert len(session.selection.rows) == view.histogram.counts[bar]
    session.filters.set(layer.id, Part.TABLE, None)
    panel.catch_up()
    assert (view.histogram.counts == whole.counts).all()
    assert view.span == (2, 6), "the span stays"


def test_brushing_does_not_count_the_filtered_rows_anew(panel, session, monkeypatch):
    layer = layer_of(session)
    session.filters.set(layer.id, Part.TABLE, np.arange(600) % 2 == 0, "every second")
    panel.catch_up()
    asked = []
    limited = TimeBars.limited
    monkeypatch.setattr(TimeBars, "limited", lambda *a: asked.append(a) or limited(*a))
    for last in range(2, 20):
        panel.view.set_span((1, last))
    assert not asked
    session.filters.set(layer.id, Part.CHOSEN, np.arange(600) < 300, "the first half")
    panel.catch_up()
    assert len(asked) == 1


def test_many_filtered_rows_are_counted_in_the_background(panel, session, qtbot, idle, monkeypatch):
    monkeypatch.setattr("gisapp.ui.times.filtered._AT_ONCE", 0)
    layer = layer_of(session)
    panel.view.set_span((2, 6))
    for part in (2, 3):
        mask = np.arange(600) % part == 0
        session.filters.set(layer.id, Part.TABLE, mask, "some")
        panel.catch_up()
        assert "counting what the filter leaves" in panel.words.text()
    idle(session)
    assert f"of the {mask.sum()} overdoses that the filter leaves" in panel.words.text()
    session.filters.set(layer.id, Part.TABLE, None)
    panel.catch_up()
    assert "filter" not in panel.words.text()


def test_the_map_is_ready_for_the_brush_before_it_moves(session, qtbot, idle, monkeypatch):
    monkeypatch.setattr("gisapp.ui.times.panel._AT_ONCE", 0)
    panel, layer = TimePanel(session), layer_of(session)
    qtbot.addWidget(panel)
    session.set_current_layer(layer.id)
    panel.show()
    qtbot.waitUntil(lambda: panel.view.histogram is not None)
    idle(session)
    bars = time_bars_of(layer, session.cache, Progress())
    ready = session.cache.known((bars, layer.geometry), "bars in order", 0)
    assert isinstance(ready, np.ndarray)
    assert (ready == bars.number[index_of(layer.geometry).order]).all()


def test_for_others_the_bars_stay_those_of_all_rows(panel, session):
    session.set_look(audience=Audience.PARTNERS)
    layer, counts = layer_of(session), panel.view.histogram.counts
    session.filters.set(layer.id, Part.TABLE, np.arange(600) % 2 == 0, "every second")
    panel.catch_up()
    assert (panel.view.histogram.counts == counts).all()
    assert "with or without the filter" in panel.words.text()


def test_the_times_of_services_tell_of_no_confidential_one_and_keep_no_count_back(panel, session):
    (layer,) = session.project.layers_of(LayerKind.SERVICES)
    days = pa.array(np.arange("2020-01-01", "2020-01-07", dtype="datetime64[D]"))
    opened = days.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    timed = replace(
        layer,
        table=layer.table.append_column("opened", opened),
        fields={**layer.fields, "time": "opened"},
        sensitivity=Sensitivity.PUBLIC,
    )
    session.perform(Edit("Add times", lambda project: project.with_layer(timed)))
    panel.show_layer(layer.id)
    assert panel.words.text().endswith("6 services")
    session.perform(edits.mark_confidential(layer.id, [0, 1], True))
    assert panel.words.text().endswith("6 services")
    session.set_look(audience=Audience.PARTNERS)
    assert panel.words.text().endswith("4 services")
    assert panel.view.histogram.counts.sum() == 4 and panel.view.shown(0) == 1
    session.filters.set(layer.id, Part.TABLE, np.arange(6) < 3, "the first")
    panel.catch_up()
    assert panel.words.text().endswith("1 of 4 services, which the filter leaves")
    session.set_look(audience=Audience.POLICE)
    assert panel.words.text().endswith("3 of 6 services, which the filter leaves")


def with_times(kind, *days, confidential=None, name="Sites"):
    """A layer in a row of places, with a time for each or None."""
    times = pa.array(np.array(days, dtype="datetime64[us]"), pa.timestamp("us"))
    table, fields = {"opened": times.cast(pa.timestamp("us", "UTC"))}, {"time": "opened"}
    if confidential is not None:
        table["secret"], fields["confidential"] = confidential, "secret"
    places = Points(np.linspace(0, 0.1, len(days)), np.full(len(days), 51.5))
    layer = new_layer(name, kind, pa.table(table), places, fields=fields)
    return replace(layer, sensitivity=Sensitivity.PUBLIC)


@pytest.fixture
def open_panel(qtbot, open_session):
    def open_it(*layers):
        session = open_session(Project(layers=layers))
        panel = TimePanel(session)
        qtbot.addWidget(panel)
        panel.resize(900, 250)
        panel.show()
        return session, panel

    return open_it


def everything_said(session, panel):
    """What the page and the map say of times: words, bars, note, film and caption."""
    chart, walk = panel.view.histogram, panel.player.walk
    assert chart is not None and walk is not None
    films = [walk.moments(place) for place in range(walk.last + 1)]
    panel.view.set_span((0, 1))
    said = caption(session.project, session.look)
    panel.view.set_span(None)
    bars = (chart.step, chart.edges.tolist(), chart.counts.tolist(), chart.unknown)
    return panel.words.text(), bars, panel.note.text(), films, said, panel.week._counts.tolist()


@pytest.mark.parametrize("filtered", [False, True])
def test_the_times_of_a_confidential_service_are_told_by_nothing(open_panel, filtered):
    days = ("2011-03-05", "2020-01-05", "2020-03-01", "NaT", "NaT")
    hidden = [True, False, False, False, True]
    kept = [day for day, is_hidden in zip(days, hidden, strict=True) if not is_hidden]
    said = []
    for layer in (
        with_times(LayerKind.SERVICES, *days, confidential=hidden),
        with_times(LayerKind.SERVICES, *kept),
    ):
        session, panel = open_panel(layer)
        session.set_look(audience=Audience.PUBLIC)
        if filtered:
            session.filters.set(layer.id, Part.TABLE, np.ones(len(layer), bool), "all")
            panel.catch_up()
        said.append(everything_said(session, panel))
        panel.view.set_span((0, 1))
        assert session.look.mask_of(layer.id).sum() == 1
        session.set_look(audience=Audience.POLICE)
        assert (layer.id in panel.spans) == (layer.fields == {"time": "opened"}), "other bars"
    assert said[0] == said[1]
    assert said[0][0].startswith("5 January 2020 to 1 March 2020")
    assert "2011" not in str(said[0])


def test_where_all_services_with_a_time_are_confidential_nothing_is_told(open_panel):
    days = ("2011-03-05", "2020-01-05", "NaT")
    layer = with_times(LayerKind.SERVICES, *days, confidential=[True, True, False])
    session, panel = open_panel(layer)
    assert panel.view.histogram is not None
    session.set_look(audience=Audience.PUBLIC)
    assert panel.stack.currentWidget() is panel.empty
    assert "has a time that could be read" in panel.empty.label.text()
    assert panel.words.text() == panel.note.text() == ""
    assert panel.view.histogram is None and panel.player.walk is None
    assert panel.week._counts.sum() == 0, "nor a part that is hidden"
    session.set_look(audience=Audience.POLICE)
    assert panel.words.text().endswith("2 of 3 services")


def test_a_span_of_a_layer_not_looked_at_is_lifted_for_who_sees_other_bars(open_panel):
    days = ("2011-03-05", "2020-01-05", "2020-03-01")
    secret = with_times(LayerKind.SERVICES, *days, confidential=[True, False, False])
    other = with_times(LayerKind.SERVICES, *days, name="Others")
    session, panel = open_panel(secret, other)
    for layer in (secret, other):
        panel.show_layer(layer.id)
        panel.view.set_span((0, 1))
    session.set_look(audience=Audience.PUBLIC)
    assert secret.id not in session.look.rows and other.id in session.look.rows
    assert secret.id not in panel.spans


def test_what_is_selected_of_hidden_services_is_in_no_hour(open_panel):
    days = ("2020-01-05T10:00", "2020-01-05T11:00", "2020-03-01T12:00")
    layer = with_times(LayerKind.SERVICES, *days, confidential=[True, False, False])
    session, panel = open_panel(layer)
    session.set_look(audience=Audience.PUBLIC)
    session.select(Selection(layer_id=layer.id, rows=np.array([0, 1])))
    assert panel.selected.by_week.sum() == panel.selected.by_bar.sum() == 1


def test_numbers_beside_each_other_agree_and_one_is_one(open_panel):
    days = ("2020-01-05", "NaT", "2020-01-09", "2020-01-09")
    layer = with_times(LayerKind.STOPS, *days)
    session, panel = open_panel(layer)
    assert panel.words.text().endswith(" · 3 of 4 stops")
    assert "1 row has no time and is left out of a span." in panel.note.text()
    panel.view.set_span((0, 1))
    assert panel.words.text().endswith(" · 1 stop")
    assert time_limit(session, layer).said == "1 of 4 in the chosen time"
    session.filters.set(layer.id, Part.TABLE, np.arange(4) < 2, "two")
    panel.catch_up()
    assert panel.words.text().endswith(" · 1 of the 2 stops that the filter leaves")
    session.filters.set(layer.id, Part.TABLE, np.arange(4) < 1, "one")
    panel.catch_up()
    assert panel.words.text().endswith(" · 1 of the 1 stop that the filter leaves")
    session.filters.set(layer.id, Part.TABLE, np.zeros(4, bool), "none")
    panel.catch_up()
    assert panel.words.text().endswith(" · the filter leaves no stops")
    panel.view.set_span(None)
    assert panel.words.text().endswith(" · the filter leaves no stops")


def test_several_rows_without_a_time_are_several(open_panel):
    _, panel = open_panel(with_times(LayerKind.STOPS, "2020-01-05", "NaT", "NaT"))
    assert "2 rows have no time and are left out of a span." in panel.note.text()
    assert panel.words.text().endswith(" · 1 of 3 stops")
