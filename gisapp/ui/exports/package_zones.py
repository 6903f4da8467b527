"""Which zones go into a package and which stay out, as two lists that lead to the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QVBoxLayout,
    QWidget,
)

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.refusals import Refusal
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen, seen_by
from gisapp.ui import theme
from gisapp.ui.session import Selection, Session
from gisapp.ui.widgets.forms import INSIDE, heading, secondary
from gisapp.ui.widgets.text_table import TextTable

_MOST_REFUSED = 6
#: No limit to the height of a widget, as Qt has it (QWIDGETSIZE_MAX).
_ANY_HEIGHT = (1 << 24) - 1
#: What stands for a zone that the audience of the window may not see.
_HIDDEN = "A zone that is not shown to this audience"


class PackageZones(QWidget):
    """The zones of a package. `shown` is called when one was shown on the map."""

    def __init__(self, session: Session, shown: Callable[[], None]) -> None:
        super().__init__()
        self.session = session
        self._shown = shown
        self._ids: tuple[str, ...] = ()
        self._build()

    def _build(self) -> None:
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(INSIDE, INSIDE, 0, 0)
        column.setSpacing(INSIDE)
        self.going_head, self.staying_head = heading(""), heading("")
        column.addWidget(self.going_head)
        self.going = _table("Zones that go in", ("Zone", "Agreement", "Valid"))
        column.addWidget(self.going, 1)
        self.stay_box = QWidget()
        column.addWidget(self.stay_box)
        # Where there is neither, what is said stands at the top and not in the middle.
        column.addStretch(0)
        stay = QVBoxLayout(self.stay_box)
        stay.setContentsMargins(0, 0, 0, 0)
        stay.setSpacing(INSIDE)
        stay.addWidget(self.staying_head)
        self.staying = _table("Zones that stay out", ("Zone", "Why it stays out"))
        stay.addWidget(self.staying)
        self.staying.selectionModel().selectionChanged.connect(lambda *_: self._on_chosen())
        self.staying.activated.connect(lambda _: self.show_on_map())
        foot = QHBoxLayout()
        stay.addLayout(foot)
        foot.addStretch(1)
        self.show_button = secondary("Show on map", self.show_on_map)
        foot.addWidget(self.show_button)

    def show_zones(
        self,
        project: Project,
        day: date,
        content: Content | None,
        changes: Mapping[str, str],
        refusals: Sequence[Refusal],
        trouble: str = "",
    ) -> None:
        """List what goes in (with `changes` by zone id: added or changed) and what stays out.

        With `trouble` nothing goes in for another reason than that no zone is in force.
        """
        # The package is for patrol systems; the list is read by whoever sits at the screen.
        seen = seen_by(project, self.session.look.audience, exported=False).zones
        zones = content.zones if content is not None else ()
        rows = []
        for zone in zones:
            key, said = str(zone.attributes["zone_id"]), zone.attributes
            ends = said["valid_to"]
            valid = f"{said['valid_from']} to {ends}" if ends else f"from {said['valid_from']}"
            what = f"{said['agreement']} ({changes[key]})" if key in changes else said["agreement"]
            rows.append((str(said["name"]), str(what), valid) if key in seen else (_HIDDEN, "", ""))
        if content is not None:
            rows += [(one.name, "withdrawn", one.reason) for one in content.withdrawn]
        self.going.show_rows(rows)
        self._ids = tuple(one.zone_id for one in refusals)
        self.staying.show_rows(
            [(one.name, one.reason) if one.zone_id in seen else (_HIDDEN, "") for one in refusals]
        )
        self.going_head.setText("Nothing goes out." if trouble else _head(project, content))
        out = "1 zone stays out" if len(refusals) == 1 else f"{len(refusals):,} zones stay out"
        self.staying_head.setText(out)
        self.stay_box.setVisible(bool(refusals))
        # A few refused zones take no room from those that go in; where none does, they have it.
        least = (min(len(refusals), _MOST_REFUSED) + 1) * theme.tokens(False).row + INSIDE
        self.staying.setMinimumHeight(least)
        self.staying.setMaximumHeight(least if rows else _ANY_HEIGHT)
        self.column.setStretchFactor(self.stay_box, 0 if rows else 1)
        self.going.setVisible(bool(rows))
        self._on_chosen()

    def _on_chosen(self) -> None:
        self.show_button.setEnabled(bool(self.staying.selectionModel().selectedRows()))

    def show_on_map(self) -> None:
        """Select the refused zone that is chosen and move the map to it."""
        rows = self.staying.selectionModel().selectedRows()
        if not rows:
            return
        zone = self.session.project.zone(self._ids[rows[0].row()])
        if not is_seen(self.session.project, zone, self.session.look.audience, exported=False):
            return
        self.session.select(Selection(zone_ids=(zone.id,)))
        self.session.set_view(self.session.view.shown(zone.shape.bounds, margin=0.3))
        self._shown()


def _head(project: Project, content: Content | None) -> str:
    if content is not None and content.earlier is not None:
        zones, gone = len(content.zones), len(content.withdrawn)
        return f"{zones:,} added or changed, {gone:,} withdrawn"
    if content is not None and content.zones:
        count = len(content.zones)
        return "1 zone in the package" if count == 1 else f"{count:,} zones in the package"
    if not project.zones:
        return "No zones yet: draw them round services, or on the map."
    return "No zone is in force on this day."


def _table(name: str, columns: tuple[str, ...]) -> TextTable:
    table = TextTable(name, columns)
    header = table.horizontalHeader()
    header.setStretchLastSection(True)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    table.setColumnWidth(0, 210)
    if len(columns) > 2:
        table.setColumnWidth(1, 250)
    return table
