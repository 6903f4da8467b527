"""Every field of every form can be reached by keyboard, and has a name to be read aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)

from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.ui.agreements.breach_form import BreachForm
from gisapp.ui.agreements.breach_log_dialog import BreachLogDialog
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.agreements.life import StepDialog
from gisapp.ui.agreements.list_dialog import AgreementsDialog
from gisapp.ui.agreements.own_terms import CopyTermsDialog, OwnTermsDialog
from gisapp.ui.deployments.briefing_dialog import BriefingDialog, InstructionDialog
from gisapp.ui.exports.map_dialog import ExportMapDialog
from gisapp.ui.exports.package_dialog import ExportPackageDialog
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.layers.hotspots_panel import HotspotsPanel
from gisapp.ui.map.base_map_dialog import FILE, SERVER, BaseMapDialog
from gisapp.ui.map.base_map_keeper import BaseMapKeeper
from gisapp.ui.session import Session
from gisapp.ui.settings import Settings
from gisapp.ui.styles.dialog import StyleDialog
from gisapp.ui.table.panel import TablePanel
from gisapp.ui.times.histogram_view import HistogramView
from gisapp.ui.times.panel import TimePanel
from gisapp.ui.widgets.forms import choose
from gisapp.ui.zones.details import ZoneDetailsDialog
from gisapp.ui.zones.dialog import ZonesDialog
from tests.ui.full_agreement import full

_FIELDS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    HistogramView,
)


def style_editor(session: Session, tab: int) -> StyleDialog:
    """The style editor of services told apart by kind, on one of its tabs."""
    layer = session.project.layers[0]
    classes = Symbology((SymbolClass("Pharmacies", Category("naloxone pharmacy")),), "kind")
    style = replace(layer.style, symbology=classes)
    session.perform(edits.restyle_layer(layer.id, style))
    dialog = StyleDialog(session, layer.id)
    dialog.tabs.setCurrentIndex(tab)
    return dialog


def base_map(session: Session, way: str) -> BaseMapDialog:
    """The choice of a base map, on one of its ways."""
    keeper = BaseMapKeeper(session, Settings(), None)
    dialog = BaseMapDialog(session, keeper)
    choose(dialog.way_box, way)
    return dialog


def one_agreement(session: Session) -> Agreement:
    return next(iter(session.project.agreements.values()))


MAKERS: dict[str, Callable[[Session], QWidget]] = {
    "agreement": lambda s: AgreementDialog(s, next(iter(s.project.agreements.values()))),
    "agreement, new": AgreementDialog,
    "agreement, every term": lambda s: AgreementDialog(s, full()),
    "agreements": AgreementsDialog,
    "step": lambda s: StepDialog(s, one_agreement(s), Status.SUSPENDED),
    "own terms": lambda s: OwnTermsDialog(s, tuple(s.project.zones)[:1]),
    "copy terms": lambda s: CopyTermsDialog(s, tuple(s.project.zones)[:1]),
    "details of a zone": lambda s: ZoneDetailsDialog(s, next(iter(s.project.zones))),
    "possible breaches": BreachLogDialog,
    "possible breach": BreachForm,
    "zones": ZonesDialog,
    "map": ExportMapDialog,
    "package": ExportPackageDialog,
    "briefing sheet": BriefingDialog,
    "instruction": InstructionDialog,
    "hotspots": HotspotsPanel,
    "table": TablePanel,
    "time": TimePanel,
    "base map, file": lambda s: base_map(s, FILE),
    "base map, server": lambda s: base_map(s, SERVER),
    "style": lambda s: style_editor(s, 0),
    "style, classes": lambda s: style_editor(s, 1),
    "style, names": lambda s: style_editor(s, 2),
    "style, scale": lambda s: style_editor(s, 3),
}


def fields_of(widget: QWidget) -> list[QWidget]:
    """Fields that are shown, without the inner parts of Qt's own composite widgets."""
    inner = (QComboBox, QAbstractSpinBox, QAbstractItemView)
    return [
        field
        for field in widget.findChildren(QWidget)
        if isinstance(field, _FIELDS)
        and field.isVisibleTo(widget)
        and not isinstance(field, QScrollBar)
        and not isinstance(field.parent(), inner)
        and not (isinstance(field.parent(), QLineEdit))
    ]


def nameless(widget: QWidget) -> list[str]:
    return [
        f"{type(field).__name__} in {type(field.parent()).__name__}"
        for field in fields_of(widget)
        if not field.accessibleName() and not (isinstance(field, QAbstractButton) and field.text())
    ]


@pytest.fixture(params=list(MAKERS))
def form(request, qtbot, session, idle):
    widget = MAKERS[request.param](session)
    qtbot.addWidget(widget)
    widget.show()
    idle(session)
    return widget


def test_every_field_has_a_name(form):
    assert nameless(form) == []


def test_every_field_can_be_reached_by_tab(form):
    fields = fields_of(form)
    assert all(
        field.focusPolicy() & Qt.FocusPolicy.TabFocus for field in fields if field.isEnabled()
    )
    chain, widget = set(), form.nextInFocusChain()
    while widget is not form:
        chain.add(widget)
        widget = widget.nextInFocusChain()
    assert {type(field).__name__ for field in fields if field not in chain} == set()


def test_a_button_is_read_by_its_own_text(form):
    for button in form.findChildren(QAbstractButton):
        # A name may spell an abbreviation out: “Monday” for “Mo”.
        name = button.accessibleName() or button.text()
        assert name.startswith(button.text())


def test_there_is_at_most_one_primary_button(form):
    buttons = [b for b in form.findChildren(QPushButton) if b.property("primary")]
    assert len(buttons) <= 1
    assert all(b.text() not in ("OK", "Apply") for b in form.findChildren(QPushButton))


def test_the_import_form_is_named_too(qtbot, empty_session, tmp_path, idle):
    path = tmp_path / "stops.csv"
    path.write_text("officer_name,lon,lat,when\nX,-84.5,39.1,2025-01-01\n")
    dialog = ImportDialog(empty_session, [path])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog._outlook is not None and not empty_session.runner.busy)
    assert nameless(dialog) == []
