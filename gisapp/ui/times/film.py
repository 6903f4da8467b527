"""The player with nothing but the map on the screen: keys drive it, and a sign tells of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from gisapp.render.look import Box
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.meeting_overlay import meeting_boxes
from gisapp.ui.times.player import TimePlayer

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Film(QObject):
    """Space plays and pauses, Left and Right step, where the map is alone and has times."""

    def __init__(self, canvas: MapCanvas, player: TimePlayer) -> None:
        super().__init__(canvas)
        self._canvas, self._player = canvas, player
        canvas.film_key = self.key
        canvas.caption.corner = self._tag
        canvas.alone_changed.connect(self._show)
        player.changed.connect(self._show)
        player.moved.connect(self._show)
        self._show()

    def key(self, event: QKeyEvent) -> bool:
        """Drive the player by a key; returns whether it was one for that.

        Arrows move the map while all times are shown, and with Shift at any time.
        """
        player, key = self._player, Qt.Key(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain != Qt.KeyboardModifier.NoModifier or player.walk is None:
            return False
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                player.toggle()
            return True
        if key in _STEPS and player.limits:
            player.step_by(_STEPS[key])
            return True
        return False

    def _tag(self) -> Box | None:
        """Where the audience and the day stand on the map."""
        canvas = self._canvas
        if not canvas.alone:
            return None
        session = canvas.session
        return meeting_boxes(canvas.view, session.project, session.look, (), with_legend=False)[0]

    def _show(self) -> None:
        shown = self._canvas.alone and self._player.limits
        self._canvas.caption.set_playing(self._player.playing if shown else None)
