"""Changes of a layer's classes, and what is said of them: no widgets here."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from gisapp.analysis.classes.making import CATEGORY_COLORS, Vary, range_labels
from gisapp.layers.color_distance import apart_from
from gisapp.layers.style import BLUE, CHOICES, Style
from gisapp.layers.symbology import Category, Range, Scheme, SymbolClass, Symbology


class Way(StrEnum):
    NONE = "One symbol for all"
    CATEGORY = "By category"
    AMOUNT = "By amount"
    RULES = "By rules"


def way_of(symbology: Symbology | None) -> Way:
    """How a symbology tells rows apart."""
    if symbology is None or not symbology.classes:
        return Way.NONE
    tests = [one.test for one in symbology.classes]
    if all(isinstance(test, Category) for test in tests):
        return Way.CATEGORY
    if all(isinstance(test, Range) for test in tests):
        return Way.AMOUNT
    return Way.RULES


def with_class(symbology: Symbology, row: int, one: SymbolClass) -> Symbology:
    """The symbology with another class in a row; ranges beside it meet its new ends.

    Labels that say the limits of a range follow them; any other label stays.
    """
    classes = list(symbology.classes)
    former, classes[row] = classes[row], one
    test, scheme = one.test, symbology.scheme
    if former.test != test:
        scheme = Scheme.BY_HAND
        classes[row] = _relabelled(former, one)
    if isinstance(test, Range) and former.test != test and row + 1 < len(classes):
        above = classes[row + 1]
        if isinstance(above.test, Range):
            high = max(above.test.high, test.high)
            moved = replace(above, test=Range(test.high, high, above.test.first))
            classes[row + 1] = _relabelled(above, moved)
    return replace(symbology, classes=tuple(classes), scheme=scheme)


def _relabelled(former: SymbolClass, one: SymbolClass) -> SymbolClass:
    """The class with the label of its new limits, where it had that of the former ones."""
    old, new = former.test, one.test
    if isinstance(old, Range) and isinstance(new, Range) and former.label == one.label:
        said = range_labels(old)
        if one.label in said:
            return replace(one, label=range_labels(new)[said.index(one.label)])
    return one


def same_tests(one: Symbology, other: Symbology) -> bool:
    """Whether two symbologies put each row into the class of the same number."""
    tests = [c.test for c in one.classes] == [c.test for c in other.classes]
    return tests and one.column == other.column


def next_color(style: Style) -> str:
    """A colour that no class has yet, and that does not look like that of all others."""
    classes = style.symbology.classes if style.symbology is not None else ()
    ours = (color for _, color in CHOICES if color != BLUE)
    # The blue of services comes last: they lie on the same map.
    known = tuple(dict.fromkeys((*ours, *CATEGORY_COLORS[1:], BLUE)))
    apart = apart_from(style.color, known)
    used = {(one.color or style.color).upper() for one in classes}
    free = [color for color in apart if color not in used]
    return free[0] if free else apart[len(classes) % len(apart)]


def ways_to_vary(symbol: str) -> list[tuple[str, Vary]]:
    """What can show an amount, with its name; of areas only the colour.

    Wider edges would be shared with neighbours of other amounts, and lost round a fill.
    """
    if symbol == "area":
        return [(Vary.COLOR.label, Vary.COLOR)]
    if symbol == "line":
        return [
            (Vary.COLOR.label, Vary.COLOR),
            ("Line width", Vary.SIZE),
            ("Colour and line width", Vary.BOTH),
        ]
    return [(one.label, one) for one in Vary]


def counts_in_words(symbology: Symbology, counts: tuple[int, ...]) -> str:
    if not counts:
        return "Counting rows…"
    rest = counts[-1]
    if not rest:
        return ""
    where = "drawn with the layer’s own symbol" if symbology.others else "not drawn"
    rows = "row is" if rest == 1 else "rows are"
    return f"{rest:,} {rows} in no class: {where}."
