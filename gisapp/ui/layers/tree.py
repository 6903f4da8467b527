"""The tree of the layers panel: rows for zones, layers and hotspots, keys, drags and menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gisapp.analysis.points.time_bars import RowSpan
from gisapp.layers import edits
from gisapp.layers.layer import Layer
from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.layers.delegate import ID, KIND, RowDelegate
from gisapp.ui.layers.menu import (
    color_menu,
    filter_menu,
    layer_menu,
    sensitivity_menu,
    zones_menu,
)
from gisapp.ui.layers.rows import add_rows, out_of_scale, say_layer, told
from gisapp.ui.session import Session
from gisapp.ui.turns import Afterwards
from gisapp.ui.widgets.menu_clicks import DoubleClick

#: What the mouse does with rows.
_AT_ROWS = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.ContextMenu,
    QEvent.Type.DragEnter,
    QEvent.Type.Drop,
)


class LayersTree(QTreeWidget):
    """Zones first, then the layers from top to bottom with their legend below them.

    It follows a change in a turn of its own, after the map.
    """

    #: Rows came, went, or were folded: they need more or less room.
    rows_changed = Signal()

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.commands = commands
        self._filling = False
        self._stale = False
        self._told: tuple[object, ...] = ()
        self._limits: tuple[object, ...] = ()
        self._spans: dict[str, RowSpan] = {}
        self._collapsed: set[str] = set()
        self._set_up()
        self.itemChanged.connect(self._on_item_changed)
        self.currentItemChanged.connect(self._on_current)
        self.itemDoubleClicked.connect(self._on_double_click)
        self.itemCollapsed.connect(lambda item: self._collapsed.add(item.data(0, ID)))
        self.itemExpanded.connect(lambda item: self._collapsed.discard(item.data(0, ID)))
        self.customContextMenuRequested.connect(self._on_menu)
        self._afterwards = Afterwards(self, session.courtesy, self._catch_up)
        for changed in (session.project_changed, session.reader_changed, session.legend_changed):
            changed.connect(self._afterwards.ask)
        session.look_changed.connect(self._follow_limits)
        session.view_changed.connect(self._follow_limits)
        session.current_layer_changed.connect(self._afterwards.ask)
        self.refresh()

    def _set_up(self) -> None:
        t = theme.tokens(False)
        self.setAccessibleName("Layers")
        self.setColumnCount(1)
        self.setHeaderHidden(True)
        self.setIconSize(QSize(t.icon_list, t.icon_list))
        self.setIndentation(16)
        self.rows = RowDelegate(self)
        self.setItemDelegate(self.rows)
        for folded in (self.itemCollapsed, self.itemExpanded):
            folded.connect(self._on_folded)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def _catch_up(self) -> None:
        """Fill the tree anew if what it says differs; most edits are of zones, and change none."""
        now = told(self.session)
        if now != self._told:
            self._fill(now)
        key = self.session.current_layer_id
        item = self._row_of(key) if key else None
        if item is not None and self.layer_at(self.currentItem()) is not self.layer_at(item):
            self.setCurrentItem(item)

    def _follow_limits(self) -> None:
        """The same, where filters and scales are all that can differ: with each step of a move."""
        limits = self.session.filters.edition, out_of_scale(self.session)
        if limits != self._limits:
            self._afterwards.ask()
        self._follow_spans()

    def _follow_spans(self) -> None:
        """Say of the layers whose span of time is another what it leaves; their rows stay."""
        spans, former = dict(self.session.look.spans), self._spans
        if spans == former:
            return
        if self.state() is QAbstractItemView.State.EditingState:
            self._stale = True
            return
        self._spans, self._filling = spans, True
        for layer in self.session.project.layers:
            item = self._row_of(layer.id)
            if item is None or spans.get(layer.id) is former.get(layer.id):
                continue
            say_layer(item, layer, self.session)
            if (layer.id in spans) != (layer.id in former):
                self.scheduleDelayedItemsLayout()  # the funnel takes room from the name
        self._filling = False

    def refresh(self) -> None:
        """Fill the tree from the project."""
        self._fill(told(self.session))

    def _fill(self, now: tuple[object, ...]) -> None:
        """Make the rows that say this; what was current and folded stays so.

        While a name is being typed it waits, or the row would go from under the cursor.
        """
        self._stale = self.state() is QAbstractItemView.State.EditingState
        if self._stale:
            return
        current = self.currentItem()
        key = current.data(0, ID) if current is not None else None
        self._filling = True
        scroll = self.verticalScrollBar().value()
        # A row whose tick box is being switched is still at work: it must outlive this moment.
        former = [self.takeTopLevelItem(0) for _ in range(self.topLevelItemCount())]
        QTimer.singleShot(0, former.clear)
        self._told = now
        self._limits = self.session.filters.edition, out_of_scale(self.session)
        self._spans = dict(self.session.look.spans)
        add_rows(self, self.session)
        for item in self._items():
            item.setExpanded(item.data(0, ID) not in self._collapsed)
            if item.data(0, ID) == key:
                self.setCurrentItem(item)
        self.verticalScrollBar().setValue(scroll)
        self._filling = False
        self.rows_changed.emit()

    def _on_folded(self, item: QTreeWidgetItem) -> None:
        if not self._filling:
            self.rows_changed.emit()

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if self._stale:
            self.refresh()

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(i) for i in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def content_height(self) -> int:
        """The height of all rows that are unfolded, in pixels."""
        high, item = 0, self.topLevelItem(0)
        while item is not None:
            high += self.sizeHintForIndex(self.indexFromItem(item)).height()
            item = self.itemBelow(item)
        return high

    def paintEvent(self, event: QPaintEvent) -> None:
        # Each row is painted in Python, so that every worker would have its turn dozens of times.
        with self.session.courtesy.turn():
            super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names take more or fewer lines in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def layer_at(self, item: QTreeWidgetItem | None) -> Layer | None:
        """The layer of a row, or of the row above a legend entry."""
        while item is not None and item.data(0, KIND) != "layer":
            item = item.parent()
        if item is None:
            return None
        return self.session.project.layer(item.data(0, ID))

    def catch_up(self) -> None:
        """Say what the session says now; it is done soon after each change anyway."""
        self._afterwards.now()

    def item_of(self, key: str) -> QTreeWidgetItem | None:
        """The row of a layer as it is now."""
        self.catch_up()
        return self._row_of(key)

    def _row_of(self, key: str) -> QTreeWidgetItem | None:
        return next((item for item in self._items() if item.data(0, ID) == key), None)

    # What the user does

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if self._filling or column != 0:
            return
        kind, key = item.data(0, KIND), item.data(0, ID)
        shown = item.checkState(0) is Qt.CheckState.Checked
        project = self.session.project
        if kind == "zones" and shown != project.zones_visible:
            self.session.perform(edits.show_zones(shown))
        elif kind == "layer":
            layer = project.layer(key)
            if shown != layer.visible:
                self.session.perform(edits.show_layer(key, shown))
            elif item.text(0).strip() != layer.name:
                self.session.perform(edits.rename_layer(key, item.text(0)))
                self.refresh()
        elif kind == "hotspots":
            found = next((h for h in project.hotspots if h.id == key), None)
            if found is not None and found.visible != shown:
                self.session.perform(edits.set_hotspots(replace(found, visible=shown)))

    def _on_current(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if self._filling or item is None:
            return
        layer = self.layer_at(item)
        self.session.set_current_layer(layer.id if layer is not None else None)

    def _on_double_click(self, item: QTreeWidgetItem, _column: int) -> None:
        layer = self.layer_at(item)
        if layer is not None:
            self.commands.zoom_to_layer(layer.id)
        elif item.data(0, KIND) == "zones":
            self.commands.zoom_to_zones(tuple(self.session.project.zones))

    def _on_menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        if item is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layer = self.layer_at(item)
        if item.data(0, KIND) == "hotspots":
            key = item.data(0, ID)
            menu.addAction("Remove hotspots", lambda: self.commands.remove_hotspots(key))
        elif layer is not None:
            layer_menu(menu, self.commands, layer, lambda: self.rename(layer.id))
        else:
            zones_menu(menu, self.commands)
        menu.popup(self.viewport().mapToGlobal(at))

    def rename(self, key: str) -> None:
        """Let the user type another name in the row of a layer."""
        item = self.item_of(key)
        if item is not None:
            self.setFocus()
            self.setCurrentItem(item)
            self.editItem(item, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        layer = self.layer_at(item)
        if item is not None and layer is not None and item.data(0, KIND) == "layer":
            at = event.position().toPoint()
            fill = self._menu_at(item, at)
            if fill is not None:
                menu = QMenu(self)
                menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
                fill(menu, self.commands, layer)
                if fill is color_menu:
                    menu.addSeparator()
                    self._offer_style(menu, layer.id, event)
                menu.popup(self.viewport().mapToGlobal(at))
                return
        super().mousePressEvent(event)
        if item is not None and event.button() is Qt.MouseButton.LeftButton:
            at = event.position().toPoint()
            # Beside the row are the signs that fold it.
            if self.visualItemRect(item).contains(at) and not self._in_box(item, at):
                self._show_page()

    def _show_page(self) -> None:
        """Show what the inspector says of the current layer, whatever is selected on the map."""
        layer = self.layer_at(self.currentItem())
        if layer is not None:
            self.commands.layer_asked.emit(layer.id)

    def _offer_style(self, menu: QMenu, layer_id: str, first: QMouseEvent) -> None:
        """The style editor below the colours, and for a second click on the picture."""
        menu.addAction(icon("style"), "Style…", lambda: self.commands.show_style(layer_id))
        clicks = DoubleClick(lambda: self.commands.show_style(layer_id), menu, first)
        menu.installEventFilter(clicks)

    def _menu_at(
        self, item: QTreeWidgetItem, at: QPoint
    ) -> Callable[[QMenu, Commands, Layer], None] | None:
        """The menu of the picture at a pixel of a row: colour, badge or filter."""
        index, option = self.indexFromItem(item), self._option_of(item)
        part = QStyle.SubElement.SE_ItemViewItemDecoration
        if self.style().subElementRect(part, option, self).adjusted(-3, -5, 3, 5).contains(at):
            return color_menu
        places = self.rows.places(option, index)
        if places.limit.adjusted(-3, -5, 3, 5).contains(at):
            return filter_menu
        if places.badge.adjusted(-3, -5, 3, 5).contains(at):
            return sensitivity_menu
        return None

    def _in_box(self, item: QTreeWidgetItem, at: QPoint) -> bool:
        """Whether a pixel of a row is of its tick box."""
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        return self.style().subElementRect(part, self._option_of(item), self).contains(at)

    def _option_of(self, item: QTreeWidgetItem) -> QStyleOptionViewItem:
        """What a style needs to know of a row."""
        index, option = self.indexFromItem(item), QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        self.rows.initStyleOption(option, index)
        return option

    def viewportEvent(self, event: QEvent) -> bool:
        """Whatever the mouse does is about the rows as they are now."""
        if event.type() in _AT_ROWS:
            self.catch_up()
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Del and F2 for the row that has the focus, before the menus take them."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            self.catch_up()
            keys = (Qt.Key.Key_Delete, Qt.Key.Key_F2)
            if event.key() in keys and self.layer_at(self.currentItem()) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.catch_up()
        layer = self.layer_at(self.currentItem())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if layer is not None and control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_layer(layer.id, 1 if event.key() == Qt.Key.Key_Up else -1)
        elif layer is not None and event.key() == Qt.Key.Key_Delete:
            self.commands.remove_layer(layer.id)
        else:
            current = self.currentItem()
            super().keyPressEvent(event)
            if self.currentItem() is not current:
                self._show_page()

    def move_layer(self, key: str, steps: int) -> None:
        """Move a layer up (1) or down (-1) by one: one step that can be undone."""
        order = [layer.id for layer in self.session.project.layers]
        at = order.index(key)
        to = min(max(at + steps, 0), len(order) - 1)
        if to != at:
            order.insert(to, order.pop(at))
            self.session.perform(edits.order_layers(order))

    def dropEvent(self, event: QDropEvent) -> None:
        """A layer was dragged to another place in the order."""
        moved = self.layer_at(self.currentItem())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if moved is None:
            return
        at = event.position().toPoint()
        self.drop_layer(moved.id, self.itemAt(at), below=self._lower_half(at))

    def _lower_half(self, at: QPoint) -> bool:
        item = self.itemAt(at)
        return item is not None and at.y() > self.visualItemRect(item).center().y()

    def drop_layer(self, key: str, target: QTreeWidgetItem | None, *, below: bool) -> None:
        """Put a layer above or below the layer of another row; below all where there is none."""
        shown = [layer.id for layer in reversed(self.session.project.layers)]
        if target is not None and target.data(0, KIND) == "zones":
            place = 0
        else:
            other = self.layer_at(target)
            if other is not None and other.id == key:
                return
            place = len(shown) if other is None else shown.index(other.id) + int(below)
        place -= int(shown.index(key) < place)
        shown.remove(key)
        shown.insert(place, key)
        order = list(reversed(shown))
        if order != [layer.id for layer in self.session.project.layers]:
            self.session.perform(edits.order_layers(order))
