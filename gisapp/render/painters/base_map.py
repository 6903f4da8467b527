"""The base map: pictures of tiles under all layers, in the level that fits the device's pixels."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.io.tile_grid import Box, Tile, count_in, level_for, tile_at, tiles_in
from gisapp.layers.base_map import BaseMap
from gisapp.render.frame import Frame
from gisapp.render.palette import PAPER
from gisapp.render.tiles import Tiles
from gisapp.render.view import MapView

#: In dark mode this much of a base map is seen: pale maps turn to a dim grey, words stay legible.
DIMMED = 0.34
#: Pixels an inch of a base map in PDF and SVG; finer ones only make its words small.
_PRINT_DPI = 150.0
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
    opacity = base_map.opacity * (DIMMED if frame.dark else 1.0)
    _draw(frame.painter, frame.view, base_map, tiles, wanted, opacity)


def _paint_page(frame: Frame, base_map: BaseMap, tiles: Tiles, levels: tuple[int, int]) -> None:
    """One picture of the whole frame, so that no seam shows in any program that opens it."""
    view = replace(frame.view, dpr=_PRINT_DPI / 96) if frame.vector else frame.view
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
        drawn = _draw(painter, view, base_map, tiles, wanted, base_map.opacity)
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


def _draw(
    painter: QPainter,
    view: MapView,
    base_map: BaseMap,
    tiles: Tiles,
    wanted: tuple[Tile, ...],
    opacity: float,
) -> int:
    """Draw each tile, or as much of a coarser or finer ones as is there; how many were drawn."""
    painter.setOpacity(opacity)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    drawn = 0
    for tile in wanted:
        place, width, height = _place(view, tile.box)
        image = tiles.fitted(base_map, tile, width, height)
        if image is not None:
            # What has the very size of its place is copied: nothing is left to smooth.
            smooth = image.width() != width or image.height() != height
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(place, image, QRectF(image.rect()))
            drawn += 1
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            drawn += _draw_coarser(painter, place, base_map, tiles, tile) or _draw_finer(
                painter, view, base_map, tiles, tile
            )
    painter.setOpacity(1.0)
    return drawn


def _draw_coarser(
    painter: QPainter, place: QRectF, base_map: BaseMap, tiles: Tiles, tile: Tile
) -> int:
    """Stretch the part of the nearest coarser tile there is over the place of one that is not."""
    above = tile
    while above.z:
        above = above.parent
        image = tiles.known(base_map, above)
        if image is not None:
            parts = 1 << (tile.z - above.z)
            width, height = image.width() / parts, image.height() / parts
            left, top = (tile.x % parts) * width, (tile.y % parts) * height
            painter.drawImage(place, image, QRectF(left, top, width, height))
            return 1
    return 0


def _draw_finer(
    painter: QPainter, view: MapView, base_map: BaseMap, tiles: Tiles, tile: Tile
) -> int:
    """Draw the four finer tiles, as far as they were looked at before."""
    drawn = 0
    for child in tile.children:
        image = tiles.known(base_map, child)
        if image is not None:
            painter.drawImage(_place(view, child.box)[0], image, QRectF(image.rect()))
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
    place = QRect(left, top, max(right - left, 1), max(bottom - top, 1))
    dpr = view.dpr
    logical = QRectF(left / dpr, top / dpr, place.width() / dpr, place.height() / dpr)
    return logical, place.width(), place.height()


def middle_tile(view: MapView, levels: tuple[int, int]) -> Tile:
    """The tile in the middle of a view, of the level drawn there."""
    level = min(max(level_for(view.resolution / view.dpr), levels[0]), levels[1])
    return tile_at(view.x, view.y, level)
