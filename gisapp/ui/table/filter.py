"""The filter of the layer that is listed: conditions, or a query as text, and the rows chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gisapp.analysis.classes.expression_notes import notes_on
from gisapp.analysis.classes.expressions import mask_where
from gisapp.errors import DataError, GisappError
from gisapp.layers.audience import Audience, sees_confidential, threshold
from gisapp.layers.confidential import names_a_site, open_rows
from gisapp.layers.layer import Layer
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Selection, Session
from gisapp.ui.table.conditions import (
    ColumnType,
    Condition,
    Mask,
    Operator,
    column_type,
    counted,
    in_words,
    listed,
    values_in,
)
from gisapp.ui.table.filter_bar import ConditionRow, FilterBar
from gisapp.ui.table.filter_limits import selected_words
from gisapp.ui.table.filter_pickers import NumberPicker, Picker, TextPicker
from gisapp.ui.table.filter_query import QueryLine
from gisapp.ui.table.filter_text import conditions_of, text_of
from gisapp.ui.table.filter_values import Spread, Values, spread_of, values_of
from gisapp.ui.table.row_filter import Part
from gisapp.ui.table.source import why_not_listed
from gisapp.ui.widgets.forms import INSIDE

#: What counts are of where a span of time, or what is selected, limits the map and not them.
_OF_ALL = {Part.TIME: " of all times", Part.CHOSEN: ", selected or not"}


class TableFilter(QWidget):
    """Conditions and their text, each following the other; what holds limits table and map.

    `bar` with the conditions is for its owner to place.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.layer: Layer | None = None
        self.conditions: dict[str, tuple[Condition, ...]] = {}
        #: Queries that are no conditions, by layer.
        self.texts: dict[str, str] = {}
        #: Layers whose filter was asked for by who sees all of their rows.
        self._asked_of_all: set[str] = set()
        #: What the counts leave aside that limits the layer as well.
        self._of = ""
        self._matches, self._counts = LookUp(session), LookUp(session)
        self._values = LookUp(session)
        self.picker: Picker | None = None
        self.bar = FilterBar()
        self.query = QueryLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE // 2)
        column.addWidget(self.query)
        self.bar.changed.connect(self._on_conditions)
        self.bar.values_wanted.connect(self._pick)
        self.query.asked.connect(self._count)
        self.query.only.connect(self.show_only)
        self.query.select.connect(self._select)
        session.filters.when_lifted(self._forget_filter)
        session.look_changed.connect(self._say_of_what)

    def show_layer(self, layer: Layer | None, *, listed: bool) -> None:
        """The filter of another layer; where its rows are not listed it can only be cleared."""
        self.layer = layer
        for look_up in (self._counts, self._values):
            look_up.drop()
        if layer is not None and listed:
            self.bar.show_table(layer.table, self.conditions.get(layer.id, ()))
            self.query.show_text(self.text)
        else:
            self.bar.show_table(pa.table({}), ())
            self.query.show_text("")
        self._say_of_what()

    def _say_of_what(self) -> None:
        """Counts are of all times and all rows, selected or not: none is made anew with each step
        of a time brush.
        """
        key = self.layer.id if self.layer is not None else ""
        aside = [words for part, words in _OF_ALL.items() if self.session.filters.limits(key, part)]
        if (of := "".join(aside)) != self._of:
            self._of = of
            for said in (self.bar, self.query):
                said.count_of(of)

    @property
    def text(self) -> str:
        """The filter that holds, as a query; empty where none does."""
        if self.layer is None:
            return ""
        conditions = self.conditions.get(self.layer.id, ())
        try:
            written = text_of(conditions, self.layer.table)
        except DataError:
            written = ""
        return self.texts.get(self.layer.id) or written

    @property
    def limits(self) -> bool:
        """Whether the listed layer is limited by more than time."""
        key = self.layer.id if self.layer is not None else ""
        chosen = self.session.filters.limits(key, Part.CHOSEN)
        return bool(chosen or self.conditions.get(key) or self.texts.get(key) or self.bar.rows)

    def clear(self) -> None:
        """Show all rows again, whatever limited them here."""
        if self.layer is not None:
            self.session.filters.lift_fields(self.layer.id)

    def _forget_filter(self, layer_id: str) -> None:
        """The filter of a layer is taken off, here or elsewhere."""
        self.conditions.pop(layer_id, None)
        self.texts.pop(layer_id, None)
        if self.layer is not None and self.layer.id == layer_id:
            self._matches.drop()
            self._counts.drop()
            self.bar.show_table(self.bar.table, ())
            self.query.show_text("")

    def count_again(self) -> None:
        """Say anew how many rows are left, for an audience that sees others; `show_layer` first."""
        layer = self.layer
        if layer is not None and self.bar.rows:
            self._apply(layer, self.conditions.get(layer.id, ()))

    def _seen(self) -> Mask | None:
        """The rows of the listed layer that may be counted for the audience; None for all."""
        if self.layer is None:
            return None
        return open_rows(self.layer, self.session.look.audience, exported=False)

    def follow(self, layers: Iterable[Layer]) -> None:
        """Keep only what belongs to these layers, and the listed one as it is among them."""
        kept = {layer.id: layer for layer in layers}
        self.conditions = {key: value for key, value in self.conditions.items() if key in kept}
        self.texts = {key: value for key, value in self.texts.items() if key in kept}
        self._asked_of_all &= kept.keys()
        if self.layer is not None:
            self.layer = kept.get(self.layer.id, self.layer)

    def only_selected(self) -> None:
        """Show only the rows that are selected."""
        layer, selection = self.layer, self.session.selection
        if layer is None or selection.layer_id != layer.id or not len(selection.rows):
            self.session.tell("No row of this layer is selected. Select some in table or map.")
            return
        mask = np.zeros(len(layer), dtype=bool)
        mask[selection.rows] = True
        self._note_asker(layer)
        words = selected_words(len(selection.rows))
        self.session.filters.set(layer.id, Part.CHOSEN, mask, words)

    def lift_chosen(self, audience: Audience) -> None:
        """Show no rows chosen one by one to whom they are not listed, and none by a filter that
        leaves few of them or leaves few of them out.

        Two pictures that differ by a row would else let a small count be worked out, and the
        words of such a filter may name a single case.
        """
        self.lift_untold(audience)
        for layer in self.session.project.layers:
            if not why_not_listed(layer, audience):
                continue
            filters = self.session.filters
            if filters.limits(layer.id, Part.CHOSEN):
                filters.set(layer.id, Part.CHOSEN, None)
            mask = filters.mask(layer.id, Part.TABLE)
            if mask is not None and _tells_few_apart(mask, audience):
                self.conditions.pop(layer.id, None)
                self.texts.pop(layer.id, None)
                filters.set(layer.id, Part.TABLE, None)
                self.session.tell(
                    f"The filter of “{layer.name}” was lifted: it told fewer than "
                    f"{threshold(audience)} rows from the others."
                )

    def lift_untold(self, audience: Audience) -> None:
        """Lift filters, and forget queries, that may say what a hidden service is like.

        Those that name one, and all of a layer with hidden rows that were asked for by who saw
        them: an address or a number may be that of a hidden row, kept or left out.
        """
        if sees_confidential(audience, exported=False):
            return
        project = self.session.project
        whole = {
            layer.id
            for layer in project.layers
            if open_rows(layer, audience, exported=False) is None
        }
        for layer in project.layers:
            said = self._said(layer)
            untold = layer.id in self._asked_of_all - whole
            if untold or (said and names_a_site(project, said)):
                self._lift(layer)
        self.query.forget(
            lambda text, asked_of: not asked_of <= whole or names_a_site(project, text)
        )

    def _said(self, layer: Layer) -> str:
        return self.session.filters.in_words(layer.id, times=False)

    def _lift(self, layer: Layer) -> None:
        said = self._said(layer)
        self._asked_of_all.discard(layer.id)
        # Its rows may still be looked for.
        self._matches.drop()
        self.session.filters.lift_fields(layer.id)
        if said:
            self.session.tell(
                f"The filter of “{layer.name}” was lifted: its words are for police analysts alone."
            )

    def _note_asker(self, layer: Layer) -> None:
        """Note whether who asks for a filter of the listed layer sees all of its rows."""
        if self._seen() is None:
            self._asked_of_all.add(layer.id)
        else:
            self._asked_of_all.discard(layer.id)

    def _kept_with(self, layer: Layer) -> str:
        """The layer whose hidden rows a query that is asked now may mean; empty for none."""
        return layer.id if self._seen() is None else ""

    # Conditions

    def _on_conditions(self, conditions: tuple[Condition, ...]) -> None:
        layer = self.layer
        if layer is None:
            return
        if conditions == self.conditions.get(layer.id, ()) and layer.id not in self.texts:
            return
        self.texts.pop(layer.id, None)
        self._note_asker(layer)
        self._apply(layer, conditions)

    def _apply(self, layer: Layer, conditions: tuple[Condition, ...]) -> None:
        self.conditions[layer.id] = conditions
        self._matches.drop()
        self.query.show_text(self.text)
        if not conditions:
            self.session.filters.set(layer.id, Part.TABLE, None)
            return
        table, layer_id, words = layer.table, layer.id, in_words(conditions)
        text = self.text
        seen = self._seen()

        def done(found: tuple[Mask, tuple[int, ...]]) -> None:
            if self.conditions.get(layer_id) == conditions:
                if self.layer is not None and self.layer.id == layer_id:
                    self.bar.show_left(found[1])
                self.session.filters.set(layer_id, Part.TABLE, found[0], words, text)

        def work(progress: Progress) -> tuple[Mask, tuple[int, ...]]:
            return counted(table, conditions, progress, seen=seen)

        self._ask(self._matches, layer, work, done)

    def _ask(
        self,
        look_up: LookUp,
        layer: Layer,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        failed: Callable[[GisappError], None] | None = None,
    ) -> None:
        look_up.ask(Task("Filtering rows", work, reads=frozenset({layer.id})), done, failed)

    # The query

    def show_only(self, text: str) -> None:
        """Let a query limit table and map: as conditions where it says no more than they can."""
        layer = self.layer
        if layer is None:
            return
        if not text:
            self.clear()
            return
        self._note_asker(layer)
        conditions, kept_with = conditions_of(text, layer.table), self._kept_with(layer)
        if conditions is not None:
            self.query.remember(text, kept_with)
            self.texts.pop(layer.id, None)
            self.bar.show_table(layer.table, conditions)
            self._apply(layer, conditions)
            return

        def done(found: tuple[Mask, str]) -> None:
            mask = found[0]
            self.query.remember(text, kept_with)
            self.texts[layer.id] = text
            self.conditions.pop(layer.id, None)
            if self.layer is not None and self.layer.id == layer.id:
                self.bar.show_table(layer.table, ())
                self.query.show_text(text)
                self._say(found)
            self.session.filters.set(layer.id, Part.TABLE, mask, text, text)

        self._ask(self._matches, layer, _reading(layer, text, self._seen()), done, self._refuse)

    def _count(self, text: str) -> None:
        layer = self.layer
        self._counts.drop()
        self.query.say("", "")
        if layer is not None and text:
            work = _reading(layer, text, self._seen())
            self._ask(self._counts, layer, work, self._say, self._refuse)

    def _select(self, text: str) -> None:
        layer = self.layer
        if layer is None or not text:
            return

        seen, kept_with = self._seen(), self._kept_with(layer)

        def work(progress: Progress) -> tuple[tuple[Mask, str], NDArray[np.int64]]:
            found = _reading(layer, text, seen)(progress)
            return found, np.flatnonzero(found[0] if seen is None else found[0] & seen)

        def done(found: tuple[tuple[Mask, str], NDArray[np.int64]]) -> None:
            self.query.remember(text, kept_with)
            self._say(found[0])
            self.session.select(Selection(layer_id=layer.id, rows=found[1]))

        self._ask(self._counts, layer, work, done, self._refuse)

    def _say(self, found: tuple[Mask, str]) -> None:
        (mask, note), seen = found, self._seen()
        count = int(np.count_nonzero(mask if seen is None else mask & seen))
        self.query.say("1 row" if count == 1 else f"{count:,} rows", "", note)

    def _refuse(self, error: GisappError) -> None:
        key = self.layer.id if self.layer is not None else ""
        held = self.session.filters.said(key, Part.TABLE)
        self.query.say(
            "", str(error), f"The filter from before still holds: {held}" if held else ""
        )

    # Values to pick

    def _pick(self, row: ConditionRow) -> None:
        layer = self.layer
        if layer is None:
            return
        column = layer.table[row.condition.column]
        seen = self._seen()
        if seen is not None:
            # Nor may a confidential service stand in the list as one value more.
            column = column.filter(pa.array(seen))
        numbers = column_type(column.type) is ColumnType.NUMBER

        def work(progress: Progress) -> Values | Spread | None:
            return spread_of(column, progress) if numbers else values_of(column, progress)

        def done(found: Values | Spread | None) -> None:
            if row in self.bar.rows and found is not None:
                self.picker = _picker(row, found)
                self.picker.open_under(row.pick)

        self._ask(self._values, layer, work, done)


def _reading(layer: Layer, text: str, seen: Mask | None) -> Callable[[Progress], tuple[Mask, str]]:
    """Work that finds the rows a query means, and what to know of it."""

    def work(progress: Progress) -> tuple[Mask, str]:
        mask = mask_where(layer, text)
        progress.check()
        return mask, " ".join(notes_on(layer, text, seen))

    return work


def _picker(row: ConditionRow, found: Values | Spread) -> Picker:
    """The window for a row of the filter, with what it says already."""
    condition = row.condition
    if isinstance(found, Values):
        exactly = condition.operator is Operator.EXACTLY
        picker = TextPicker(found, values_in(condition.value) if exactly else (), row)
        picker.chosen.connect(lambda texts: row.say(Operator.EXACTLY, listed(texts)))
        return picker
    ends = None
    parts = condition.value.split(" to ")
    if condition.operator is Operator.BETWEEN and len(parts) == 2:
        try:
            ends = float(parts[0]), float(parts[1])
        except ValueError:
            ends = None

    def told(low: float, high: float) -> None:
        row.say(Operator.BETWEEN, f"{_written(low)} to {_written(high)}")

    return NumberPicker(found, ends, told, row)


def _written(value: float) -> str:
    """A number without an exponent, as a condition reads it."""
    return np.format_float_positional(value, trim="-")


def _tells_few_apart(mask: Mask, audience: Audience) -> bool:
    """Whether a filter leaves, or leaves out, fewer rows than this audience may see as a count."""
    left = int(np.count_nonzero(mask))
    return min(left, len(mask) - left) < threshold(audience)
