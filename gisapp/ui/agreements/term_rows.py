"""Rows of an agreement's form on the law and on what is suspended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from gisapp.layers.agreement import LegalBasis
from gisapp.layers.terms import Offence, Threshold
from gisapp.ui.agreements.row_list import Row, Rows, choice_box, line_edit
from gisapp.ui.widgets.forms import INSIDE, choose

#: Whether an agreement reaches an offence, in words.
_REACH = (("Covered: not enforced here", True), ("Not covered: enforced as ever", False))


class LegalBasisRow(Row):
    """What law, order or policy it rests on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("legal basis", parent)
        self.instrument = line_edit("Law, order or policy")
        self.section = line_edit("Section")
        self.jurisdiction = line_edit("Jurisdiction", "Where it is law")
        self.url = line_edit("Where to read it", "https://…")
        fields = ((self.instrument, 4), (self.section, 2), (self.jurisdiction, 2), (self.url, 3))
        self.arrange(*fields)

    @property
    def value(self) -> LegalBasis:
        return LegalBasis(
            self.instrument.text().strip(),
            self.jurisdiction.text().strip(),
            self.section.text().strip(),
            self.url.text().strip(),
        )

    def fill(self, basis: LegalBasis) -> None:
        self.instrument.setText(basis.instrument)
        self.section.setText(basis.section)
        self.jurisdiction.setText(basis.jurisdiction)
        self.url.setText(basis.url)

    def problem(self) -> str:
        named = self.instrument.text().strip()
        return "" if named else "Name each law, order or policy, or remove its row."


class OffenceRow(Row):
    """A provision of law, and whether the agreement reaches it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("offence", parent)
        self.reference = line_edit("Offence", "Offence, such as possession, section 5(2)")
        self.included = choice_box("Whether it is covered", _REACH)
        self.arrange((self.reference, 1), (self.included, 1))

    @property
    def value(self) -> Offence:
        return Offence(self.reference.text().strip(), bool(self.included.currentData()))

    def fill(self, offence: Offence) -> None:
        self.reference.setText(offence.reference)
        choose(self.included, offence.included)

    def problem(self) -> str:
        named = self.reference.text().strip()
        return "" if named else "Name each offence, or remove its row."


class ThresholdRow(Row):
    """Up to how much of a substance counts as personal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("amount", parent)
        self.substance = line_edit("Substance", "Substance, or all substances")
        self.amount = line_edit("Up to this amount", "Amount")
        self.amount.setFixedWidth(90)
        self.unit = line_edit("Unit", "g")
        self.unit.setFixedWidth(70)
        self.cumulative = QCheckBox("All substances together")
        self.arrange((self.substance, 1), (self.amount, 0), (self.unit, 0), (self.cumulative, 0))

    @property
    def value(self) -> Threshold | None:
        if self.problem():
            return None
        return Threshold(
            self.substance.text().strip(),
            float(self.amount.text().replace(",", ".")),
            self.unit.text().strip() or "g",
            self.cumulative.isChecked(),
        )

    def fill(self, threshold: Threshold) -> None:
        self.substance.setText(threshold.substance)
        self.amount.setText(f"{threshold.amount:.12g}")
        self.unit.setText(threshold.unit)
        self.cumulative.setChecked(threshold.cumulative)

    def problem(self) -> str:
        if not self.substance.text().strip():
            return "Name the substance of each amount, or remove its row."
        text = self.amount.text().strip()
        try:
            amount = float(text.replace(",", "."))
        except ValueError:
            return f"“{text}” is not an amount. Write it such as 2.5."
        return "" if 0 < amount < 1e9 else "An amount is more than zero."


class LegalBasisField(Rows[LegalBasis]):
    """What laws, orders or policies an agreement rests on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add legal basis", LegalBasisRow, parent)

    @property
    def rows(self) -> list[LegalBasisRow]:
        return [row for row in self._rows if isinstance(row, LegalBasisRow)]


class ThresholdsField(Rows[Threshold]):
    """Amounts up to which possession counts as personal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add amount", ThresholdRow, parent)

    @property
    def rows(self) -> list[ThresholdRow]:
        return [row for row in self._rows if isinstance(row, ThresholdRow)]


_SUPPLY_WORDS = ("supply", "dealing", "traffic", "distribut")


def speaks_of_supply(reference: str) -> bool:
    """Whether an offence is one of supply, by the words of its reference."""
    return any(word in reference.casefold() for word in _SUPPLY_WORDS)


class OffencesField(Rows[Offence]):
    """Offences in and out; supply has a row of its own that is always there to be answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add offence", OffenceRow, parent)
        self.supply = choice_box("Supply or dealing", [("Not said yet", None), *_REACH])
        self.reference = line_edit("Provision on supply", "Provision, if the paper names it")
        line = QHBoxLayout()
        line.setSpacing(INSIDE)
        line.addWidget(QLabel("Supply or dealing"))
        line.addWidget(self.reference, 1)
        line.addWidget(self.supply, 1)
        self._layout.insertLayout(0, line)
        self._place = 0
        self.supply.currentIndexChanged.connect(lambda _: self._on_touched())
        self.reference.textChanged.connect(lambda _: self._on_touched())
        self.setFocusProxy(self.reference)

    @property
    def rows(self) -> list[OffenceRow]:
        return [row for row in self._rows if isinstance(row, OffenceRow)]

    def add_row(self) -> Row:
        row = super().add_row()
        # The line of supply stands above, so every row is one place lower.
        self._layout.removeWidget(row)
        self._layout.insertWidget(len(self._rows), row)
        return row

    @property
    def values(self) -> tuple[Offence, ...]:
        if self._given is not None:
            return self._given
        found = [row.value for row in self.rows]
        answer = self.supply.currentData()
        if answer is not None:
            named = self.reference.text().strip() or "Supply"
            found.insert(self._place, Offence(named, bool(answer)))
        return tuple(found)

    def set_values(self, values: Sequence[Offence]) -> None:
        places = [at for at, one in enumerate(values) if speaks_of_supply(one.reference)]
        others = list(values)
        self._place = places[0] if places else 0
        if places:
            supply = others.pop(places[0])
            choose(self.supply, supply.included)
            self.reference.setText("" if supply.reference == "Supply" else supply.reference)
        else:
            self.supply.setCurrentIndex(0)
            self.reference.clear()
        super().set_values(others)
        self._given = tuple(values)

    def problem(self) -> str:
        if self.reference.text().strip() and self.supply.currentData() is None:
            return "Say whether supply is covered."
        return super().problem()
