"""The form of an agreement: every term of it, in sections, checked as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
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
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.forms import BETWEEN, FieldRow, heading, scrolled

_LIST_WIDE = 236

T = TypeVar("T", bound=Section)


class SectionedForm(QWidget):
    """Sections under each other, with a list of them at the left that leads to each.

    The list marks the sections in which something is to be mended. Once the form is shown the
    sections are made one in a turn of the window, those at the top first, and long ones part by
    part, for all together take twice as long as anybody should wait. Whoever needs one sooner asks
    for it (`section`). Each is made within `column`, for what is put into something else is
    dressed anew.
    """

    changed = Signal()
    #: A section was made that was not there before, with all its parts.
    grown = Signal()

    def __init__(self, kinds: Sequence[type[Section]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = tuple(kinds)
        self._made: list[Section] = []
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
        self._layout = QVBoxLayout(self.column)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(BETWEEN)
        self._layout.addStretch(1)
        self.area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._goal: Callable[[], None] | None = None
        for kind in self._kinds:
            self.list.addItem(QListWidgetItem(kind.title))
        self._mark(0)

    # Making the sections

    def make(self, kind: type[Section]) -> Section:
        """A section that is to be shown; overridden where one needs more than its place."""
        return kind(self.column)

    def section(self, kind: type[T]) -> T:
        """The section of this kind, made now where it is not there yet."""
        while True:
            for one in self._made:
                if isinstance(one, kind) and one.whole:
                    return one
            self.grow()

    def finish(self) -> None:
        """Make all that is not there yet."""
        while self.grow():
            pass

    def _put_off(self, goal: Callable[[], None]) -> bool:
        """Have it done once all sections have their places, if some have none yet.

        Who is led to one place and then to another comes to the last.
        """
        if self.whole and self._goal is None:
            return False
        self._goal = goal
        if not self.whole:
            self.finish()
            next_turn(self, self._reach)
        return True

    def _reach(self) -> None:
        goal, self._goal = self._goal, None
        if goal is not None:
            goal()

    @property
    def whole(self) -> bool:
        """Whether all sections are there, with all their parts."""
        return len(self._made) == len(self._kinds) and self._made[-1].whole

    @property
    def sections(self) -> tuple[Section, ...]:
        """Those that are there."""
        return tuple(self._made)

    @property
    def last_field(self) -> QWidget:
        """The last widget that Tab comes to in the sections that are there."""
        of_last = (
            widget
            for widget in reversed(self._made[-1].findChildren(QWidget))
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self.window()
        )
        return next(of_last, self._made[-1])

    def grow(self) -> bool:
        """Make one more section, or a part of one; whether there was any to make."""
        if self.whole:
            return False
        if not (self._made and self._made[-1].grow()):
            self._make_section(len(self._made))
        section = self._made[-1]
        self.rows |= section.rows
        if section.whole:
            self.grown.emit()
        return True

    def _make_section(self, place: int) -> None:
        head = heading(self._kinds[place].title)
        head.setFont(theme.font("title", bold=True))
        section = self.make(self._kinds[place])
        self._heads.append(head)
        self._made.append(section)
        for widget in (head, section):
            self._layout.insertWidget(self._layout.count() - 1, widget)
        section.changed.connect(self.changed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        next_turn(self, self._go_on)

    def _go_on(self) -> None:
        if self.grow():
            next_turn(self, self._go_on)

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
        if self._put_off(lambda: self.lead_to(place)):
            return
        y = self._heads[place].mapTo(self.column, QPoint(0, 0)).y()
        self.area.verticalScrollBar().setValue(y)
        self._mark(place)

    def lead_to_field(self, name: str) -> None:
        """Bring the row of a term into view and put the cursor there."""
        if self._put_off(lambda: self.lead_to_field(name)):
            return
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
            at_end = value == bar.maximum() and len(tops) == len(self._kinds)
            self._mark(len(tops) - 1 if at_end else (passed or [0])[-1])

    def _mark(self, place: int) -> None:
        blocked = self.list.blockSignals(True)
        self.list.setCurrentRow(place)
        self.list.blockSignals(blocked)

    def show_errors(self, wrong: dict[str, str]) -> None:
        """Say beside each field what is wrong with it, and in the list where that is."""
        for name, row in self.rows.items():
            row.set_error(wrong.get(name, ""))
        for place, section in enumerate(self._made):
            count = sum(name in wrong for name in section.rows)
            item = self.list.item(place)
            item.setIcon(_warning() if count else QIcon())
            mend = "1 thing" if count == 1 else f"{count} things"
            said = f"{section.title}: {mend} to mend" if count else section.title
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said if count else "")

    def changeEvent(self, event: QEvent) -> None:
        """The warnings follow light and dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for place in range(self.list.count()):
                item = self.list.item(place)
                if not item.icon().isNull():
                    item.setIcon(_warning())

    def unreadable(self) -> dict[str, str]:
        return {
            name: text for section in self.sections for name, text in section.unreadable().items()
        }


def _warning() -> QIcon:
    return icon("warning", theme.current().error)


class AgreementForm(SectionedForm):
    """Shows an agreement and gives back what it was made into."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        kinds = (WhatSection, WhoSection, TermsSection, WhenSection, ReviewSection, PapersSection)
        super().__init__(kinds, parent)
        self._session = session
        self._agreement = Agreement("")
        self.grown.connect(self._on_grown)

    def _on_grown(self) -> None:
        """Have the whole form checked once it is there; what it was given was before it opened."""
        if self.whole:
            self.changed.emit()

    @property
    def what(self) -> WhatSection:
        return self.section(WhatSection)

    @property
    def who(self) -> WhoSection:
        return self.section(WhoSection)

    @property
    def terms(self) -> TermsSection:
        return self.section(TermsSection)

    @property
    def when(self) -> WhenSection:
        return self.section(WhenSection)

    @property
    def review(self) -> ReviewSection:
        return self.section(ReviewSection)

    @property
    def papers(self) -> PapersSection:
        return self.section(PapersSection)

    def make(self, kind: type[Section]) -> Section:
        of_project = kind is PapersSection
        made = PapersSection(self._session, self.column) if of_project else super().make(kind)
        made.fill(self._agreement)
        return made

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
        """What the form says. A field that cannot be read counts as empty (see `check`).

        What a section that is not there yet would show is as it was.
        """
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
        quiet = new and not self.what.name.isModified()
        self.show_errors({k: text for k, text in wrong.items() if not (quiet and k == "title")})
        return wrong
