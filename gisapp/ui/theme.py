"""One palette and one style sheet, made from tokens: the only place in the window with colours.

Colours that mean something on the map (zones, services …) are in `layers.style`; here are those
of the window itself, in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from gisapp.layers.style import YELLOW
from gisapp.ui.style_sheet import style_sheet


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as #RRGGBB, lengths in logical pixels, text sizes in points."""

    dark: bool
    window: str
    panel: str
    raised: str
    hover: str
    pressed: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    focus: str
    link: str
    map_ground: str
    map_ink: str
    map_paper: str
    halo: str
    halo_edge: str
    info: str
    done: str
    warning: str
    error: str
    info_soft: str
    done_soft: str
    warning_soft: str
    error_soft: str
    frame: str
    gap_small: int = 4
    gap: int = 8
    gap_large: int = 16
    radius: int = 6
    row: int = 28
    icon_tool: int = 20
    icon_list: int = 16
    text_body: float = 10.0


_LIGHT = Tokens(
    dark=False,
    window="#F4F5F7",
    panel="#FFFFFF",
    raised="#FFFFFF",
    hover="#E9ECF0",
    pressed="#DCE1E7",
    border="#DDE1E6",
    border_strong="#8A94A0",
    text="#1D2630",
    muted="#576270",
    disabled="#99A2AD",
    accent="#1F4E6B",
    accent_hover="#2A658A",
    accent_text="#FFFFFF",
    accent_soft="#DCE8EF",
    focus="#2A658A",
    link="#1A5C86",
    map_ground="#F7F6F3",
    map_ink="#25303A",
    map_paper="#FFFFFF",
    halo=YELLOW,
    halo_edge="#1D2630",
    info="#1A5C86",
    done="#00694D",
    warning="#8A5A00",
    error="#A83F00",
    info_soft="#E6F0F6",
    done_soft="#E2F3ED",
    warning_soft="#FCF2DC",
    error_soft="#FBE9DF",
    frame="#B3261E",
)

_DARK = Tokens(
    dark=True,
    window="#1B2026",
    panel="#22282F",
    raised="#2A3139",
    hover="#323A44",
    pressed="#3C4651",
    border="#363F49",
    border_strong="#7C8894",
    text="#E7EAEE",
    muted="#A6B0BB",
    disabled="#67717C",
    accent="#7FB7D9",
    accent_hover="#9AC9E6",
    accent_text="#10202B",
    accent_soft="#2C4353",
    focus="#9AC9E6",
    link="#8CC3E6",
    map_ground="#1E2328",
    map_ink="#E7EAEE",
    map_paper="#22282F",
    halo=YELLOW,
    halo_edge="#0C1014",
    info="#8CC3E6",
    done="#5FCBA8",
    warning="#F0BE5A",
    error="#FF9B66",
    info_soft="#22333F",
    done_soft="#1E3A33",
    warning_soft="#3E341F",
    error_soft="#452C21",
    frame="#F2766B",
)


#: Set on an application that has its style already: under a sheet, Qt does not tell which it is.
_FUSION = "fusion"
#: Set by Qt on a widget that the style has dressed.
_DRESSED = Qt.WidgetAttribute.WA_WState_Polished
#: Set on a widget that has a style of its own, which none has here.
_STYLED = Qt.WidgetAttribute.WA_SetStyle
#: How many widgets are dressed in one turn: each takes 0.03 to 0.1 ms.
_AT_ONCE = 60


@lru_cache(maxsize=2)
def tokens(dark: bool) -> Tokens:
    """The measures and colours of the window; text sizes follow the system's own font."""
    return _DARK if dark else _LIGHT


def color(name: str, alpha: float = 1.0) -> QColor:
    """A token's colour (`#RRGGBB`) as a QColor, more or less opaque."""
    value = QColor(name)
    value.setAlphaF(alpha)
    return value


def current() -> Tokens:
    """The tokens of the palette the application shows now."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return tokens(window.lightness() < 128)


def system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def font(size: str = "body", *, bold: bool = False) -> QFont:
    """The system's font in one of three sizes: `title`, `body` or `small`."""
    base = QFont(QGuiApplication.font())
    points = base.pointSizeF() if base.pointSizeF() > 0 else _LIGHT.text_body
    base.setPointSizeF(points * {"title": 1.4, "body": 1.0, "small": 0.88}[size])
    base.setBold(bold)
    return base


def palette(t: Tokens) -> QPalette:
    """The tokens as Qt's roles, disabled ones too."""
    role = QPalette.ColorRole
    result = QPalette()
    for which, value in {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.panel,
        role.AlternateBase: t.window,
        role.Text: t.text,
        role.Button: t.raised,
        role.ButtonText: t.text,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.muted,
        role.Highlight: t.accent,
        role.HighlightedText: t.accent_text,
        role.Link: t.link,
        role.BrightText: t.error,
        role.Light: t.hover,
        role.Midlight: t.border,
        role.Mid: t.border_strong,
        role.Dark: t.border_strong,
        role.Accent: t.accent,
    }.items():
        result.setColor(which, color(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, color(t.disabled))
    return result


def apply(app: QApplication, dark: bool) -> None:
    """Give the application the light or dark look; cheap to call again."""
    for _ in turning(app, dark):
        pass


def turning(app: QApplication, dark: bool) -> Iterator[None]:
    """The same in steps, for a window with all of its pages: nobody should wait for all at once.

    After the first step some widgets are bare, so nothing should be painted before the last.
    """
    t = tokens(dark)
    if app.property(_FUSION) is None:
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setProperty(_FUSION, True)
    # Qt undresses, dresses and tells all widgets in one go, which takes 0.1 to 0.2 s. It leaves out
    # those that do not count as dressed, and does not tell those that have a style of their own.
    worn = [one for one in app.allWidgets() if one.testAttribute(_DRESSED)]
    parts = [worn[start : start + _AT_ONCE] for start in range(0, len(worn), _AT_ONCE)]
    for part in parts:
        for widget in _living(part):
            app.style().unpolish(widget)
            widget.setAttribute(_DRESSED, False)
        yield
    bare = [one for one in _living(worn) if not one.testAttribute(_STYLED)]
    for widget in bare:
        widget.setAttribute(_STYLED, True)
    try:
        # Without a time with no sheet each widget would be undone and done again by itself,
        # which takes three times as long.
        app.setStyleSheet("")
        app.setPalette(palette(t))
        app.setStyleSheet(style_sheet(t))
    finally:
        for widget in _living(bare):
            widget.setAttribute(_STYLED, False)
    yield
    for part in parts:
        for widget in _living(part):
            if not widget.testAttribute(_DRESSED):
                app.style().polish(widget)
                widget.setAttribute(_DRESSED, True)
                app.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
        yield


def _living(widgets: list[QWidget]) -> Iterator[QWidget]:
    """Those that are there when their turn comes: one may do away with others."""
    return (widget for widget in widgets if shiboken6.isValid(widget))
