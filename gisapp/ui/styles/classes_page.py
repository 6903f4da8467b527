"""How the rows of a layer are told apart: not at all, by category, by amount or by rules."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSpinBox,
    QStackedWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.analysis.classes.making import MOST_CLASSES, Vary, range_label, with_classes
from gisapp.analysis.classes.rule_examples import any_rule, rule_hint
from gisapp.errors import GisappError
from gisapp.layers.audience import Showing
from gisapp.layers.symbology import Category, Range, Rule, Scheme, SymbolClass, Symbology
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session
from gisapp.ui.styles import finding as style_finding
from gisapp.ui.styles.class_changes import (
    Way,
    counts_in_words,
    next_color,
    same_tests,
    way_of,
    ways_to_vary,
    with_class,
)
from gisapp.ui.styles.class_form import ClassForm
from gisapp.ui.styles.class_table import class_table, fill_classes
from gisapp.ui.styles.page import StylePage
from gisapp.ui.styles.swatch import symbol_of
from gisapp.ui.widgets.fields import WheelGuard
from gisapp.ui.widgets.forms import INSIDE, EmptyState, Form, beside, choose, combo, say, secondary


class ClassesPage(StylePage):
    """Classes are found and counted in the background; the map follows each change."""

    title = "Classes"

    def __init__(self, session: Session, layer_id: str, parent: QWidget | None = None) -> None:
        super().__init__(session, layer_id, parent)
        self._symbol = symbol_of(self.layer)
        self._way = way_of(self.style_now.symbology)
        #: Whether the user chose a column; until then the one that suits best is offered.
        self._chosen = False
        self._counted: tuple[object, Symbology, tuple[int, ...]] | None = None
        self._finding, self._counting, self._trying = (LookUp(session) for _ in range(3))
        for look_up in (self._finding, self._counting, self._trying):
            # Nobody waits for an answer when the page is gone.
            self.destroyed.connect(lambda _=None, look_up=look_up: look_up.drop())
        self._build()
        self._connect()
        self.show_style()

    # Building

    def _build(self) -> None:
        self.way = combo([(one.value, one) for one in Way], "Tell rows apart")
        self.column = combo([], "Column")
        self.scheme = combo([(s.label, s) for s in Scheme], "Ranges")
        self.number = QSpinBox()
        self.number.setRange(2, MOST_CLASSES)
        self.number.setValue(5)
        self.number.setSuffix(" classes")
        self.number.setAccessibleName("Number of classes")
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setKeyboardTracking(False)
        WheelGuard.protect(self.number)
        # From the outside in: what is put into something else is dressed anew with all it holds.
        form, self.stack, self.filled = Form(), QStackedWidget(), QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        column.setSpacing(INSIDE)
        column.addWidget(form)
        self.status = say("", "hint")
        column.addWidget(self.status)
        column.addWidget(self.stack, 1)
        self.stack.addWidget(self.filled)
        form.add("Tell rows apart", self.way)
        self.column_row = form.add("Column", self.column)
        self.range_row = form.add("Ranges", beside(self.scheme, self.number, stretch=0))
        self.vary = combo(ways_to_vary(self._symbol), "Shown by")
        self.vary_row = form.add("Shown by", self.vary)
        self.table = class_table()
        self.add = secondary("Add", self._add)
        self.remove = secondary("Remove", self._remove)
        self.up = secondary("Up", lambda: self._move(-1))
        self.down = secondary("Down", lambda: self._move(1))
        self.again = secondary("Find anew", self._find)
        self.again.setToolTip("Find the classes in the column once more; colours are given anew")
        self._fill_page()
        self.empty = EmptyState("")
        self.stack.addWidget(self.empty)

    def _fill_page(self) -> None:
        """The page that there is where classes are."""
        column = QVBoxLayout(self.filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE)
        column.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        column.addLayout(buttons)
        for button in (self.add, self.remove, self.up, self.down):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.again)
        self.form = ClassForm(self._symbol, self.filled)
        column.addWidget(self.form)

    def _connect(self) -> None:
        self.way.activated.connect(lambda _: self._on_way())
        self.column.activated.connect(lambda _: self._on_column())
        self.scheme.activated.connect(lambda _: self._on_scheme())
        self.number.valueChanged.connect(lambda _: self._on_scheme())
        self.vary.activated.connect(lambda _: self._on_scheme())
        self.table.currentCellChanged.connect(lambda *_: self._show_row())
        self.table.itemChanged.connect(self._on_ticked)
        self.form.changed.connect(self._on_class)
        self.form.asked.connect(self._try)

    # Showing

    def show_style(self) -> None:
        symbology = self.style_now.symbology
        reason = self._why_not()
        # While classes are sought, what the user chose stands.
        if not self._finding.waiting:
            self._way = way_of(symbology)
        for box in (self.way, self.column, self.scheme, self.number):
            box.blockSignals(True)
        choose(self.way, self._way)
        self._offer_columns()
        if symbology is not None and self._way is Way.AMOUNT:
            choose(self.scheme, symbology.scheme)
            self.number.setValue(len(symbology.classes))
        for box in (self.way, self.column, self.scheme, self.number):
            box.blockSignals(False)
        self._show_questions()
        shown = symbology is not None and bool(symbology.classes) and not reason
        self.stack.setCurrentIndex(0 if shown else 1)
        self.empty.set_text(reason or "All rows have the layer’s own symbol.")
        self.way.setEnabled(not reason)
        if shown and symbology is not None:
            self._count(symbology)
            self._fill(symbology)

    def _show_questions(self) -> None:
        """Show what the chosen way asks for."""
        by_column, by_amount = self._way in (Way.CATEGORY, Way.AMOUNT), self._way is Way.AMOUNT
        self.column_row.set_visible(by_column)
        self.range_row.set_visible(by_amount)
        self.vary_row.set_visible(by_amount and self.vary.count() > 1)
        self.again.setVisible(by_column)
        if self._way is Way.RULES:
            names = [name for _, name in style_finding.columns_of(self.layer)]
            self.form.rule_row.set_hint(rule_hint(self.layer, names))
        self.column_row.set_hint(style_finding.left_out_in_words(self.layer) if by_column else "")

    def _why_not(self) -> str:
        """Why classes are not shown to this audience; empty where they are."""
        look, layer = self.session.look, self.layer
        if look.showing(layer) is Showing.EACH:
            return ""
        if look.showing(layer) is Showing.NOTHING:
            return f"“{layer.name}” is not shown to {look.audience.within}."
        return "This audience sees counts of this layer, which have no classes."

    def _offer_columns(self) -> None:
        amounts = self._way is Way.AMOUNT
        offered = (style_finding.number_columns_of if amounts else style_finding.columns_of)(
            self.layer
        )
        box, former = self.column, self.column.currentData()
        if offered != [(box.itemText(i), box.itemData(i)) for i in range(box.count())]:
            box.clear()
            for text, name in offered:
                box.addItem(text, name)
                box.setItemData(box.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
        symbology = self.style_now.symbology
        column: str | None
        if symbology is not None and symbology.column:
            column = symbology.column
        else:
            column = former if self._chosen or amounts else style_finding.first_column(self.layer)
        choose(box, self.layer.fields.get(column or "", column))

    def _fill(self, symbology: Symbology) -> None:
        counts = self._counts(symbology)
        texts = [f"{count:,}" for count in counts]
        fill_classes(self.table, self.style_now, symbology, self._symbol, texts)
        self._show_row()
        self.status.setText(counts_in_words(symbology, counts))
        self.status.setVisible(bool(self.status.text()))

    def _counts(self, symbology: Symbology) -> tuple[int, ...]:
        """The counts where they are known; empty while they are not."""
        known = self._counted
        layer = self.layer
        if known is None or known[0] is not layer.table or not same_tests(known[1], symbology):
            return ()
        return known[2]

    def _count(self, symbology: Symbology) -> None:
        if self._counts(symbology):
            return
        layer = self.layer

        def done(counts: tuple[int, ...]) -> None:
            self._counted = (layer.table, symbology, counts)
            self.show_style()

        task = style_finding.count_rows(layer, symbology)
        self._counting.ask(task, done, lambda error: self.status.setText(str(error)))

    def _show_row(self) -> None:
        symbology = self.style_now.symbology
        if symbology is None:
            return
        row, last = self.table.currentRow(), len(symbology.classes)
        others = row >= last or row < 0
        if others:
            one = SymbolClass(symbology.others or "All others", Category(""))
        else:
            one = symbology.classes[row]
        self.form.show_class(one, self.style_now, others=others)
        self.remove.setEnabled(not others)
        self.up.setEnabled(not others and row > 0)
        self.down.setEnabled(not others and row < last - 1)

    # Finding classes

    def _on_way(self) -> None:
        self._way = Way(self.way.currentData())
        self._finding.drop()
        self._show_questions()
        if self._way is Way.NONE:
            self.change(symbology=None)
        elif self._way is Way.RULES:
            self._keep_as_rules()
        else:
            with QSignalBlocker(self.column):
                self._offer_columns()
            self._find()

    def _keep_as_rules(self) -> None:
        """Start with one rule that can be typed over; classes there are stay as they are."""
        first = SymbolClass("First rule", Rule(self._any_rule()), next_color(self.style_now))
        self._take(Symbology((first,)))
        self.form.edit_rule()

    def _any_rule(self) -> str:
        return any_rule(self.layer, [name for _, name in style_finding.columns_of(self.layer)])

    def _on_column(self) -> None:
        self._chosen = True
        self._find()

    def _on_scheme(self) -> None:
        if Scheme(self.scheme.currentData()) is not Scheme.BY_HAND:
            self._find()

    def _find(self) -> None:
        """Find the classes of the chosen column in the background."""
        column, layer = self.column.currentData(), self.layer
        if column is None:
            self._show_no_column()
            return
        if self._way is Way.AMOUNT:
            scheme = Scheme(self.scheme.currentData())
            scheme = Scheme.QUANTILES if scheme is Scheme.BY_HAND else scheme
            vary = Vary(self.vary.currentData())
            task = style_finding.find_ranges(layer, column, scheme, self.number.value(), vary)
        else:
            task = style_finding.find_categories(layer, column)
        self.status.setText(f"{task.label}…")
        self.status.show()
        self._finding.ask(task, self._take, self._on_trouble)

    def _show_no_column(self) -> None:
        """Say why there is nothing to choose; former classes are not shown as if found in it."""
        for row in (self.column_row, self.range_row, self.vary_row):
            row.set_visible(False)
        self.status.hide()
        words = style_finding.no_numbers_in_words(self.layer)
        if self.style_now.symbology is not None:
            words += " The map keeps the classes it has."
        self.empty.set_text(words)
        self.stack.setCurrentWidget(self.empty)

    def _take(self, symbology: Symbology) -> None:
        self._finding.drop()
        self.status.setText("")
        style = with_classes(self.layer, symbology)
        if not self.change(symbology=symbology, fill=style.fill, fill_opacity=style.fill_opacity):
            self.show_style()

    def _on_trouble(self, error: GisappError) -> None:
        self._finding.drop()
        self.status.setText(str(error))
        self.status.show()

    # Changing classes

    def _put(self, symbology: Symbology, gesture: str = "") -> None:
        self.change(gesture, symbology=symbology)

    def _on_class(self, one: SymbolClass, gesture: str) -> None:
        symbology, row = self.style_now.symbology, self.table.currentRow()
        if symbology is None:
            return
        if row >= len(symbology.classes):
            others = one.label.strip() or "All others"
            self._put(replace(symbology, others=others), f"others {gesture}" if gesture else "")
            return
        self._put(with_class(symbology, row, one), f"{row} {gesture}" if gesture else "")

    def _on_ticked(self, item: QTableWidgetItem) -> None:
        symbology, row = self.style_now.symbology, item.row()
        if symbology is None or item.column() != 0:
            return
        on = item.checkState() is Qt.CheckState.Checked
        if row >= len(symbology.classes):
            self._put(replace(symbology, others="All others" if on else ""))
        else:
            one = replace(symbology.classes[row], visible=on)
            self._put(with_class(symbology, row, one))

    def _add(self) -> None:
        symbology = self.style_now.symbology or Symbology()
        classes, color = symbology.classes, next_color(self.style_now)
        last = classes[-1].test if classes else None
        if isinstance(last, Range):
            step = last.high - last.low or 1.0
            test: Category | Range | Rule = Range(last.high, last.high + step)
            label = range_label(last.high, last.high + step)
        elif self._way is Way.CATEGORY:
            test, label = Category("new value"), "New value"
        else:
            test, label = Rule(self._any_rule()), f"Rule {len(classes) + 1}"
        added = (*classes, SymbolClass(label, test, color))
        self._put(replace(symbology, classes=added, scheme=Scheme.BY_HAND))
        self.table.setCurrentCell(len(classes), 0)
        field = {Rule: self.form.rule, Category: self.form.value}.get(type(test), self.form.high)
        field.setFocus()
        field.selectAll()

    def _remove(self) -> None:
        symbology, row = self.style_now.symbology, self.table.currentRow()
        if symbology is None or row >= len(symbology.classes):
            return
        kept = (*symbology.classes[:row], *symbology.classes[row + 1 :])
        self._put(replace(symbology, classes=kept, scheme=Scheme.BY_HAND))

    def _move(self, by: int) -> None:
        symbology, row = self.style_now.symbology, self.table.currentRow()
        if symbology is None or not 0 <= row + by < len(symbology.classes):
            return
        classes = list(symbology.classes)
        classes[row], classes[row + by] = classes[row + by], classes[row]
        self._put(replace(symbology, classes=tuple(classes)))
        self.table.setCurrentCell(row + by, 0)

    def _try(self, text: str) -> None:
        """Try a condition on the rows; only one that can be used reaches the project."""
        if not text:
            self.form.show_error(f"Write a condition, such as {self._any_rule()}.")
            return

        def failed(error: GisappError) -> None:
            self.form.show_error(error.message, error.hint)

        row = self.table.currentRow()

        def done(_: int) -> None:
            if row == self.table.currentRow():
                self.form.take_rule(text)

        self._trying.ask(style_finding.try_rule(self.layer, text), done, failed)
