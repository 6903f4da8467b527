"""Exporting a map for an audience, and zones for patrol systems."""

from __future__ import annotations

import numpy as np
import pytest

from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.exports.map_dialog import ExportMapDialog
from gisapp.ui.session import Notice
from gisapp.ui.table.row_filter import Part


@pytest.fixture
def dialog(qtbot, session):
    session.set_view(session.view.shown(session.project.bounds))
    dialog = ExportMapDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_page_is_previewed_as_it_will_be(dialog, qtbot):
    qtbot.waitUntil(lambda: dialog.preview.image is not None, timeout=10_000)
    landscape = dialog.preview.image
    assert landscape.width() > landscape.height()
    dialog.way_box.setCurrentText("Portrait")
    qtbot.waitUntil(
        lambda: dialog.preview.image.height() > dialog.preview.image.width(), timeout=10_000
    )


@pytest.mark.parametrize("audience", list(Audience))
def test_each_audience_is_told_what_it_sees(dialog, audience):
    dialog.audience_box.setCurrentText(audience.label)
    assert dialog.audience is audience
    words = dialog.audience_row.said
    assert ("below 11" in words) is (audience in (Audience.PUBLIC, Audience.PARTNERS))
    assert dialog.look.exported


def test_the_button_is_named_by_what_it_makes(dialog):
    assert dialog.export.text() == "Export PDF"
    dialog.format_box.setCurrentIndex(3)
    assert dialog.export.text() == "Export HTML map"
    assert not dialog.paper_box.isVisible()


@pytest.mark.parametrize(
    ("index", "start"), [(0, b"%PDF"), (1, b"\x89PNG"), (2, b"<?xml"), (3, b"<!DOCTYPE html>")]
)
def test_a_map_is_written_and_its_folder_offered(
    dialog, session, qtbot, tmp_path, idle, index, start
):
    dialog.format_box.setCurrentIndex(index)
    told: list[Notice] = []
    session.noticed.connect(told.append)
    path = tmp_path / f"map.{dialog.suffix}"
    dialog.write(path)
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=15_000)
    assert path.read_bytes()[:20].lower().startswith(start.lower())
    assert told[-1].action == "Open folder"
    assert not dialog.isVisible()


def test_what_limits_the_map_is_said_under_its_title(qtbot, session):
    layer = session.project.layers_of(LayerKind.OVERDOSES)[0]
    session.filters.set(layer.id, Part.TABLE, np.ones(600, dtype=bool), "substance is heroin")
    dialog = ExportMapDialog(session)
    qtbot.addWidget(dialog)
    assert dialog.page.subtitle.endswith("Only Overdoses 2025: substance is heroin")


def test_a_map_that_cannot_be_written_is_explained_and_the_form_stays(
    dialog, session, qtbot, tmp_path
):
    dialog.write(tmp_path / "nowhere" / "map.pdf")
    qtbot.waitUntil(lambda: bool(dialog.status.text()), timeout=15_000)
    assert "could not be written" in dialog.status.text()
    assert dialog.isVisible()
    assert dialog.export.isEnabled()
