"""What the user can ask the window to do; actions, panels and menus all call these."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMenu, QWidget

from gisapp.io.tiles.files import kind_of
from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.layer import Bounds
from gisapp.layers.project import Hotspots, Project, SavedView
from gisapp.layers.seen import seen_by
from gisapp.ui import dialogs
from gisapp.ui.help_dialogs import AboutDialog
from gisapp.ui.map.base_map_keeper import BaseMapKeeper
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.saved_views import view_of
from gisapp.ui.project.files import ProjectFiles
from gisapp.ui.session import Selection, Session
from gisapp.ui.turns import next_turn

if TYPE_CHECKING:
    from gisapp.ui.agreements.breach_log_dialog import BreachLogDialog
    from gisapp.ui.styles.dialog import StyleDialog
    from gisapp.ui.zones.what_applies_panel import WhatAppliesPanel

IMPORTABLE = (
    "Layers (*.csv *.gz *.tsv *.txt *.xlsx *.xls *.ods *.geojson *.json *.shp *.zip *.gpkg *.kml "
    "*.kmz)"
)


class Commands(QObject):
    """Verbs of the window. Signals ask the window for what only it has: panels and tools."""

    tool_asked = Signal(str)
    table_asked = Signal()
    hotspots_asked = Signal()
    counts_asked = Signal()
    problems_asked = Signal()
    deployments_asked = Signal()
    agreement_asked = Signal(str)
    layer_asked = Signal(str)
    rename_asked = Signal()
    shortcuts_asked = Signal()
    map_alone_asked = Signal()
    view_asked = Signal(str)

    def __init__(
        self, session: Session, canvas: MapCanvas, files: ProjectFiles, window: QWidget
    ) -> None:
        super().__init__(window)
        self.session = session
        self.canvas = canvas
        self.files = files
        self.window = window
        self.base_maps = BaseMapKeeper(session, files.settings, window)
        self.base_maps.asked_for.connect(lambda: self.choose_base_map())
        self._dialog: QDialog | None = None
        self._opening = False
        self._style: StyleDialog | None = None
        self._breaches: BreachLogDialog | None = None
        self._applies: WhatAppliesPanel | None = None
        canvas.menu_asked.connect(self.show_map_menu)

    @property
    def project(self) -> Project:
        return self.session.project

    # Files

    def open_sample(self) -> None:
        """Open the sample city in place of what is open, once that is safe."""
        self.files.when_safe(
            lambda: self.files.show_made(import_module("gisapp.journeys").open_sample_task())
        )

    def import_files(self, paths: Sequence[Path] = ()) -> None:
        """Ask which files, unless they were dropped, and how to read them.

        A file of tiles is no layer: it is tried as base map.
        """
        if not paths:
            names, _ = QFileDialog.getOpenFileNames(
                self.window, "Import", self.files.folder(), f"{IMPORTABLE};;All files (*)"
            )
            paths = [Path(name) for name in names]
        if len(paths) == 1 and kind_of(paths[0]) is not None:
            self.choose_base_map(paths[0])
        elif paths:
            self.ask("ImportDialog", paths, None)

    def import_folder(self) -> None:
        """Ask for a folder, whose files are read as one layer."""
        name = QFileDialog.getExistingDirectory(self.window, "Import folder", self.files.folder())
        if name:
            self.import_files([Path(name)])

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """A project file is opened, anything else imported."""
        if len(paths) == 1 and self.files.is_project(paths[0]):
            self.files.when_safe(lambda: self.files.open(paths[0]))
        else:
            self.import_files(paths)

    def choose_base_map(self, path: Path | None = None) -> None:
        """Ask for the map under all layers; `path` is a file to try."""
        self.ask("BaseMapDialog", self.base_maps, path=path)

    def export_map(self) -> None:
        self.ask("ExportMapDialog")

    def brief(self) -> None:
        """Print one page for a shift in an area: what applies, what to do instead, whom to call."""
        self.ask("BriefingDialog")

    def instruct(self) -> None:
        """Print an instruction for all officers, from the agreements in force, to be signed."""
        self.ask("InstructionDialog")

    def export_package(self) -> None:
        self.ask("ExportPackageDialog")

    def check_package(self) -> None:
        self.ask("PackageCheckDialog")

    def show_export_log(self) -> None:
        self.ask("ExportLogDialog")

    def show_dialog(self, dialog: QDialog) -> None:
        """Show a dialog over the window; it goes away for good when it is closed.

        It opens in the next turn, for to make it and to lay it out take some time each.
        """
        if self._opening:  # a key was pressed twice
            dialog.done(QDialog.DialogCode.Rejected)
            dialog.deleteLater()
            return
        self._dialog = dialog
        self._opening = True
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(partial(self._on_finished, dialog))
        dialog.setModal(True)
        next_turn(self, partial(self._open, dialog))

    def ask(self, dialog: str, *arguments: Any, **more: Any) -> None:
        """Show a dialog over the window, by the name of its class (`dialogs.MODULES`)."""
        if not self._opening:
            self.show_dialog(self._make(dialog, *arguments, self.window, **more))

    def _make(self, dialog: str, *arguments: Any, **more: Any) -> Any:
        """Made while workers rest: every field of it would wait for them."""
        with self.session.courtesy.turn():
            return dialogs.make(dialog, self.session, *arguments, **more)

    def _open(self, dialog: QDialog) -> None:
        self._opening = False
        if self._dialog is not dialog:
            return
        if not self.window.isVisible():  # it was closed meanwhile
            dialog.done(QDialog.DialogCode.Rejected)
            return
        with self.session.courtesy.turn():
            dialog.open()

    def _on_finished(self, dialog: QDialog, _: int) -> None:
        if self._dialog is dialog:
            self._dialog = None

    # Undo

    def undo(self) -> None:
        self.session.document.undo()

    def redo(self) -> None:
        self.session.document.redo()

    def rename(self) -> None:
        self.rename_asked.emit()

    def delete(self) -> None:
        """Remove the selected zones, or the current layer when no zone is selected."""
        if self.session.selection.zone_ids:
            self.remove_zones(self.session.selection.zone_ids)
        elif self.session.current_layer_id is not None:
            self.remove_layer(self.session.current_layer_id)

    # The view

    def use_tool(self, tool_id: str) -> None:
        self.tool_asked.emit(tool_id)

    def zoom_in(self) -> None:
        self.canvas.zoom_by(1.5)

    def zoom_out(self) -> None:
        self.canvas.zoom_by(1 / 1.5)

    def zoom_all(self) -> None:
        self.canvas.zoom_to_all()

    def zoom_current(self) -> None:
        """To the selection; without one to the current layer, or to the zones."""
        session = self.session
        if session.selection.zone_ids:
            self.zoom_to_zones(session.selection.zone_ids)
        elif session.current_layer_id is not None:
            self.zoom_to_layer(session.current_layer_id)
        else:
            self.zoom_to_zones(tuple(self.project.zones))

    def zoom_to_layer(self, layer_id: str) -> None:
        self.canvas.show_bounds(self.project.layer(layer_id).bounds)

    def zoom_to_zones(self, zone_ids: Sequence[str]) -> None:
        self.canvas.show_bounds(bounds_of(self.project, zone_ids))

    def what_applies(self, place: tuple[float, float] | None = None) -> None:
        """Say beside the map what applies at a place (degrees); that under the pointer or cross."""
        if self._applies is None:
            self._applies = self._make("WhatAppliesPanel", self.canvas, self.select_zones)
        self._applies.open_at(*(place or self.canvas.place_meant))

    def show_map_menu(self, lon: float, lat: float, where: QPoint) -> None:
        """The menu of a place on the map."""
        menu = QMenu(self.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("What applies here?", lambda: self.what_applies((lon, lat)))
        menu.popup(where)

    def map_alone(self) -> None:
        """Put everything but the map away, or bring it back."""
        self.map_alone_asked.emit()

    def save_view(self) -> None:
        """Keep the present view under a name."""
        dialog = QInputDialog(self.window)
        dialog.setWindowTitle("Save view")
        dialog.setLabelText("Name of this view:")
        dialog.setTextValue(f"View {len(self.project.views) + 1}")
        dialog.setOkButtonText("Save view")
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        name = dialog.textValue().strip()
        dialog.deleteLater()
        view = SavedView(name, self.session.view.bounds)
        if agreed and name and self.session.perform(edits.save_view(view)):
            self.session.tell(f"Saved the view “{name}”: find it under View, Saved views.", "done")

    def ask_view(self, what: str) -> None:
        """`goto`, `views`, `overview` or `second`: what the window shows or puts away."""
        self.view_asked.emit(what)

    def show_view(self, view: SavedView) -> None:
        self.session.set_view(view_of(view, self.session.view))

    def show_table(self, layer_id: str | None) -> None:
        self.session.set_current_layer(layer_id)
        self.table_asked.emit()

    # Layers, zones, agreements

    def remove_layer(self, layer_id: str) -> None:
        name = self.project.layer(layer_id).name
        if self.session.perform(edits.remove_layer(layer_id)):
            self.session.tell(f"Removed the layer “{name}”.", "done", "Undo", self.undo)

    def show_style(self, layer_id: str) -> None:
        """Open the style editor beside the map, or let the one that is open show this layer."""
        if self._style is None:
            self._style = self._make("StyleDialog", layer_id, self.window)
            self._style.finished.connect(self._on_style_closed)
            self._style.place_beside(self.window)
        else:
            self._style.show_layer(layer_id)
        self._style.show()
        self._style.activateWindow()

    def _on_style_closed(self) -> None:
        if self._style is not None:
            self._style.deleteLater()
            self._style = None

    def make_hotspots(self, layer_id: str | None = None) -> None:
        """Start a density surface of a point layer and show its sliders."""
        key = layer_id or self.session.current_layer_id
        if key is not None:
            self.session.set_current_layer(key)
            if not any(h.layer_id == key for h in self.project.hotspots):
                self.session.perform(edits.set_hotspots(Hotspots(layer_id=key)))
        self.hotspots_asked.emit()

    def remove_hotspots(self, hotspots_id: str) -> None:
        if self.session.perform(edits.remove_hotspots(hotspots_id)):
            self.session.tell("Removed the hotspots.", "done", "Undo", self.undo)

    def zones_round_services(self, layer_id: str | None = None) -> None:
        self.ask("ZonesDialog", layer_id)

    def select_zones(self, zone_ids: Sequence[str], *, zoom: bool = False) -> None:
        self.session.select(Selection(tuple(zone_ids)))
        if zoom:
            self.zoom_to_zones(zone_ids)

    def select_all_zones(self) -> None:
        """Select the zones that the audience sees."""
        seen = seen_by(self.project, self.session.look.audience, exported=False)
        self.select_zones(tuple(seen.zones))

    def remove_zones(self, zone_ids: Sequence[str]) -> None:
        zone_ids = tuple(zone_ids)
        if not zone_ids:
            return
        one = self.project.zone(zone_ids[0]).name
        if self.session.perform(edits.remove_zones(zone_ids)):
            what = f"the zone “{one}”" if len(zone_ids) == 1 else f"{len(zone_ids):,} zones"
            self.session.tell(f"Removed {what}.", "done", "Undo", self.undo)

    def place_under(self, zone_ids: Sequence[str], agreement_id: str | None) -> None:
        self.session.perform(edits.place_under(tuple(zone_ids), agreement_id))

    def edit_agreement(self, agreement: Agreement | None, zone_ids: Sequence[str] = ()) -> None:
        """Open the form of an agreement; None records a new one, and puts zones under it."""
        self.ask("AgreementDialog", agreement, zone_ids=zone_ids)

    def new_agreement(self) -> None:
        """Open an empty form; it offers to take the zones that are selected."""
        self.edit_agreement(None, self.session.selection.zone_ids)

    def show_agreements(self, *, due: bool = False) -> None:
        """List the agreements, or first of all what is due in them."""
        if self._opening:
            return
        dialog = self._make("AgreementsDialog", self.window)
        if due:
            dialog.show_due()
        self.show_dialog(dialog)

    def take_step(self, agreement_id: str, to: Status) -> None:
        """Ask for the day and the reason of the next step in the life of an agreement."""
        agreement = self.project.agreements[agreement_id]
        self.ask("StepDialog", agreement, to)

    def set_own_terms(self, zone_ids: Sequence[str]) -> None:
        self.ask("OwnTermsDialog", zone_ids)

    def copy_terms(self, zone_ids: Sequence[str]) -> None:
        """Ask for the zone whose terms these zones get."""
        self.ask("CopyTermsDialog", zone_ids)

    def change_details(self, zone_id: str) -> None:
        self.ask("ZoneDetailsDialog", zone_id)

    def show_breaches(self) -> None:
        """Open the log of possible breaches beside the map."""
        if self._breaches is None:
            self._breaches = self._make("BreachLogDialog", self.window)
            self._breaches.finished.connect(self._on_breaches_closed)
        self._breaches.show()
        self._breaches.activateWindow()

    def record_breach(self) -> None:
        """Open the form of a possible breach, its zone the one that is selected."""
        self.show_breaches()
        if self._breaches is not None and self._breaches.new.isEnabled():
            self._breaches.open_form(None)

    def _on_breaches_closed(self) -> None:
        if self._breaches is not None:
            self._breaches.deleteLater()
            self._breaches = None

    def show_agreement(self, agreement_id: str) -> None:
        self.agreement_asked.emit(agreement_id)

    def remove_agreement(self, agreement_id: str) -> None:
        title = self.project.agreements[agreement_id].title
        if self.session.perform(edits.remove_agreement(agreement_id)):
            self.session.tell(f"Removed the agreement “{title}”.", "done", "Undo", self.undo)

    # Help

    def show_shortcuts(self) -> None:
        self.shortcuts_asked.emit()

    def show_about(self) -> None:
        self.show_dialog(AboutDialog(self.window))


def bounds_of(project: Project, zone_ids: Sequence[str]) -> Bounds | None:
    """The extent of some zones in degrees; None without any."""
    boxes = [project.zones[key].shape.bounds for key in zone_ids if key in project.zones]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
