"""Importing through the window: what is proposed, changed, previewed, added and reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import Qt

from gisapp.io.reading import importing
from gisapp.io.reading.import_report import ImportReport, RejectedRow, RejectedRows
from gisapp.io.reading.raw_table import BrokenRow
from gisapp.layers.layer import Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.imports.crs_field import code_in
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.imports.form import ImportForm
from gisapp.ui.imports.kind_guess import guessed_kind
from gisapp.ui.imports.report_page import RejectedModel, ReportPage, report_sentences
from gisapp.ui.map.extents import main_extent

OVERDOSES = """\
subject_name,lon,lat,when,result,notes
A,-84.512,39.104,2025-03-01 22:10,revived,x
B,-84.510,39.105,2025-03-02 03:00,fatal,x
C,,,2025-03-02 04:00,revived,x
D,-84.514,39.106,2025-03-03 12:30,revived,x
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "overdoses_2025.csv"
    path.write_text(OVERDOSES)
    return path


@pytest.fixture
def opened(qtbot, idle):
    """`opened(session, path)` gives the dialog once the file was looked at."""

    def open_dialog(session, *paths, kind=None):
        dialog = ImportDialog(session, list(paths), kind)
        qtbot.addWidget(dialog)
        dialog.show()
        idle(session)
        qtbot.waitUntil(lambda: not session.runner.busy and dialog._outlook is not None)
        return dialog

    return open_dialog


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def again(qtbot, dialog, session):
    """Wait until the preview follows the form."""
    qtbot.waitUntil(
        lambda: (
            not session.runner.busy
            and not dialog._later.isActive()
            and dialog._outlook.plan is dialog.form.plan
        )
    )


def test_the_button_says_what_it_will_add(opened, empty_session, file):
    dialog = opened(empty_session, file)
    assert dialog.form.kind_box.currentText() == "Overdoses"
    assert dialog.add.text() == "Add 3 overdoses"
    assert dialog.status.text() == (
        "4 rows, 3 with a usable place. 1 would be left out; the report will list them."
    )
    assert dialog.form.plan.x_column == "lon"
    assert dialog.form.field_boxes["time"].currentText() == "when"
    assert dialog.form.timezone.timezone == "America/New_York"
    assert "Degrees" in dialog.form.crs_row.said
    lon, _ = dialog.table.rows.places
    assert len(lon) == 3


def test_columns_of_persons_stay_out_and_are_not_even_previewed(opened, empty_session, file):
    dialog = opened(empty_session, file)
    assert dialog.form.left_out.values == ("subject_name",)
    model = dialog.table.rows
    heads = [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]
    hidden = heads.index("subject_name\nleft out")
    assert {model.index(row, hidden).data() for row in range(4)} == {"·····"}


def test_a_layer_is_added_in_one_step_with_a_report(opened, empty_session, file, qtbot, idle):
    session = empty_session
    dialog = opened(session, file)
    click(qtbot, dialog.add)
    idle(session)
    (layer,) = session.project.layers
    assert layer.kind is LayerKind.OVERDOSES
    assert len(layer) == 3
    assert "subject_name" not in layer.table.column_names
    qtbot.waitUntil(lambda: isinstance(dialog.pages.currentWidget(), ReportPage))
    page = dialog.pages.currentWidget()
    assert page.title.text() == "3 overdoses added"
    assert page.table.model().index(0, 1).data() == "4"
    west, _, east, _ = session.view.bounds
    assert west < layer.bounds[0] and east > layer.bounds[2], "the map shows the first layer"
    session.document.undo()
    assert session.project.is_empty


def test_the_form_is_made_before_the_files_are_looked_at(qtbot, empty_session, file):
    """With all its fields at once the dialog would keep the window from answering."""
    dialog = ImportDialog(empty_session, [file])
    qtbot.addWidget(dialog)
    assert not dialog.findChildren(ImportForm)
    dialog.show()
    assert "Looking at the files" in dialog.pages.currentWidget().label.text()
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == 1)
    qtbot.waitUntil(lambda: dialog.add.text() == "Add 3 overdoses")


def test_tab_goes_through_all_fields_before_the_table(opened, empty_session, file):
    dialog = opened(empty_session, file)
    form = dialog.form
    chain, widget = [form.kind_box], form.kind_box.nextInFocusChain()
    while widget is not form.kind_box:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    wanted = [form.kind_box, form.timezone, *form.field_boxes.values()]
    wanted += [*form.left_out.boxes.values(), dialog.table, dialog.add]
    assert len(form.field_boxes) > 1 and form.left_out.boxes
    assert sorted(wanted, key=chain.index) == wanted


def test_rejected_rows_are_saved_with_line_and_reason(
    opened, empty_session, file, qtbot, idle, tmp_path
):
    dialog = opened(empty_session, file)
    click(qtbot, dialog.add)
    idle(empty_session)
    qtbot.waitUntil(dialog.save_rejected.isVisible)
    path = tmp_path / "rejected.csv"
    dialog.write_rejected(path)
    idle(empty_session)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("overdoses_2025.csv,4,no coordinates,")
    assert "subject_name" not in lines[0]
    [line] = empty_session.project.exports.lines
    assert (line.what, line.file, line.audience) == ("rejected rows", "rejected.csv", "police")
    assert "one by one: for police analysts only" in dialog.foot.words.text()


def test_another_kind_proposes_other_fields_and_keeps_the_name(
    opened, empty_session, file, qtbot, idle
):
    dialog = opened(empty_session, file)
    dialog.form.name.clear()
    qtbot.keyClicks(dialog.form.name, "Calls")
    dialog.form.kind_box.setCurrentText("Stops")
    idle(empty_session)
    again(qtbot, dialog, empty_session)
    assert dialog.add.text() == "Add 3 stops"
    assert dialog.form.name.text() == "Calls"
    assert set(dialog.form.field_boxes) == {"time", "activity", "group", "outcome"}


def test_a_column_can_be_changed(opened, empty_session, file, qtbot, idle):
    dialog = opened(empty_session, file)
    dialog.form.field_boxes["outcome"].setCurrentText("notes")
    again(qtbot, dialog, empty_session)
    click(qtbot, dialog.add)
    idle(empty_session)
    assert empty_session.project.layers[0].fields["outcome"] == "notes"


def test_swapped_columns_are_noticed_and_swapped_by_a_button(
    opened, empty_session, tmp_path, qtbot
):
    path = tmp_path / "points.csv"
    path.write_text("lon,lat\n39.104,-84.512\n39.105,-84.511\n39.106,-84.510\n")
    dialog = opened(empty_session, path)
    assert "swapped" in dialog.status.text()
    assert not dialog.add.isEnabled()
    click(qtbot, dialog.swap)
    again(qtbot, dialog, empty_session)
    assert dialog.add.text() == "Add 3 places"
    assert dialog.add.isEnabled()


def test_an_unknown_reference_system_is_asked_for_with_those_that_fit(
    opened, empty_session, tmp_path, qtbot
):
    path = tmp_path / "pharmacies.csv"
    path.write_text("name,easting,northing\nA,530000,180000\nB,531000,181000\n")
    dialog = opened(empty_session, path)
    assert not dialog.add.isEnabled()
    assert "choose" in dialog.form.crs_row.error
    assert dialog.status.text() == "2 rows.", "it is asked for once"
    assert dialog.map.accessibleDescription() == "No places are known yet."
    offered = [dialog.form.crs.itemData(i) for i in range(dialog.form.crs.count())]
    assert "EPSG:27700" in offered
    dialog.form.crs.setCurrentText("nothing")
    assert "not a reference system" in dialog.form.crs_row.error
    dialog.form.crs.setCurrentText("27700")
    again(qtbot, dialog, empty_session)
    assert dialog.add.text() == "Add 2 services"
    assert dialog.add.isEnabled()


def test_rows_with_problems_are_marked(opened, empty_session, tmp_path, qtbot):
    path = tmp_path / "points.csv"
    path.write_text("lon,lat\n" + "-84.5,39.1\n" * 30 + "0,0\n")
    dialog = opened(empty_session, path)
    model = dialog.table.rows
    assert model.problem_count == 1
    assert model.index(30, 0).data()
    assert not dialog.table.isColumnHidden(0)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 50])
def test_a_file_that_cannot_be_read_is_explained(qtbot, empty_session, tmp_path, idle, content):
    path = tmp_path / "stops.csv"
    path.write_bytes(content)
    dialog = ImportDialog(empty_session, [path])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "stops.csv" in dialog.wait.label.text())
    assert dialog.pages.currentWidget() is dialog.wait
    assert dialog.close_button.text() == "Close"


def test_stopping_leaves_the_project_as_it_was(opened, empty_session, file, qtbot, idle):
    dialog = opened(empty_session, file)
    click(qtbot, dialog.add)
    click(qtbot, dialog.foot.stop)
    idle(empty_session)
    assert empty_session.project.is_empty
    assert dialog.pages.isEnabled()
    assert "Cancelled" in dialog.status.text()
    click(qtbot, dialog.add)
    idle(empty_session)
    assert len(empty_session.project.layers) == 1


def test_leaving_while_it_reads_adds_nothing(qtbot, empty_session, file, idle):
    dialog = ImportDialog(empty_session, [file])
    qtbot.addWidget(dialog)
    dialog.reject()
    idle(empty_session)
    assert empty_session.project.is_empty


def test_what_was_typed_or_picked_gives_a_code():
    assert code_in("27700") == "EPSG:27700"
    assert code_in("EPSG:27700 · OSGB36 / British National Grid") == "EPSG:27700"


def test_heroin_calls_of_cincinnati(opened, empty_session, shared_data, qtbot, idle):
    path = shared_data / "cincinnati" / "overdose_police_calls_heroin_2015-2018.csv"
    dialog = opened(empty_session, path)
    assert dialog.add.text() == "Add 6,060 overdoses"
    click(qtbot, dialog.add)
    idle(empty_session)
    report = dialog.result_of_import.report
    assert report_sentences(report)[0] == ("6,960 rows were read, and 6,060 have a usable place.")
    assert isinstance(empty_session.project.layers[0].geometry, Points)


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("cincinnati/naloxone_distribution_sites.csv", LayerKind.SERVICES),
        ("cincinnati/city_boundary.geojson", LayerKind.BOUNDARIES),
        ("london/met_stop_and_search", LayerKind.STOPS),
        ("london/streets_city_of_london_osm.geojson", LayerKind.STREETS),
        # Columns that name a neighbourhood, and a ward or a street in a name, make no boundary.
        ("cincinnati/enforcement_police_calls_drug_2017.csv.gz", LayerKind.STOPS),
        ("cincinnati/overdose_police_calls_heroin_2015-2018.csv", LayerKind.OVERDOSES),
        ("cincinnati/vacant_buildings/vacantbldgs.csv", LayerKind.OTHER),
        ("cincinnati/transit_stops.csv.gz", LayerKind.OTHER),
        ("london/cycleways_lcn.geojson", LayerKind.STREETS),
        ("services_us/opioid_treatment_programs_OH_MN_WA_AZ.csv", LayerKind.SERVICES),
    ],
)
def test_the_kind_is_guessed_from_names(shared_data, place, kind):
    paths = [shared_data / place]
    assert guessed_kind(importing.probe(paths), paths) is kind


def test_a_plan_of_shifts_is_taken_for_deployments(tmp_path):
    path = tmp_path / "monday.csv"
    path.write_text("Patrol,Unit,Date,Start,End,Streets\nA,D1,2026-03-23,18:00,02:00,Race St\n")
    assert guessed_kind(importing.probe([path]), [path]) is LayerKind.DEPLOYMENTS


def test_a_plan_that_names_streets_asks_for_no_coordinates(
    opened, open_session, tmp_path, qtbot, idle
):
    lines = np.array([shapely.LineString([(-84.52, 39.10), (-84.51, 39.12)])], dtype=object)
    table = pa.table({"name": ["Race St"]})
    fields = {"name": "name"}
    streets = new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), fields)
    session = open_session(Project(timezone="America/New_York").with_layer(streets))
    path = tmp_path / "monday.csv"
    path.write_text(
        "Patrol,Unit,Date,Start,End,Streets\n"
        "A,D1,2026-03-23,18:00,02:00,Race Street\nB,D1,2026-03-23,18:00,02:00,Elm St\n"
    )
    dialog = opened(session, path)
    qtbot.waitUntil(lambda: dialog.add.text() == "Add 1 deployment", timeout=5_000)
    assert dialog.form.x_row.error == ""
    assert "by the streets" in dialog.form.x_row.said
    assert dialog.add.isEnabled()


def test_a_single_row_is_counted_as_one(opened, empty_session, tmp_path, qtbot, idle):
    path = tmp_path / "clinics.csv"
    path.write_text("name,lon,lat\nQuay clinic,-84.512,39.104\n")
    dialog = opened(empty_session, path)
    assert dialog.status.text() == "1 row, 1 with a usable place."
    click(qtbot, dialog.add)
    idle(empty_session)
    sentences = report_sentences(dialog.result_of_import.report)
    assert sentences[0] == "1 row was read, and 1 has a usable place."


def test_the_file_is_named_beside_rejected_rows_only_where_there_are_several(
    opened, empty_session, file, qtbot, idle
):
    dialog = opened(empty_session, file)
    click(qtbot, dialog.add)
    idle(empty_session)
    qtbot.waitUntil(lambda: dialog.add.text() == "Done")
    assert dialog.pages.currentWidget().table.isColumnHidden(0)


def test_cells_of_rows_that_do_not_fit_are_seen_behind_many_others(qtbot):
    table = pa.table({"when": ["no time"] * 60, "where": ["A"] * 60})
    rejected = RejectedRows(
        table,
        ("stops.csv",),
        np.zeros(60, dtype=np.int64),
        np.arange(2, 62),
        ("no place",),
        np.zeros(60, dtype=np.uint8),
        (
            BrokenRow("stops.csv", 62, "more cells than columns", ("1", "2", "three")),
            *(BrokenRow("stops.csv", at, "one cell", ("1",)) for at in range(63, 90)),
        ),
    )
    model = RejectedModel(rejected)
    names = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    assert names == ["File", "Line", "Reason", "when", "where", "Cell 1", "Cell 2", "Cell 3"]
    assert model.data(model.index(60, 7)) == "three"
    assert model.data(model.index(59, 3)) == "no time"


def test_the_first_view_leaves_out_what_lies_far_from_all_the_rest(tmp_path):
    rng = np.random.default_rng(1)
    lon = np.append(-0.1 + rng.normal(0, 0.08, 5000), [0.9, -0.1])
    lat = np.append(51.5 + rng.normal(0, 0.05, 5000), [52.9, 0.0])
    table = pa.table({"name": [""] * len(lon)})
    layer = new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat), {})
    west, south, east, north = main_extent(layer)
    assert -0.6 < west < east < 0.4
    assert 51.2 < south < north < 51.9
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    assert inside.sum() == 5000, "the edge of a city is part of it"
    few = new_layer("Few", LayerKind.STOPS, table[:3], Points(lon[-3:], lat[-3:]), {})
    assert main_extent(few) == few.bounds


def test_a_report_of_very_many_rows_left_out_reads_only_the_first(qtbot, session):
    """Qt measures every row of a column whose width it is asked for, a second of the window."""
    read = []

    class Rows(RejectedRows):
        names = ("Type",)

        def __len__(self):
            return 10_567

        def __getitem__(self, at):
            if isinstance(at, slice):
                return [self[one] for one in range(*at.indices(len(self)))]
            read.append(at)
            return RejectedRow("stops.csv", at + 1, "no coordinates", {"Type": "Person search"})

    report = ImportReport(
        read=115_510,
        added=104_943,
        rejected=10_567,
        reasons={"no coordinates": 10_567},
        crs="EPSG:4326",
        time_range=None,
        duplicates=0,
        layer="Stops",
        rejected_rows=Rows(),
    )
    page = ReportPage(session.project.layers[0], report)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    assert page.table.columnWidth(3) > page.fontMetrics().horizontalAdvance("Person search")
    assert len(set(read)) < 200
