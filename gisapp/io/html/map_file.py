"""One HTML file with a map that opens anywhere, with no network.

folium builds the page; the scripts that it would load from the web are written into the file, and
those the page does not use are left out. The page states a content security policy that lets it
load nothing and run nothing but the scripts written here, named by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gisapp.io.html import content as html_content
from gisapp.io.html import question as html_question
from gisapp.io.html.question import Question
from gisapp.io.html.surfaces import surface_groups
from gisapp.io.safe_files import written
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import seen_rows, without_sites
from gisapp.layers.frame import frame_of, rounded_outwards
from gisapp.layers.layer import Bounds
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress, breathe

_WORLD: Bounds = (-170.0, -60.0, 179.0, 75.0)
#: Things of a list that are written in one go.
_PIECE = 50
#: How far down lists and groups are taken apart.
_DEEP = 6
#: Without tiles nothing else keeps a reader from zooming into emptiness.
MAX_ZOOM = 19
_OPTIONS = {
    "maxZoom": MAX_ZOOM,
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 120,
    "attributionControl": False,
    "preferCanvas": True,
}

#: Names in @@ stand for the parts of the page, which are put in after folium is done: it takes
#: what it is given for a template, so a name from a file with braces in it would be run.
_PAGE = """
{% macro header(this, kwargs) %}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>@@title@@</title>
<style>@@styles@@</style>
<script>@@leaflet@@</script>
{% endmacro %}
{% macro html(this, kwargs) %}
@@head@@
<main><div id="{{ this.get_name() }}" role="application" aria-label="Map"></div></main>
<aside id="legend" aria-label="Legend"></aside>
@@foot@@
<script type="application/json" id="gisapp-data">@@data@@</script>
{% endmacro %}
{% macro script(this, kwargs) %}
const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, @@options@@);
@@drawing@@
{% endmacro %}
"""
_PART = re.compile("@@([a-z]+)@@")


def write_html(
    project: Project,
    bounds: Bounds | None,
    path: Path,
    *,
    title: str,
    subtitle: str = "",
    day: date,
    audience: Audience,
    generated_at: datetime,
    rows: Mapping[str, NDArray[np.bool_]] | None = None,
    at: time | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write a map of `bounds` (west, south, east, north in degrees; None for all there is).

    Zones are drawn as they stand on `day`, or then `at` an hour. Only what `audience` may see is
    in the file: events are counts per cell, small counts left out. `rows` limits point layers to
    the rows whose mask is true, by layer id. The file is whole or not there. ExportError when it
    cannot be written.
    """
    progress = progress or Progress()
    progress.report(0, "Collecting what is on the map")
    title, subtitle = without_sites(project, title), without_sites(project, subtitle)
    project = seen_by(project, audience, exported=True)
    # A view that a window fitted to something hidden would have it in its middle.
    box = rounded_outwards(bounds) if bounds else frame_of(project, audience) or _WORLD
    question = Question(project, box, day, audience, seen_rows(project, audience, rows), at)
    surfaces, covered = surface_groups(question, progress.part(0.05, 0.5))
    data = html_content.content(question, surfaces, covered, progress.check)
    progress.report(0.7, "Writing the page")
    page = _page(question, data, title=title, subtitle=subtitle, generated_at=generated_at)
    with written(path) as beside:
        beside.write_text(page, encoding="utf-8", newline="\n")
        progress.report(1, "")
    return path


def _page(
    question: Question, data: dict[str, Any], *, title: str, subtitle: str, generated_at: datetime
) -> str:
    parts = {
        "title": html.escape(title),
        "styles": _leaflet_styles() + _own("map.css"),
        "leaflet": _leaflet("leaflet.js"),
        "head": _head(question, title, subtitle),
        "foot": _foot(question, generated_at),
        "data": as_script_data(data),
        "options": as_script_data(_OPTIONS),
        "drawing": "".join(_own(name) for name in ("symbols.js", "names.js", "map.js")),
    }
    # One pass: what is put in is not looked at again.
    return _with_policy(_PART.sub(lambda found: parts[found[1]], _frame()))


def _frame() -> str:
    """The page as folium builds it, with none of the addresses that it would load from."""
    import folium
    from jinja2 import Template

    page = folium.Map(tiles=None)
    page._id = "gisapp"  # The same map gives the same bytes: folium would draw a number by lot.
    page._name = "map"
    # Instance attributes: folium's own are shared by all its maps.
    page.default_js, page.default_css = [], []
    page._template = Template(_PAGE)
    return str(page.get_root().render()).replace("<html>", '<html lang="en">', 1)


def as_script_data(data: object) -> str:
    """JSON that can stand inside a script element: no text in it can end the element."""
    text = "".join(_in_json(data))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _in_json(data: object, deep: int = _DEEP) -> Iterator[str]:
    """The same as in one go, but a piece at a time: no thread runs while one is made."""
    if isinstance(data, dict) and deep:
        for number, (key, value) in enumerate(data.items()):
            yield f"{',' if number else '{'}{_piece(str(key))}:"
            yield from _in_json(value, deep - 1)
        yield "}" if data else "{}"
    elif isinstance(data, list) and len(data) > _PIECE:
        for start in range(0, len(data), _PIECE):
            yield ("," if start else "[") + _piece(data[start : start + _PIECE])[1:-1]
        yield "]"
    elif isinstance(data, list) and data and deep:
        for number, value in enumerate(data):
            yield "," if number else "["
            yield from _in_json(value, deep - 1)
        yield "]"
    else:
        yield _piece(data)


def _piece(data: object) -> str:
    breathe()
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _head(question: Question, title: str, subtitle: str) -> str:
    below = f"<p>{html.escape(subtitle)}</p>" if subtitle else ""
    moment = html.escape(html_question.moment_in_words(question))
    return (
        f"<header><h1>{html.escape(title)}</h1>{below}"
        f'<div class="facts"><span class="fact">Zones {moment}</span>'
        f'<span class="fact audience">For: {html.escape(question.audience.label)}</span></div>'
        "</header>"
    )


def _foot(question: Question, generated_at: datetime) -> str:
    sources = "; ".join(html_question.sources(question))
    parts = [html_question.rules(question)]
    parts += [f"Sources: {sources}."] if sources else []
    parts.append(f"Made with gisapp on {html_question.in_words(generated_at)}.")
    return (
        f"<footer><p>{html.escape(' '.join(parts))}</p>"
        "<noscript><p>The map needs JavaScript, which is switched off here.</p></noscript></footer>"
    )


def _own(name: str) -> str:
    return (resources.files("gisapp.io.html") / name).read_text("utf-8")


def _leaflet(name: str) -> str:
    from xstatic.pkg import leaflet

    text = Path(leaflet.BASE_DIR, name).read_text("utf-8")
    # A note for developers' tools that names a file which is not there.
    return re.sub(r"//# sourceMappingURL=\S+", "", text)


def _leaflet_styles() -> str:
    # Pictures of controls that the page does not have; they would be asked for in vain.
    return re.sub(r"url\((?!#)[^)]*\)", "none", _leaflet("leaflet.css"))


_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _with_policy(page: str) -> str:
    """State in the page that nothing may be loaded and no other script may run."""
    hashes = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() + "'"
        for body in _SCRIPT.findall(page)
    )
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace("<head>", f"<head>\n{tag}", 1)
