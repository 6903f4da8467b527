"""The inspector with nothing selected: the project, all zones with a search, the agreements."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gisapp.layers import edits
from gisapp.layers.audience import sees_zone
from gisapp.layers.seen import seen_by
from gisapp.layers.zone import zone_style
from gisapp.layers.zone_look import zone_looks
from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.inspector.parts import NameEdit, Page
from gisapp.ui.session import Session
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.widgets.fields import TimezoneField
from gisapp.ui.widgets.forms import say
from gisapp.ui.widgets.plain import tip
from gisapp.ui.zones.zone_list import ZoneList, ZoneRow

_KEY = Qt.ItemDataRole.UserRole


class OverviewPage(Page):
    """Stays as it is while the selection changes, so that the search is not lost."""

    def __init__(self, session: Session, commands: Commands) -> None:
        super().__init__()
        self.session = session
        self.commands = commands
        self.title_edit = NameEdit(session.project.title, "project", self._on_title)
        self.add(self.title_edit)
        self.timezone = TimezoneField()
        self.timezone.setAccessibleName("Time zone of the project")
        self.timezone.setToolTip("Days and times of this project are meant in it")
        self.timezone.setMinimumContentsLength(12)
        self.timezone.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.timezone.activated.connect(self._on_timezone)
        editor = self.timezone.lineEdit()
        if editor is not None:
            editor.editingFinished.connect(self._on_timezone)
        self.add(say("Days and times are meant in:", "hint"))
        self.add(self.timezone)
        self.section("Agreements")
        self.agreements = QListWidget()
        self.agreements.setAccessibleName("Agreements")
        self.agreements.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.agreements.itemActivated.connect(self._on_agreement)
        self.agreements.itemClicked.connect(self._on_agreement)
        self.no_agreements = say("None yet.", "hint")
        self.add(self.no_agreements)
        self.add(self.agreements)
        new = QPushButton(icon("agreement"), " New agreement…")
        new.setAutoDefault(False)
        new.clicked.connect(lambda: commands.edit_agreement(None))
        self.add(new)
        self.section("Zones")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search zones")
        self.search.setAccessibleName("Search zones")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._fill_zones)
        self.add(self.search)
        self.zones = ZoneList("Zones", ". Enter zooms to it.")
        self.zones.zone_activated.connect(lambda key: self._on_zone(key, zoom=True))
        self.zones.zone_clicked.connect(lambda key: self._on_zone(key, zoom=False))
        self._filled: tuple[object, ...] = ()
        self._listed: tuple[object, ...] = ()
        self.nothing = say("", "hint")
        self.add(self.nothing)
        self.add(self.zones, 1)
        self.rest = QWidget()
        self.rest.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.add(self.rest, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the project as it is now."""
        project, day, audience = (
            self.session.project,
            self.session.look.day,
            self.session.look.audience,
        )
        if not self.title_edit.hasFocus():
            self.title_edit.setText(project.title)
        if self.timezone.timezone != project.timezone:
            self.timezone.set_timezone(project.timezone)
        # As a project is opened everybody is told several times.
        asked = project.agreements, project.former, day, audience, theme.current()
        if asked != self._listed:
            self._listed = asked
            self._fill_agreements()
        self._fill_zones()

    def _fill_agreements(self) -> None:
        project, look = self.session.project, self.session.look
        day, audience = look.day, look.audience
        self.agreements.clear()
        agreements = [
            one
            for one in project.agreements.values()
            if sees_zone(one.visibility, audience, exported=False)
        ]
        for agreement in agreements:
            item = QListWidgetItem(agreement.title, self.agreements)
            item.setData(_KEY, agreement.id)
            standing = project.agreement_on(agreement.id, day).standing_on(day)
            item.setIcon(swatch(zone_style(standing), "area"))
            item.setToolTip(tip(f"{agreement.title}: {standing.value}"))
        self.no_agreements.setVisible(not agreements)
        self.agreements.setVisible(bool(agreements))
        rows = min(len(agreements), 4)
        height = max(self.agreements.sizeHintForRow(0), theme.tokens(False).row)
        self.agreements.setFixedHeight(max(rows, 1) * (height + 2))

    def _fill_zones(self) -> None:
        look = self.session.look
        project, day = seen_by(self.session.project, look.audience, exported=False), look.day
        words = self.search.text().casefold().split()
        # There may be thousands of zones, and most changes are of something else.
        asked = project, day, look.time, words, theme.current()
        if asked == self._filled:
            return
        self._filled = asked
        looks = zone_looks(project, day, look.time)
        self.zones.show_zones(
            [
                ZoneRow(key, zone.name, *looks[key])
                for key, zone in project.zones.items()
                if all(word in f"{zone.name} {zone.service}".casefold() for word in words)
            ]
        )
        self.search.setVisible(len(project.zones) > 5)
        empty = not self.zones.count()
        self.zones.setVisible(not empty)
        if empty:
            found = "No zone has this name." if project.zones else "None yet."
            self.nothing.setText(found)
        self.nothing.setVisible(empty)
        self.rest.setVisible(empty)

    def _on_title(self, title: str) -> None:
        self.session.perform(edits.set_title(title))

    def _on_timezone(self, *_: object) -> None:
        name, held = self.timezone.timezone, self.session.project.timezone
        if name == held:
            return
        problem = self.timezone.problem()
        if problem:
            self.timezone.set_timezone(held)
            self.session.tell(problem, "error")
        else:
            self.session.perform(edits.set_timezone(name))

    def _on_zone(self, key: str, *, zoom: bool) -> None:
        self.commands.select_zones((key,), zoom=zoom)

    def _on_agreement(self, item: QListWidgetItem) -> None:
        self.commands.show_agreement(item.data(_KEY))
