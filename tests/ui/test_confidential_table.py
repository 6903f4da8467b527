"""What the table says of confidential services to those from whom they are kept: nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pyarrow as pa
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.session import Session
from gisapp.ui.table.conditions import Operator
from gisapp.ui.table.filter_bar import ConditionRow
from gisapp.ui.table.filter_pickers import TextPicker
from gisapp.ui.table.panel import TablePanel
from tests.ui import made

#: “Northside Pharmacy”, one of three naloxone pharmacies.
KEPT = 1


@pytest.fixture
def session(open_session: Callable[[Project], Session]) -> Session:
    """The made project with a confidential pharmacy, as the police look at it."""
    project = made.project()
    (layer,) = project.layers_of(LayerKind.SERVICES)
    return open_session(edits.mark_confidential(layer.id, [KEPT], True).apply(project))


@pytest.fixture
def panel(qtbot: QtBot, session: Session, idle: Callable[[Session], None]) -> TablePanel:
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.resize(1000, 320)
    panel.show()
    (layer,) = session.project.layers_of(LayerKind.SERVICES)
    panel.show_layer(layer.id)
    idle(session)
    return panel


def ask(panel: TablePanel, column: str, operator: Operator, value: str = "") -> ConditionRow:
    panel.filter_bar.add_row()
    row = panel.filter_bar.rows[-1]
    row.column.setCurrentText(column)
    row.say(operator, value)
    panel.filter_bar.apply_now()
    return row


def test_the_rows_listed_follow_the_audience(
    panel: TablePanel, session: Session, qtbot: QtBot
) -> None:
    assert KEPT in panel.model.rows
    assert panel.count.text() == "6 of 6 shown"
    session.set_look(audience=Audience.PARTNERS)
    qtbot.waitUntil(lambda: KEPT not in panel.model.rows)
    assert panel.count.text() == "5 of 5 shown", "how many there are besides is not told"
    session.set_look(audience=Audience.POLICE)
    qtbot.waitUntil(lambda: KEPT in panel.model.rows)


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
def test_values_to_pick_are_those_of_rows_that_are_seen(
    panel: TablePanel, session: Session, qtbot: QtBot
) -> None:
    session.set_look(audience=Audience.PARTNERS)
    for column, expected in (
        ("name", {"Harbour Street Exchange", "Corner Pharmacy", "Bridge Clinic"}),
        ("kind", {"naloxone pharmacy"}),
    ):
        panel.filter.picker = None
        row = ask(panel, column, Operator.CONTAINS)
        QTest.mouseClick(row.pick, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: panel.filter.picker is not None)
        picker = panel.filter.picker
        assert isinstance(picker, TextPicker)
        found = dict(zip(picker.values.texts, picker.values.counts, strict=True))
        assert expected <= set(found) and "Northside Pharmacy" not in found
        assert sum(found.values()) == 5
        picker.close()


def test_conditions_and_queries_count_the_rows_that_are_seen(
    panel: TablePanel, session: Session, qtbot: QtBot
) -> None:
    session.set_look(audience=Audience.PARTNERS)
    row = ask(panel, "kind", Operator.IS, "naloxone pharmacy")
    qtbot.waitUntil(lambda: row.left.text() == "2 left")
    session.set_look(audience=Audience.POLICE)
    qtbot.waitUntil(lambda: panel.filter_bar.rows[0].left.text() == "3 left")
    session.set_look(audience=Audience.PARTNERS)
    qtbot.waitUntil(lambda: panel.filter_bar.rows[0].left.text() == "2 left")
    panel.filter.clear()
    QTest.keyClicks(panel.filter.query.line, "name == 'Northside Pharmacy'")
    panel.filter.query.asked.emit("name == 'Northside Pharmacy'")
    qtbot.waitUntil(lambda: panel.filter.query.count.text() == "0 rows")
    session.set_look(audience=Audience.POLICE)
    panel.filter.query.asked.emit("name == 'Northside Pharmacy'")
    qtbot.waitUntil(lambda: panel.filter.query.count.text() == "1 row")


@pytest.mark.parametrize("as_text", [False, True])
def test_a_filter_by_its_name_is_lifted_for_others(
    panel: TablePanel, session: Session, qtbot: QtBot, as_text: bool
) -> None:
    (layer,) = session.project.layers_of(LayerKind.SERVICES)
    told: list[str] = []
    session.noticed.connect(lambda notice: told.append(notice.text))
    if as_text:
        panel.filter.show_only("name == 'Northside Pharmacy' or kind == 'x'")
    else:
        ask(panel, "name", Operator.IS, "northside  pharmacy")
    qtbot.waitUntil(lambda: session.filters.in_words(layer.id) != "")
    session.set_look(audience=Audience.PARTNERS)
    assert session.filters.in_words(layer.id) == "" and not panel.filter_bar.rows
    query = panel.filter.query
    assert "Northside" not in query.text
    assert not any("Northside" in query.box.itemText(i) for i in range(query.box.count()))
    assert told == ["The filter of “Services” was lifted: its words are for police analysts alone."]


#: What police analysts may ask that is true of the hidden pharmacy, or of all but that.
WORDS = [
    ("address", Operator.ONE_OF, "2 Harbour Street; 4 Harbour Street"),
    ("phone", Operator.CONTAINS, "0117 496"),
    ("beds", Operator.IS, "17"),
    ("beds", Operator.AT_MOST, "16"),
]
QUERIES = ["name.str.startswith('North') or beds == 5", "beds == 17", "beds != 17"]


@pytest.fixture
def told_more(
    qtbot: QtBot, open_session: Callable[[Project], Session], idle: Callable[[Session], None]
) -> tuple[TablePanel, Session, Layer]:
    """Services with a telephone and beds for each, one of them kept, and premises with nothing."""
    places = made.services()
    phones = [f"0117 496 000{number}" for number in range(len(places))]
    beds = [17 if number == KEPT else number for number in range(len(places))]
    table = places.table.append_column("phone", pa.array(phones))
    places = replace(places, table=table.append_column("beds", pa.array(beds)))
    project = Project(layers=(places, made.premises()))
    session = open_session(edits.mark_confidential(places.id, [KEPT], True).apply(project))
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.resize(1000, 320)
    panel.show()
    panel.show_layer(places.id)
    idle(session)
    return panel, session, session.project.layer(places.id)


def offered(panel: TablePanel) -> list[str]:
    box = panel.filter.query.box
    return [box.itemText(place) for place in range(box.count())]


@pytest.mark.parametrize("audience", [Audience.PARTNERS, Audience.PUBLIC])
@pytest.mark.parametrize(("column", "operator", "value"), WORDS)
def test_what_was_asked_of_hidden_services_too_is_lifted_for_others(
    told_more: tuple[TablePanel, Session, Layer],
    qtbot: QtBot,
    column: str,
    operator: Operator,
    value: str,
    audience: Audience,
) -> None:
    panel, session, layer = told_more
    ask(panel, column, operator, value)
    qtbot.waitUntil(lambda: session.filters.in_words(layer.id) != "")
    assert panel.filter.query.text
    session.set_look(audience=audience)
    assert session.filters.in_words(layer.id) == "" == session.filters.query(layer.id)
    assert not panel.filter_bar.rows and panel.filter.query.text == ""


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("asked", ["shown alone", "selected", "typed", "still looked for"])
def test_queries_asked_of_hidden_services_too_are_forgotten_for_others(
    told_more: tuple[TablePanel, Session, Layer],
    idle: Callable[[Session], None],
    query: str,
    asked: str,
) -> None:
    panel, session, layer = told_more
    line = panel.filter.query
    QTest.keyClicks(line.line, query)
    if asked in ("shown alone", "still looked for"):
        panel.filter.show_only(query)
    elif asked == "selected":
        panel.filter._select(query)
    if asked != "still looked for":
        idle(session)
        assert offered(panel) == ([] if asked == "typed" else [query])
    session.set_look(audience=Audience.PARTNERS)
    idle(session)
    assert line.text == "" and offered(panel) == []
    assert session.filters.in_words(layer.id) == "" and line.note.isHidden()


def test_it_is_lifted_while_another_layer_is_listed(
    told_more: tuple[TablePanel, Session, Layer], idle: Callable[[Session], None]
) -> None:
    panel, session, layer = told_more
    other = session.project.layer_named("Premises")
    panel.filter.show_only("beds == 17")
    idle(session)
    panel.show_layer(other.id)
    idle(session)
    session.set_look(audience=Audience.PARTNERS)
    idle(session)
    assert session.filters.in_words(layer.id) == "" and offered(panel) == []


def test_what_others_ask_themselves_holds_on(
    told_more: tuple[TablePanel, Session, Layer], idle: Callable[[Session], None]
) -> None:
    panel, session, layer = told_more
    session.set_look(audience=Audience.PARTNERS)
    panel.filter.show_only("beds == 4")
    idle(session)
    session.set_look(time=time(7))
    session.set_look(audience=Audience.PUBLIC)
    idle(session)
    assert session.filters.in_words(layer.id) == "beds is 4" and offered(panel) == ["beds == 4"]


def test_it_is_lifted_when_a_service_becomes_confidential_before_others(
    told_more: tuple[TablePanel, Session, Layer], idle: Callable[[Session], None]
) -> None:
    panel, session, layer = told_more
    session.perform(edits.mark_confidential(layer.id, [KEPT], False))
    session.set_look(audience=Audience.PARTNERS)
    panel.filter.show_only("beds == 17 or beds == 4")
    idle(session)
    session.perform(edits.mark_confidential(layer.id, [KEPT], True))
    idle(session)
    assert session.filters.in_words(layer.id) == "" and offered(panel) == []
    panel.filter._count("beds == 17")
    idle(session)
    assert panel.filter.query.count.text() == "0 rows", "counted by the marks of now"


def test_of_layers_with_nothing_hidden_filters_and_queries_stay(
    told_more: tuple[TablePanel, Session, Layer], idle: Callable[[Session], None]
) -> None:
    panel, session, layer = told_more
    session.perform(edits.mark_confidential(layer.id, [KEPT], False))
    idle(session)
    panel.filter.show_only("beds == 4")
    idle(session)
    session.set_look(audience=Audience.PARTNERS)
    assert session.filters.in_words(layer.id) == "beds is 4" and offered(panel) == ["beds == 4"]
    session.perform(edits.remove_layer(layer.id))
    session.set_look(audience=Audience.PUBLIC)
    assert offered(panel) == [], "of a layer that is gone nobody knows what was hidden"


def test_an_open_layer_is_not_listed_anew_for_others(
    qtbot: QtBot,
    open_session: Callable[[Project], Session],
    idle: Callable[[Session], None],
) -> None:
    session = open_session(made.project())
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.show()
    (layer,) = session.project.layers_of(LayerKind.SERVICES)
    panel.show_layer(layer.id)
    idle(session)
    asked = panel._asked
    session.set_look(audience=Audience.PARTNERS)
    assert panel._asked == asked
    assert panel.count.text() == "6 of 6 shown"
