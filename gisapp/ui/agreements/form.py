"""The form of an agreement: every term of it, in sections, checked as one types."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gisapp.layers.agreement import Agreement
from gisapp.ui import theme
from gisapp.ui.agreements.parts import PapersSection, ReviewSection, WhatSection, WhoSection
from gisapp.ui.agreements.sections import Section
from gisapp.ui.agreements.terms_section import TermsSection
from gisapp.ui.agreements.when import WhenSection
from gisapp.ui.agreements.words import problems
from gisapp.ui.icons import icon
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import BETWEEN, FieldRow, heading, scrolled

_LIST_WIDE = 236


class SectionedForm(QWidget):
    """Sections under each other, with a list of them at the left that leads to each.

    The list marks the sections in which something is to be mended. Sections are made within
    `column` and then put there, for what is put into something else is dressed anew.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sections: tuple[Section, ...] = ()
        self.rows: dict[str, FieldRow] = {}
        self._heads: list[QWidget] = []
        self.list = self._make_list()
        self.column = QWidget()
        self.area = scrolled(self.column)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(BETWEEN)
        row.addWidget(self.list)
        row.addWidget(self.area, 1)
        layout = self._layout = QVBoxLayout(self.column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        self.area.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def put(self, *sections: Section) -> None:
        """Show these sections, once."""
        self.sections, layout = sections, self._layout
        for section in sections:
            self.list.addItem(QListWidgetItem(section.title))
            head = heading(section.title)
            head.setFont(theme.font("title", bold=True))
            self._heads.append(head)
            layout.addWidget(head)
            layout.addWidget(section)
            self.rows |= section.rows
            section.changed.connect(self.changed)
        layout.addStretch(1)
        self._mark(0)

    def _make_list(self) -> QListWidget:
        found = QListWidget()
        found.setAccessibleName("Sections of the form")
        found.setFixedWidth(_LIST_WIDE)
        found.setWordWrap(True)
        found.setIconSize(QSize(16, 16))
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.itemClicked.connect(lambda item: self.lead_to(found.row(item)))
        found.currentRowChanged.connect(self._on_listed)
        return found

    def _on_listed(self, place: int) -> None:
        if self.list.hasFocus():
            self.lead_to(place)

    def lead_to(self, place: int) -> None:
        """Bring a section to the top of the form."""
        y = self._heads[place].mapTo(self.column, QPoint(0, 0)).y()
        self.area.verticalScrollBar().setValue(y)
        self._mark(place)

    def lead_to_field(self, name: str) -> None:
        """Bring the row of a term into view and put the cursor there."""
        row = self.rows.get(name)
        if row is not None:
            row.field.setFocus()
            self.area.ensureWidgetVisible(row.field, 0, 60)

    def _on_scrolled(self, value: int) -> None:
        """Mark the section that is at the top of what is seen, or at its end the last."""
        bar = self.area.verticalScrollBar()
        tops = [head.mapTo(self.column, QPoint(0, 0)).y() for head in self._heads]
        passed = [place for place, top in enumerate(tops) if top <= value + 40]
        if not self.list.hasFocus():
            self._mark(len(tops) - 1 if value == bar.maximum() else (passed or [0])[-1])

    def _mark(self, place: int) -> None:
        blocked = self.list.blockSignals(True)
        self.list.setCurrentRow(place)
        self.list.blockSignals(blocked)

    def show_errors(self, wrong: dict[str, str]) -> None:
        """Say beside each field what is wrong with it, and in the list where that is."""
        for name, row in self.rows.items():
            row.set_error(wrong.get(name, ""))
        for place, section in enumerate(self.sections):
            count = sum(name in wrong for name in section.rows)
            item = self.list.item(place)
            item.setIcon(icon("warning", theme.current().error) if count else QIcon())
            mend = "1 thing" if count == 1 else f"{count} things"
            said = f"{section.title}: {mend} to mend" if count else section.title
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said if count else "")

    def unreadable(self) -> dict[str, str]:
        return {
            name: text for section in self.sections for name, text in section.unreadable().items()
        }


class AgreementForm(SectionedForm):
    """Shows an agreement and gives back what it was made into."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._agreement = Agreement("")
        column = self.column
        self.what, self.who = WhatSection(column), WhoSection(column)
        self.terms, self.when = TermsSection(column), WhenSection(column)
        self.review, self.papers = ReviewSection(column), PapersSection(session, column)
        self.put(self.what, self.who, self.terms, self.when, self.review, self.papers)
        self.title, self.status = self.what.name, self.what.status
        self.parties, self.suspended = self.who.parties, self.terms.suspended
        self.hours, self.timezone = self.when.hours, self.when.timezone
        self.effective, self.expires = self.when.effective, self.when.expires

    def show_agreement(self, agreement: Agreement) -> None:
        """Fill the form."""
        self._agreement = agreement
        self.blockSignals(True)
        for section in self.sections:
            section.fill(agreement)
        self.blockSignals(False)
        self.changed.emit()

    @property
    def agreement(self) -> Agreement:
        """What the form says. A field that cannot be read counts as empty (see `check`)."""
        said: dict[str, object] = {}
        for section in self.sections:
            said |= section.read()
        return replace(self._agreement, **said)  # type: ignore[arg-type]

    def check(self, *, new_version: bool = False, new: bool = False) -> dict[str, str]:
        """Say beside each field what is wrong with it, and give that back.

        The title of a new one is asked for only once it was begun: an empty form is no mistake.
        """
        wrong = problems(self.agreement, new_version=new_version, new=new)
        wrong |= self.unreadable()
        quiet = new and not self.title.isModified()
        self.show_errors({k: text for k, text in wrong.items() if not (quiet and k == "title")})
        return wrong
