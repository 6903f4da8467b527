"""The next steps in the life of an agreement: only those that may follow, each with its reason."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gisapp.errors import EditError
from gisapp.layers import agreement_edits, lifecycle
from gisapp.layers.agreement import Agreement, Status, day_in_words
from gisapp.ui.agreements.words import standing_sentence, verb
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import DayField, boxed
from gisapp.ui.widgets.forms import Form, FormDialog, actions, primary, say, secondary


class StepDialog(FormDialog):
    """Asks the day, who decided and why; nothing is done before all that is needed is said."""

    def __init__(
        self, session: Session, agreement: Agreement, to: Status, parent: QWidget | None = None
    ) -> None:
        what = verb(agreement.status, to)
        super().__init__(what, QSize(520, 380), parent)
        self.session = session
        self.agreement, self.to = agreement, to
        self.on, self.who, self.why = DayField("Day of the step"), QLineEdit(), QPlainTextEdit()
        last = agreement.history[-1].on if agreement.history else session.look.day
        self.on.set_day(max(session.look.day, last))
        self.who.setPlaceholderText("such as Chief of police, Partnership meeting")
        self.why.setPlaceholderText("such as the review of 6 March 2025")
        self.why.setFixedHeight(72)
        self.why.setTabChangesFocus(True)
        form = Form()
        self.rows = {
            "on": form.add("From the day", self.on, "What held before that day stays as it was."),
            "who": form.add("Who decided", self.who, "An office is enough; name no person."),
            "why": form.add("Why", self.why),
        }
        form.finish()
        self.sentence = say("")
        self.sentence.setAccessibleName("How it then stands")
        self.do = primary(what, self._do)
        day = session.look.day
        # What it is called on the map, for one that is agreed comes into force by itself.
        now = agreement.standing_on(day).label.lower()
        self.now = say(f"On {day_in_words(day)} “{agreement.title}” is {now}.")
        self.body.addWidget(self.now)
        self.body.addWidget(form, 1)
        self.card = boxed(self.sentence)
        self.body.addWidget(self.card)
        self.body.addLayout(actions(self.do, secondary("Cancel", self.reject)))
        self.on.changed.connect(self._check)
        self.who.textChanged.connect(self._check)
        self.who.setFocus()
        self._check()

    def _check(self, *_: object) -> None:
        wrong = self.on.problem() or ("" if self.on.day else "Say from which day.")
        who = self.who.text().strip()
        after = None
        if not wrong and self.on.day is not None:
            try:
                named = who or "somebody"
                after = lifecycle.moved(self.agreement, self.to, self.on.day, named)
            except EditError as error:
                wrong = str(error)
        self.rows["on"].set_error(wrong)
        begun = self.who.isModified() and not who
        self.rows["who"].set_error("Say who decided this; an office is enough." if begun else "")
        self.do.setEnabled(not wrong and bool(who))
        day = None if self.on.problem() else self.on.day
        self.sentence.setText(standing_sentence(after, day) if after and day else "")
        self.card.setVisible(bool(self.sentence.text()))

    def _do(self) -> None:
        on = self.on.day
        assert on is not None
        edit = agreement_edits.set_status(
            self.agreement.id, self.to, on, self.who.text(), self.why.toPlainText()
        )
        if self.session.perform(edit):
            self.session.tell(
                f"“{self.agreement.title}” is {self.to.value} from {day_in_words(on)}.",
                "done",
                "Undo",
                self.session.document.undo,
            )
            self.accept()
