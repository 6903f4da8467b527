"""Which rows of a layer are shown: the table's conditions and the histogram's span together.

No Qt here, so that the rules are tested without a window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np

from gisapp.analysis.points.time_bars import RowSpan, Span, TimeBars
from gisapp.ui.table.conditions import Mask


class Part(StrEnum):
    """Who limits the rows of a layer."""

    TABLE = "table"
    CHOSEN = "chosen"
    TIME = "time"


class Show(Protocol):
    """Shows the rows of a layer: of a mask, or of a span where a time limits them; None for all."""

    def __call__(self, layer_id: str, rows: Mask | RowSpan | None, /) -> None: ...


class RowFilters:
    """The parts of each layer's filter; whatever changes, the map gets the rows in all of them."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._masks: dict[str, dict[Part, Mask]] = {}
        self._words: dict[str, dict[Part, str]] = {}
        self._times: dict[str, RowSpan] = {}
        #: The rows that all parts but the time let through, where there are such parts.
        self._fields: dict[str, Mask] = {}
        self._queries: dict[str, str] = {}
        #: How many rows are left of a layer, with its span of time and without; once counted.
        self._left: dict[tuple[str, bool], int] = {}
        self._lifted: list[Callable[[str], None]] = []
        self._times_lifted: list[Callable[[str], None]] = []
        #: Another number whenever a filter changes by more than its span of time.
        self.edition = 0

    def set(
        self, layer_id: str, part: Part, mask: Mask | None, words: str = "", query: str = ""
    ) -> None:
        """Limit a layer by one part; None lifts it.

        `words` say it to the reader, `query` is the same as a condition that can be read.
        """
        if part is Part.TABLE:
            self._queries[layer_id] = query
        masks = self._masks.setdefault(layer_id, {})
        said = self._words.setdefault(layer_id, {})
        if mask is None:
            if not self.limits(layer_id, part):
                return
            masks.pop(part, None)
            said.pop(part, None)
        else:
            masks[part], said[part] = mask, words
        if part is Part.TIME:
            self._times.pop(layer_id, None)
        else:
            self._join_fields(layer_id)
        self._tell(layer_id)

    def lift_fields(self, layer_id: str) -> None:
        """Take away all that limits a layer but its span of time, and say so to who set it."""
        for told in self._lifted:
            told(layer_id)
        for part in (Part.TABLE, Part.CHOSEN):
            self.set(layer_id, part, None)

    def when_lifted(self, told: Callable[[str], None]) -> None:
        """Have it called with a layer's id before the layer's filter is taken off elsewhere."""
        self._lifted.append(told)

    def lift_times(self, layer_id: str) -> None:
        """Take away the span of time of a layer, and say so to who set it."""
        for told in self._times_lifted:
            told(layer_id)
        self.set(layer_id, Part.TIME, None)

    def when_times_lifted(self, told: Callable[[str], None]) -> None:
        """Have it called with a layer's id before its span of time is taken off elsewhere."""
        self._times_lifted.append(told)

    def _join_fields(self, layer_id: str) -> None:
        masks = [mask for part, mask in self._masks[layer_id].items() if part != Part.TIME]
        self._fields.pop(layer_id, None)
        self._left.pop((layer_id, False), None)
        if masks:
            self._fields[layer_id] = masks[0] if len(masks) == 1 else _all_of(masks)
        self.edition += 1

    def fields(self, layer_id: str) -> Mask | None:
        """Rows that all but the span of time let through; None when only time limits the layer.

        The same array until one of these filters changes.
        """
        return self._fields.get(layer_id)

    def set_times(self, layer_id: str, bars: TimeBars, span: Span, words: str = "") -> None:
        """Limit a layer to a span of its times."""
        self._times[layer_id] = RowSpan(bars, span)
        self._masks.setdefault(layer_id, {}).pop(Part.TIME, None)
        self._words.setdefault(layer_id, {})[Part.TIME] = words
        self._tell(layer_id)

    def _tell(self, layer_id: str) -> None:
        times, fields = self._times.get(layer_id), self.fields(layer_id)
        self._left.pop((layer_id, True), None)
        if times is None:
            self._show(layer_id, self.combined(layer_id))
        else:
            self._show(
                layer_id, times if fields is None else RowSpan(times.bars, times.span, fields)
            )

    def left(self, layer_id: str, rows: Mask, *, times: bool) -> int:
        """How many rows a layer's filters let through, with its span of time or without.

        `rows` are those; they are counted once for each change (0.6 ms for ten million).
        """
        known = self._left.get((layer_id, times))
        if known is None:
            known = self._left[layer_id, times] = int(np.count_nonzero(rows))
        return known

    def limits(self, layer_id: str, part: Part) -> bool:
        """Whether this part limits the layer."""
        timed = part is Part.TIME and layer_id in self._times
        return timed or part in self._masks.get(layer_id, {})

    def mask(self, layer_id: str, part: Part) -> Mask | None:
        """The rows that one part lets through; None where it does not limit the layer."""
        if part is Part.TIME and layer_id in self._times:
            return self._times[layer_id].mask
        return self._masks.get(layer_id, {}).get(part)

    def combined(self, layer_id: str) -> Mask | None:
        """Rows that every part lets through; None when nothing limits the layer."""
        fields, times = self.fields(layer_id), self.mask(layer_id, Part.TIME)
        if fields is None or times is None:
            return times if fields is None else fields
        return fields & times

    def said(self, layer_id: str, part: Part) -> str:
        """What one part limits the layer to, in the words it was set with; empty without it."""
        return self._words.get(layer_id, {}).get(part, "")

    def query(self, layer_id: str) -> str:
        """The filter by fields as a condition that can be read; empty where there is none."""
        held = self.mask(layer_id, Part.TABLE) is not None
        return self._queries.get(layer_id, "") if held else ""

    def in_words(self, layer_id: str, *, times: bool = True) -> str:
        """What limits the layer, as text for a subtitle; empty when nothing does."""
        said = self._words.get(layer_id, {})
        parts = [part for part in Part if times or part is not Part.TIME]
        return "; ".join(said[part] for part in parts if said.get(part))

    def keep_only(self, layer_ids: Iterable[str]) -> None:
        """Forget layers that have gone; the map knows already."""
        kept = set(layer_ids)
        self._masks = {key: value for key, value in self._masks.items() if key in kept}
        self._words = {key: value for key, value in self._words.items() if key in kept}
        self._times = {key: value for key, value in self._times.items() if key in kept}
        self._fields = {key: value for key, value in self._fields.items() if key in kept}
        self._queries = {key: value for key, value in self._queries.items() if key in kept}
        self._left.clear()


def _all_of(masks: Sequence[Mask]) -> Mask:
    every = masks[0] & masks[1]
    for mask in masks[2:]:
        every &= mask
    return every
