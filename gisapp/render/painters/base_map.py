"""The base map: pictures of tiles under all layers, in the level that fits the device's pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.io.tiles.grid import Box, Tile, count_in, level_for, tiles_in
from gisapp.layers.base_map import BaseMap
from gisapp.render.frame import Frame
from gisapp.render.palette import PAPER
from gisapp.render.tiles import Tiles
from gisapp.render.view import MapView

#: On a dark screen this much is seen of a dark map or a photograph; pale maps are toned instead.
_DIMMED = 0.6
#: Pixels an inch of a base map on a page; finer ones only make its words too small to read.
_PRINT_DPI = 140.0
#: More tiles than this are not drawn: the level is far too fine for what is looked at.
_MOST = 1500


def paint_base_map(frame: Frame) -> None:
    """Draw the project's base map, as far as its tiles are there; on a page all of them."""
    base_map = frame.scene.project.base_map
    if base_map is None or not base_map.visible or base_map.opacity <= 0:
        return
    tiles = frame.cache.tiles
    levels = tiles.levels(base_map)
    if levels is None:
        return
    if frame.look.exported:
        _paint_page(frame, base_map, tiles, levels)
        return
    wanted = _wanted(frame.mercator_box(), frame.view, levels, tiles.width(base_map))
    tiles.wish(base_map, wanted, (frame.view.width, frame.view.height, frame.view.dpr))
    at_night = frame.dark and tiles.is_pale(base_map)
    opacity = base_map.opacity * (_DIMMED if frame.dark and not at_night else 1.0)
    sheet = _Sheet(frame.painter, frame.view, base_map, tiles, at_night)
    _draw(sheet, wanted, opacity)


def _paint_page(frame: Frame, base_map: BaseMap, tiles: Tiles, levels: tuple[int, int]) -> None:
    """One picture of the whole frame, so that no seam shows in any program that opens it."""
    finest = _PRINT_DPI / 96
    view = replace(frame.view, dpr=finest if frame.vector else min(frame.view.dpr, finest))
    fetched = frame.look.fetch_tiles or base_map.server is None or "://" not in base_map.source
    bring = tiles.bring if fetched else tiles.bring_kept
    box = frame.mercator_box()
    # One tile first: only its picture tells how many pixels a tile has.
    first = _wanted(box, view, levels, tiles.width(base_map))
    bring(base_map, first[:1], frame.progress.part(0.0, 0.1))
    wanted = _wanted(box, view, levels, tiles.width(base_map))
    bring(base_map, wanted, frame.progress.part(0.1, 0.9))
    size = max(round(view.width * view.dpr), 1), max(round(view.height * view.dpr), 1)
    picture = QImage(*size, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(view.dpr)
    picture.fill(QColor(PAPER.background))
    painter = QPainter(picture)
    try:
        sheet = _Sheet(painter, view, base_map, tiles)
        drawn = _draw(sheet, wanted, base_map.opacity)
    finally:
        painter.end()
    if drawn:
        picture.setDevicePixelRatio(1.0)
        frame.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame.painter.drawImage(frame.rect, picture, QRectF(picture.rect()))


def _wanted(box: Box, view: MapView, levels: tuple[int, int], tile_px: int) -> tuple[Tile, ...]:
    """The tiles in view, of the level that fits best or the next one there is."""
    least, most = levels
    level = min(max(level_for(view.resolution / view.dpr, tile_px), least), most)
    while count_in(box, level) > _MOST:
        if level == least:
            return ()
        level -= 1
    return tiles_in(box, level)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the tiles of a base map are drawn on."""

    painter: QPainter
    view: MapView
    base_map: BaseMap
    tiles: Tiles
    at_night: bool = False

    def known(self, tile: Tile) -> QImage | None:
        return self.tiles.known(self.base_map, tile, at_night=self.at_night)


def _draw(sheet: _Sheet, wanted: tuple[Tile, ...], opacity: float) -> int:
    """Draw each tile, or as much of coarser or finer ones as is there; how many were drawn."""
    painter, tiles, smoothly = sheet.painter, sheet.tiles, QPainter.RenderHint.SmoothPixmapTransform
    painter.setOpacity(opacity)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    drawn = 0
    for tile in wanted:
        place, width, height = _place(sheet.view, tile.box)
        image = tiles.fitted(sheet.base_map, tile, width, height, at_night=sheet.at_night)
        if image is not None:
            # What has the very size of its place is copied: nothing is left to smooth.
            painter.setRenderHint(smoothly, image.width() != width or image.height() != height)
            painter.drawImage(place, image, QRectF(image.rect()))
            drawn += 1
        else:
            painter.setRenderHint(smoothly, True)
            drawn += _draw_coarser(sheet, place, tile) or _draw_finer(sheet, tile)
    painter.setOpacity(1.0)
    return drawn


def _draw_coarser(sheet: _Sheet, place: QRectF, tile: Tile) -> int:
    """Stretch the part of the nearest coarser tile there is over the place of one that is not."""
    above = tile
    while above.z:
        above = above.parent
        image = sheet.known(above)
        if image is not None:
            parts = 1 << (tile.z - above.z)
            width, height = image.width() / parts, image.height() / parts
            left, top = (tile.x % parts) * width, (tile.y % parts) * height
            sheet.painter.drawImage(place, image, QRectF(left, top, width, height))
            return 1
    return 0


def _draw_finer(sheet: _Sheet, tile: Tile) -> int:
    """Draw the four finer tiles, as far as they were looked at before."""
    drawn = 0
    for child in tile.children:
        image = sheet.known(child)
        if image is not None:
            sheet.painter.drawImage(_place(sheet.view, child.box)[0], image, QRectF(image.rect()))
            drawn += 1
    return drawn


def _place(view: MapView, box: Box) -> tuple[QRectF, int, int]:
    """Where an extent lies in logical pixels, and its size in device pixels.

    Its edges are those of device pixels, so that neighbours leave no seam.
    """
    west, south, east, north = box
    scale = view.dpr / view.resolution
    half_w, half_h = view.width * view.dpr / 2, view.height * view.dpr / 2
    left, right = (round((x - view.x) * scale + half_w) for x in (west, east))
    top, bottom = (round((view.y - y) * scale + half_h) for y in (north, south))
    width, height, dpr = max(right - left, 1), max(bottom - top, 1), view.dpr
    return QRectF(left / dpr, top / dpr, width / dpr, height / dpr), width, height
