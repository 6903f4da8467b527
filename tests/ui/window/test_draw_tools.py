"""Tools that draw and change zones, with real mouse and key events; each gesture one step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers import edits, geodesy, zone_shapes
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Shapes, new_layer
from gisapp.layers.vocabulary import Basis, LayerKind, Visibility
from gisapp.layers.zone import Zone, circle_zone
from gisapp.ui.drawing.course_tool import CourseTool
from gisapp.ui.drawing.cut import CutDialog
from gisapp.ui.drawing.move import MoveTool
from gisapp.ui.drawing.select import SelectZonesDialog
from gisapp.ui.drawing.snap import SnapKind
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def place(window: MainWindow, x: int, y: int) -> tuple[float, float]:
    return window.canvas.place_at(QPoint(x, y).toPointF())


def square(window: MainWindow, name: str, left: int, top: int, side: int = 100) -> Zone:
    west, north = place(window, left, top)
    east, south = place(window, left + side, top + side)
    return Zone(name, shapely.box(west, south, east, north), basis_text="drawn")


def with_zones(window: MainWindow, *zones: Zone, tool: str = "") -> None:
    """Nothing but these zones on the map, all selected."""
    session = window.session
    session.perform(edits.remove_zones(tuple(session.project.zones)))
    for layer in session.project.layers:
        session.perform(edits.show_layer(layer.id, False))
    session.perform(edits.add_zones(zones))
    session.select(Selection(tuple(zone.id for zone in zones)))
    if tool:
        window.actions_set.qt[tool].trigger()
        assert window.canvas.tool is window.tools[tool]


def zone_of(window: MainWindow, zone: Zone) -> Zone:
    return window.session.project.zones[zone.id]


def click(window: MainWindow, *at: tuple[int, int], held: Qt.KeyboardModifier = NONE) -> None:
    for x, y in at:
        QTest.mouseMove(window.canvas, QPoint(x, y))
        QTest.mouseClick(window.canvas, LEFT, held, QPoint(x, y))


def drag(window: MainWindow, start: tuple[int, int], end: tuple[int, int]) -> None:
    first, last = QPoint(*start), QPoint(*end)
    QTest.mousePress(window.canvas, LEFT, NONE, first)
    QTest.mouseMove(window.canvas, (first + last) / 2)
    QTest.mouseMove(window.canvas, last)
    QTest.mouseRelease(window.canvas, LEFT, NONE, last)


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.canvas, key, held)


def type_in(window: MainWindow, text: str) -> str:
    """Type into the bar; gives back what it says is wrong."""
    bar = window.desk.bar
    bar.edit.clear()
    QTest.keyClicks(bar.edit, text)
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    return bar.error.text()


def course(window: MainWindow, key: str) -> CourseTool:
    tool = window.tools[key]
    assert isinstance(tool, CourseTool)
    return tool


def undone(window: MainWindow, label: str) -> None:
    """The last step has this name; take it back."""
    assert window.session.document.undo_label == label
    window.commands.undo()


# Drawing


def test_a_corner_snaps_unless_alt_or_the_switch_says_no(window: MainWindow) -> None:
    zone = square(window, "There", 200, 100)
    with_zones(window, zone)
    window.use_tool("zones.draw")
    tool = course(window, "zones.draw")
    click(window, (204, 103))
    corner = (zone.shape.bounds[0], zone.shape.bounds[3])
    assert tool.sketch.corners == (corner,), "exactly the corner of the other zone"
    assert tool.snap is not None and tool.snap.kind is SnapKind.CORNER
    click(window, (250, 204))
    assert tool.snap.kind is SnapKind.EDGE
    assert tool.sketch.corners[1][1] == pytest.approx(zone.shape.bounds[1], abs=1e-12)
    click(window, (304, 204), held=ALT)
    assert tool.sketch.corners[2] == place(window, 304, 204)
    press(window, Qt.Key.Key_N)
    assert not window.desk.bar.snap.isChecked()
    click(window, (304, 96))
    assert tool.sketch.corners[3] == place(window, 304, 96)
    press(window, Qt.Key.Key_N)
    press(window, Qt.Key.Key_Backspace)
    press(window, Qt.Key.Key_Escape)
    assert tool.sketch.is_empty
    press(window, Qt.Key.Key_Escape)
    assert window.canvas.tool is window.tools["tool.pan"]
    assert not window.desk.bar.isVisible() and window.canvas.hint == ""


def test_an_outline_is_typed_corner_by_corner(window: MainWindow) -> None:
    with_zones(window)
    window.use_tool("zones.draw")
    lon, lat = place(window, 300, 200)
    window.canvas.setFocus()
    QTest.keyClicks(window.canvas, "3")
    assert window.desk.bar.edit.text() == "3", "a digit starts to type"
    assert "no place" in type_in(window, "120 apples") or window.desk.bar.error.text()
    assert "no corner yet" in type_in(window, "100 m @ 90")
    assert type_in(window, f"{lat} {lon}") == ""
    assert type_in(window, "100 m @ 90°") == ""
    assert type_in(window, "100 m @ S") == ""
    corners = course(window, "zones.draw").sketch.corners
    metres, azimuth = zone_shapes.bearing(*corners[:2])
    assert (metres, azimuth) == (pytest.approx(100), pytest.approx(90))
    press(window, Qt.Key.Key_Return)
    assert window.card.isVisible()
    QTest.keyClick(window.card.name_edit, Qt.Key.Key_Return)
    (zone,) = window.session.project.zones.values()
    assert zone.area_m2 == pytest.approx(5_000, rel=1e-4)
    undone(window, f"Add zone {zone.name}")


def test_the_first_corner_again_closes_an_outline(window: MainWindow) -> None:
    with_zones(window)
    window.use_tool("zones.draw")
    click(window, (200, 100), (300, 100), (300, 200), (202, 101))
    assert window.card.isVisible()
    assert len(course(window, "zones.draw").sketch.corners) == 3


def test_a_corridor_asks_for_its_width(window: MainWindow) -> None:
    with_zones(window)
    window.use_tool("zones.corridor")
    click(window, (200, 200), (400, 200))
    assert "@ 90°" in window.canvas.hint
    press(window, Qt.Key.Key_Return)
    card = window.card
    assert card.isVisible() and card.radius_row.label.text() == "Width"
    QTest.keyClicks(card.radius_edit, "20 m")
    QTest.keyClick(card.name_edit, Qt.Key.Key_Return)
    (zone,) = window.session.project.zones.values()
    assert (zone.basis, zone.width_m) == (Basis.CORRIDOR, 20)
    far = geodesy.distance_m(*place(window, 200, 200), *place(window, 400, 200))
    assert zone.area_m2 == pytest.approx(far * 20 + np.pi * 100, rel=0.01)


def test_sizes_are_said_in_the_units_chosen(window: MainWindow) -> None:
    with_zones(window)
    window.navigation.units["us"].trigger()
    window.use_tool("zones.draw")
    click(window, (200, 100), (300, 100), (300, 200))
    assert "acres" in window.canvas.hint or "ft²" in window.canvas.hint
    window.navigation.units["metric"].trigger()
    click(window, (290, 220))
    assert "m²" in window.canvas.hint


def test_the_centre_of_a_circle_is_typed(window: MainWindow) -> None:
    with_zones(window)
    window.use_tool("zones.circle")
    lon, lat = place(window, 300, 200)
    assert type_in(window, f"{lat} {lon}") == ""
    assert window.card.isVisible() and not window.desk.bar.isVisible()
    QTest.mouseMove(window.canvas, QPoint(360, 200))
    assert "radius" in window.canvas.hint
    press(window, Qt.Key.Key_Escape)
    assert window.desk.bar.isVisible() and not window.card.isVisible()


@pytest.mark.parametrize("tool", ["zones.circle", "zones.scene"])
def test_what_follows_a_typed_centre_is_typed_on_in_the_card(
    window: MainWindow, qtbot: QtBot, tool: str
) -> None:
    with_zones(window)
    window.activateWindow()
    window.use_tool(tool)
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    lon, lat = place(window, 300, 200)
    QTest.keyClicks(window.canvas, f"{lat}"[:1])
    QTest.keyClicks(window.desk.bar.edit, f"{lat}"[1:] + f" {lon}")
    QTest.keyClick(window.desk.bar.edit, Qt.Key.Key_Return)
    assert window.card.isVisible()
    assert window.card.radius_edit.hasFocus(), "the keys are not given back to the map"


# Along streets


def streets(window: MainWindow) -> None:
    """Two streets that meet at a corner, and one that crosses without meeting."""
    ways = [
        ((150, 150), (300, 150)),
        ((300, 150), (300, 300), (400, 300)),
        ((150, 400), (500, 400)),
    ]
    lines = np.array(
        [shapely.LineString([place(window, *at) for at in way]) for way in ways], dtype=object
    )
    table = pa.table({"name": ["North", "East", "South"]})
    layer = new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), {"name": "name"})
    window.session.perform(edits.add_layer(layer))


def test_an_outline_follows_the_streets_between_two_clicks(
    window: MainWindow, qtbot: QtBot
) -> None:
    with_zones(window)
    streets(window)
    window.use_tool("zones.draw")
    tool = course(window, "zones.draw")
    window.canvas.setFocus()
    press(window, Qt.Key.Key_T)
    assert window.desk.bar.trace.isChecked()
    click(window, (200, 152))
    assert tool.snap is not None and tool.snap.kind is SnapKind.STREET
    layer = next(one for one in window.session.project.layers if one.name == "Streets")
    qtbot.waitUntil(lambda: window.desk.tracer(layer, tool.say) is not None)
    QTest.mouseMove(window.canvas, QPoint(350, 298))
    click(window, (350, 302))
    x, y = window.canvas.view.to_screen(*np.array(tool.sketch.corners).T)
    seen = [(round(a), round(b)) for a, b in zip(x, y, strict=True)]
    assert seen == [(200, 150), (300, 150), (300, 300), (350, 300)]
    click(window, (200, 402))
    assert len(tool.sketch.corners) == 5, "no street leads there: a straight line"
    press(window, Qt.Key.Key_Backspace)
    press(window, Qt.Key.Key_Backspace)
    assert len(tool.sketch.corners) == 1, "the way along the streets is one step"


def test_a_click_waits_while_the_streets_are_read(window: MainWindow, qtbot: QtBot) -> None:
    with_zones(window)
    streets(window)
    window.use_tool("zones.draw")
    tool = course(window, "zones.draw")
    window.canvas.setFocus()
    press(window, Qt.Key.Key_T)
    click(window, (200, 152))
    click(window, (350, 302))
    assert len(tool.sketch.corners) == 1, "no straight edge where streets were asked for"
    layer = next(one for one in window.session.project.layers if one.name == "Streets")
    qtbot.waitUntil(lambda: window.desk.tracer(layer, tool.say) is not None)
    click(window, (350, 302))
    assert len(tool.sketch.corners) == 4


# Moving, turning, scaling


def test_a_zone_is_dragged_and_its_corner_snaps(window: MainWindow) -> None:
    here, there = square(window, "Quay", 200, 100), square(window, "Other", 450, 100)
    with_zones(window, here, there)
    window.session.select(Selection((here.id,)))
    press(window, Qt.Key.Key_V)
    window.use_tool("zones.move")
    drag(window, (300, 200), (447, 204))
    moved = zone_of(window, here).shape
    east, south = moved.bounds[2], moved.bounds[1]
    assert (east, south) == pytest.approx((there.shape.bounds[0], there.shape.bounds[1]))
    assert geodesy.area_m2(moved) == pytest.approx(here.area_m2, rel=1e-6)
    undone(window, "Move zone Quay")
    assert zone_of(window, here) is here


def test_escape_while_dragging_leaves_the_zone(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 100)
    with_zones(window, zone, tool="zones.move")
    QTest.mousePress(window.canvas, LEFT, NONE, QPoint(250, 150))
    QTest.mouseMove(window.canvas, QPoint(350, 180))
    press(window, Qt.Key.Key_Escape)
    QTest.mouseRelease(window.canvas, LEFT, NONE, QPoint(350, 180))
    assert zone_of(window, zone) is zone
    assert window.canvas.tool is window.tools["zones.move"]


def test_a_circle_is_scaled_by_its_handle_and_by_number(window: MainWindow) -> None:
    zone = circle_zone("Round", *place(window, 300, 250), 300, "agreed", radius_text="300 m")
    with_zones(window, zone, tool="zones.move")
    tool = window.tools["zones.move"]
    assert isinstance(tool, MoveTool)
    box, _ = tool._box()
    corner = box.bottomRight().toPoint()
    middle = QPoint(300, 250)
    drag(window, corner.toTuple(), (middle + (corner - middle) * 1.5).toTuple())
    after = zone_of(window, zone)
    assert (after.basis, after.radius_m) == (Basis.CIRCLE, pytest.approx(450, abs=3))
    assert "radius changed by hand from 300 m" in after.basis_text
    undone(window, "Scale zone Round")
    assert type_in(window, "r 500 ft") == ""
    assert zone_of(window, zone).radius_text == "500 ft"
    assert zone_of(window, zone).radius_m == pytest.approx(152.4)
    assert type_in(window, "50%") == ""
    assert zone_of(window, zone).radius_m == pytest.approx(76.2)
    assert type_in(window, "100 m @ 0") == ""
    far = geodesy.distance_m(*zone.centre, *zone_of(window, zone).centre)
    assert far == pytest.approx(100)
    assert "direction" in type_in(window, "100 m")
    assert "no length" in type_in(window, "r nonsense") or window.desk.bar.error.text()


def test_zones_are_turned_by_the_knob_and_by_number(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 200)
    with_zones(window, zone, tool="zones.move")
    tool = window.tools["zones.move"]
    assert isinstance(tool, MoveTool)
    _, knob = tool._box()
    drag(window, knob.toPoint().toTuple(), (250 + round(250 - knob.y()), 250))
    turned = zone_of(window, zone)
    assert geodesy.area_m2(turned.shape) == pytest.approx(zone.area_m2, rel=1e-6)
    undone(window, "Turn zone Quay")
    type_in(window, "45°")
    exact = zone_shapes.rotated(zone.shape, 45)
    assert shapely.hausdorff_distance(zone_of(window, zone).shape, exact) < 1e-9


def test_zones_are_moved_with_keys_as_one_step(window: MainWindow) -> None:
    zone, other = square(window, "Quay", 200, 100), square(window, "Other", 450, 100)
    with_zones(window, zone, other, tool="zones.move")
    view = window.canvas.view
    for _ in range(5):
        press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Down, SHIFT)
    assert window.canvas.view == view
    x, y = view.to_screen(*np.array(zone_of(window, zone).shape.bounds).reshape(2, 2).T)
    assert (round(x[0]), round(y[1])) == (205, 110)
    press(window, Qt.Key.Key_BracketRight)
    QTest.keyClicks(window.canvas, "]")
    undone(window, "Turn 2 zones")
    undone(window, "Move 2 zones")
    assert zone_of(window, zone) is zone


# Splitting, merging, holes, buffers, cuts


def test_a_line_splits_a_zone_and_merging_gives_it_back(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 100)
    with_zones(window, zone, tool="zones.split")
    click(window, (180, 160), (240, 160))
    press(window, Qt.Key.Key_Return)
    assert "does not divide" in window.canvas.hint
    click(window, (330, 160))
    QTest.mouseDClick(window.canvas, LEFT, NONE, QPoint(330, 160))
    zones = window.session.project.zones
    assert [one.name for one in zones.values()] == ["Quay", "Quay 2"]
    assert set(window.session.selection.zone_ids) == set(zones)
    assert window.canvas.tool is window.tools["tool.pan"]
    window.actions_set.qt["zones.merge"].trigger()
    (whole,) = window.session.project.zones.values()
    assert whole.id == zone.id
    assert geodesy.area_m2(whole.shape) == pytest.approx(zone.area_m2, rel=1e-6)
    undone(window, "Merge zone Quay and 1 more")
    undone(window, "Split zone Quay")
    assert zone_of(window, zone) is zone


def test_zones_that_lie_apart_are_not_merged(window: MainWindow, qtbot: QtBot) -> None:
    with_zones(window, square(window, "One", 200, 100), square(window, "Two", 400, 100))
    with qtbot.waitSignal(window.session.noticed) as told:
        window.actions_set.qt["zones.merge"].trigger()
    assert "lie apart" in told.args[0].text
    assert len(window.session.project.zones) == 2


def test_a_hole_is_drawn_and_filled(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 100, side=200)
    with_zones(window, zone, tool="zones.hole")
    click(window, (250, 150), (350, 150), (350, 250))
    press(window, Qt.Key.Key_Return)
    holed = zone_of(window, zone)
    assert len(zone_shapes.holes_of(holed.shape)) == 1
    assert window.session.document.undo_label == "Add hole to zone Quay"
    window.actions_set.qt["zones.fill"].trigger()
    click(window, (230, 280))
    assert "no hole here" in window.canvas.hint
    click(window, (330, 170))
    assert geodesy.area_m2(zone_of(window, zone).shape) == pytest.approx(zone.area_m2)
    undone(window, "Fill hole of zone Quay")
    press(window, Qt.Key.Key_Return)
    assert not zone_shapes.holes_of(zone_of(window, zone).shape), "Enter fills all"


def test_a_zone_is_widened_by_dragging_and_by_number(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 100)
    with_zones(window, zone, tool="zones.buffer")
    drag(window, (300, 150), (310, 150))
    metres = round(geodesy.distance_m(*place(window, 300, 150), *place(window, 310, 150)))
    after = zone_of(window, zone)
    assert after.basis_text == f"drawn; widened by hand by {geodesy.in_words(metres)}"
    undone(window, "Buffer zone Quay")
    assert type_in(window, "-20 m") == ""
    assert "narrowed by hand by 20 m" in zone_of(window, zone).basis_text
    window.commands.undo()
    assert "Nothing of the zone" in type_in(window, "-5 km")
    assert "no length" in type_in(window, "30°")
    press(window, Qt.Key.Key_Escape)
    assert zone_of(window, zone) is zone


def test_a_footprint_is_not_buffered(window: MainWindow) -> None:
    shape = square(window, "House", 200, 100).shape
    with_zones(window, Zone("House", shape, Basis.FOOTPRINT, "survey"))
    action = window.actions_set.qt["zones.buffer"]
    assert not action.isEnabled()
    assert "“House” is a footprint, and a footprint is never buffered" in action.toolTip()
    window.use_tool("zones.buffer")
    assert "never buffered" in type_in(window, "20 m")
    drag(window, (300, 150), (340, 150))
    (zone,) = window.session.project.zones.values()
    assert zone.shape is shape


def test_a_zone_is_cut_by_another(window: MainWindow) -> None:
    zone, other = square(window, "Quay", 200, 100), square(window, "Park", 250, 150)
    with_zones(window, zone, other)
    window.session.select(Selection((zone.id,)))
    window.actions_set.qt["zones.cut"].trigger()
    dialog = window.commands._dialog
    assert isinstance(dialog, CutDialog)
    dialog.by.setCurrentIndex(dialog.by.findText("Zone Park"))
    dialog.cut_button.click()
    after = zone_of(window, zone)
    assert geodesy.area_m2(after.shape) == pytest.approx(zone.area_m2 * 3 / 4, rel=1e-3)
    assert after.basis_text == "drawn; cut by hand by “Park”"
    undone(window, "Cut zone Quay")


def test_a_zone_is_cut_to_the_areas_of_a_layer(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 100)
    with_zones(window, zone)
    area = np.array([square(window, "", 150, 150, 300).shape], dtype=object)
    layer = new_layer("Districts", LayerKind.BOUNDARIES, pa.table({"n": ["A"]}), Shapes(area))
    window.session.perform(edits.add_layer(layer))
    dialog = CutDialog(window.session, window)
    dialog.by.setCurrentIndex(dialog.by.findText("Layer Districts"))
    dialog.what.setCurrentIndex(1)
    dialog.cut_button.click()
    after = zone_of(window, zone)
    assert geodesy.area_m2(after.shape) == pytest.approx(zone.area_m2 / 2, rel=1e-3)
    dialog.cut_button.click()
    assert "No selected zone is changed" in dialog.by_row.error
    dialog.deleteLater()


# Selecting


def test_zones_are_selected_by_click_outline_and_condition(window: MainWindow) -> None:
    one, two = square(window, "One", 200, 100), square(window, "Two", 400, 100)
    three = circle_zone("Three", *place(window, 300, 400), 200, "agreed")
    with_zones(window, one, two, three)
    session = window.session
    window.use_tool("tool.select")
    click(window, (250, 150))
    click(window, (450, 150), held=CONTROL)
    assert session.selection.zone_ids == (one.id, two.id)
    click(window, (250, 150), held=CONTROL)
    assert session.selection.zone_ids == (two.id,)
    window.use_tool("tool.select-area")
    click(window, (180, 80), (320, 80), (320, 220), (180, 220))
    press(window, Qt.Key.Key_Return)
    assert session.selection.zone_ids == (one.id,)
    window.actions_set.qt["zones.select-where"].trigger()
    dialog = window.commands._dialog
    assert isinstance(dialog, SelectZonesDialog)
    QTest.keyClicks(dialog.edit, "basis = 'circle'")
    assert dialog.row.error and not dialog.select_button.isEnabled()
    dialog.edit.clear()
    QTest.keyClicks(dialog.edit, "basis == 'circle' and radius_m > 100")
    assert dialog.select_button.text() == "Select 1 zone"
    dialog.add_button.click()
    assert session.selection.zone_ids == (one.id, three.id)


def test_a_box_is_set_with_keys(window: MainWindow) -> None:
    one, two = square(window, "One", 200, 100), square(window, "Two", 600, 100)
    with_zones(window, one, two)
    window.session.select(Selection())
    window.use_tool("tool.select")
    canvas = window.canvas
    canvas.setFocus()
    view = canvas.view
    canvas.session.set_view(view.panned(canvas.width() / 2 - 180, canvas.height() / 2 - 80))
    press(window, Qt.Key.Key_X)
    assert "X again" in canvas.hint
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_X)
    assert window.session.selection.zone_ids == (one.id,)
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_Escape)
    assert window.session.selection.zone_ids == (one.id,), "Escape takes the box back alone"


def test_zones_that_the_audience_does_not_see_are_not_selected(window: MainWindow) -> None:
    seen = square(window, "One", 200, 100)
    hidden = replace(square(window, "Two", 350, 100), visibility=Visibility.POLICE_ONLY)
    with_zones(window, seen, hidden)
    window.session.set_look(audience=Audience.PUBLIC)
    for tool in ("tool.select", "tool.select-area"):
        window.session.select(Selection())
        window.use_tool(tool)
        if tool == "tool.select":
            drag(window, (180, 80), (480, 220))
        else:
            click(window, (180, 80), (480, 80), (480, 220), (180, 220))
            press(window, Qt.Key.Key_Return)
        assert window.session.selection.zone_ids == (seen.id,), tool


def test_an_outline_is_drawn_with_the_cross(window: MainWindow) -> None:
    with_zones(window)
    window.use_tool("zones.draw")
    window.canvas.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        press(window, key)
        press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Return)
    assert window.card.isVisible()


def test_tools_leave_the_bar_and_nothing_else(window: MainWindow) -> None:
    zone = square(window, "Quay", 200, 100)
    with_zones(window, zone)
    before = window.session.project
    for key in ("move", "split", "hole", "buffer", "reshape", "draw", "corridor", "circle"):
        window.use_tool(f"zones.{key}")
        QTest.mouseMove(window.canvas, QPoint(260, 160))
        window.canvas.grab()
        assert window.desk.bar.isVisible(), key
        press(window, Qt.Key.Key_Escape)
        assert window.canvas.tool is window.tools["tool.pan"], key
        assert not window.desk.bar.isVisible() and window.canvas.hint == "", key
    assert window.session.project is before
