"""News above the map: what happened, one thing to do about it, and the news before it."""

from __future__ import annotations

from collections import deque
from weakref import ref

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gisapp.layers.project import Project
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.session import Notice, Session

#: Good news leaves by itself after this time; warnings and errors wait to be read.
_STAYS_MS = 9_000
_KEPT = 30
#: The widest it gets, and its distance to the foot of the map, above scale bar and sources.
_WIDEST, _MARGIN = 640, 56
#: What takes back the latest step, whichever that is.
_UNDO = "Undo"
_SEVERITIES = ("info", "done", "warning", "error")


class NoticeBar(QFrame):
    """Shows the latest notice of a session over the foot of `place`; hidden while there is none.

    It lies over the map rather than above it, so that the map does not jump when news comes.
    """

    def __init__(self, session: Session, place: QWidget) -> None:
        super().__init__(place)
        self._area = self._over = place
        self._session = session
        #: The project as it was when a notice came, by the identity of the notice.
        self._told_of: dict[int, ref[Project]] = {}
        place.installEventFilter(self)
        self.recent: deque[Notice] = deque(maxlen=_KEPT)
        self.notice: Notice | None = None
        t = theme.tokens(False)
        self.symbol = QLabel()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = QPushButton()
        self.action.setAutoDefault(False)
        self.action.clicked.connect(self._run)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(t.icon_list, t.icon_list))
        self.close_button.setToolTip("Close this notice")
        self.close_button.setAccessibleName("Close this notice")
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(t.gap_large, t.gap_small, t.gap, t.gap_small)
        row.setSpacing(t.gap)
        row.addWidget(self.symbol)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()
        session.noticed.connect(self.show_notice)
        session.outdated.connect(self._on_outdated)
        session.project_changed.connect(self._offer_action)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of the one before, which stays in `recent`."""
        severity = notice.severity if notice.severity in _SEVERITIES else "info"
        self.recent.appendleft(notice)
        self.notice = notice
        self._told_of.setdefault(id(notice), ref(self._session.project))
        kept = {id(one) for one in self.recent}
        self._told_of = {key: value for key, value in self._told_of.items() if key in kept}
        self.setProperty("notice", severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw_symbol()
        self.text.setText(notice.text)
        self.setAccessibleName(f"{severity.capitalize()}: {notice.text}")
        self.action.setText(notice.action)
        self._offer_action()
        self._place()
        self.show()
        self.raise_()
        self._timer.stop()
        if severity in ("info", "done"):
            self._timer.start(_STAYS_MS)

    def _draw_symbol(self) -> None:
        severity = str(self.property("notice"))
        size = theme.tokens(False).icon_tool
        color = getattr(theme.current(), severity)
        self.symbol.setPixmap(icon(severity, color).pixmap(QSize(size, size)))

    def _on_outdated(self, notice: Notice) -> None:
        if notice is self.notice:
            self.dismiss()

    def _offer_action(self, *_: object) -> None:
        """Offer to undo only what the notice tells of: once more was done, that is another step."""
        notice = self.notice
        if notice is None:
            return
        told_of = self._told_of[id(notice)]()
        stale = notice.action == _UNDO and told_of is not self._session.project
        self.action.setVisible(bool(notice.action and notice.run) and not stale)

    def keep_over(self, part: QWidget) -> None:
        """Stand over one part of the place; whoever resizes that alone calls `settle`."""
        self._over = part

    def settle(self) -> None:
        """Stand where it belongs, after the part it is kept over has another size."""
        if not self.isHidden():
            self._place()

    def _place(self) -> None:
        wide = min(_WIDEST, self._over.width() - 2 * _MARGIN)
        self.setFixedWidth(max(wide, 200))
        layout = self.layout()
        high = layout.heightForWidth(self.width()) if layout is not None else 0
        self.setFixedHeight(max(high, self.sizeHint().height() if high <= 0 else high))
        left = self._over.mapTo(self._area, QPoint()).x() if self._over is not self._area else 0
        x = left + (self._over.width() - self.width()) // 2
        self.move(x, self._area.height() - self.height() - _MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """The symbol follows light and dark while the notice stands."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.notice is not None:
            self._draw_symbol()

    def dismiss(self) -> None:
        self._timer.stop()
        self.notice = None
        self.hide()

    def _run(self) -> None:
        notice = self.notice
        self.dismiss()
        if notice is not None and notice.run is not None:
            notice.run()

    def fill_menu(self, menu: QMenu) -> None:
        """Put the recent notices into a menu; choosing one shows it again."""
        menu.clear()
        if not self.recent:
            menu.addAction("No news yet").setEnabled(False)
        for notice in tuple(self.recent):
            severity = notice.severity if notice.severity in _SEVERITIES else "info"
            text = notice.text if len(notice.text) < 90 else notice.text[:88] + "…"
            entry = menu.addAction(
                icon(severity, getattr(theme.current(), severity)), text.replace("&", "&&")
            )
            entry.triggered.connect(lambda _=False, notice=notice: self._again(notice))

    def _again(self, notice: Notice) -> None:
        self.recent.remove(notice)
        self.show_notice(notice)
