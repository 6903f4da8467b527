"""How a row of the layers panel is painted: name, signs, and its count at the right."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from gisapp.ui import theme
from gisapp.ui.widgets.elided import wrapped

KIND = Qt.ItemDataRole.UserRole
ID = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
BADGE = Qt.ItemDataRole.UserRole + 3
FILTER = Qt.ItemDataRole.UserRole + 4

_MARGIN, _GAP, _SIGN = 8, 6, 14
#: So many rows are remembered by what stands in them.
_MOST_SIZES = 1_000
#: What a style takes for the end of a line in an item.
_NEXT_LINE = "\N{LINE SEPARATOR}"
_Index = QModelIndex | QPersistentModelIndex


class Places(NamedTuple):
    """Where the count stands, the badge left of it, and left of that the sign of a filter.

    The latter two are empty where there is none; `begin` is the pixel where the first begins.
    """

    figure: QRect
    badge: QRect
    limit: QRect
    begin: int


class RowDelegate(QStyledItemDelegate):
    """Keeps room at the right for count, badge and sign of a filter: the name goes on below."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sizes: dict[Hashable, QSize] = {}
        self._wrapped: dict[tuple[str, int, str], list[str]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        # Asked of each row after each change, and half a millisecond to find out.
        signs = index.data(BADGE) is None, index.data(FILTER) is None
        place, font = _row_rect(option, index), option.font.key()
        key = (index.data(), index.data(COUNT), *signs, place.left(), place.right(), font)
        size = self._sizes.get(key)
        if size is None:
            if len(self._sizes) >= _MOST_SIZES:
                self._sizes.clear()
            size = self._sizes[key] = self._size(option, index)
        return size

    def _size(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        hint = super().sizeHint(option, index)
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)
        row.rect = _row_rect(row, index)
        lines = len(self._lines(row, index, self.places(row, index).begin))
        high = (lines - 1) * row.fontMetrics.lineSpacing()
        return QSize(hint.width(), max(theme.tokens(False).row, hint.height()) + high)

    def _lines(self, row: QStyleOptionViewItem, index: _Index, ends: int) -> list[str]:
        """The name in lines that end before count and signs, which begin at a pixel."""
        style = row.widget.style() if row.widget is not None else QApplication.style()
        words = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, row, row.widget)
        room = max(ends - _GAP - words.left(), 20)
        key = index.data() or "", room, row.font.key()
        lines = self._wrapped.get(key)
        if lines is None:
            if len(self._wrapped) >= _MOST_SIZES:
                self._wrapped.clear()
            lines = self._wrapped[key] = wrapped(key[0], row.fontMetrics, room)
        return lines

    def places(self, option: QStyleOptionViewItem, index: _Index) -> Places:
        """Where count and signs of a row stand."""
        text = index.data(COUNT) or ""
        wide = option.fontMetrics.horizontalAdvance(text)
        right, rect = option.rect.right() - _MARGIN, option.rect
        count = QRect(right - wide, rect.top(), wide, rect.height())
        badge, limit, first = QRect(), QRect(), count
        if index.data(BADGE) is not None:
            badge = first = _sign(option, first.left())
        if index.data(FILTER) is not None:
            limit = first = _sign(option, first.left())
        return Places(count, badge, limit, first.left())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)
        widget = row.widget
        style = widget.style() if widget is not None else QApplication.style()
        at = self.places(row, index)
        row.text = _NEXT_LINE.join(self._lines(row, index, at.begin))
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, row, painter, widget)
        painter.save()
        painter.setPen(row.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(at.figure, int(Qt.AlignmentFlag.AlignCenter), index.data(COUNT) or "")
        for picture, place in ((index.data(BADGE), at.badge), (index.data(FILTER), at.limit)):
            if isinstance(picture, QIcon):
                picture.paint(painter, place)
        painter.restore()


def _row_rect(row: QStyleOptionViewItem, index: _Index) -> QRect:
    """Where a row of a tree will be, but for its height and place from above."""
    tree = row.widget
    if not isinstance(tree, QTreeView):
        return row.rect
    depth, parent = int(tree.rootIsDecorated()), index.parent()
    while parent.isValid():
        depth, parent = depth + 1, parent.parent()
    left = depth * tree.indentation()
    return QRect(left, 0, tree.viewport().width() - left, theme.tokens(False).row)


def _sign(option: QStyleOptionViewItem, before: int) -> QRect:
    """The place of a small picture that ends a gap before a pixel of a row."""
    return QRect(before - _GAP - _SIGN, option.rect.center().y() - _SIGN // 2, _SIGN, _SIGN)
