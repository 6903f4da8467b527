"""How a row of the layers panel is painted: name, badge, and its count at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gisapp.ui import theme

KIND = Qt.ItemDataRole.UserRole
ID = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
BADGE = Qt.ItemDataRole.UserRole + 3

_MARGIN, _GAP = 8, 6
_Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Keeps room at the right for the count and the badge; the name is shortened, not they."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(theme.tokens(False).row, hint.height()))

    def count_place(self, option: QStyleOptionViewItem, index: _Index) -> QRect:
        """Where the count stands."""
        text = index.data(COUNT) or ""
        wide = option.fontMetrics.horizontalAdvance(text)
        right = option.rect.right() - _MARGIN
        return QRect(right - wide, option.rect.top(), wide, option.rect.height())

    def badge_place(self, option: QStyleOptionViewItem, index: _Index) -> QRect:
        """Where the badge stands: left of the count; empty without one."""
        if index.data(BADGE) is None:
            return QRect()
        size = 14
        left = self.count_place(option, index).left() - _GAP - size
        return QRect(left, option.rect.center().y() - size // 2, size, size)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)
        widget = row.widget
        style = widget.style() if widget is not None else QApplication.style()
        count, badge = self.count_place(row, index), self.badge_place(row, index)
        first = badge if not badge.isNull() else count
        words = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, row, widget)
        room = max(first.left() - _GAP - words.left(), 20)
        row.text = row.fontMetrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room)
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, row, painter, widget)
        painter.save()
        painter.setPen(row.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(count, int(Qt.AlignmentFlag.AlignCenter), index.data(COUNT) or "")
        picture = index.data(BADGE)
        if isinstance(picture, QIcon):
            picture.paint(painter, badge)
        painter.restore()
