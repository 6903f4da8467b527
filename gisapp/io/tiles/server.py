"""The one part of gisapp that touches a network: it asks an agreed server for a tile.

It is loaded when an address was agreed to and a tile of it is wanted, and not before. Nothing is
sent but the request itself with the name of the program: no cookie, no referrer, no language.
"""

from __future__ import annotations

import email.message
import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import IO
from urllib.parse import urlsplit

from gisapp import __version__
from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.info import MOST_BYTES, Answer, ServerError, picture_format
from gisapp.layers.base_map import server_of

USER_AGENT = f"gisapp/{__version__} (desktop map; tiles on demand)"
#: Seconds for a server to answer at all, and for a whole tile.
_TIMEOUT_S, _LONGEST_S = 8.0, 20.0
_PART = 65_536


def address_of(template: str, tile: Tile) -> str:
    """The address of one tile."""
    places = {"{z}": tile.z, "{x}": tile.x, "{y}": tile.y}
    return re.sub(r"\{[zxy]\}", lambda found: str(places[found[0]]), template.strip())


def fetch(
    template: str, tile: Tile, etag: str, stop: Callable[[], bool], timeout_s: float = _TIMEOUT_S
) -> Answer:
    """Ask a server once for a tile, or whether the one with this `etag` still holds.

    ServerError, in words, for whatever goes wrong; nothing is tried again. `stop` is asked while
    bytes arrive. Proxies are those of the system.
    """
    server = server_of(template)
    headers = {"User-Agent": USER_AGENT, "Accept": "image/png,image/jpeg,image/webp"}
    if etag:
        headers["If-None-Match"] = etag
    request = urllib.request.Request(address_of(template, tile), headers=headers)
    try:
        with _opener().open(request, timeout=timeout_s) as response:
            return _answer(server, response, stop)
    except urllib.error.HTTPError as error:
        error.close()
        return _refused(server, error.code, error.headers)
    except ServerError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ServerError(_words(server, error)) from error


class _SameServer(urllib.request.HTTPRedirectHandler):
    """Follows a redirect on the same server only: the user agreed to that one, to no other."""

    max_redirections = 3

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: email.message.Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        safe = new.scheme == old.scheme or (old.scheme, new.scheme) == ("http", "https")
        if new.hostname != old.hostname or not safe:
            raise ServerError(
                f"{old.hostname} sends on to {new.hostname or 'another place'}, "
                "which you did not agree to."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _opener() -> urllib.request.OpenerDirector:
    """What opens http and https, and nothing else: no files, no FTP, no data in the address."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _SameServer(),
    ):
        opener.add_handler(handler)
    opener.addheaders = []
    return opener


def _answer(server: str, response: http.client.HTTPResponse, stop: Callable[[], bool]) -> Answer:
    data = _body(server, response, stop)
    if response.status == 204 or not data:
        return Answer(None, _max_age(response.headers))
    if picture_format(data) is None:
        raise ServerError(f"{server} sent something that is no picture of a map.")
    etag = response.headers.get("ETag", "")
    kept = len(etag) < 200 and "no-store" not in _said(response.headers)
    return Answer(data, _max_age(response.headers), etag if kept else "")


def _body(server: str, response: http.client.HTTPResponse, stop: Callable[[], bool]) -> bytes:
    until = time.monotonic() + _LONGEST_S
    parts: list[bytes] = []
    size = 0
    while part := response.read1(_PART):
        size += len(part)
        if size > MOST_BYTES:
            raise ServerError(f"{server} sent a tile that is far too large.")
        if time.monotonic() > until:
            raise ServerError(f"{server} is too slow.")
        if stop():
            raise ServerError("The tiles are not wanted any more.")
        parts.append(part)
    return b"".join(parts)


def _refused(server: str, status: int, headers: email.message.Message) -> Answer:
    if status == 304:
        return Answer(None, _max_age(headers), unchanged=True)
    if status in (404, 410):
        return Answer(None, _max_age(headers))
    if 300 <= status < 400:
        raise ServerError(f"{server} sends on to another place, which you did not agree to.")
    if status in (401, 403):
        raise ServerError(f"{server} does not let gisapp have its tiles ({status}).")
    if status == 429:
        raise ServerError(f"{server} has sent enough tiles for now ({status}).")
    raise ServerError(f"{server} answered with an error ({status}).")


def _max_age(headers: email.message.Message) -> float | None:
    """Seconds for which an answer may be kept; 0 for not at all, None where nothing is said."""
    said = _said(headers)
    if "no-store" in said or "no-cache" in said:
        return 0.0
    found = re.search(r"max-age\s*=\s*\"?(\d{1,9})", said)
    return float(found[1]) if found else None


def _said(headers: email.message.Message) -> str:
    return (headers.get("Cache-Control") or "").casefold()


def _words(server: str, error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"{server} does not answer."
    if isinstance(reason, ssl.SSLError):
        return f"The connection to {server} is not safe, so gisapp does not use it."
    if isinstance(reason, ConnectionRefusedError):
        return f"{server} takes no requests at this address."
    return f"{server} cannot be reached."
