"""The style editor: the project follows each change, each change is a step to undo."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gisapp.analysis.classes.making import CATEGORY_COLORS, graduated, legend_labels
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.color_distance import APART, distance
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.style import BLUE, GREEN, GREY, INK, Blend, Style, default_style
from gisapp.layers.symbology import Category, Range, Rule, Scheme, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.palette import seen
from gisapp.ui import theme
from gisapp.ui.session import Session
from gisapp.ui.styles.class_changes import Way, next_color, ways_to_vary, with_class
from gisapp.ui.styles.class_table import test_words as words_of
from gisapp.ui.styles.classes_page import ClassesPage
from gisapp.ui.styles.dialog import StyleDialog, style_for
from gisapp.ui.styles.fields import ColorField
from gisapp.ui.styles.finding import columns_of, first_column, number_columns_of
from gisapp.ui.styles.names_page import NamesPage
from gisapp.ui.styles.scale_field import parse_scale, scale_text
from gisapp.ui.styles.scale_page import ScalePage
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.styles.symbol_page import SymbolPage
from gisapp.ui.widgets.forms import choose
from tests.ui import made

Idle = Callable[[Session], None]


def the(session: Session, name: str) -> Layer:
    return session.project.layer_named(name)


@pytest.fixture
def dialog(qtbot: QtBot, session: Session, idle: Idle) -> StyleDialog:
    made_dialog = StyleDialog(session, the(session, "Services").id)
    qtbot.addWidget(made_dialog)
    made_dialog.show()
    idle(session)
    return made_dialog


def page(dialog, kind):
    return dialog.turn_to(kind)


def pick(box, value) -> None:
    """Choose as a user does: the box tells that it was activated."""
    assert choose(box, value)
    box.activated.emit(box.currentIndex())


def test_the_symbol_follows_and_undoes(dialog, session):
    symbol = page(dialog, SymbolPage)
    symbol.color.chosen.emit(GREEN, "")
    pick(symbol.blend, Blend.MULTIPLY)
    style = the(session, "Services").style
    assert (style.color, style.blend) == (GREEN, Blend.MULTIPLY)
    session.document.undo()
    assert the(session, "Services").style.blend is Blend.NORMAL
    assert the(session, "Services").style.color == GREEN
    session.document.undo()
    assert the(session, "Services").style == default_style(the(session, "Services").kind)
    assert symbol.color.color == the(session, "Services").style.color


def test_steps_of_one_size_undo_together(dialog, session):
    symbol = page(dialog, SymbolPage)
    for _ in range(4):
        symbol.size_pt.stepUp()
    assert the(session, "Services").style.size == 13
    session.document.undo()
    assert the(session, "Services").style.size == 11


def test_categories_are_found_and_counted(dialog, session, idle):
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.CATEGORY)
    pick(classes.column, "kind")
    idle(session)
    symbology = the(session, "Services").style.symbology
    assert [one.label for one in symbology.classes] == [
        "naloxone pharmacy",
        "needle and syringe programme",
        "methadone clinic",
    ]
    shown = [classes.table.item(row, 2).text() for row in range(classes.table.rowCount())]
    assert shown == ["3", "2", "1", "0"]
    assert not classes.status.text()


def test_a_class_is_renamed_coloured_hidden_moved_and_removed(dialog, session, idle):
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.CATEGORY)
    pick(classes.column, "kind")
    idle(session)
    classes.table.setCurrentCell(1, 0)
    classes.form.label.selectAll()
    QTest.keyClicks(classes.form.label, "Needles")
    classes.form.color.chosen.emit(GREEN, "")
    one = the(session, "Services").style.symbology.classes[1]
    assert (one.label, one.color) == ("Needles", GREEN)
    QTest.keyClick(classes.table, Qt.Key.Key_Space)
    assert not the(session, "Services").style.symbology.classes[1].visible
    assert classes.table.item(1, 2).text() == "2"
    QTest.mouseClick(classes.up, Qt.MouseButton.LeftButton)
    assert the(session, "Services").style.symbology.classes[0].label == "Needles"
    assert classes.table.currentRow() == 0
    QTest.mouseClick(classes.remove, Qt.MouseButton.LeftButton)
    idle(session)
    labels = [one.label for one in the(session, "Services").style.symbology.classes]
    assert labels == ["naloxone pharmacy", "methadone clinic"]
    assert "2 rows are in no class" in classes.status.text()
    last = classes.table.item(2, 0)
    last.setCheckState(Qt.CheckState.Unchecked)
    assert the(session, "Services").style.symbology.others == ""


def test_a_rule_is_tried_while_it_is_typed(dialog, session, idle, qtbot):
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.RULES)
    idle(session)
    assert classes.form.rule.hasSelectedText() or not dialog.isActiveWindow()
    classes.form.rule.selectAll()
    QTest.keyClicks(classes.form.rule, "kind == ")
    qtbot.waitUntil(lambda: bool(classes.form.rule_row.error))
    error = next(
        label
        for label in dialog.findChildren(QLabel)
        if label.text() == classes.form.rule_row.error
    )
    assert error.isVisibleTo(dialog)
    kept = the(session, "Services").style.symbology.classes[0].test
    assert isinstance(kept, Rule) and kept.where != "kind =="
    QTest.keyClicks(classes.form.rule, "'naloxone pharmacy'")
    qtbot.waitUntil(
        lambda: (
            the(session, "Services").style.symbology.classes[0].test
            == Rule("kind == 'naloxone pharmacy'")
        )
    )
    idle(session)
    assert classes.table.item(0, 2).text() == "3"
    assert not classes.form.rule_row.error
    session.document.undo()
    assert classes.form.rule.text() == "name != ''"


def test_one_symbol_again_takes_the_classes_away(dialog, session, idle):
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.RULES)
    assert the(session, "Services").style.symbology is not None
    pick(classes.way, Way.NONE)
    assert the(session, "Services").style.symbology is None
    assert classes.stack.currentIndex() == 1


def test_amounts_in_ranges(dialog, session, idle):
    dialog.show_layer(the(session, "Overdoses 2025").id)
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.AMOUNT)
    # Of events only the fields of their kind are offered, and none of them is a number.
    assert classes.stack.currentWidget() is classes.empty and not classes.column.isVisible()
    places = replace(
        made.services(), table=made.services().table.append_column("beds", [[1, 2, 3, 4, 50, 60]])
    )
    session.perform(edits.add_layer(replace(places, name="Beds", id="beds")))
    dialog.show_layer("beds")
    classes = page(dialog, ClassesPage)
    choose(classes.scheme, Scheme.NATURAL_BREAKS)
    pick(classes.way, Way.AMOUNT)
    idle(session)
    classes.number.setValue(2)
    idle(session)
    symbology = the(session, "Beds").style.symbology
    assert symbology.scheme is Scheme.NATURAL_BREAKS
    assert [type(one.test) for one in symbology.classes] == [Range, Range]
    classes.table.setCurrentCell(0, 0)
    classes.form.high.setText("20")
    classes.form.high.editingFinished.emit()
    idle(session)
    symbology = the(session, "Beds").style.symbology
    assert [(one.test.low, one.test.high) for one in symbology.classes] == [(1, 20), (20, 60)]
    assert [one.label for one in symbology.classes] == ["1 to 20", "21 to 60"]
    assert symbology.scheme is Scheme.BY_HAND
    assert [classes.table.item(row, 2).text() for row in range(3)] == ["4", "2", "0"]


def test_where_no_column_holds_numbers_it_says_why_and_shows_no_former_classes(
    dialog, session, idle
):
    layer = the(session, "Overdoses 2025")
    more = layer.table.append_column("age", [list(range(len(layer)))])
    # As a file that had more columns than the program knows would have been read.
    session.perform(edits.add_layer(replace(layer, table=more, name="More", id="more")))
    dialog.show_layer("more")
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.CATEGORY)
    idle(session)
    offered, all_columns = len(columns_of(the(session, "More"))), len(more.column_names)
    assert classes.table.isVisible()
    assert classes.column_row.said.startswith(f"{all_columns - offered} other column")
    classes.way.setFocus()
    QTest.keyClick(classes.way, Qt.Key.Key_Down)
    assert classes.way.currentData() == Way.AMOUNT
    assert not (classes.table.isVisible() or classes.column.isVisible())
    assert not (classes.scheme.isVisible() or classes.status.isVisible())
    told = classes.empty.label.text()
    assert "holds no numbers" in told or "holds numbers" in told
    assert "may point at a person" in told and "The map keeps the classes it has." in told
    QTest.keyClick(classes.way, Qt.Key.Key_Up)
    idle(session)
    assert classes.table.isVisible() and classes.column.isVisible()


def test_of_layers_that_are_no_events_every_column_is_offered(dialog, session, idle):
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.CATEGORY)
    idle(session)
    assert classes.column_row.said == ""


def test_names_are_not_offered_for_events(dialog, session):
    titles = [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())]
    assert titles == ["Symbol", "Classes", "Names", "Scale"]
    dialog.show_layer(the(session, "Overdoses 2025").id)
    titles = [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())]
    assert titles == ["Symbol", "Classes", "Scale"]
    words = [label.text() for label in page(dialog, SymbolPage).findChildren(QLabel)]
    assert any("never named" in text for text in words)


def test_pages_come_with_their_tabs_and_leave_the_dialog_its_size(dialog, session, idle, qtbot):
    """Four pages at once would keep the window from answering."""
    assert not dialog.findChildren(ClassesPage)
    before = dialog.size()
    for place in range(dialog.tabs.count()):
        centre = dialog.tabs.tabBar().tabRect(place).center()
        QTest.mouseClick(dialog.tabs.tabBar(), Qt.MouseButton.LeftButton, pos=centre)
        idle(session)
        qtbot.waitUntil(dialog.tabs.currentWidget().page.isVisible)
        assert dialog.size() == before
    dialog.show_layer(the(session, "Overdoses 2025").id)
    assert dialog.tabs.tabText(dialog.tabs.currentIndex()) == "Scale", "where it was"
    qtbot.waitUntil(dialog.tabs.currentWidget().page.isVisible)
    assert not dialog.findChildren(NamesPage)


def test_names_follow(dialog, session):
    names = page(dialog, NamesPage)
    pick(names.column, "address")
    QTest.mouseClick(names.farthest.here, Qt.MouseButton.LeftButton)
    labels = the(session, "Services").style.labels
    assert labels.column == "address"
    assert labels.farthest == math.ceil(session.view.scale)
    names.shown.click()
    assert not the(session, "Services").style.labels.shown
    assert not names.column.isEnabled()


def test_scales_are_typed_or_taken_from_the_map(dialog, session):
    scale = page(dialog, ScalePage)
    scale.farthest.edit.setFocus()
    QTest.keyClicks(scale.farthest.edit, "1 : 25 000")
    QTest.keyClick(scale.farthest.edit, Qt.Key.Key_Return)
    assert the(session, "Services").style.farthest == 25_000
    assert "is not drawn" in scale.verdict.text() or "is drawn" in scale.verdict.text()
    scale.nearest.edit.setFocus()
    QTest.keyClicks(scale.nearest.edit, "near")
    assert "not a scale" in scale.near_row.error
    assert the(session, "Services").style.nearest is None


@pytest.mark.parametrize("scale", [11_300.38, 11_300.62, 11_301.0])
def test_a_layer_is_drawn_at_the_present_scale_that_was_taken(dialog, session, scale):
    view = session.view
    session.set_view(replace(view, resolution=view.resolution * scale / view.scale))
    fields = page(dialog, ScalePage)
    for field in (fields.farthest, fields.nearest):
        QTest.mouseClick(field.here, Qt.MouseButton.LeftButton)
        assert "the layer is drawn" in fields.verdict.text()


@pytest.mark.parametrize(("text", "scale"), [("", None), ("25000", 25_000), ("1:2,500", 2_500)])
def test_scales_in_words(text: str, scale: float | None) -> None:
    assert parse_scale(text) == scale
    assert parse_scale(scale_text(scale)) == scale


def test_classes_are_not_shown_to_who_sees_counts(dialog, session):
    dialog.show_layer(the(session, "Overdoses 2025").id)
    classes = page(dialog, ClassesPage)
    session.set_look(audience=Audience.PARTNERS)
    assert classes.stack.currentIndex() == 1
    assert "counts" in classes.empty.label.text()
    assert not classes.way.isEnabled()


def test_the_usual_look_and_that_of_another(dialog, session, idle):
    key = the(session, "Services").id
    session.perform(edits.restyle_layer(key, Style(color=GREEN, size=30)))
    QTest.mouseClick(dialog.usual, Qt.MouseButton.LeftButton)
    assert the(session, "Services").style == default_style(the(session, "Services").kind)
    dialog.copy_from(the(session, "Overdoses 2025").id)
    assert the(session, "Services").style == the(session, "Overdoses 2025").style


def test_times_are_the_last_to_be_told_apart_by() -> None:
    names = [name for _, name in columns_of(made.overdoses(20))]
    assert names[-1] == "time" and len(names) > 1


def test_a_copied_look_leaves_out_columns_that_are_not_there() -> None:
    classes = Symbology((SymbolClass("a", Category("x")),), "substance")
    other = made.overdoses()
    other = other.restyled(replace(other.style, symbology=classes))
    assert style_for(made.services(), other).symbology is None
    assert style_for(other, other).symbology is classes


def test_an_end_of_a_range_moves_the_next_one() -> None:
    both = Symbology(
        (SymbolClass("a", Range(0, 5, first=True)), SymbolClass("b", Range(5, 9))), "n"
    )
    changed = with_class(both, 0, replace(both.classes[0], test=Range(0, 7, first=True)))
    assert changed.classes[1].test == Range(7, 9)


def test_the_editor_goes_with_its_layer(dialog, session):
    session.perform(edits.remove_layer(dialog.layer_id))
    assert not dialog.isVisible()


def test_by_category_starts_with_the_kind_of_service_and_stays_with_what_is_chosen(
    dialog, session, idle
):
    classes = page(dialog, ClassesPage)
    layer = the(session, "Services")
    assert layer.fields["service_type"] == "kind"
    pick(classes.way, Way.CATEGORY)
    idle(session)
    assert classes.column.currentData() == "kind"
    assert the(session, "Services").style.symbology.column in ("kind", "service_type")
    pick(classes.column, layer.fields["name"])
    idle(session)
    pick(classes.way, Way.NONE)
    pick(classes.way, Way.CATEGORY)
    idle(session)
    assert classes.column.currentData() == layer.fields["name"]


def test_without_a_field_of_kinds_the_text_with_the_fewest_values_comes_first():
    table = pa.table(
        {
            "name": [f"Site {number}" for number in range(40)],
            "county": ["Hamilton"] * 40,
            "side": ["west", "east", None, "north"] * 10,
            "beds": list(range(40)),
            "note": ["a", "b", "c", "d"] * 10,
        }
    )
    places = Points(np.zeros(40), np.zeros(40))
    layer = new_layer("Sites", LayerKind.OTHER, table, places, {"name": "name"})
    assert first_column(layer) == "side"
    alone = replace(layer, table=table.select(["county", "beds"]), fields={})
    assert first_column(alone) is None


def areas_of(session: Session) -> Layer:
    boxes = [shapely.box(-84.51 + n / 100, 39.1, -84.505 + n / 100, 39.11) for n in range(6)]
    table = pa.table({"SNA NAME": list("ABCDEF"), "ACRES": [95, 120, 340, 500, 770, 1200]})
    layer = new_layer("Areas", LayerKind.BOUNDARIES, table, Shapes(np.array(boxes, dtype=object)))
    session.perform(edits.add_layer(layer))
    return layer


def test_amounts_of_areas_are_shown_by_colour_alone(dialog, session, idle):
    dialog.show_layer(areas_of(session).id)
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.AMOUNT)
    idle(session)
    assert classes.scheme.isVisibleTo(dialog)
    assert not classes.vary.isVisibleTo(dialog)
    assert {one.width for one in the(session, "Areas").style.symbology.classes} == {None}


def test_size_of_lines_is_called_line_width():
    assert [text for text, _ in ways_to_vary("line")] == [
        "Colour",
        "Line width",
        "Colour and line width",
    ]
    assert "Size" in [text for text, _ in ways_to_vary("point")]


def test_a_swatch_of_areas_has_the_width_of_their_edge(qapp):
    inked = []
    for width in (0.6, 1.2, 2.4, 3.6):
        picture = swatch(Style(width=width), "area").pixmap(16, 16).toImage()
        clear = [picture.pixelColor(x, y).alphaF() for x in range(16) for y in range(16)]
        inked.append(sum(clear))
    assert inked == sorted(set(inked))


def test_conditions_are_proposed_of_the_columns_that_a_layer_has(dialog, session, idle):
    dialog.show_layer(areas_of(session).id)
    classes = page(dialog, ClassesPage)
    pick(classes.way, Way.RULES)
    idle(session)
    (rule,) = the(session, "Areas").style.symbology.classes
    assert rule.test == Rule("`SNA NAME` != ''")
    hint = classes.form.rule_row.said
    assert hint.startswith("Such as ACRES > 500 and `SNA NAME` == 'A'. ")
    assert "beds" not in hint


def test_a_new_class_does_not_look_like_all_others():
    blue = Style(color="#0072b2", symbology=Symbology())
    assert distance(next_color(blue), blue.color) >= APART
    assert next_color(Style(color=GREY, symbology=Symbology())) != BLUE
    many = tuple(SymbolClass(str(n), Rule("x"), c) for n, c in enumerate(CATEGORY_COLORS))
    full = replace(blue, symbology=Symbology(many * 2))
    assert distance(next_color(full), blue.color) >= APART


def test_years_are_written_without_thousands():
    table = pa.table({"year": [1999, 2005, 2010, 2024]})
    layer = new_layer("Rows", LayerKind.OTHER, table, Points(np.zeros(4), np.zeros(4)))
    made = graduated(layer, "year", k=2)
    assert [one.label for one in made.classes] == ["1999 to 2008", "2009 to 2024"]
    assert words_of(made.classes[0].test, made.classes[0].label) == "1999 – 2008"
    assert [label for label, _ in legend_labels(made)] == [
        "year: 1999 to 2008",
        "year: 2009 to 2024",
    ]
    moved = replace(made.classes[0], test=Range(1999, 2010, True))
    assert with_class(made, 0, moved).classes[1].label == "2011 to 2024"


def test_codes_are_offered_last_as_amounts():
    table = pa.table({"zip": [99212, 99301], "beds": [3, 4]})
    layer = new_layer("Rows", LayerKind.OTHER, table, Points(np.zeros(2), np.zeros(2)))
    assert [name for _, name in number_columns_of(layer)] == ["beds", "zip"]


def test_what_numbers_the_rows_is_offered_after_amounts() -> None:
    rows = 40
    columns = {
        "UDI": np.random.default_rng(3).permutation(rows) * 7 + 10_451,
        "INSPECTION": np.arange(rows, dtype=np.float64),
        "beds": np.arange(rows) % 9,
        "POP2020": np.arange(rows) * 31 + 400,
        "share": np.linspace(0.0, 1.0, rows),
        "FID": np.arange(rows),
    }
    table = pa.table(columns)
    layer = new_layer("Rows", LayerKind.OTHER, table, Points(np.zeros(rows), np.zeros(rows)))
    names = [name for _, name in number_columns_of(layer)]
    assert names == ["beds", "POP2020", "share", "UDI", "INSPECTION", "FID"]


def test_reference_numbers_are_codes() -> None:
    table = pa.table({"INT_REFNO": [-2144138000.0, 0.0], "Shape__Area": [3.5, 4.5]})
    layer = new_layer("Rows", LayerKind.OTHER, table, Points(np.zeros(2), np.zeros(2)))
    assert [name for _, name in number_columns_of(layer)] == ["Shape__Area", "INT_REFNO"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-2144138000, -2144136100, "−2,144,138,000 – −2,144,136,100"),
        (1234567.5, 1234568.5, "1,234,567.5 – 1,234,568.5"),
        (1.00000011, 1.00000012, "1.00000011 – 1.00000012"),
        (1 / 3, 2, "0.333333 – 2"),
        (0, 1e20, "0 – 1e+20"),
        (0, 0, "0 – 0"),
    ],
)
def test_limits_are_written_with_as_many_digits_as_tell_them_apart(low, high, words) -> None:
    assert words_of(Range(low, high)) == words


def area_dialog(qtbot: QtBot, session: Session, idle: Idle) -> StyleDialog:
    numbers = [-2145000000.0, -2144137999.0, -2144136099.0, -2144134499.0, -2144132799.0, 0.0]
    shapes = [shapely.box(place, 0, place + 1, 1) for place in range(len(numbers))]
    table = pa.table({"INT_REFNO": numbers})
    layer = new_layer("Areas", LayerKind.OTHER, table, Shapes(shapes))
    session.perform(edits.add_layer(layer))
    areas = StyleDialog(session, layer.id)
    qtbot.addWidget(areas)
    areas.tabs.setCurrentIndex(1)
    areas.show()
    idle(session)
    return areas


def test_classes_by_amount_leave_the_dialog_its_width(
    qtbot: QtBot, qapp: QApplication, session: Session, idle: Idle
) -> None:
    theme.apply(qapp, False)
    areas = area_dialog(qtbot, session, idle)
    former = areas.width()
    classes = page(areas, ClassesPage)
    choose(classes.way, Way.AMOUNT)
    classes.way.activated.emit(classes.way.currentIndex())
    idle(session)
    assert areas.layer is not None and areas.layer.style.symbology is not None
    assert classes.stack.currentIndex() == 0
    assert areas.minimumSizeHint().width() <= former
    assert areas.width() == former


def test_ink_is_shown_as_the_map_draws_it(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, False)
    field = ColorField("Colour")
    qtbot.addWidget(field)
    field.set_color(INK)
    try:
        for dark in (False, True, False):
            theme.apply(qapp, dark)
            qapp.processEvents()
            drawn = field.icon().pixmap(16, 16).toImage().pixelColor(8, 8).name().upper()
            assert drawn == seen(INK, dark).upper()
            assert (drawn == INK) is not dark
    finally:
        theme.apply(qapp, False)
