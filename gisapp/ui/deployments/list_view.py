"""The list of deployments and under each the zones that it meets."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidgetItem, QWidget

from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments.check import Checked, DeploymentCheck, Meeting
from gisapp.layers.agreement import DAYS
from gisapp.layers.deployment_units import Binding
from gisapp.layers.units import Units
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.widgets.found_list import SUBJECT, FoundList
from gisapp.ui.widgets.plain import tip

_ZONE = Qt.ItemDataRole.UserRole + 1
_COLUMNS = ("Deployment", "Unit", "When", "Zones met", "Share")


class DeploymentList(FoundList):
    """Deployments by the row of their layer, and the zones each meets."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_COLUMNS, "Deployments", "Enter shows the deployment on the map.", parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        heading = self.headerItem()
        heading.setTextAlignment(4, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = self.header()
        for column, (mode, width) in enumerate(
            (
                (QHeaderView.ResizeMode.Stretch, 190),
                (QHeaderView.ResizeMode.Interactive, 112),
                (QHeaderView.ResizeMode.Interactive, 176),
                (QHeaderView.ResizeMode.Interactive, 150),
                (QHeaderView.ResizeMode.Fixed, 64),
            )
        ):
            head.setSectionResizeMode(column, mode)
            self.setColumnWidth(column, width)
        self.itemSelectionChanged.connect(self.chosen_changed)
        self.itemDoubleClicked.connect(lambda *_: self.show_asked.emit())

    def fill(self, check: DeploymentCheck, shown: Iterable[Checked], units: Units) -> None:
        """List these; what was selected and unfolded stays so where it is still there."""
        kept, zone = self.row, self.zone_id
        with self.filling() as folded:
            items = [_item(check, one, units) for one in shown]
            self.addTopLevelItems(items)
            for item in items:
                item.setExpanded(item.data(0, SUBJECT) not in folded)
            self._select(kept, zone)
        self.chosen_changed.emit()

    @property
    def row(self) -> int | None:
        """The row of the chosen deployment in its layer; None without one."""
        chosen = self.selectedItems()
        return None if not chosen else int(chosen[0].data(0, SUBJECT))

    @property
    def zone_id(self) -> str | None:
        """The zone that is chosen under a deployment."""
        chosen = self.selectedItems()
        return chosen[0].data(0, _ZONE) if chosen else None

    def select_row(self, row: int) -> bool:
        """Select a deployment by its row; False where it is not listed."""
        if self.row == row:
            return True
        return self._select(row, None)

    def _select(self, row: int | None, zone_id: str | None) -> bool:
        wanted = [
            item
            for item in self.rows()
            if row is not None
            and item.data(0, SUBJECT) == row
            and item.data(0, _ZONE) in (zone_id, None)
        ]
        if not wanted:
            return False
        # A zone that is no longer met gives way to its deployment.
        item = wanted[-1] if zone_id is not None else wanted[0]
        self.setCurrentItem(item)
        self.scrollToItem(item)
        return True


def _item(check: DeploymentCheck, one: Checked, units: Units) -> QTreeWidgetItem:
    t = theme.current()
    count = len(one.met)
    if one.problem:
        picture, color, meets = "warning", t.warning, "Not checked"
    elif count:
        picture, color = "warning", t.error
        meets = f"{count:,} zone{'s' if count > 1 else ''}"
    else:
        picture, color, meets = "done", t.done, "None"
    item = QTreeWidgetItem([one.name, one.unit, _short_hours(one), meets, ""])
    item.setIcon(0, icon(picture, color))
    item.setData(0, SUBJECT, one.row)
    item.setToolTip(0, tip(one.name))
    item.setToolTip(2, tip(advice.hours_words(one)))
    item.addChildren([_zone(check, one, meeting, units) for meeting in (*one.met, *one.others)])
    return item


def _zone(check: DeploymentCheck, one: Checked, meeting: Meeting, units: Units) -> QTreeWidgetItem:
    conflict = meeting.conflict
    told = {
        Binding.BOUND: "Binds the unit",
        Binding.UNKNOWN: "Not known if it binds",
        Binding.NOT_BOUND: "Does not bind the unit",
    }[meeting.binds]
    local = check.local_spells(conflict.spells)
    first, last = local[0][0], local[-1][1]
    when = f"{first:%H:%M} to {last:%H:%M}" if len(local) == 1 else f"{len(local):,} times"
    share = advice.share_words(conflict.share).replace("less than", "<")
    item = QTreeWidgetItem([conflict.zone, "", when, told, share])
    item.setData(0, SUBJECT, one.row)
    item.setData(0, _ZONE, conflict.zone_id)
    item.setTextAlignment(4, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(0, tip(advice.where_words(meeting, units)))
    item.setToolTip(2, tip(advice.spells_words(local)))
    item.setToolTip(3, tip(advice.binds_words(meeting)))
    return item


def _short_hours(one: Checked) -> str:
    """`Tue 24 Mar 17:00–23:00`; empty where the hours are not known."""
    if one.start is None or one.end is None:
        return "Hours not known"
    day = f"{DAYS[one.start.weekday()][:3]} {one.start.day} {one.start:%b}"
    end = f"{one.end:%H:%M}"
    if (one.end - one.start).days:
        end = f"{one.end.day} {one.end:%b} {end}"
    return f"{day} {one.start:%H:%M}–{end}"
