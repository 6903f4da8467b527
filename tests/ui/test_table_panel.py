"""The attribute table: what it lists, to whom, in which order, and how it filters the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from gisapp.document import Document
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.identifiers import identifiers
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.session import Selection
from gisapp.ui.table.model import TableModel
from gisapp.ui.table.order import flags_of, ordered_rows, rows_at
from gisapp.ui.table.panel import TablePanel
from gisapp.ui.table.row_filter import Part
from gisapp.ui.table.source import ZONES


@pytest.fixture
def panel(qtbot, session, idle):
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    panel.show()
    idle(session)
    return panel


def overdoses_of(session):
    return session.project.layers_of(LayerKind.OVERDOSES)[0]


def texts(model, column):
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_a_cell_is_read_as_people_write_it(qapp):
    table = pa.table(
        {
            "n": [1234567, None],
            "x": [0.5, 12345.25],
            "t": pa.array([1_735_732_800_000_000, None], pa.timestamp("us", "America/New_York")),
            "yes": [True, False],
        }
    )
    model = TableModel()
    model.show(table, np.array([1, 0]))
    assert texts(model, 0) == ["", "1,234,567"]
    assert texts(model, 1) == ["12,345.25", "0.5"]
    assert texts(model, 2) == ["", "2025-01-01 07:00"]
    assert texts(model, 3) == ["no", "yes"]
    header = model.headerData(2, Qt.Orientation.Horizontal)
    assert header == "t (America/New_York)"
    assert model.headerData(0, Qt.Orientation.Vertical) == "2"
    right = model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight


def test_a_million_rows_are_shown_without_copying_a_cell(qapp):
    table = pa.table({"n": np.arange(1_000_000)})
    model = TableModel()
    model.show(table, ordered_rows(table, None, ("n", True)))
    assert model.rowCount() == 1_000_000
    assert model.index(0, 0).data() == "999,999"


@given(
    st.lists(st.none() | st.integers(-3, 3), max_size=12).flatmap(
        lambda values: st.tuples(
            st.just(values),
            st.none() | st.lists(st.booleans(), min_size=len(values), max_size=len(values)),
        )
    ),
    st.booleans(),
)
def test_sorted_rows_are_those_of_the_mask_with_empty_cells_last(case, descending):
    values, mask = case
    table = pa.table({"v": pa.array(values, pa.int64())})
    rows = ordered_rows(table, None if mask is None else np.array(mask, bool), ("v", descending))
    kept = [i for i in range(len(values)) if mask is None or mask[i]]
    known = [i for i in kept if values[i] is not None]
    known.sort(key=lambda i: (-values[i] if descending else values[i], i))
    assert list(rows) == known + [i for i in kept if values[i] is None]


_VALUES = {
    "whole": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "small": (pa.int8(), st.integers(-128, 127)),
    "fraction": (pa.float64(), st.floats(allow_nan=False)),
    "text": (pa.string(), st.text("aBbé ß", max_size=3)),
    "word": (pa.dictionary(pa.int32(), pa.string()), st.sampled_from("cab")),
    "flag": (pa.bool_(), st.booleans()),
    "day": (pa.date32(), st.dates()),
    "exact": (pa.decimal128(6, 2), st.integers(-999, 999)),
}


@given(st.sampled_from(sorted(_VALUES)), st.booleans(), st.data())
def test_every_kind_of_column_is_sorted_as_its_values_are(kind, descending, data):
    arrow, values = _VALUES[kind]
    cells = data.draw(st.lists(st.none() | values, max_size=12))
    cut = data.draw(st.integers(0, len(cells)))
    parts = [pa.array(part, arrow) for part in (cells[:cut], cells[cut:])]
    rows = list(ordered_rows(pa.table({"v": pa.chunked_array(parts)}), None, ("v", descending)))
    known = [row for row, value in enumerate(cells) if value is not None]
    known.sort(
        key=lambda row: cells[row].encode() if isinstance(cells[row], str) else cells[row],
        reverse=descending,
    )
    assert rows == known + [row for row, value in enumerate(cells) if value is None]
    wanted = np.array(sorted(data.draw(st.sets(st.integers(0, len(cells))))), dtype=np.int64)
    order = np.array(rows, dtype=np.int32)
    places = np.flatnonzero(flags_of(order, wanted, len(cells)))
    stretches = [(int(place), int(place) + 1) for place in places]
    there = [row for row in wanted.tolist() if row < len(cells)]
    assert rows_at(order, stretches, len(cells)).tolist() == there
    assert rows_at(range(len(cells)), [(row, row + 1) for row in there], 99).tolist() == there


def test_it_lists_the_top_layer_and_says_how_many(panel, session):
    assert panel.layer is overdoses_of(session)
    assert panel.model.rowCount() == 600
    assert panel.count.text() == "600 of 600 shown"


def test_a_condition_limits_table_and_map(panel, session, qtbot, idle):
    qtbot.mouseClick(panel.filter_bar.add, Qt.MouseButton.LeftButton)
    row = panel.filter_bar.rows[0]
    row.column.setCurrentText("substance")
    row.operator.setCurrentText("is")
    qtbot.keyClicks(row.value, "heroin")
    qtbot.keyClick(row.value, Qt.Key.Key_Return)
    layer = overdoses_of(session)
    wanted = np.array(layer.table["substance"].to_pylist()) == "heroin"
    qtbot.waitUntil(lambda: panel.model.rowCount() == wanted.sum())
    assert (session.look.mask_of(layer.id) == wanted).all()
    assert panel.count.text() == f"{wanted.sum()} of 600 shown · substance is heroin"
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 600)
    assert layer.id not in session.look.rows


def test_a_value_that_cannot_be_read_is_said_beside_it_and_nothing_is_filtered(
    panel, session, qtbot, idle
):
    panel.filter_bar.add_row()
    row = panel.filter_bar.rows[0]
    row.column.setCurrentText("doses")
    qtbot.keyClicks(row.value, "1,5")
    qtbot.keyClick(row.value, Qt.Key.Key_Return)
    assert "not a number" in row.error.text()
    idle(session)
    assert not session.look.rows


def test_the_filter_joins_the_span_of_time(panel, session, qtbot):
    layer = overdoses_of(session)
    span = np.zeros(600, dtype=bool)
    span[:100] = True
    session.filters.set(layer.id, Part.TIME, span, "in January")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 100)
    assert panel.count.text() == "100 of 600 shown · in January"


def test_clicking_a_column_sorts_then_turns_round_then_gives_the_files_order(panel, qtbot):
    doses = panel.model.table.column_names.index("doses")
    panel.sort_by(doses)
    qtbot.waitUntil(lambda: texts(panel.model, doses)[0] == "0")
    panel.sort_by(doses)
    qtbot.waitUntil(lambda: texts(panel.model, doses)[0] == "3")
    panel.sort_by(doses)
    qtbot.waitUntil(lambda: list(panel.model.rows) == list(range(600)))


def test_rows_chosen_here_are_selected_on_the_map(panel, session, qtbot):
    layer = overdoses_of(session)
    place = panel.view.visualRect(panel.model.index(2, 1)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.selection.layer_id == layer.id
    assert session.selection.rows.tolist() == [2]
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert session.selection.rows.tolist() == [2, 3]


def test_what_is_selected_on_the_map_is_selected_here(panel, session):
    session.select(Selection(layer_id=overdoses_of(session).id, rows=np.array([7, 500])))
    chosen = {index.row() for index in panel.view.selectionModel().selectedRows()}
    assert chosen == {7, 500}


def test_zones_are_listed_as_they_stand_and_selected_by_id(panel, session, qtbot):
    panel.show_layer(ZONES)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4)
    assert texts(panel.model, 1) == ["In force"] * 3 + ["No agreement"]
    place = panel.view.visualRect(panel.model.index(3, 0)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.selection.zone_ids == (list(session.project.zones)[3],)
    session.perform(edits.rename_zone(session.selection.zone_ids[0], "Bridge"))
    qtbot.waitUntil(lambda: texts(panel.model, 0)[3] == "Bridge")


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS, Audience.PATROL])
def test_events_are_listed_one_by_one_only_to_police_analysts(panel, session, audience):
    session.set_look(audience=audience)
    assert panel.stack.currentWidget() is panel.empty
    assert "one by one only to police analysts" in panel.empty.label.text()
    assert panel.model.rowCount() == 0
    assert panel.count.text() == ""
    session.set_look(audience=Audience.POLICE)
    assert panel.stack.currentWidget() is panel.view


def test_without_layers_it_says_what_to_do(qtbot, empty_session, idle):
    panel = TablePanel(empty_session)
    qtbot.addWidget(panel)
    assert "Nothing to list yet" in panel.empty.label.text()


def test_a_removed_layer_is_no_longer_offered(panel, session, idle):
    session.perform(edits.remove_layer(overdoses_of(session).id))
    idle(session)
    assert panel.layer is session.project.layers[0]
    session.document.undo()
    assert panel.layer_box.count() == 3


def test_a_renamed_layer_keeps_its_filter(panel, session, idle):
    layer = overdoses_of(session)
    session.filters.set(layer.id, Part.TIME, np.ones(600, dtype=bool), "all year")
    session.perform(edits.rename_layer(layer.id, "Calls"))
    assert panel.layer_box.currentText() == "Calls"
    assert session.filters.in_words(layer.id) == "all year"
    assert replace(layer, name="Calls").table is session.project.layer(layer.id).table


def click_row(qtbot, panel, row):
    place = panel.view.visualRect(panel.model.index(row, 0)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_before_the_new_listing_selects_what_is_read_there(panel, session, qtbot, idle):
    panel.show_layer(ZONES)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4)
    keys = list(session.project.zones)
    session.perform(edits.remove_zones(keys[:2]))
    assert panel.model.rowCount() == 4, "the former listing still stands"
    click_row(qtbot, panel, 3)
    assert session.selection.zone_ids == (keys[3],)
    click_row(qtbot, panel, 2)
    assert session.selection.zone_ids == (keys[2],)
    click_row(qtbot, panel, 0)
    assert session.selection.zone_ids == (), "this one has gone"
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    session.select(Selection(zone_ids=(keys[3],)))
    assert [index.row() for index in panel.view.selectionModel().selectedRows()] == [1]


def test_rows_of_the_former_layer_are_never_taken_for_those_of_the_new(panel, session, qtbot):
    layer = overdoses_of(session)
    services = session.project.layers_of(LayerKind.SERVICES)[0]
    panel.show_layer(services.id)
    assert panel.model.rowCount() == 600, "the former listing still stands"
    click_row(qtbot, panel, 5)
    assert (session.selection.layer_id, session.selection.rows.tolist()) == (layer.id, [5])


def test_a_filter_can_be_read_and_cleared_where_rows_are_not_listed(panel, session, qtbot, idle):
    layer = overdoses_of(session)
    panel.filter_bar.add_row()
    row = panel.filter_bar.rows[0]
    row.column.setCurrentText("substance")
    row.operator.setCurrentText("is")
    qtbot.keyClicks(row.value, "heroin")
    qtbot.keyClick(row.value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: layer.id in session.look.rows)
    idle(session)
    session.set_look(audience=Audience.PARTNERS)
    assert panel.stack.currentWidget() is panel.empty
    assert panel.count.text() == "The map shows only: substance is heroin"
    assert panel.clear.isVisible()
    session.set_look(audience=Audience.POLICE)
    idle(session)
    assert panel.filter_bar.rows[0].value.text() == "heroin"
    session.set_look(audience=Audience.PARTNERS)
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert layer.id not in session.look.rows
    assert not panel.clear.isVisible()
    qtbot.waitUntil(lambda: panel.count.text() == "")


def test_years_and_numbers_that_name_a_thing_have_no_thousands_separators(panel, session):
    case = panel.model.table.column_names.index("case")
    assert texts(panel.model, case)[:2] == ["10000", "10001"]


def test_identifiers_are_told_by_name_and_years_by_what_they_are():
    table = pa.table(
        {
            "OBJECTID": [1001, 1002, 1003],
            "incident_no": [2025001.0, None, None],
            "CaseNumber": [123456, 123457, 123458],
            "YEAR": [2024, 2025, 2025],
            "seit": [1999, 2003, 1999],
            "residents": [12_500, 2_000, 1_900],
            "number_of_calls": [1200, 1300, 1400],
            "paid": [2_500, 40, 40],
            "x_coordinate": [2_500.5, 40.0, 40.0],
            "name id": ["a", "b", "c"],
            "empty": pa.array([None, None, None], pa.int64()),
        }
    )
    found = identifiers(table)
    assert found == ("OBJECTID", "incident_no", "CaseNumber", "YEAR", "seit")


def test_years_need_several_rows_or_a_name_that_says_so():
    table = pa.table(
        {"population": [2000, None], "built": [1950, 2020], "year_built": [1950, 2020]}
    )
    assert identifiers(table) == ("year_built",)


def test_a_whole_number_kept_as_a_fraction_is_read_as_an_identifier(qapp):
    model = TableModel()
    model.show(pa.table({"id": [2025001.0, None]}), np.array([0, 1]), ("id",))
    assert texts(model, 0) == ["2025001", ""]


def test_a_project_opened_anew_is_listed_anew(panel, session, qtbot):
    layer = overdoses_of(session)
    fewer = replace(layer, table=layer.table.slice(0), name=layer.name)
    session.perform(edits.remove_zones(tuple(session.project.zones)))
    session.open(Document(replace(session.project, layers=(session.project.layers[0], fewer))))
    assert panel.layer is fewer
    qtbot.waitUntil(lambda: panel.model.table is fewer.table)


def test_conditions_take_no_room_from_the_rows(panel, session, qtbot):
    room, least = panel.view.height(), panel.minimumSizeHint().height()
    for _ in range(9):
        qtbot.mouseClick(panel.filter_bar.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.conditions.verticalScrollBar().maximum() > 0)
    assert panel.view.height() == room
    assert panel.minimumSizeHint().height() == least
    last = panel.filter_bar.rows[-1]
    assert (
        panel.conditions.viewport()
        .rect()
        .contains(last.column.mapTo(panel.conditions.viewport(), last.column.rect().center()))
    ), "the one that is to be written is in view"
    for row in list(panel.filter_bar.rows):
        qtbot.mouseClick(row.remove, Qt.MouseButton.LeftButton)
    assert not panel.conditions.isVisible()


def test_other_rows_are_shown_from_the_first(panel, session, qtbot):
    panel.view.scrollToBottom()
    layer = overdoses_of(session)
    session.filters.set(layer.id, Part.TABLE, np.arange(600) % 2 == 0, "every second")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 300)
    assert panel.view.verticalScrollBar().value() == 0


def test_a_filter_that_leaves_no_row_says_so(panel, session, qtbot):
    layer = overdoses_of(session)
    session.filters.set(layer.id, Part.TABLE, np.zeros(600, dtype=bool), "doses is 99")
    qtbot.waitUntil(lambda: panel.stack.currentWidget() is panel.none_left)
    assert "No row passes the filter (doses is 99)" in panel.none_left.label.text()
    session.filters.lift_fields(layer.id)
    qtbot.waitUntil(lambda: panel.stack.currentWidget() is panel.view)
