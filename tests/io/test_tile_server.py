"""Asking a server for tiles: what is sent, what is taken, and what is refused in words."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import pytest

from gisapp.io.tiles import server as tile_server
from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.info import Answer, ServerError
from tests.tiles import TileServer, picture, served

TILE = Tile(3, 1, 2)
PICTURE = picture("#abcdef", 8)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def ask(server: TileServer, etag: str = "", timeout_s: float = 2.0) -> Answer:
    return tile_server.fetch(server.address, TILE, etag, lambda: False, timeout_s)


def answer(
    status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    return status, dict(headers or {}), body


def test_a_tile_is_asked_for_by_name_and_nothing_else_is_told() -> None:
    headers = {"ETag": '"one"', "Cache-Control": "public, max-age=600"}
    with served(lambda path, sent: answer(200, headers, PICTURE)) as server:
        assert ask(server) == Answer(PICTURE, 600.0, '"one"')
        path, sent = server.asked[0]
    assert path == "/3/1/2.png"
    assert sent["User-Agent"].startswith("gisapp/")
    assert set(sent) == {"User-Agent", "Accept", "Host", "Accept-Encoding", "Connection"}


def test_a_tile_that_holds_still_is_not_sent_again() -> None:
    def respond(path: str, sent: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        return answer(304 if sent.get("If-None-Match") == '"one"' else 200, {}, b"")

    with served(respond) as server:
        assert ask(server, '"one"').unchanged


@pytest.mark.parametrize("status", [204, 404, 410])
def test_where_there_is_none_there_is_none(status: int) -> None:
    with served(lambda path, sent: answer(status)) as server:
        assert ask(server).data is None


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "does not let"), (429, "enough"), (500, "error"), (418, "error")],
)
def test_a_refusal_is_said_and_not_tried_again(status: int, words: str) -> None:
    with served(lambda path, sent: answer(status)) as server:
        with pytest.raises(ServerError, match=words):
            ask(server)
        assert len(server.asked) == 1


def test_what_is_no_picture_is_refused() -> None:
    with (
        served(lambda path, sent: answer(200, {}, b"<html>log in</html>")) as server,
        pytest.raises(ServerError, match="no picture"),
    ):
        ask(server)


def test_a_huge_tile_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile_server, "MOST_BYTES", 100_000)
    with (
        served(lambda path, sent: answer(200, {}, PICTURE + bytes(200_000))) as server,
        pytest.raises(ServerError, match="too large"),
    ):
        ask(server)


def test_a_tile_that_ends_too_early_is_refused() -> None:
    headers = {"Content-Length": str(len(PICTURE) + 50)}
    with served(lambda path, sent: answer(200, headers, PICTURE)) as server:
        try:
            assert ask(server).data == PICTURE  # what came is a whole picture all the same
        except ServerError as error:
            assert "127.0.0.1" in error.message


def test_a_redirect_on_the_same_server_is_followed_and_one_away_is_not() -> None:
    def respond(path: str, sent: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        if path == "/3/1/2.png":
            return answer(302, {"Location": "/there.png"})
        return answer(200, {}, PICTURE)

    with served(respond) as server:
        assert ask(server).data == PICTURE
    for place in ("http://localhost:1/x.png", "file:///etc/hostname", "https://example.org/x"):
        with served(lambda path, sent, place=place: answer(302, {"Location": place})) as server:
            with pytest.raises(ServerError, match="did not agree"):
                ask(server)
            assert len(server.asked) == 1


def test_a_silent_server_is_given_up_after_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        server = TileServer(deaf.getsockname()[1])
        with pytest.raises(ServerError, match="does not answer"):
            ask(server, timeout_s=0.1)


def test_a_server_that_is_not_there_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        server = TileServer(gone.getsockname()[1])
    with pytest.raises(ServerError, match="takes no requests"):
        ask(server)


def test_what_is_not_wanted_any_more_is_left_in_the_middle() -> None:
    with (
        served(lambda path, sent: answer(200, {}, PICTURE)) as server,
        pytest.raises(ServerError, match="not wanted"),
    ):
        tile_server.fetch(server.address, TILE, "", lambda: True, 2.0)


def test_what_must_not_be_kept_has_no_age() -> None:
    said = {"Cache-Control": "no-store", "ETag": '"x"'}
    with served(lambda path, sent: answer(200, said, PICTURE)) as server:
        assert ask(server) == Answer(PICTURE, 0.0, "")
