"""Tiles made for tests: pictures of one colour, files of them, and a server on this machine."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from gisapp.io.tiles.grid import Tile


def picture(color: str, size: int = 256, form: str = "PNG") -> bytes:
    """A picture of one colour as the bytes of a file."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)
    return bytes(buffer.data().data())


def mbtiles(path: Path, tiles: Mapping[Tile, bytes], **metadata: str) -> Path:
    """An MBTiles file, written as its specification says."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE metadata (name text, value text);"
        "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer,"
        " tile_data blob);"
    )
    connection.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
    rows = [(t.z, t.x, (1 << t.z) - 1 - t.y, data) for t, data in tiles.items()]
    connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


def pmtiles(
    path: Path,
    tiles: Mapping[Tile, bytes],
    kind: str = "PNG",
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """A PMTiles archive, written by the reference library."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    with path.open("wb") as file:
        writer = Writer(file)
        for number, data in sorted((zxy_to_tileid(*t), data) for t, data in tiles.items()):
            writer.write_tile(number, data)
        header = {"tile_type": TileType[kind], "tile_compression": Compression.NONE}
        writer.finalize(header, dict(metadata or {}))
        writer.tile_f.close()
    return path


#: Answers a request: its path and headers, to status, headers and body.
Respond = Callable[[str, Mapping[str, str]], tuple[int, dict[str, str], bytes]]


class TileServer:
    """What a server on the loopback was asked, and where it is."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/{{z}}/{{x}}/{{y}}.png"


@contextmanager
def served(respond: Respond) -> Iterator[TileServer]:
    """A server on a free port of the loopback that answers as `respond` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append((self.path, dict(self.headers)))
            status, headers, body = respond(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    tiles = TileServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield tiles
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
