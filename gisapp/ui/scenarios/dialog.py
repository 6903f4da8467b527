"""Scenarios: zones as they might be agreed, kept, compared, shown on the map and adopted."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gisapp.layers import edits, scenario_edits
from gisapp.layers.scenario import Scenario
from gisapp.layers.zone import Zone
from gisapp.ui.scenarios.compare import ScenarioCompare
from gisapp.ui.scenarios.list_view import ScenarioList
from gisapp.ui.scenarios.names import free_name, name_for, same_zones
from gisapp.ui.session import Session
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.forms import BETWEEN, INSIDE, FormDialog, actions, primary, say, secondary
from gisapp.ui.zones.dialog import ZonesDialog
from gisapp.ui.zones.plan import service_layers


class ScenarioDialog(FormDialog):
    """`map_asked` carries the id of a scenario that is to be seen on the map; then it closes."""

    map_asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Scenarios", QSize(1040, 640), parent)
        self.session = session
        self._zones_dialog: ZonesDialog | None = None
        self._build()
        session.project_changed.connect(self._fill)
        self._fill()

    def _build(self) -> None:
        self.list = ScenarioList()
        self.compare = ScenarioCompare(self.session)
        self.note = say("", "hint")
        self.keep = secondary("Keep present", self.keep_present)
        self.keep.setToolTip("Keep the zones of the project as they are now as a scenario")
        self.draw = secondary("New from a layer…", self._draw)
        self.draw.setToolTip("Draw zones with other terms round the same sites")
        self.copy = secondary("Duplicate", self.duplicate)
        self.rename = secondary("Rename", self.list.rename)
        self.remove = secondary("Remove", self.remove_chosen)
        self.adopt = secondary("Adopt", self.adopt_chosen)
        self.adopt.setToolTip("Make its zones those of the project; the present ones are kept")
        self.show_button = primary("Show on the map", self._show)
        self.show_button.setToolTip("Divide the map: the project on the left, this on the right")
        buttons = QGridLayout()
        buttons.setSpacing(INSIDE)
        placed = (self.keep, self.draw, self.copy, self.rename, self.adopt, self.remove)
        for number, button in enumerate(placed):
            buttons.addWidget(button, number // 2, number % 2)
        left = QVBoxLayout()
        left.setSpacing(INSIDE)
        left.addWidget(self.list, 1)
        left.addWidget(self.note)
        left.addLayout(buttons)
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        halves.addLayout(left, 1)
        halves.addWidget(self.compare, 2)
        self.body.addLayout(halves, 1)
        self.body.addLayout(actions(self.show_button, secondary("Close", self.reject)))
        self.list.chosen_changed.connect(self._on_chosen)
        self.list.ticked.connect(self._on_ticked)
        self.list.renamed.connect(self._on_renamed)
        self.list.remove_asked.connect(self.remove_chosen)

    # What is there

    @property
    def chosen(self) -> Scenario | None:
        """The scenario that the buttons work on."""
        key = self.list.chosen
        return next((s for s in self.session.project.scenarios if s.id == key), None)

    def _fill(self, *_: object) -> None:
        project = self.session.project
        self.list.fill(project)
        self.keep.setEnabled(bool(project.zones))
        self.draw.setEnabled(bool(service_layers(project)))
        self.compare.show_scenarios(project.scenarios, self.list.left_out)

    def _on_ticked(self) -> None:
        self.compare.show_without(self.list.left_out)

    def _on_chosen(self) -> None:
        chosen = self.chosen
        for button in (self.copy, self.rename, self.remove, self.show_button):
            button.setEnabled(chosen is not None)
        present = chosen is not None and same_zones(chosen.zones, self.session.project.zones)
        self.adopt.setEnabled(chosen is not None and not present)
        if chosen is None:
            self.note.setText("Keep the present zones, or draw others round the same sites.")
        elif present:
            self.note.setText("These are the zones of the project as it is.")
        else:
            self.note.setText("The ones with a tick stand in the table.")

    # What can be done

    def keep_present(self) -> None:
        """Keep the zones of the project as a scenario, whose name can be typed at once."""
        self._add(dict(self.session.project.zones))

    def duplicate(self) -> None:
        """Keep the chosen one once more under another name."""
        chosen = self.chosen
        if chosen is not None:
            self._add(dict(chosen.zones), f"{chosen.name} copy")

    def _add(self, zones: dict[str, Zone], name: str = "") -> bool:
        project = self.session.project
        wanted = free_name(name or name_for(zones.values()), project.scenarios)
        scenario = Scenario(wanted, zones)
        if not self.session.perform(scenario_edits.save_scenario(scenario)):
            return False
        self.list.choose(scenario.id)
        self.list.rename()
        return True

    def _draw(self) -> None:
        """Ask from what and how zones of a new scenario are drawn."""
        if self._zones_dialog is not None:
            return
        dialog = ZonesDialog(
            self.session, None, self, take=lambda zones: self._add({z.id: z for z in zones})
        )
        dialog.setWindowTitle("Draw zones of a scenario")
        self._zones_dialog = dialog
        dialog.finished.connect(self._on_drawn)
        next_turn(dialog, lambda: dialog.open() if self.isVisible() else dialog.reject())

    def _on_drawn(self) -> None:
        if self._zones_dialog is not None:
            self._zones_dialog.deleteLater()
            self._zones_dialog = None

    def _on_renamed(self, scenario_id: str, name: str) -> None:
        for scenario in self.session.project.scenarios:
            if scenario.id == scenario_id and scenario.name != name:
                edit = scenario_edits.save_scenario(replace(scenario, name=name))
                if not self.session.perform(edit):
                    self.list.fill(self.session.project)
                return

    def remove_chosen(self) -> None:
        """Remove the chosen scenario, undoably."""
        chosen = self.chosen
        if chosen is not None and self.session.perform(scenario_edits.remove_scenario(chosen.id)):
            self._told(f"Removed the scenario “{chosen.name}”.")

    def adopt_chosen(self) -> None:
        """Make the chosen zones those of the project; those left behind are kept as a scenario."""
        chosen = self.chosen
        if chosen is None:
            return
        project = self.session.project
        steps = [scenario_edits.adopt_scenario(chosen.id)]
        known = any(same_zones(s.zones, project.zones) for s in project.scenarios)
        kept = ""
        if project.zones and not known:
            name = free_name(name_for(project.zones.values()), project.scenarios)
            steps.insert(0, scenario_edits.save_scenario(Scenario(name, dict(project.zones))))
            kept = f" The zones before are kept as “{name}”."
        if self.session.perform(edits.sequence(f"Adopt scenario {chosen.name}", steps)):
            self._told(f"Adopted “{chosen.name}”.{kept}")

    def _told(self, text: str) -> None:
        self.session.tell(text, "done", "Undo", self.session.document.undo)

    def _show(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.accept()
            self.map_asked.emit(chosen.id)

    def done(self, result: int) -> None:
        """Leave; a comparison under way is stopped."""
        self.session.project_changed.disconnect(self._fill)
        self.compare.stop()
        super().done(result)
