"""Recording an agreement, putting one right, or making its next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QWidget,
)

from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Status
from gisapp.ui.agreements.form import AgreementForm
from gisapp.ui.agreements.parts import SIGNED_HINT
from gisapp.ui.agreements.words import standing_sentence
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import boxed
from gisapp.ui.widgets.forms import BETWEEN, FormDialog, actions, choose, primary, say, secondary


class AgreementDialog(FormDialog):
    """The form of one agreement. `agreement` is what was recorded, once it was accepted.

    A new agreement takes the zones of `zone_ids` under it, in the same step, if that stays ticked.
    """

    def __init__(
        self,
        session: Session,
        agreement: Agreement | None = None,
        parent: QWidget | None = None,
        *,
        zone_ids: Sequence[str] = (),
    ) -> None:
        title = "Agreement" if agreement else "New agreement"
        super().__init__(title, QSize(1128, 744), parent)
        self.session = session
        self.former = agreement
        self.zone_ids = tuple(zone_ids)
        self.agreement: Agreement | None = None
        self._form = AgreementForm(session, self)
        self.sentence = say("")
        self.sentence.setAccessibleName("How it stands")
        self.save = primary("Record agreement", self._record)
        self.cancel = secondary("Cancel", self.reject)
        self.mend = QPushButton()
        self.mend.setFlat(True)
        self.mend.setProperty("flat", True)
        self.mend.setAutoDefault(False)
        self.mend.setToolTip("Go to the field")
        self.mend.clicked.connect(self._lead)
        self._first_wrong = ""
        self._build()
        self.put_off(session.courtesy, self._begin)

    def _begin(self) -> None:
        """Make the first section of the form, which is what it opens with."""
        form = self._form
        form.changed.connect(self._check)
        form.grown.connect(self._order)
        form.what.set_new(self.former is None)
        form.show_agreement(self.former or Agreement("", timezone=self.session.project.timezone))
        self._start = form.agreement
        form.what.name.setFocus()

    @property
    def form(self) -> AgreementForm:
        """The fields, of which those at the top are there; the rest comes once it is open."""
        self.finish()
        return self._form

    def _build(self) -> None:
        if self.former is not None:
            self.body.addWidget(self._ways())
        elif self.zone_ids:
            self.body.addWidget(self._zones())
        self.body.addWidget(self._form, 1)
        self.body.addWidget(boxed(self.sentence))
        self.body.addLayout(actions(self.save, self.cancel, left=(self.mend,)))

    def _order(self) -> None:
        """Tab goes through the sections, then to the foot, which was made before some of them."""
        for before, after in pairwise((self.form.last_field, self.mend, self.cancel, self.save)):
            QWidget.setTabOrder(before, after)

    def _zones(self) -> QWidget:
        """Whether it takes the zones; not by itself such as leave another agreement for it."""
        zones = [self.session.project.zone(one) for one in self.zone_ids]
        count, leave = len(zones), sum(zone.agreement_id is not None for zone in zones)
        words = f"Put the {count:,} selected zones under it"
        if count == 1:
            words = "Put the selected zone under it" + (", out of its agreement" if leave else "")
        elif leave:
            words += f", {leave:,} of them out of their agreement"
        self.take = QCheckBox(words)
        self.take.setChecked(not leave)
        return self.take

    def _ways(self) -> QWidget:
        """The choice between putting right and a new version."""
        self.correct = QRadioButton("Correct what was typed wrongly")
        self.renew = QRadioButton("Make a new version; the former one is kept")
        self.correct.setChecked(True)
        self._group = QButtonGroup(self)
        box = QWidget()
        layout = QHBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        for button in (self.correct, self.renew):
            self._group.addButton(button)
            layout.addWidget(button)
        layout.addStretch(1)
        self.correct.toggled.connect(lambda _: self._on_way())
        return box

    def _on_way(self) -> None:
        """A new version begins a life of its own; a correction leaves the life as it is."""
        self.form.what.set_new(self.makes_version)
        if self.makes_version and self.form.what.status.currentData() != Status.DRAFT:
            choose(self.form.what.status, Status.AGREED.value)
        renewed = "Each party signs a new version anew: check the day of every signature."
        self.form.who.rows["parties"].set_hint(renewed if self.makes_version else SIGNED_HINT)
        self._check()

    def take_up(self, typed: Agreement, *, as_version: bool) -> None:
        """Show what was typed into a form that was left, to go on with it."""
        if as_version and self.former is not None:
            self.renew.setChecked(True)
        self.form.show_agreement(typed)
        if self.form.what.is_new:
            self.form.what.past.set_values(typed.history)
        self.form.what.name.setModified(True)
        self._check()

    def reject(self) -> None:
        """Leave it. What was typed is offered once more: it cannot be undone back."""
        typed, as_version = self.form.agreement, self.makes_version
        super().reject()
        if typed != self._start:
            named = f"“{typed.title}”" if typed.title else "the agreement"
            self.session.tell(
                f"Nothing of {named} was recorded.",
                "info",
                "Go on with it",
                partial(go_on, self.session, self.former, self.zone_ids, typed, as_version),
            )

    def _lead(self) -> None:
        self.form.lead_to_field(self._first_wrong)

    @property
    def makes_version(self) -> bool:
        """Whether accepting makes a new version of an agreement that the project holds."""
        return self.former is not None and self.renew.isChecked()

    def _check(self) -> None:
        wrong = self.form.check(new_version=self.makes_version, new=self.former is None)
        agreement = self.form.agreement
        self.sentence.setText(standing_sentence(agreement, self.session.look.day))
        self.save.setEnabled(not wrong)
        self.save.setToolTip(next(iter(wrong.values()), ""))
        self._say_what_to_mend(wrong)
        if self.former is None:
            self.save.setText("Record agreement")
        elif self.makes_version:
            self.save.setText(f"Record version {self.former.version + 1}")
        else:
            self.save.setText("Save correction")

    def _say_what_to_mend(self, wrong: dict[str, str]) -> None:
        """At the foot, in the order of the form, so that nobody looks for it."""
        names = [name for name, row in self.form.rows.items() if name in wrong and row.error]
        self._first_wrong = names[0] if names else ""
        labels = [self.form.rows[name].label.text() for name in names]
        shown = ", ".join(dict.fromkeys(filter(None, labels)))
        self.mend.setText(
            f"To mend: {shown}" if len(shown) < 70 else f"To mend: {len(names)} fields"
        )
        self.mend.setVisible(bool(names))

    def _record(self) -> None:
        agreement = self.form.agreement
        if self.makes_version and self.former is not None:
            agreement = replace(agreement, version=self.former.version + 1, superseded_on=None)
        correcting = self.former is not None and not self.makes_version
        edit = (edits.correct_agreement if correcting else edits.record_agreement)(agreement)
        if self.former is None and self.zone_ids and self.take.isChecked():
            edit = edits.sequence(
                edit.label, (edit, edits.place_under(self.zone_ids, agreement.id))
            )
        if self.session.perform(edit):
            self.agreement = agreement
            self.accept()


def go_on(
    session: Session,
    former: Agreement | None,
    zone_ids: Sequence[str],
    typed: Agreement,
    as_version: bool,
) -> None:
    """Open the form again with what had been typed into it."""
    held = session.project.agreements.get(former.id) if former is not None else None
    window = QApplication.activeWindow()
    dialog = AgreementDialog(session, held, window, zone_ids=zone_ids)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.take_up(typed, as_version=as_version)
    dialog.open()
