"""Terms that a zone has of its own, in place of those of its agreement; and copying terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from gisapp.layers import agreement_edits
from gisapp.layers.terms import Terms
from gisapp.layers.zone import Zone
from gisapp.ui.agreements.form import SectionedForm
from gisapp.ui.agreements.terms_section import TermsSection
from gisapp.ui.agreements.when import HoursSection
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import boxed
from gisapp.ui.widgets.forms import FormDialog, actions, primary, say, secondary


class OwnTermsDialog(FormDialog):
    """The terms of some zones: what they are now, or those of the agreement to start from."""

    def __init__(
        self, session: Session, zone_ids: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__("Terms of its own", QSize(1128, 704), parent)
        self.session = session
        self.zone_ids = tuple(zone_ids)
        zones = [session.project.zone(key) for key in self.zone_ids]
        self.form = SectionedForm((TermsSection, HoursSection), self)
        self.terms_section = self.form.section(TermsSection)
        self.when = self.form.section(HoursSection)
        self.save = primary(self._save_words(zones), self._save)
        self.back = secondary("Back to the agreement's", self._back)
        self.back.setEnabled(any(zone.terms is not None for zone in zones))
        self.back.setToolTip("Take the own terms away: those of the agreement hold again")
        self._start = self._terms_now(zones[0])
        self.body.addWidget(boxed(say(self._introduction(zones))))
        self.body.addWidget(self.form, 1)
        cancel = secondary("Cancel", self.reject)
        self.body.addLayout(actions(self.save, cancel, left=(self.back,)))
        agreement = session.project.agreement_of(zones[0])
        self.when.rule.set_first_day(agreement.effective if agreement else None)
        for section in self.form.sections:
            section.fill(self._start)
        self.form.changed.connect(self._check)
        self._check()

    def _terms_now(self, zone: Zone) -> Terms:
        agreement = self.session.project.agreement_of(zone)
        return zone.terms or (agreement.terms if agreement is not None else Terms())

    @staticmethod
    def _save_words(zones: Sequence[Zone]) -> str:
        return (
            "Give it these terms" if len(zones) == 1 else f"Give {len(zones):,} zones these terms"
        )

    def _introduction(self, zones: Sequence[Zone]) -> str:
        agreement = self.session.project.agreement_of(zones[0])
        named = f"“{zones[0].name}”" if len(zones) == 1 else f"{len(zones):,} zones"
        source = f"“{agreement.title}”" if agreement is not None else "no agreement"
        if zones[0].terms is None:
            return f"For {named} the terms of {source} hold. What you change here is its own."
        return f"{named} has terms of its own, in place of those of {source}."

    @property
    def terms(self) -> Terms:
        """What the form says."""
        said = {**self.terms_section.read(), **self.when.read()}
        return replace(self._start, **said)

    def _check(self) -> None:
        wrong = self.form.unreadable()
        self.form.show_errors(wrong)
        self.save.setEnabled(not wrong)
        self.save.setToolTip(next(iter(wrong.values()), ""))

    def _save(self) -> None:
        if self.session.perform(agreement_edits.set_terms(self.zone_ids, self.terms)):
            self.accept()

    def _back(self) -> None:
        if self.session.perform(agreement_edits.set_terms(self.zone_ids, None)):
            self.session.tell(
                "The terms of the agreement hold again.",
                "done",
                "Undo",
                self.session.document.undo,
            )
            self.accept()


class CopyTermsDialog(FormDialog):
    """Chooses the zone whose agreement and own terms others get."""

    def __init__(
        self, session: Session, zone_ids: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__("Copy terms from a zone", QSize(460, 480), parent)
        self.session = session
        self.zone_ids = tuple(zone_ids)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a zone by its name")
        self.search.setAccessibleName("Find a zone by its name")
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Zone to copy from")
        self.list.setUniformItemSizes(True)
        count = len(self.zone_ids)
        named = "chosen zone gets" if count == 1 else f"{count:,} chosen zones get"
        self.words = say("", "hint")
        self.copy = primary("Copy terms", self._copy)
        self.body.addWidget(say(f"The {named} the agreement and the own terms of:"))
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.words)
        self.body.addLayout(actions(self.copy, secondary("Cancel", self.reject)))
        self._fill()
        self.search.textChanged.connect(self._narrow)
        self.list.currentItemChanged.connect(lambda *_: self._check())
        self.list.itemActivated.connect(lambda _: self._copy())
        self._check()

    def _fill(self) -> None:
        others = [z for z in self.session.project.zones.values() if z.id not in self.zone_ids]
        for zone in sorted(others, key=lambda one: one.name.casefold()):
            item = QListWidgetItem(zone.name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, zone.id)

    def _narrow(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.text().casefold())
        current = self.list.currentItem()
        if current is not None and current.isHidden():
            self.list.setCurrentRow(-1)
        self._check()

    @property
    def source(self) -> Zone | None:
        item = self.list.currentItem()
        key = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return self.session.project.zones.get(key or "")

    def _check(self) -> None:
        source = self.source
        self.copy.setEnabled(source is not None)
        words = ""
        if source is not None:
            agreement = self.session.project.agreement_of(source)
            words = f"Under “{agreement.title}”" if agreement else "Under no agreement"
            words += ", with terms of its own." if source.terms is not None else "."
        self.words.setText(words)

    def _copy(self) -> None:
        source = self.source
        if source is None:
            return
        if self.session.perform(agreement_edits.copy_terms(source.id, self.zone_ids)):
            self.session.tell(
                f"Copied the terms of “{source.name}”.",
                "done",
                "Undo",
                self.session.document.undo,
            )
            self.accept()
