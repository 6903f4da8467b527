"""One class of a layer: its name, what it holds, and how it differs from the layer's symbol."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gisapp.layers.style import Style, class_style
from gisapp.layers.symbology import Category, Range, Rule, SymbolClass
from gisapp.render.class_styles import class_styles
from gisapp.ui import theme
from gisapp.ui.styles.fields import ColorField, Gesture, SizeField
from gisapp.ui.widgets.forms import Form, beside, secondary
from gisapp.ui.widgets.plain import tip

#: How long the typing must pause before a rule is tried, in milliseconds.
_PAUSE_MS = 250


class ClassForm(QWidget):
    """`changed(class, gesture)` tells a change that makes sense; `asked(text)` a rule to be tried.

    A rule comes back through `show_error`, or as a class of the project.
    """

    changed = Signal(object, str)
    asked = Signal(str)

    def __init__(self, symbol: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one: SymbolClass | None = None
        self._gesture = Gesture(self)
        self.label = QLineEdit()
        self.value = QLineEdit()
        self.low, self.high = _number_edit("Above"), _number_edit("Up to")
        self.rule = QLineEdit()
        self.color = ColorField("Colour")
        self.size_pt = SizeField("Size", 1, 40)
        self.width_px = SizeField("Line width", 0, 12, 0.2, " px")
        self.plain = secondary("As the layer", self._make_plain)
        self.plain.setToolTip("Give this class the colour and size of the layer’s own symbol")
        form = Form()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)
        self.label_row = form.add("Name", self.label)
        self.value_row = form.add("Value", self.value, "Empty: cells with nothing in them.")
        self.range_row = form.add("Above, up to", beside(self.low, self.high))
        self.rule_row = form.add("Condition", self.rule)
        point = symbol in ("point", "service")
        (self.width_px if point else self.size_pt).setParent(self)
        (self.width_px if point else self.size_pt).hide()
        measure = self.size_pt if point else self.width_px
        self.look_row = form.add(
            "Colour, size" if point else "Colour, width",
            beside(self.color, measure, self.plain),
        )
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(lambda: self.asked.emit(self.rule.text().strip()))
        self._connect()

    def _connect(self) -> None:
        self.label.textEdited.connect(lambda text: self._tell(self._gesture.key(), label=text))
        self.value.editingFinished.connect(self._on_value)
        self.low.editingFinished.connect(self._on_range)
        self.high.editingFinished.connect(self._on_range)
        self.rule.textEdited.connect(lambda _: self._later.start())
        self.color.chosen.connect(lambda color, gesture: self._tell(gesture, color=color))
        self.size_pt.changed.connect(lambda value, gesture: self._tell(gesture, size=value))
        self.width_px.changed.connect(lambda value, gesture: self._tell(gesture, width=value))

    # Showing

    def show_class(self, one: SymbolClass, style: Style, *, others: bool = False) -> None:
        """Show a class of a layer; of all others only the name can be changed here.

        A rule that is being typed stays as it is while the project still has the former one.
        """
        former, self._one = self._one, one
        same = former is not None and former.test == one.test
        look = _look(one, style)
        _put(self.label, one.label)
        test = one.test
        self.value_row.set_visible(isinstance(test, Category) and not others)
        self.range_row.set_visible(isinstance(test, Range))
        self.rule_row.set_visible(isinstance(test, Rule))
        self.look_row.set_visible(not others)
        if isinstance(test, Category):
            _put(self.value, test.value)
        elif isinstance(test, Range):
            _put(self.low, f"{test.low:.12g}")
            _put(self.high, f"{test.high:.12g}")
            self.low.setEnabled(test.first)
            self.range_row.set_error("")
        elif not same:
            _put(self.rule, test.where)
            self.rule_row.set_error("")
        self.color.set_color(look.color)
        self.size_pt.set_value(look.size)
        self.width_px.set_value(look.width)
        self.plain.setEnabled((one.color, one.size, one.width) != (None, None, None))

    def show_error(self, error: str, hint: str = "") -> None:
        """Say what is wrong with the rule that was tried; empty when nothing is.

        What to do, which may name every column of a wide table, stands in the tool tip.
        """
        self.rule_row.set_error(error)
        self.rule.setToolTip(tip(hint))

    def take_rule(self, text: str) -> None:
        """Keep a rule that was tried and found good."""
        self.show_error("")
        self._tell(self._gesture.key(), test=Rule(text))

    def edit_rule(self) -> None:
        """Put the cursor where the condition is typed."""
        self.rule.setFocus()
        self.rule.selectAll()

    # Changing

    def _tell(self, gesture: str, **changes: object) -> None:
        if self._one is not None:
            changed = replace(self._one, **changes)  # type: ignore[arg-type]
            if changed != self._one:
                self.changed.emit(changed, gesture)

    def _on_value(self) -> None:
        if self._one is not None and isinstance(self._one.test, Category):
            self._tell("", test=Category(self.value.text()))

    def _on_range(self) -> None:
        test = self._one.test if self._one is not None else None
        if not isinstance(test, Range):
            return
        try:
            low, high = _number(self.low.text()), _number(self.high.text())
        except ValueError:
            self.range_row.set_error("Write two numbers, such as 10 and 20.5.")
            return
        if low > high:
            self.range_row.set_error("The first number must not be more than the second.")
            return
        self.range_row.set_error("")
        if (f"{low:.12g}", f"{high:.12g}") != (f"{test.low:.12g}", f"{test.high:.12g}"):
            self._tell("", test=replace(test, low=low, high=high))

    def _make_plain(self) -> None:
        self._tell("", color=None, size=None, width=None)


def _look(one: SymbolClass, style: Style) -> Style:
    """How the rows of a class look on the map as it is now, light or dark."""
    classes = style.symbology.classes if style.symbology is not None else ()
    if one not in classes:
        return class_style(style, one)
    return class_styles(style, theme.current().dark)[classes.index(one)]


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("\u00a0", "").replace(" ", ""))


def _number_edit(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setToolTip(name)
    validator = QDoubleValidator(edit)
    validator.setLocale(QLocale.c())
    edit.setValidator(validator)
    return edit


def _put(edit: QLineEdit, text: str) -> None:
    """Show a text without moving the cursor of one that shows it already."""
    if edit.text() != text:
        edit.setText(text)
        edit.setCursorPosition(0)
