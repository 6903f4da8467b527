"""The panel that lists problems live, shows them on the map, and puts right what can be."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from gisapp.layers import edits, overlap_edits
from gisapp.layers.checks import Code, Issue, Severity
from gisapp.layers.scenario import OverlapRule
from gisapp.ui.commands import Commands
from gisapp.ui.problems.list_view import ProblemsList
from gisapp.ui.problems.settle import SettleDialog
from gisapp.ui.problems.signs import ProblemSigns
from gisapp.ui.problems.watch import ProblemsWatch
from gisapp.ui.session import Selection, Session
from gisapp.ui.turns import Afterwards
from gisapp.ui.widgets.bottom_page import BottomPage
from gisapp.ui.widgets.forms import choose, combo, say, secondary

_ALL = ""
#: A place is shown with so much ground round it, as a share of the issue's own extent.
_ROOM = 0.5
#: At least so many degrees of ground are shown, about 150 m.
_LEAST = 0.0015


class ProblemsPanel(BottomPage):
    """`counted` tells how many errors and warnings there are, for the badge of its tab."""

    counted = Signal(int)

    def __init__(
        self,
        session: Session,
        commands: Commands,
        signs: ProblemSigns,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._commands = commands
        self._signs = signs
        self.watch = ProblemsWatch(session, self)
        self._build()
        self._afterwards = Afterwards(self, session.courtesy, self.refresh)
        self.watch.changed.connect(self._on_found)
        session.project_changed.connect(self._on_project)
        self.refresh()

    def _build(self) -> None:
        self.kinds = combo([("All kinds", _ALL)], "Kind of problem")
        self.kinds.setMinimumWidth(220)
        self.rule = combo([(rule.label, rule.value) for rule in OverlapRule], "Rule for overlaps")
        self.rule.setMinimumWidth(320)
        self.rule.setToolTip("What holds where zones of one sign overlap")
        self.show_button = secondary("Show on map", self.show_on_map)
        self.show_button.setToolTip("Zoom to it (Enter)")
        self.fix_button = secondary("Fix", self.fix)
        self.fix_button.setToolTip("Put it right in one step that can be undone (Ctrl+Enter)")
        self.settle_button = secondary("Settle…", self.settle)
        self.settle_button.setToolTip("Say which of two opposite zones holds")
        for text, field in (("Show", self.kinds), ("Zones that overlap:", self.rule)):
            label = QLabel(text)
            label.setBuddy(field)
            self.top.addWidget(label)
            self.top.addWidget(field)
        self.top.addStretch(1)
        for button in (self.show_button, self.fix_button, self.settle_button):
            self.top.addWidget(button)
        self.list = ProblemsList()
        self.body.addWidget(self.list, 1)
        self.note = say("", "hint")
        self.body.addWidget(self.note)
        self.setFocusProxy(self.list)
        self.kinds.currentIndexChanged.connect(self._fill)
        self.rule.activated.connect(self._on_rule)
        self.list.itemSelectionChanged.connect(self._on_chosen)
        self.list.show_asked.connect(self.show_on_map)
        self.list.fix_asked.connect(self.fix)

    # What is listed

    @property
    def shown(self) -> tuple[Issue, ...]:
        """The issues of the kind that is chosen."""
        kind = self.kinds.currentData()
        return tuple(one for one in self.watch.issues if kind in (_ALL, one.code.value))

    def refresh(self) -> None:
        """List what was found last."""
        self._offer_kinds()
        self._fill()
        choose(self.rule, self.session.project.overlap_rule.value)
        found = self.watch.issues
        self.counted.emit(sum(one.severity is not Severity.NOTE for one in found))

    def catch_up(self) -> None:
        """List what was found last at once; it is done soon after anyway."""
        self._afterwards.now()

    def _offer_kinds(self) -> None:
        counts = Counter(issue.code for issue in self.watch.issues)
        kept = self.kinds.currentData()
        blocked = self.kinds.blockSignals(True)
        self.kinds.clear()
        self.kinds.addItem("All kinds", _ALL)
        for code in (code for code in Code if counts[code]):
            self.kinds.addItem(f"{code.label} ({counts[code]:,})", code.value)
        choose(self.kinds, kept)
        self.kinds.blockSignals(blocked)

    def _fill(self) -> None:
        issues = self.shown
        self.list.fill(issues)
        if not issues:
            known = self.watch.problems is not None
            self.empty.set_text("No problems found" if known else "Looking for problems…")
        self.stack.setCurrentIndex(0 if issues else 1)
        self._mark()

    def _on_found(self) -> None:
        """The signs go with the map, which shows no audience what is not for it; the list after."""
        self._mark()
        self._afterwards.ask()

    def _on_project(self, *_: object) -> None:
        choose(self.rule, self.session.project.overlap_rule.value)

    def _on_chosen(self) -> None:
        chosen = self.list.chosen
        fixable = [issue for issue in chosen if issue.fix is not None]
        self.show_button.setEnabled(any(issue.bounds is not None for issue in chosen))
        self.fix_button.setEnabled(bool(fixable))
        self.fix_button.setText(f"Fix {len(fixable):,}" if len(fixable) > 1 else "Fix")
        self.settle_button.setEnabled(self._to_settle() is not None)
        one = chosen[0] if len(chosen) == 1 else None
        self.note.setText(one.fix_words if one is not None else "")

    def _to_settle(self) -> Issue | None:
        chosen = self.list.chosen
        if len(chosen) == 1 and chosen[0].code is Code.OPPOSITE_OVERLAP:
            return chosen[0]
        return None

    # Signs on the map, while the panel is open

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._mark()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._mark()

    def _mark(self) -> None:
        self._signs.show(self.shown if self.isVisible() else ())
        self._commands.canvas.update()

    # What can be done

    def show_on_map(self) -> None:
        """Zoom to what is chosen, select it, and mark its place for a moment."""
        chosen = [issue for issue in self.list.chosen if issue.bounds is not None]
        if not chosen:
            return
        boxes = np.array([issue.bounds for issue in chosen])
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        grow = np.maximum((high - low) * _ROOM, _LEAST) / 2
        (west, south), (east, north) = (low - grow).tolist(), (high + grow).tolist()
        canvas = self._commands.canvas
        canvas.show_bounds((west, south, east, north))
        first = chosen[0]
        if first.rows and first.layer_id is not None:
            rows = np.array(first.rows, dtype=np.int64)
            self.session.select(Selection(layer_id=first.layer_id, rows=rows))
        else:
            ids = (key for issue in chosen for key in issue.zone_ids)
            there = [key for key in dict.fromkeys(ids) if key in self.session.project.zones]
            self.session.select(Selection(zone_ids=tuple(there)))
        if len(chosen) == 1 and len(first.places) == 1:
            canvas.marker.show(first.places[0], first.code.label)

    def fix(self) -> None:
        """Put right what is chosen as one step, and say what was done."""
        fixable = [issue for issue in self.list.chosen if issue.fix is not None]
        if not fixable:
            return
        steps = [issue.fix for issue in fixable if issue.fix is not None]
        one = len(steps) == 1
        edit = steps[0] if one else edits.sequence(f"Fix {len(steps):,} problems", steps)
        if self.session.perform(edit):
            done = fixable[0].fix_words if one else f"Fixed {len(steps):,} problems."
            undo = self.session.document.undo
            self.session.tell(f"{edit.label}. {done}" if one else done, "done", "Undo", undo)

    def settle(self) -> None:
        """Ask who settled the chosen overlap, and how."""
        issue = self._to_settle()
        if issue is not None:
            day = self.session.look.day
            window = self._commands.window
            self._commands.show_dialog(SettleDialog(self.session, issue, day, window))

    def _on_rule(self) -> None:
        rule = OverlapRule(self.rule.currentData())
        if rule is not self.session.project.overlap_rule:
            self.session.perform(overlap_edits.set_overlap_rule(rule))
