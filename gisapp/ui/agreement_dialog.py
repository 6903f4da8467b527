"""Recording an agreement, putting one right, or making its next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Status
from gisapp.ui.agreement_form import AgreementForm
from gisapp.ui.agreement_words import standing_sentence
from gisapp.ui.fields import boxed
from gisapp.ui.forms import BETWEEN, FormDialog, actions, primary, say, scrolled, secondary
from gisapp.ui.session import Session


class AgreementDialog(FormDialog):
    """The form of one agreement. `agreement` is what was recorded, once it was accepted.

    A new agreement takes the zones of `zone_ids` under it, in the same step.
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
        super().__init__(title, QSize(880, 720), parent)
        self.session = session
        self.former = agreement
        self.zone_ids = tuple(zone_ids)
        self.agreement: Agreement | None = None
        self.form = AgreementForm()
        self.sentence = say("")
        self.sentence.setAccessibleName("How it stands")
        self.save = primary("Record agreement", self._record)
        self._build()
        start = agreement or Agreement("", timezone=session.project.timezone)
        self.form.changed.connect(self._check)
        self.form.show_agreement(start)
        self.form.title.setFocus()

    def _build(self) -> None:
        if self.former is not None:
            self.body.addWidget(self._ways())
        self.body.addWidget(scrolled(self.form), 1)
        self.body.addWidget(boxed(self.sentence))
        self.body.addLayout(actions(self.save, secondary("Cancel", self.reject)))

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
        self.correct.toggled.connect(lambda _: self._check())
        return box

    @property
    def makes_version(self) -> bool:
        """Whether accepting makes a new version of an agreement that the project holds."""
        return self.former is not None and self.renew.isChecked()

    def _check(self) -> None:
        wrong = self.form.check(new_version=self.makes_version)
        # An empty form is no mistake yet: the title is asked for by the button alone.
        if self.former is None and not self.form.title.isModified():
            self.form.rows["title"].set_error("")
        agreement = self.form.agreement
        self.sentence.setText(standing_sentence(agreement, self.session.look.day))
        self.save.setEnabled(not wrong)
        self.save.setToolTip(next(iter(wrong.values()), ""))
        if self.former is None:
            self.save.setText("Record agreement")
        elif self.makes_version:
            self.save.setText(f"Record version {self.former.version + 1}")
        else:
            self.save.setText("Save correction")

    def _record(self) -> None:
        agreement = self.form.agreement
        if self.makes_version and self.former is not None:
            status = Status.AGREED if agreement.status is Status.SUPERSEDED else agreement.status
            agreement = replace(
                agreement, version=self.former.version + 1, status=status, superseded_on=None
            )
        correcting = self.former is not None and not self.makes_version
        edit = (edits.correct_agreement if correcting else edits.record_agreement)(agreement)
        if self.former is None and self.zone_ids:
            edit = edits.sequence(
                edit.label, (edit, edits.place_under(self.zone_ids, agreement.id))
            )
        if self.session.perform(edit):
            self.agreement = agreement
            self.accept()
