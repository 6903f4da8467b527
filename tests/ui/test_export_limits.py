"""What a map that leaves says of the times and filters that limit it, for each audience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from pytestqt.qtbot import QtBot

from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.exports.map_dialog import ExportMapDialog
from gisapp.ui.session import Session
from gisapp.ui.table.row_filter import Part
from gisapp.ui.times.panel import TimePanel

OPENED = ("2011-03-05T07:00", "2014-06-10T09:00", "2016-08-20T10:00", "2024-02-09T21:00")
#: The first and the last of these are confidential.
HIDDEN = np.array([True, False, False, True])


def timed(kind: LayerKind, moments: tuple[str, ...], title: str, **columns: object) -> Layer:
    """A layer in a row of places with a time for each."""
    times = pa.array(np.array(moments, dtype="datetime64[us]")).cast(pa.timestamp("us", "UTC"))
    table, fields = pa.table({"when": times, **columns}), {"time": "when"}
    fields |= {one: one for one in columns}
    places = Points(np.linspace(-0.1, 0.1, len(moments)), np.full(len(moments), 51.5))
    layer = new_layer(title, kind, table, places, fields)
    return replace(layer, sensitivity=Sensitivity.PUBLIC)


def services() -> Layer:
    names = ["Quiet House", "Mill Lane", "Bridge Clinic", "Hidden Yard"]
    return timed(LayerKind.SERVICES, OPENED, "Sites", name=names, confidential=HIDDEN)


def stops() -> Layer:
    """Sixty stops from 17 March to 14 May 2018, one a day, at ten minutes past four."""
    days = np.datetime64("2018-03-17T04:10") + np.arange(60) * np.timedelta64(24, "h")
    days[-1] -= np.timedelta64(1, "D")
    return timed(LayerKind.STOPS, tuple(str(day) for day in days), "Stops")


class Desk:
    """A session with a time panel, and an export dialog for each audience."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.session, self._qtbot = session, qtbot
        self.panel = TimePanel(session)
        qtbot.addWidget(self.panel)

    def brush(self, layer: Layer, first: str, end: str) -> None:
        self.panel.show_layer(layer.id)
        chart = self.panel.view.histogram
        assert chart is not None
        ends = np.array([first, end], "datetime64[us]").astype(np.int64)
        places = np.interp(ends, chart.edges.astype(np.int64), np.arange(len(chart.edges)))
        self.panel._on_brush((float(places[0]), float(places[1])))

    def dialog(self, audience: Audience) -> ExportMapDialog:
        dialog = ExportMapDialog(self.session)
        self._qtbot.addWidget(dialog)
        dialog.audience_box.setCurrentText(audience.label)
        return dialog

    def said(self, audience: Audience) -> str:
        return self.dialog(audience).page.subtitle


@pytest.fixture
def desk(qtbot: QtBot, open_session: Callable[[Project], Session]) -> Callable[..., Desk]:
    return lambda *layers: Desk(qtbot, open_session(Project(layers=layers)))


@pytest.mark.parametrize("audience", list(Audience))
def test_no_day_is_told_that_only_a_confidential_service_has(
    desk: Callable[..., Desk], audience: Audience
) -> None:
    layer = services()
    at = desk(layer)
    at.brush(layer, "2011-01-01", "2025-01-01")
    at.session.set_look(audience=Audience.POLICE)
    said = at.said(audience)
    assert "10 June 2014 to 20 August 2016" in said
    assert said.startswith("Only Sites")
    assert "2011" not in said and "2024" not in said and "March" not in said


@pytest.mark.parametrize("audience", list(Audience))
def test_a_span_of_confidential_services_alone_names_no_day(
    desk: Callable[..., Desk], audience: Audience
) -> None:
    layer = services()
    at = desk(layer)
    at.brush(layer, "2011-01-01", "2012-01-01")
    assert at.session.look.mask_of(layer.id).tolist() == [True, False, False, False]
    assert "2011" not in at.said(audience)


def test_what_the_form_says_is_what_the_page_says(desk: Callable[..., Desk]) -> None:
    layer = services()
    at = desk(layer)
    at.brush(layer, "2011-01-01", "2025-01-01")
    dialog = at.dialog(Audience.PARTNERS)
    assert "10 June 2014" in dialog.limited.text() and "2011" not in dialog.limited.text()
    at.panel._on_brush(None)
    assert at.dialog(Audience.PARTNERS).limited_row.isHidden()


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS])
def test_events_are_told_to_others_in_whole_months(
    desk: Callable[..., Desk], audience: Audience
) -> None:
    """Two maps that differ by a day would let a small count be worked out."""
    layer = stops()
    at = desk(layer)
    at.brush(layer, "2018-03-20", "2018-04-10")
    assert "20 March 2018 to 9 April 2018" in at.said(Audience.POLICE)
    dialog = at.dialog(audience)
    assert dialog.page.subtitle.endswith("1 March 2018 to 30 April 2018 (UTC)")
    assert f"whole months for {audience.within}." in dialog.limited.text()
    assert "whole months" not in at.dialog(Audience.POLICE).limited.text()
    rows = dialog.look.mask_of(layer.id)
    assert rows.sum() == 45 and dialog.look.span_of(layer).mask.sum() == 45
    assert at.session.look.mask_of(layer.id).sum() == 21, "the window stays as it was"
    assert dialog.look is dialog.look, "made once: what is drawn of it stays known"


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS])
def test_neither_the_first_nor_the_last_day_of_events_is_told(
    desk: Callable[..., Desk], audience: Audience
) -> None:
    layer = stops()
    at = desk(layer)
    at.brush(layer, "2018-01-01", "2018-12-31")
    assert at.said(audience).endswith("1 March 2018 to 31 May 2018 (UTC)")
    at.session.set_look(audience=audience)
    at.brush(layer, "2018-04-01", "2018-06-01")
    assert at.panel.words.text().startswith("1 April 2018 to 31 May 2018 (UTC)")
    at.panel._on_brush(None)
    assert at.panel.words.text().startswith("1 March 2018 to 31 May 2018 (UTC)")


def test_nothing_is_said_of_layers_that_are_not_on_the_map(desk: Callable[..., Desk]) -> None:
    kept = replace(timed(LayerKind.OTHER, OPENED, "Cameras"), sensitivity=Sensitivity.RESTRICTED)
    off = replace(timed(LayerKind.OTHER, OPENED, "Benches"), visible=False)
    at = desk(kept, off)
    for layer in (kept, off):
        at.session.filters.set(layer.id, Part.TABLE, np.arange(4) < 2, "code is 17")
    for audience in (Audience.PUBLIC, Audience.PARTNERS):
        assert "Only" not in at.said(audience)
    assert at.said(Audience.POLICE).endswith("Only Cameras: code is 17")


def test_a_filter_by_a_confidential_name_or_of_such_rows_names_nothing(
    desk: Callable[..., Desk],
) -> None:
    layer = services()
    at = desk(layer)
    masks = at.session.filters
    masks.set(layer.id, Part.TABLE, np.arange(4) < 2, "name is one of Quiet House; Mill Lane")
    assert "Quiet House" not in at.said(Audience.PARTNERS)
    masks.set(layer.id, Part.TABLE, np.arange(4) == 0, "when is on 2011-03-05")
    assert at.said(Audience.PARTNERS).endswith("Only Sites: none of them")
    masks.lift_fields(layer.id)
    masks.set(layer.id, Part.CHOSEN, np.arange(4) < 2, "2 selected rows")
    assert at.said(Audience.POLICE).endswith("Only Sites: 1 selected row")


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize(
    ("hidden_kept", "words"),
    [
        (True, "address is one of 5 Hidden Street; 1 Mill Lane"),
        (True, "name.str.startswith('Quiet Ho') or beds == 5"),
        (False, "contact is not 0117 496 0"),
        (False, "beds is one of 17; 5"),
    ],
)
def test_of_a_layer_with_confidential_services_a_filter_tells_its_number_alone(
    desk: Callable[..., Desk], audience: Audience, hidden_kept: bool, words: str
) -> None:
    """One that leaves out just those names them as well."""
    layer = services()
    at = desk(layer)
    rows = np.array([hidden_kept, True, False, hidden_kept])
    at.session.filters.set(layer.id, Part.TABLE, rows, words)
    dialog = at.dialog(audience)
    assert dialog.page.subtitle.endswith("Only Sites: 1 of 2")
    assert dialog.limited.text() == "The map is limited to: Sites: 1 of 2."


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.POLICE])
def test_a_filter_of_just_the_confidential_services_is_not_told_of(
    desk: Callable[..., Desk], audience: Audience
) -> None:
    layer = services()
    at = desk(layer)
    for part in (Part.TABLE, Part.CHOSEN):
        at.session.filters.set(layer.id, part, ~HIDDEN, "beds is not 17")
        dialog = at.dialog(audience)
        assert "Only" not in dialog.page.subtitle and dialog.limited_row.isHidden()


def test_of_other_services_a_filter_is_told_in_words(desk: Callable[..., Desk]) -> None:
    layer = timed(LayerKind.SERVICES, OPENED, "Sites", confidential=[False] * 4)
    at = desk(layer)
    at.session.filters.set(layer.id, Part.TABLE, np.arange(4) < 2, "beds is 5")
    assert at.said(Audience.PUBLIC).endswith("Only Sites: beds is 5")


def test_a_filter_that_tells_few_events_apart_is_not_told_to_others(
    desk: Callable[..., Desk],
) -> None:
    layer = stops()
    at = desk(layer)
    for part in (Part.TABLE, Part.CHOSEN):
        for mask in (np.arange(60) < 3, np.arange(60) > 3):
            at.session.filters.lift_fields(layer.id)
            at.session.filters.set(layer.id, part, mask, "case is 7 of three")
            assert at.said(Audience.PARTNERS).endswith("Only Stops: some of them")
            assert "some of them" not in at.said(Audience.POLICE)
    at.session.filters.lift_fields(layer.id)
    at.session.filters.set(layer.id, Part.TABLE, np.arange(60) < 30, "outcome is arrest")
    assert at.said(Audience.PARTNERS).endswith("Only Stops: outcome is arrest")


def test_the_name_of_a_layer_names_no_confidential_service(desk: Callable[..., Desk]) -> None:
    layer = replace(stops(), name="Stops near Quiet House")
    at = desk(services(), layer)
    at.brush(layer, "2018-04-01", "2018-05-01")
    for audience in (Audience.PUBLIC, Audience.POLICE):
        said = at.said(audience)
        assert "Quiet House" not in said and "Only Stops near a service: 1 April 2018" in said


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("when < '2018-04-01T00:20'", False),
        ("'2018-04-01 00:20' > when", False),
        ("when >= '2018-04' and when < '2018-04-15'", False),
        ("when == '2018-04-01'", False),
        ("when <= '2018-04-01'", False),
        ("not (`when` >= '2018-04-02')", False),
        ("when >= '2018-04-01' and when < '2018-05'", True),
        ("outcome == 'arrest' or outcome == '2018-04-02'", True),
    ],
)
def test_moments_in_a_filter_bar_a_map_for_those_who_learn_of_months(
    desk: Callable[..., Desk], query: str, told: bool
) -> None:
    moments = tuple(str(one) for one in stops().table["when"].to_pylist())
    plain = tuple(one.removesuffix("+00:00") for one in moments)
    layer = timed(LayerKind.STOPS, plain, "Stops", outcome=["arrest", "none"] * 30)
    layer = replace(layer, sensitivity=Sensitivity.RESTRICTED)
    at = desk(layer)
    mask = np.arange(60) % 2 == 0
    at.session.filters.set(layer.id, Part.TABLE, mask, query, query)
    assert at.dialog(Audience.POLICE).export.isEnabled()
    dialog = at.dialog(Audience.PUBLIC)
    assert dialog.export.isEnabled() is told
    assert ("whole months only" in dialog.status.text()) is not told
    dialog.audience_box.setCurrentText(Audience.POLICE.label)
    assert dialog.export.isEnabled() and dialog.status.isHidden()
    at.session.filters.set(layer.id, Part.TABLE, None)
    assert at.dialog(Audience.PUBLIC).export.isEnabled()


def test_a_filter_that_leaves_nothing_is_told_as_that(desk: Callable[..., Desk]) -> None:
    layer = stops()
    at = desk(layer)
    at.session.filters.set(layer.id, Part.TABLE, np.zeros(60, dtype=bool), "age is 200")
    said = at.said(Audience.PARTNERS)
    assert said.startswith("0 of 60 stops") and said.endswith("Only Stops: none of them")
