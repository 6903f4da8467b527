"""The log of possible breaches: a list by zone and month, and counts by month and activity."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers import breach_edits, breach_log
from gisapp.layers.agreement import day_in_words
from gisapp.layers.breach import Breach
from gisapp.layers.vocabulary import Activity
from gisapp.ui.agreements.breach_form import BreachForm
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import (
    INSIDE,
    EmptyState,
    FormDialog,
    actions,
    choose,
    combo,
    list_table,
    primary,
    say,
    secondary,
)
from gisapp.ui.widgets.plain import tip

_COLUMNS = ("When", "Zone", "What was done", "Told by", "Unit", "What came of it")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def month_in_words(month: str) -> str:
    """`2025-03` as `March 2025`."""
    names = "January February March April May June July August September October November December"
    year, number = month.split("-")
    return f"{names.split()[int(number) - 1]} {year}"


class BreachLogDialog(FormDialog):
    """Stays open beside the map; what an audience may not read is not in it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Possible breaches", QSize(1080, 520), parent)
        self.session = session
        self._shown: list[Breach] = []
        self._form: BreachForm | None = None
        self._build()
        session.project_changed.connect(self.refresh)
        session.look_changed.connect(self.refresh)
        for box in (self.zone_box, self.month_box):
            box.activated.connect(lambda _: self._fill())
        self.refresh()

    def _build(self) -> None:
        # Places before what they hold, which is dressed anew whenever it is put into another.
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self._page, self.empty = QWidget(), EmptyState("")
        self.stack.addWidget(self._page)
        self.stack.addWidget(self.empty)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        filters = QHBoxLayout()
        filters.setSpacing(INSIDE)
        column.addLayout(filters)
        self.zone_box, self.month_box = combo([], "Zone"), combo([], "Month")
        for words, box in (("Zone", self.zone_box), ("Month", self.month_box)):
            label = QLabel(words)
            label.setBuddy(box)
            box.setMinimumWidth(200)
            filters.addWidget(label)
            filters.addWidget(box)
        self.count = say("")
        filters.addWidget(self.count, 1)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Views of the log")
        column.addWidget(self.tabs, 1)
        self.table = self._make_table()
        self.counts = list_table("Counts by month and activity", ("Month",))
        self.tabs.addTab(self.counts, "Counts")
        self.body.addWidget(say(breach_log.RULE, "hint"))
        self.new = primary("Record…", self._new)
        self.edit = secondary("Change…", self._edit)
        self.remove = secondary("Remove", self._remove)
        close = secondary("Close", self.accept)
        self.body.addLayout(actions(self.new, close, left=(self.edit, self.remove)))

    def _make_table(self) -> QTableWidget:
        table = list_table("Possible breaches", _COLUMNS)
        self.tabs.addTab(table, "List")
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 5):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._on_chosen)
        table.itemActivated.connect(lambda _: self._edit())
        return table

    # What is shown

    @property
    def chosen(self) -> Breach | None:
        rows = self.table.selectionModel().selectedRows()
        return self._shown[rows[0].row()] if rows else None

    def refresh(self, *_: object) -> None:
        """List what the audience may read now."""
        project, audience = self.session.project, self.session.look.audience
        seen = breach_log.seen(project, audience)
        reads = breach_log.reads_log(audience)
        self.new.setEnabled(reads and bool(project.zones))
        if not reads:
            self.empty.set_text(f"Not for this audience ({audience.label.lower()}).")
        else:
            self.empty.set_text("No possible breach has been recorded.")
        zones = {breach.zone_id: project.zones[breach.zone_id].name for breach in seen}
        ordered = sorted(zones.items(), key=lambda pair: pair[1].casefold())
        _offer(self.zone_box, "All zones", [(name, key) for key, name in ordered])
        months = sorted({breach_log.month_of(project, breach) for breach in seen}, reverse=True)
        _offer(self.month_box, "All months", [(month_in_words(one), one) for one in months])
        self.stack.setCurrentWidget(self._page if seen else self.empty)
        self._fill()

    def _fill(self) -> None:
        project = self.session.project
        zone, month = self.zone_box.currentData(), self.month_box.currentData()
        former = self.chosen.id if self.chosen else None
        self._shown = [
            breach
            for breach in reversed(breach_log.seen(project, self.session.look.audience))
            if zone in (None, breach.zone_id)
            and month in (None, breach_log.month_of(project, breach))
        ]
        self.table.setRowCount(len(self._shown))
        for row, breach in enumerate(self._shown):
            for column, text in enumerate(self._cells(breach)):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(text))
                self.table.setItem(row, column, item)
            if breach.id == former:
                self.table.selectRow(row)
        number = len(self._shown)
        self.count.setText("1 possible breach" if number == 1 else f"{number:,} possible breaches")
        self._fill_counts()
        self._on_chosen()

    def _cells(self, breach: Breach) -> tuple[str, ...]:
        project = self.session.project
        local = breach_log.local_moment(project, breach)
        return (
            f"{day_in_words(local.date())}, {local:%H:%M %Z}",
            project.zones[breach.zone_id].name,
            breach.activity.label,
            breach.source.label,
            breach.unit,
            breach.outcome,
        )

    def _fill_counts(self) -> None:
        counts = breach_log.by_month(self.session.project, self._shown)
        used = [a for a in Activity if any(a in month for month in counts.values())]
        table = self.counts
        table.clear()
        table.setColumnCount(len(used) + 2)
        table.setHorizontalHeaderLabels(["Month", *(a.label for a in used), "All"])
        table.setRowCount(len(counts))
        for row, (month, by_activity) in enumerate(counts.items()):
            numbers = [by_activity.get(activity, 0) for activity in used]
            table.setItem(row, 0, QTableWidgetItem(month_in_words(month)))
            for column, number in enumerate((*numbers, sum(numbers)), 1):
                item = QTableWidgetItem(f"{number:,}")
                item.setTextAlignment(_RIGHT)
                table.setItem(row, column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _on_chosen(self) -> None:
        for button in (self.edit, self.remove):
            button.setEnabled(self.chosen is not None)
        if self.chosen is not None:
            self.table.setAccessibleDescription(", ".join(self._cells(self.chosen)))

    # What can be done

    def _new(self) -> None:
        self.open_form(None)

    def _edit(self) -> None:
        if self.chosen is not None:
            self.open_form(self.chosen)

    def open_form(self, breach: Breach | None) -> None:
        """Open the form beside the map, in place of one that is open."""
        if self._form is not None:
            self._form.close()
        form = BreachForm(self.session, breach, self)
        self._form = form
        form.finished.connect(self._on_form_closed)
        form.show()

    def _on_form_closed(self) -> None:
        if self._form is not None:
            self._form.deleteLater()
            self._form = None

    def _remove(self) -> None:
        breach = self.chosen
        if breach is not None and self.session.perform(breach_edits.remove_breach(breach.id)):
            self.session.tell(
                "Removed a possible breach.", "done", "Undo", self.session.document.undo
            )


def _offer(box: QComboBox, every: str, items: list[tuple[str, str]]) -> None:
    """Put choices into a box and keep what was chosen, where it is still there."""
    from_before = box.currentData()
    box.clear()
    for text, value in ((every, None), *items):
        box.addItem(text, value)
    choose(box, from_before)
