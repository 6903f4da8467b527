"""Filtering a layer: by picked values, by a range, by a query as text, by what is selected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gisapp.analysis.points.time_bars import TimeBars
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.map.second_look import SecondLook
from gisapp.ui.session import Selection
from gisapp.ui.table.conditions import Condition, Operator
from gisapp.ui.table.filter_pickers import SpreadView, TextPicker
from gisapp.ui.table.filter_values import spread_of, values_of
from gisapp.ui.table.panel import TablePanel
from gisapp.ui.table.row_filter import Part


@pytest.fixture
def panel(qtbot, session, idle):
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.resize(1000, 320)
    panel.show()
    idle(session)
    return panel


def layer_of(session):
    return session.project.layers_of(LayerKind.OVERDOSES)[0]


def ask(panel, column, operator, value=""):
    panel.filter_bar.add_row()
    row = panel.filter_bar.rows[-1]
    row.column.setCurrentText(column)
    row.say(operator, value)
    panel.filter_bar.apply_now()
    return row


def column(session, name):
    return np.array(layer_of(session).table[name].to_pylist(), dtype=object)


def write(panel, qtbot, text):
    panel.filter.query.line.selectAll()
    qtbot.keyClicks(panel.filter.query.line, text)


def test_each_condition_says_how_many_rows_it_leaves(panel, session, qtbot):
    first = ask(panel, "substance", Operator.IS, "heroin")
    second = ask(panel, "doses", Operator.AT_LEAST, "2")
    heroin = column(session, "substance") == "heroin"
    both = heroin & (column(session, "doses") >= 2)
    qtbot.waitUntil(lambda: second.left.text() != "")
    assert first.left.text() == f"{heroin.sum()} left"
    assert second.left.text() == f"{both.sum()} left"
    qtbot.waitUntil(lambda: panel.model.rowCount() == both.sum())


def test_counts_say_that_they_are_of_all_times_where_a_span_limits_the_map(panel, session, qtbot):
    layer = layer_of(session)
    row = ask(panel, "substance", Operator.IS, "heroin")
    qtbot.waitUntil(lambda: row.left.text() != "")
    count = row.left.text().removesuffix(" left")
    write(panel, qtbot, "substance == 'heroin'")
    qtbot.waitUntil(lambda: panel.filter.query.count.text() == f"{count} rows")
    bars = TimeBars.build(layer.table[layer.fields["time"]], layer.timezone)
    session.filters.set_times(layer.id, bars, (0, len(bars) // 8), "a while")
    assert row.left.text() == f"{count} left of all times"
    assert panel.filter.query.count.text() == f"{count} rows of all times"
    qtbot.waitUntil(lambda: f"{count} of" not in panel.count.text())
    assert row.left.width() >= row.left.sizeHint().width(), "read whole"
    second = ask(panel, "doses", Operator.AT_LEAST, "2")
    qtbot.waitUntil(lambda: "of all times" in second.left.text())
    panel.show_layer("zones")
    assert panel.filter.query.count.text() == ""
    panel.show_layer(layer.id)
    session.filters.lift_times(layer.id)
    write(panel, qtbot, "substance == 'heroin'")
    qtbot.waitUntil(lambda: panel.filter.query.count.text() == f"{count} rows")
    assert all("of all times" not in one.left.text() for one in panel.filter_bar.rows)


def test_counts_say_that_they_are_of_rows_selected_or_not_where_only_those_are_shown(
    panel, session, qtbot
):
    layer = layer_of(session)
    row = ask(panel, "substance", Operator.IS, "heroin")
    qtbot.waitUntil(lambda: row.left.text() != "")
    count = row.left.text().removesuffix(" left")
    session.select(Selection(layer_id=layer.id, rows=np.arange(len(layer) // 2)))
    panel.only_selected.click()
    qtbot.waitUntil(lambda: row.left.text() == f"{count} left, selected or not")
    qtbot.waitUntil(lambda: row.left.width() >= row.left.sizeHint().width())  # read whole
    panel.clear.click()
    again = ask(panel, "substance", Operator.IS, "heroin")
    qtbot.waitUntil(lambda: again.left.text() == f"{count} left")


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
def test_values_are_ticked_from_a_list_with_the_most_frequent_first(panel, session, qtbot):
    row = ask(panel, "substance", Operator.CONTAINS)
    qtbot.mouseClick(row.pick, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.filter.picker is not None)
    picker = panel.filter.picker
    assert isinstance(picker, TextPicker)
    counts = [picker.values.counts[i] for i in range(len(picker.values.counts))]
    assert counts == sorted(counts, reverse=True)
    qtbot.keyClicks(picker.search, "HERO")
    assert picker.list.count() == 1
    picker.list.item(0).setCheckState(Qt.CheckState.Checked)
    wanted = (column(session, "substance") == "heroin").sum()
    assert picker.list.item(0).text() == f"heroin  ·  {wanted}"
    assert row.condition == Condition("substance", Operator.EXACTLY, "heroin")
    qtbot.waitUntil(lambda: panel.model.rowCount() == wanted)
    assert panel.filter.query.text == "substance == 'heroin'"
    picker.close()


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
def test_a_range_is_picked_between_two_handles(panel, session, qtbot):
    row = ask(panel, "doses", Operator.IS)
    qtbot.mouseClick(row.pick, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.filter.picker is not None)
    chart = panel.filter.picker.chart
    assert isinstance(chart, SpreadView)
    low, high = QPoint(round(chart.x_of(0)), 40), QPoint(round(chart.x_of(1)), 40)
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=low)
    qtbot.mouseMove(chart, high)
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=high)
    assert chart.ends == (1.0, 3.0)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert row.condition == Condition("doses", Operator.BETWEEN, "1 to 2")
    doses = column(session, "doses")
    qtbot.waitUntil(lambda: panel.model.rowCount() == ((doses >= 1) & (doses <= 2)).sum())
    panel.filter.picker.close()


def test_conditions_are_shown_as_a_query_and_a_query_as_conditions(panel, session, qtbot, idle):
    ask(panel, "doses", Operator.AT_LEAST, "2")
    assert panel.filter.query.text == "doses >= 2"
    write(panel, qtbot, "doses >= 3 and substance in ['heroin', 'fentanyl']")
    qtbot.keyClick(panel.filter.query.line, Qt.Key.Key_Return)
    asked = [row.condition for row in panel.filter_bar.rows]
    assert asked == [
        Condition("doses", Operator.AT_LEAST, "3"),
        Condition("substance", Operator.EXACTLY, "heroin; fentanyl"),
    ]
    few = np.isin(column(session, "substance"), ["heroin", "fentanyl"])
    few &= column(session, "doses") >= 3
    qtbot.waitUntil(lambda: panel.model.rowCount() == few.sum())


def test_what_no_condition_can_say_stays_text_and_filters(panel, session, qtbot, idle):
    text = "doses > 2 or substance.str.startswith('h')"
    write(panel, qtbot, text)
    qtbot.mouseClick(panel.filter.query.only_button, Qt.MouseButton.LeftButton)
    some = (column(session, "doses") > 2) | (column(session, "substance") == "heroin")
    qtbot.waitUntil(lambda: panel.model.rowCount() == some.sum())
    assert panel.filter_bar.rows == []
    assert panel.filter.query.text == text
    assert panel.filter.query.count.text() == f"{some.sum()} rows"
    assert panel.filter.query.box.itemText(0) == text, "it can be had again"
    assert text in panel.count.text()
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 600)
    assert panel.filter.query.text == ""


def test_rows_are_counted_while_a_query_is_written(panel, session, qtbot):
    write(panel, qtbot, "doses == 1")
    wanted = (column(session, "doses") == 1).sum()
    qtbot.waitUntil(lambda: panel.filter.query.count.text() == f"{wanted} rows")
    assert not session.look.rows, "nothing is filtered yet"
    assert panel.model.rowCount() == 600


@pytest.mark.parametrize("text", ["doses >", "nothing == 3", "__import__('os')", "doses > 'x'"])
def test_a_query_that_cannot_be_read_is_explained_beneath_it(panel, session, qtbot, text):
    write(panel, qtbot, text)
    qtbot.keyClick(panel.filter.query.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "annot be used" in panel.filter.query.error.text())
    assert panel.filter.query.error.isVisible()
    assert not session.look.rows
    write(panel, qtbot, "doses > 1")
    qtbot.waitUntil(lambda: not panel.filter.query.error.isVisible())


def test_a_query_up_to_a_day_says_that_it_ends_at_midnight(panel, session, qtbot, idle):
    query = panel.filter.query
    write(panel, qtbot, "time <= '2025-03-01' or doses > 5")
    words = "“time” up to 00:00 on 1 March 2025: for the whole day write time < '2025-03-02'."
    qtbot.waitUntil(lambda: query.note.text() == words)
    assert query.note.isVisible() and query.count.text().endswith(" rows")
    assert words in query.line.accessibleDescription()
    qtbot.keyClick(query.line, Qt.Key.Key_Return)
    idle(session)
    assert query.note.text() == words, "it stays with the filter that holds"
    qtbot.mouseClick(query.select_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(len(session.selection.rows)))
    assert query.note.text() == words
    write(panel, qtbot, "time < '2025-03-02' or doses > 5")
    qtbot.waitUntil(lambda: not query.note.isVisible())


def test_an_error_of_a_query_is_read_whole_on_a_few_lines_and_in_its_tool_tip(
    panel, session, qtbot
):
    error = panel.filter.query.error
    write(
        panel, qtbot, "doses > 1 and nothing.str.startswith('a long text of no use') and doses < 9"
    )
    panel.filter.query.only.emit(panel.filter.query.text)
    qtbot.waitUntil(error.isVisible)
    assert error.text().startswith("Cannot be used to choose rows: there is no column “nothing”")
    told = error.lines(error.width())
    assert " ".join(told) == error.text(), "with the columns at its end"
    assert 1 < len(told) <= 4
    qtbot.waitUntil(lambda: error.height() >= len(told) * error.fontMetrics().lineSpacing())
    assert panel.filter.query.width() <= panel.width()
    for words in ("doses > 1 and nothing", "Columns: "):
        assert words in error.toolTip()
        assert words in panel.filter.query.line.accessibleDescription()


def test_the_rows_of_a_query_are_selected(panel, session, qtbot):
    write(panel, qtbot, "doses == 3")
    qtbot.mouseClick(panel.filter.query.select_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.selection.is_empty)
    wanted = np.flatnonzero(column(session, "doses") == 3)
    assert session.selection.rows.tolist() == wanted.tolist()
    assert not session.look.rows


def test_only_what_is_selected_is_shown_together_with_the_rest_of_the_filter(panel, session, qtbot):
    session.select(Selection(layer_id=layer_of(session).id, rows=np.arange(50)))
    qtbot.mouseClick(panel.only_selected, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 50)
    assert "50 selected rows" in panel.count.text()
    ask(panel, "substance", Operator.EXACTLY, "heroin")
    few = (column(session, "substance")[:50] == "heroin").sum()
    qtbot.waitUntil(lambda: panel.model.rowCount() == few)
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 600)
    assert session.filters.mask(layer_of(session).id, Part.CHOSEN) is None


@pytest.mark.parametrize(("kept", "lifted"), [(3, True), (597, True), (50, False)])
def test_a_filter_that_names_few_rows_is_lifted_for_others(panel, session, kept, lifted):
    layer = layer_of(session)
    session.filters.set(layer.id, Part.TABLE, np.arange(600) < kept, "some rows")
    session.set_look(audience=Audience.PARTNERS)
    assert (session.filters.mask(layer.id, Part.TABLE) is None) is lifted


def test_other_audiences_are_offered_no_values_of_events(panel, session):
    session.set_look(audience=Audience.PARTNERS)
    assert not panel.filter.isVisible()
    assert not panel.filter_bar.add.isEnabled()
    assert not panel.only_selected.isVisible()


def test_values_and_numbers_are_counted():
    texts = values_of(pa.chunked_array([["b", "a", None], ["b", ""]]))
    assert texts.texts[0] == "b"
    assert texts.counts[0] == 2
    assert sorted(texts.texts) == ["", "a", "b"]
    assert texts.empty == 1
    spread = spread_of(pa.chunked_array([[0.0, 1.0, float("nan")], [None, 4.0]]))
    assert (spread.low, spread.high, spread.empty, spread.counts.sum()) == (0, 4, 2, 3)
    whole = spread_of(pa.chunked_array([[1, 2, 2, None]]))
    assert whole.counts.tolist() == [1, 2]
    assert spread_of(pa.chunked_array([pa.array([None], pa.float64())])) is None


def test_rows_chosen_one_by_one_are_no_longer_chosen_for_others(panel, session):
    layer = layer_of(session)
    session.select(Selection(layer_id=layer.id, rows=np.arange(50)))
    panel.filter.only_selected()
    assert session.look.mask_of(layer.id).sum() == 50
    session.set_look(audience=Audience.PARTNERS)
    assert layer.id not in session.look.rows


def test_a_second_map_for_others_shows_no_rows_chosen_for_the_first(session):
    layer = layer_of(session)
    session.filters.set(layer.id, Part.CHOSEN, np.arange(600) < 50)
    second = SecondLook.like(session.project, session.look)
    assert layer.id in second.look(session.look).rows
    for audience in (Audience.PARTNERS, Audience.PUBLIC):
        assert not replace(second, audience=audience).look(session.look).rows


def test_what_is_typed_is_never_finished_with_an_older_query(panel, session, qtbot, idle):
    longer = "doses == 1 and substance == 'heroin'"
    write(panel, qtbot, longer)
    qtbot.keyClick(panel.filter.query.line, Qt.Key.Key_Return)
    few = (column(session, "doses") == 1) & (column(session, "substance") == "heroin")
    qtbot.waitUntil(lambda: panel.model.rowCount() == few.sum())
    assert panel.filter.query.box.itemText(0) == longer
    for text in ("doses == 1", "Doses == 1 and substance == 'heroin'", "doses"):
        write(panel, qtbot, text)
        assert panel.filter.query.line.text() == text
        assert not panel.filter.query.line.hasSelectedText()
    asked = []
    panel.filter.query.only.connect(asked.append)
    write(panel, qtbot, "DOSES == 1 and substance == 'heroin'")
    qtbot.keyClick(panel.filter.query.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no column “DOSES”" in panel.filter.query.error.text())
    write(panel, qtbot, "doses == 1")
    qtbot.keyClick(panel.filter.query.line, Qt.Key.Key_Return)
    assert asked == ["DOSES == 1 and substance == 'heroin'", "doses == 1"]
    more = (column(session, "doses") == 1).sum()
    qtbot.waitUntil(lambda: panel.model.rowCount() == more)


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
def test_older_queries_are_had_from_the_list_alone(panel, session, qtbot):
    query = panel.filter.query
    query.remember("doses == 3")
    write(panel, qtbot, "doses == 1")
    wheel = QWheelEvent(
        *(QPointF(9, 9), QPointF(query.box.mapToGlobal(QPoint(9, 9))), QPoint(), QPoint(0, -120)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
        *(Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(query.box, wheel)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        qtbot.keyClick(query.line, key)
    assert query.text == "doses == 1"
    qtbot.keyClick(query.line, Qt.Key.Key_Down)
    assert query.box.view().isVisible()
    assert query.text == "doses == 1"
    qtbot.keyClick(query.box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(query.box.view(), Qt.Key.Key_Return)
    assert query.text == "doses == 3"


@pytest.mark.parametrize("text", ["doses == '1'", "day >= '2025-03-09 02:30'", "day > 'soon'"])
def test_a_refused_query_gets_one_and_the_same_answer_however_it_is_asked(
    qtbot, open_session, idle, text
):
    times = pa.array([1_741_478_400_000_000, 0], pa.timestamp("us", "America/New_York"))
    table = pa.table({"doses": [1, 2], "day": times})
    layer = new_layer("Calls", LayerKind.OVERDOSES, table, Points(np.zeros(2), np.zeros(2)))
    session = open_session(Project(layers=(layer,)))
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.show()
    said = []
    for ask_it in (
        lambda: panel.filter._count(text),
        lambda: qtbot.keyClick(panel.filter.query.line, Qt.Key.Key_Return),
        lambda: qtbot.mouseClick(panel.filter.query.select_button, Qt.MouseButton.LeftButton),
    ):
        write(panel, qtbot, text)
        ask_it()
        qtbot.waitUntil(lambda: panel.filter.query.error.text() != "")
        said.append(panel.filter.query.error.text())
        panel.filter.query.say("", "")
        idle(session)
    assert len(set(said)) == 1
    assert "Columns:" not in said[0]
    assert not session.look.rows
    assert session.selection.is_empty


@pytest.mark.parametrize(
    "asked",
    [
        [("time", Operator.SINCE, "2018-10-28 01:00+01:00"), ("time", Operator.BEFORE, "2025-01")],
        [("time", Operator.BETWEEN, "2018-10-28 01:00 to 2018-10-28 03:00")],
        [("substance", Operator.EXACTLY, "heroin; fentanyl; methamphetamine"), ("doses",)],
        [("substance", Operator.FILLED, ""), ("doses", Operator.BETWEEN, "1 to 2")],
    ],
)
def test_conditions_are_read_whole_on_a_small_screen(panel, session, qtbot, asked):
    panel.resize(1280, 320)
    for parts in asked:
        ask(panel, parts[0], *(parts[1:] or (Operator.AT_LEAST, "2")))
    panel.filter_bar.add.setFocus()

    def whole():
        for row in panel.filter_bar.rows:
            assert row.column.shown_text == row.column.currentText()
            assert row.operator.shown_text == row.operator.currentText()
            assert row.value.shown_text == row.value.text()
        lefts = {row.operator.x() for row in panel.filter_bar.rows}
        assert len(lefts) == 1, "the questions stand under each other"

    qtbot.waitUntil(whole)
    assert panel.stack.width() > 450, "and the rows keep their room"


def test_a_value_too_long_for_any_screen_shows_its_beginning_and_ends_in_dots(
    panel, session, qtbot
):
    panel.resize(1280, 320)
    value = "; ".join(f"a long name of a substance {n}" for n in range(40))
    row = ask(panel, "substance", Operator.EXACTLY, value)
    panel.filter_bar.add.setFocus()
    row.value.setText("")
    blank = row.value.grab().toImage()
    row.value.setText(value)
    first = "a long name of a substance 0; "
    qtbot.waitUntil(lambda: row.value.shown_text.startswith(first))
    assert row.value.shown_text.endswith("…")
    assert row.value.grab().toImage() != blank, "and is painted"


def test_an_empty_query_and_enter_take_the_filter_off(panel, session, qtbot, idle):
    box, line = panel.filter.query.box, panel.filter.query.line
    line.setFocus()
    assert line.focusProxy() is box, "keys come to the box, not to its line"
    qtbot.keyClicks(box, "doses >= 2 and substance == 'heroin'")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert len(panel.filter_bar.rows) == 2
    qtbot.waitUntil(lambda: bool(session.look.rows))
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    assert panel.filter_bar.rows, "nothing is decided before Enter"
    qtbot.keyClick(box, Qt.Key.Key_Enter)
    idle(session)
    assert not session.look.rows
    assert panel.filter_bar.rows == []
    assert panel.filter.query.text == ""


def test_a_query_that_is_refused_says_which_filter_still_holds(panel, session, qtbot, idle):
    query = panel.filter.query
    write(panel, qtbot, "doses >= 2")
    qtbot.keyClick(query.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(session.look.rows))
    write(panel, qtbot, "doses >= 2 and")
    qtbot.keyClick(query.box, Qt.Key.Key_Return)
    qtbot.waitUntil(query.error.isVisible)
    assert query.note.isVisible()
    assert query.note.text() == "The filter from before still holds: doses is at least 2"
    panel.clear.click()
    assert not query.note.isVisible()
    write(panel, qtbot, "doses >")
    qtbot.waitUntil(query.error.isVisible)
    assert not query.note.isVisible(), "no filter holds"


def test_a_query_is_asked_once_with_each_enter(panel, qtbot):
    told = []
    panel.filter.query.only.connect(told.append)
    for widget in (panel.filter.query.box, panel.filter.query.line):
        write(panel, qtbot, "doses == 1")
        qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert told == ["doses == 1", "doses == 1"]
