"""What is to be said of rows of a plan that are placed by the names of streets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gisapp.errors import DataError

#: How wide a street is taken from side to side where no radius says otherwise.
STREET_WIDTH_M = 20.0
NO_LAYER = "streets, and the project holds no layer of streets"
STREETS_FIRST = "Import the streets of the city first, then this plan."
OTHER_STREETS = "streets that are not in the layer of streets"
#: Different reasons are told one by one up to so many; codes are single bytes.
_MOST_REASONS = 200
#: Sentences on rows of which only some streets were found.
_MOST_TOLD = 20
#: Lines of the file that such a sentence names.
_MOST_LINES = 6


@dataclass(slots=True)
class Told:
    """Reasons by their code, and what is to be said of rows that came in."""

    reasons: list[str]
    notes: list[str] = field(default_factory=list)
    shared: dict[str, list[int]] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    untold: int = 0
    bands: int = 0

    def code(self, reason: str) -> int:
        """The code of a reason why a row has no place; one for all from some number on."""
        if reason not in self.reasons:
            if len(self.reasons) >= _MOST_REASONS and reason != OTHER_STREETS:
                return self.code(OTHER_STREETS)
            self.reasons.append(reason)
        return self.reasons.index(reason)

    def tell(self, note: str) -> None:
        """Keep a sentence on a row that came in with some of its streets."""
        if len(self.notes) < _MOST_TOLD:
            self.notes.append(note)
        else:
            self.untold += 1

    def tell_shared(self, sentences: Sequence[str], line: int) -> None:
        """Keep what is said of names that several streets share, once for all rows alike."""
        for sentence in sentences:
            self.shared.setdefault(sentence, []).append(line)

    @property
    def _shared_notes(self) -> Iterator[str]:
        for sentence, lines in list(self.shared.items())[:_MOST_TOLD]:
            yield f"{_lines_words(lines)}: {sentence}"
        if len(self.shared) > _MOST_TOLD:
            rest = len(self.shared) - _MOST_TOLD
            yield f"{rest:,} more such {'name is' if rest == 1 else 'names are'} not listed."

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The sentences for the report, what has to be done first in front."""
        more = (f"{self.untold:,} more rows name streets not found.",) if self.untold else ()
        wide = f"Streets are taken {STREET_WIDTH_M:.0f} m wide, from side to side."
        return (
            *self._waiting_notes,
            *self.notes,
            *more,
            *self._shared_notes,
            *((wide,) if self.bands else ()),
        )

    @property
    def _waiting_notes(self) -> Iterator[str]:
        if self.waiting:
            names = "names" if len(self.waiting) == 1 else "name"
            yield (
                f"{_lines_words(self.waiting)} {names} streets, and the project holds no layer of "
                f"streets to find them in. {STREETS_FIRST}"
            )


def _lines_words(lines: Sequence[int]) -> str:
    """`Line 3`, `Lines 3 and 9`, `Lines 3, 4, 5, 6, 7, 8 and 12 more`."""
    told = [f"{line:,}" for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        told.append(f"{len(lines) - _MOST_LINES:,} more")
    if len(told) == 1:
        return f"Line {told[0]}"
    return f"Lines {', '.join(told[:-1])} and {told[-1]}"


def as_reason(troubles: Sequence[DataError]) -> str:
    """Errors as a reason in a list: `no street “Rhace St” in “Streets” (did you mean …?)`."""
    said = []
    for trouble in troubles:
        what = trouble.message.rstrip(".").replace("There is no street", "no street", 1)
        hint = trouble.hint[:1].lower() + trouble.hint[1:].rstrip(".")
        said.append(f"{what} ({hint})" if hint else what)
    return ", ".join(said)
