"""The window's one style sheet, filled in from the tokens."""

from __future__ import annotations

import string
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_IMAGES = Path(__file__).parent / "images"

_SHEET = """
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 8px; }
QMainWindow, QDialog, QWizard { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; margin: 0; }
QMainWindow::separator:hover { background: $focus; }

QMenuBar { background: $panel; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 8px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 6px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }

#qt_calendar_navigationbar { background: $raised; border-bottom: 1px solid $border; }
#qt_calendar_navigationbar QToolButton { background: transparent; color: $text; }
#qt_calendar_navigationbar QToolButton:hover { background: $hover; }
#qt_calendar_prevmonth { qproperty-icon: url($images/caret-left.svg); }
#qt_calendar_nextmonth { qproperty-icon: url($images/caret-right.svg); }
#qt_calendar_monthbutton::menu-indicator { image: none; width: 0; }
QCalendarWidget QAbstractItemView { background: $raised; border: 0; outline: 0; }

QToolBar { background: $panel; border: 0; border-bottom: 1px solid $border; spacing: 2px;
    padding: 2px 8px; }
QToolBar::separator { background: $border; width: 1px; margin: 5px 5px; }
QToolButton { border: 1px solid transparent; border-radius: ${radius}px; padding: 4px;
    background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_soft; border-color: $accent; }
QToolButton:focus { border-color: $focus; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: 0; width: 14px; border-radius: ${radius}px; }
QToolButton::menu-indicator { image: url($images/caret-down.svg); width: 12px; height: 12px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 4px; }
QToolButton[menu="true"] { padding-right: 20px; }
#qt_toolbar_ext_button { background: $accent; border: 0; border-radius: 0; padding: 0;
    qproperty-icon: url($images/$more); }
#qt_toolbar_ext_button:hover, #qt_toolbar_ext_button:focus { background: $accent_hover; }
QToolButton[bare="true"]::menu-indicator { image: none; width: 0; }

QPushButton { background: $raised; border: 1px solid $border; border-radius: ${radius}px;
    padding: 5px 12px; min-height: 16px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $focus; }
QPushButton:disabled { color: $disabled; background: $window; }
QPushButton:default, QPushButton[primary="true"] { background: $accent; color: $accent_text;
    border-color: $accent; font-weight: 600; }
QPushButton:default:hover, QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton:default:disabled, QPushButton[primary="true"]:disabled { background: $border;
    border-color: $border; color: $muted; }
QPushButton:default:focus, QPushButton[primary="true"]:focus { border: 2px solid $text;
    padding: 4px 11px; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; color: $link; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:focus { border-color: $focus; }
QPushButton[big="true"] { min-height: 44px; }
QPushButton[leading="true"] { background: $accent_soft; border-color: $accent; }
QPushButton[leading="true"]:hover { background: $hover; }
QPushButton[paired="true"] { padding: 5px 2px; }
QPushButton[recent="true"] { text-align: left; padding: 5px 8px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit,
QDateTimeEdit, QComboBox { background: $panel; border: 1px solid $border;
    border-radius: ${radius}px; padding: 3px 8px; min-height: 18px;
    selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QTimeEdit:focus, QDateTimeEdit:focus, QComboBox:focus { border-color: $focus; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QDateEdit:disabled, QTimeEdit:disabled { color: $disabled; background: $window; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] {
    border: 1px solid $error; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down { border: 0; width: 22px;
    subcontrol-origin: border; subcontrol-position: center right; }
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow { width: 12px;
    height: 12px; image: url($images/caret-down.svg); }
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button,
QDateEdit::up-button, QDateTimeEdit::up-button { border: 0; width: 18px;
    subcontrol-origin: border; subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button,
QDateEdit::down-button, QDateTimeEdit::down-button { border: 0; width: 18px;
    subcontrol-origin: border; subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow,
QDateEdit::up-arrow, QDateTimeEdit::up-arrow { width: 10px; height: 10px;
    image: url($images/caret-up.svg); }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow { width: 10px;
    height: 10px; image: url($images/caret-down.svg); }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0; min-height: 0;
    background: transparent; }
QAbstractSpinBox QLineEdit { padding-left: 8px; padding-right: 4px; }
QLineEdit#name { border-color: transparent; background: transparent; padding-left: 0;
    font-weight: 600; }
QLineEdit#name:hover { border-color: $border; }
QLineEdit#name:focus { border-color: $focus; background: $panel; padding-left: 8px; }
QLineEdit#scale { border-color: transparent; background: transparent; min-height: 14px;
    padding: 0 4px; color: $muted; }
QLineEdit#scale:hover { border-color: $border; }
QLineEdit#scale:focus { border-color: $focus; color: $text; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text; outline: 0; }

QDockWidget { border: 0; font-weight: 600; }
QDockWidget > QWidget { background: $panel; }
QTabWidget::pane { border: 0; border-top: 1px solid $border; background: $panel; }
QTabBar { background: transparent; }
QTabBar::tab { padding: 6px 12px; border: 0; border-bottom: 2px solid transparent; color: $muted;
    background: transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover:!selected { color: $text; background: $hover; }
QTabBar::tab:focus { border-bottom-color: $focus; color: $text; }

QTreeView, QListView, QTableView { background: $panel; alternate-background-color: $window;
    border: 0; outline: 0; selection-background-color: $accent_soft; selection-color: $text;
    gridline-color: $border; }
QTreeView::item, QListView::item { min-height: ${row}px; border-radius: 4px; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QTreeView::item:selected:focus, QListView::item:selected:focus { border: 1px solid $focus; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url($images/caret-right.svg); }
QTreeView::branch:has-children:open { image: url($images/caret-down.svg); }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator, QTableView::indicator {
    width: 14px; height: 14px; border: 1px solid $border_strong; border-radius: 3px;
    background: $panel; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked,
QTableView::indicator:checked { background: $accent; border-color: $accent;
    image: url($images/$check); }
QRadioButton { spacing: 8px; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $border_strong;
    border-radius: 8px; background: $panel; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent;
    border-radius: 8px; background: $accent_text; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $focus; }
QCheckBox::indicator:disabled { border-color: $border; background: $window; }
QTableView::item { padding: 0 8px; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: 0;
    border-bottom: 1px solid $border; border-right: 1px solid $border; padding: 4px 8px;
    font-weight: 600; }
QTableCornerButton::section { background: $panel; border: 0; border-bottom: 1px solid $border; }

QScrollArea { border: 0; background: transparent; }
QScrollArea > #qt_scrollarea_viewport { background: transparent; }
QScrollArea > #qt_scrollarea_viewport > QWidget { background: transparent; }
QWidget[role="welcome"] { background: $window; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $border_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QStatusBar { background: $panel; border-top: 1px solid $border; color: $muted; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; }
QStatusBar QToolButton { padding: 2px; }
QProgressBar { background: $hover; border: 0; border-radius: 3px; color: transparent;
    max-height: 6px;
    min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $raised; border: 1px solid $border_strong; width: 14px;
    height: 14px; margin: -6px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { border: 2px solid $focus; }
QGroupBox { border: 1px solid $border; border-radius: ${radius}px; margin-top: 10px;
    padding: 8px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; }
QSplitter::handle { background: $border; }

QLabel[role="muted"], QLabel[role="hint"] { color: $muted; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="done"] { color: $done; }
QLabel[role="info"] { color: $info; }
QLabel[role="section"] { color: $muted; font-weight: 600; }
QFrame[role="line"] { background: $border; border: 0; max-height: 1px; min-height: 1px; }
QWidget[role="panel"] { background: $panel; }
QFrame[role="card"] { background: $raised; border: 1px solid $border; border-radius: ${radius}px; }
QFrame[role="drop"] { background: transparent; border: 2px dashed $border_strong;
    border-radius: ${radius}px; }
QWidget[role="panelhead"] { background: $panel; border-bottom: 1px solid $border; }
QFrame[notice] { border: 1px solid $border_strong; border-radius: ${radius}px; }
QFrame[notice="info"] { background: $info_soft; }
QFrame[notice="done"] { background: $done_soft; }
QFrame[notice="warning"] { background: $warning_soft; }
QFrame[notice="error"] { background: $error_soft; }
QWidget#canvas { background: $map_ground; }
"""


def style_sheet(t: DataclassInstance) -> str:
    """The style sheet with the tokens' colours and measures in it."""
    values = asdict(t)
    scheme = "dark" if values["dark"] else "light"
    check, more = f"check-{scheme}.svg", f"more-{scheme}.svg"
    images = _IMAGES.as_posix()
    return string.Template(_SHEET).substitute(values, images=images, check=check, more=more)
