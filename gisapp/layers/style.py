"""How things look: one style object and one set of meanings for screen, print and HTML.

Colours are Okabe and Ito's, told apart by colour-blind eyes; shape or line says the same again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from gisapp.layers.classes import Mark
from gisapp.layers.symbology import SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind

GREEN = "#009E73"
SKY = "#56B4E9"
GREY = "#7F7F7F"
VERMILLION = "#D55E00"
BLUE = "#0072B2"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"
YELLOW = "#F0E442"
INK = "#4A4A4A"
INK_ON_DARK = "#BDBDBD"
BROWN = "#8C6D46"
#: Water of the base map: so pale that no layer is taken for it.
WATER = "#9DB9CC"
#: Gi*, by confidence from 90 to 99 %: blue where there are fewer than chance, orange where more.
GI_COLD = ("#9CC3DE", "#4C97C6", BLUE)
GI_HOT = ("#F7D58B", ORANGE, "#B35C00")

#: The colours a layer can be given by hand, with their names for tool tips and screen readers.
CHOICES: tuple[tuple[str, str], ...] = (
    ("Blue", BLUE),
    ("Purple", PURPLE),
    ("Ink", INK),
    ("Orange", ORANGE),
    ("Green", GREEN),
    ("Sky", SKY),
    ("Vermillion", VERMILLION),
    ("Brown", BROWN),
    ("Grey", GREY),
)


class Line(StrEnum):
    SOLID = "solid"
    DASHED = "dashed"


class Fill(StrEnum):
    NONE = "none"
    PLAIN = "plain"
    HATCHED = "hatched"
    CROSS_HATCHED = "cross-hatched"


class PointDrawing(StrEnum):
    """How the points of a layer are drawn where each may be seen."""

    AUTOMATIC = "automatic"
    EACH = "each"
    SQUARES = "squares"
    CLUSTERS = "clusters"
    HEXAGONS = "hexagons"
    HEAT = "heat"

    @property
    def label(self) -> str:
        return {
            PointDrawing.AUTOMATIC: "Each place near, counts far",
            PointDrawing.EACH: "Each place",
            PointDrawing.SQUARES: "Counts in small squares",
            PointDrawing.CLUSTERS: "Clusters with numbers",
            PointDrawing.HEXAGONS: "Counts in hexagons",
            PointDrawing.HEAT: "Heat",
        }[self]


class Blend(StrEnum):
    """How the colours of a layer meet those below."""

    NORMAL = "normal"
    MULTIPLY = "multiply"
    SCREEN = "screen"
    DARKEN = "darken"
    LIGHTEN = "lighten"


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of a layer's features on the map.

    `column` is empty for the layer's own names. Where two names want one place the higher
    `priority` (0 to 10) has it. Names stand only where the map is at 1 : `farthest` or nearer.
    """

    shown: bool = True
    column: str = ""
    size: float = 7.5
    halo: bool = True
    priority: int = 5
    farthest: float | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a layer: colour as #RRGGBB, sizes in points of 1/72 inch, opacity 0 to 1.

    The layer is drawn only where the map is at 1 : `farthest` or nearer, and at 1 : `nearest`
    or farther; None is no limit. `symbology` tells its rows apart. The same value serves screen,
    print, HTML and QGIS.
    """

    color: str = INK
    size: float = 3.0
    width: float = 1.0
    opacity: float = 1.0
    fill_opacity: float = 0.0
    line: Line = Line.SOLID
    fill: Fill = Fill.NONE
    points: PointDrawing = PointDrawing.AUTOMATIC
    blend: Blend = Blend.NORMAL
    nearest: float | None = None
    farthest: float | None = None
    symbology: Symbology | None = None
    labels: Labels = Labels()

    def shown_at(self, scale: float) -> bool:
        """Whether a layer of this look is drawn on a map at 1 : `scale`."""
        too_far = self.farthest is not None and scale > self.farthest
        return not too_far and not (self.nearest is not None and scale < self.nearest)


def class_style(style: Style, one: SymbolClass) -> Style:
    """The look of the rows of a class: what it does not say is as the layer's style has it."""
    return replace(
        style,
        color=one.color or style.color,
        size=style.size if one.size is None else one.size,
        width=style.width if one.width is None else one.width,
    )


#: A fill at least this opaque is known by itself.
CLEAR_FILL = 0.3


def shared_border(style: Style, edge: str = "#FFFFFF") -> Style:
    """The look of borders between areas that are filled by class, none of which can claim them.

    Pale (`edge`) and solid where the fill is plain and clear: in their own colour they would be
    lost in it, or be taken for one more class. Else as the layer's style has it.
    """
    if style.fill is Fill.PLAIN and style.fill_opacity >= CLEAR_FILL:
        return replace(style, color=edge, line=Line.SOLID)
    return style


def default_style(kind: LayerKind) -> Style:
    """The look that look has a fixed meaning for, by kind of layer."""
    return {
        LayerKind.SERVICES: Style(color=BLUE, size=11),
        LayerKind.OVERDOSES: Style(color=PURPLE, size=4, opacity=0.85),
        LayerKind.STOPS: Style(color=INK, size=3, opacity=0.7),
        LayerKind.REFERRALS: Style(color=GREEN, size=4, opacity=0.85),
        LayerKind.DEPLOYMENTS: Style(color=ORANGE, width=2, fill_opacity=0.06, fill=Fill.PLAIN),
        LayerKind.BOUNDARIES: Style(color=GREY, width=1.2, line=Line.DASHED),
        LayerKind.STREETS: Style(color=GREY, width=0.8, opacity=0.6),
        LayerKind.POPULATION: Style(color=BROWN, width=0.8, fill_opacity=0.1, fill=Fill.PLAIN),
        LayerKind.OTHER: Style(color=BROWN, size=4, width=1.0),
    }[kind]


def first_style(kind: LayerKind, taken: Iterable[Style]) -> Style:
    """The look of a new layer: that of its kind, or of boundaries one that none has `taken`.

    Districts and neighbourhoods lie over each other, and are told apart by line and colour.
    """
    usual = default_style(kind)
    if kind is not LayerKind.BOUNDARIES:
        return usual
    looks = (
        usual,
        replace(usual, color=INK, width=1.0, line=Line.SOLID),
        replace(usual, color=BROWN, width=1.6),
        replace(usual, color=BROWN, width=0.8, line=Line.SOLID),
    )
    known = {(style.color, style.line) for style in taken}
    return next((one for one in looks if (one.color, one.line) not in known), usual)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: a swatch of a style, what it means, and how many there are."""

    label: str
    style: Style
    symbol: str = "point"  # point, service, line, area, ramp, marks or alert
    count: str = ""
    detail: str = ""
    ramp: tuple[tuple[str, str], ...] = ()  # ramp and marks: (colour, label) from low to high
    mark: Mark = Mark.DISC  # the shape of marks
    sides: tuple[float, ...] = ()  # of marks, or of a class's symbol: width as share of the largest
    column: str = ""  # of a class of amounts: what its label begins with, before a colon

    @property
    def own_label(self) -> str:
        """The label where the column is named above it."""
        return self.label.removeprefix(f"{self.column}: ") if self.column else self.label
