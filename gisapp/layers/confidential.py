"""Services whose place is kept confidential, and zones that would give it away.

A shelter or a small programme may agree to a zone and not to a pin on a map. A service is
confidential where its field `confidential` says so. Only police analysts see it, and only on
screen: no map, table or file of anybody else names it or shows where it is. A zone that stands
round it tells where it is by its very outline, whatever it is called, unless it was drawn with
the service off its middle.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, sees_confidential
from gisapp.layers.folded_text import folded, pattern_of, spans
from gisapp.layers.layer import Geometry, Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind
from gisapp.layers.zone import LONGEST_ID, Zone

#: What a file says of a service that is not confidential; every other word keeps it back.
_OPEN_WORDS = frozenset(
    {"", "0", "0.0", "no", "n", "false", "f", "none", "public", "open", "everybody", "-"}
    | {"not confidential", "nein", "non", "nan"}
)
#: Columns by which a zone's anchors may name a service, beside its name.
_ID_COLUMNS = frozenset({"id", "site_id", "service_id", "uuid"})
#: A zone whose centre, or the middle of whose outline, is this near a site was drawn round it.
_ROUND_M = 50.0
_MIDDLE_M = 25.0
#: So many characters of its code are in the name of a confidential zone: `Area 3F09C2`.
_CALLED = 6
#: What stands where a text had the name of a confidential service.
INSTEAD = "a service"
#: Addresses of mail and pages, and telephone numbers: six figures or more, but no day.
_CONTACT = re.compile(
    r"\S+@\S+|(?:https?://|www\.)\S+"
    r"|(?!\b\d{4}-\d\d-\d\d\b)(?<![\w-])\+?\(?\d(?:[\s().\-/\u2010-\u2015]*\d){5,}(?![\d:])"
)
#: Blanks and commas before a sign that ends something, left where a number was taken out.
_LOOSE = re.compile(r"\s*\(\s*\)|[\s,:(]+([.;,)]|$)")
#: Outlines that are made from the place of the service itself.
MADE_FROM = (Basis.CIRCLE, Basis.FOOTPRINT, Basis.PARCEL, Basis.WALK)


@dataclass(frozen=True, slots=True)
class Site:
    """A confidential service: the names it goes by (folded), and where it is (EPSG:4326)."""

    layer_id: str
    row: int
    name: str
    called: frozenset[str]
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """The rows of a layer that others see, and the table and column they were read from."""

    table: pa.Table
    column: str
    rows: NDArray[np.bool_] | None


_sites: WeakKeyDictionary[Project, tuple[Site, ...]] = WeakKeyDictionary()
_patterns: WeakKeyDictionary[Project, re.Pattern[str] | None] = WeakKeyDictionary()
#: The rows that others see, by the places of the layer: the same array for the same layer.
_open: WeakKeyDictionary[Geometry, _Open] = WeakKeyDictionary()


def is_said(value: object) -> bool:
    """Whether a value of the field keeps the service confidential; in doubt it does."""
    return value is not None and str(value).strip().casefold() not in _OPEN_WORDS


def confidential_rows(layer: Layer) -> NDArray[np.bool_]:
    """Which services of a layer are confidential (bool, a value for each row)."""
    column = layer.column("confidential") if layer.kind is LayerKind.SERVICES else None
    if column is None:
        return np.zeros(len(layer), dtype=bool)
    return np.array([is_said(value) for value in column.to_pylist()], dtype=bool)


def with_marks(layer: Layer, marks: NDArray[np.bool_]) -> Layer:
    """The layer with other services confidential (a value for each row), in a column of its own."""
    column = layer.fields.get("confidential", "")
    if column not in layer.table.column_names:
        column = _free_column(layer.table.column_names)
    values = pa.array(marks)
    if column in layer.table.column_names:
        place = layer.table.column_names.index(column)
        table = layer.table.set_column(place, column, values)
    else:
        table = layer.table.append_column(column, values)
    return replace(layer, table=table, fields={**layer.fields, "confidential": column})


def _free_column(taken: list[str]) -> str:
    names, name, number = {one.casefold() for one in taken}, "confidential", 2
    while name in names:
        name, number = f"confidential_{number}", number + 1
    return name


def open_rows(layer: Layer, audience: Audience, *, exported: bool) -> NDArray[np.bool_] | None:
    """The rows of a layer that a reader may see; None for all of them.

    The same array for the same layer, so that what is drawn from it stays known.
    """
    if layer.kind is not LayerKind.SERVICES or sees_confidential(audience, exported=exported):
        return None
    column = layer.fields.get("confidential", "")
    known = _open.get(layer.geometry)
    if known is None or known.table is not layer.table or known.column != column:
        hidden = confidential_rows(layer)
        known = _Open(layer.table, column, ~hidden if hidden.any() else None)
        _open[layer.geometry] = known
    return known.rows


def open_count(layer: Layer, audience: Audience, *, exported: bool) -> int:
    """How many rows of a layer a reader may know of."""
    rows = open_rows(layer, audience, exported=exported)
    return len(layer) if rows is None else int(np.count_nonzero(rows))


def seen_rows(
    project: Project, audience: Audience, rows: Mapping[str, NDArray[np.bool_]] | None = None
) -> dict[str, NDArray[np.bool_]]:
    """Masks of the rows that go into a file for an audience, by layer id: `rows` and no more."""
    masks = dict(rows or {})
    for layer in project.layers_of(LayerKind.SERVICES):
        seen = open_rows(layer, audience, exported=True)
        if seen is not None:
            masks[layer.id] = masks[layer.id] & seen if layer.id in masks else seen
    return masks


def confidential_sites(project: Project) -> tuple[Site, ...]:
    """All confidential services of a project."""
    known = _sites.get(project)
    if known is None:
        layers = project.layers_of(LayerKind.SERVICES)
        known = _sites[project] = tuple(site for layer in layers for site in _of_layer(layer))
    return known


def is_confidential(project: Project, zone: Zone) -> bool:
    """Whether a zone stands round a confidential service: by its name, its id, or its place.

    A district in which such a service happens to lie does not.
    """
    sites = confidential_sites(project)
    if not sites:
        return False
    called = {folded(text) for text in (zone.service, *zone.anchors)} - {""}
    if any(not called.isdisjoint(site.called) for site in sites):
        return True
    if zone.centre is not None and _nearest_m(sites, *zone.centre) <= _ROUND_M:
        return True
    if zone.basis in (Basis.FOOTPRINT, Basis.PARCEL):
        return any(zone.shape.intersects(shapely.Point(site.lon, site.lat)) for site in sites)
    return min(_nearest_m(sites, *middle) for middle in _middles(zone)) <= _MIDDLE_M


def code_of(project: Project, zone: Zone) -> str:
    """The id under which a zone leaves: its own, or of a confidential one a code of 32 characters.

    A zone of which some file could not hold the whole id goes by a code as well, in all files.

    Ids that people made up (`shelter-1`) may tell what a zone is about, and any id tells which
    zone it was before its service became confidential. The code is made with the id of the
    project, which never leaves it, and is the same each time. Asked of a zone that was veiled,
    it answers for the zone of the project.
    """
    own = project.zones.get(zone.id, zone)
    is_short = len(zone.id.encode(errors="replace")) <= LONGEST_ID
    if is_short and not is_confidential(project, own):
        return zone.id
    return hashlib.sha256(f"zone {project.id} {zone.id}".encode(errors="replace")).hexdigest()[:32]


def veiled(project: Project, zone: Zone) -> Zone:
    """A confidential zone without what names its service: no name, basis, parts, note, anchors.

    Its outline is the same, an area drawn by hand with no centre. It is called by the start of
    its code, so that the same zone has the same name in every file, whatever zones there are
    beside it. Its id stays, by which the program knows it: what leaves says `code_of` instead.
    Another zone is given back as it is. Ask `given_away.gives_away` first: an outline
    that tells is not mended by this.
    """
    if not is_confidential(project, zone):
        return zone
    return replace(
        zone,
        name=f"Area {code_of(project, zone)[:_CALLED].upper()}",
        basis=Basis.POLYGON if zone.basis in MADE_FROM else zone.basis,
        basis_text="",
        centre=None,
        radius_m=None,
        radius_text="",
        walk_minutes=None,
        service="",
        anchors=(),
        parts="",
        note="",
        measured_from=None,
    )


def names_a_site(project: Project, text: str) -> bool:
    """Whether a text has the name of a confidential service in it, however it is written."""
    pattern = _pattern(project)
    return pattern is not None and pattern.search(folded(text)) is not None


def without_sites(project: Project, text: str) -> str:
    """The text with `a service` for each name of a confidential one: the one veil for words.

    Names are found however they are written (see `folded_text`). A text that had one loses
    telephone numbers, addresses of mail and of pages too, for these would name it as well.
    """
    pattern = _pattern(project)
    if pattern is None or not spans(pattern, text):
        return text
    cuts = [(*found, INSTEAD) for found in spans(pattern, text)]
    cuts += [(*found.span(), "") for found in _CONTACT.finditer(text)]
    for start, end, instead in reversed(_apart(cuts)):
        text = text[:start] + instead + text[end:]
    kept = _LOOSE.sub(lambda end: end[1] or "", text).strip(" ,;:")
    return INSTEAD if names_a_site(project, kept) else kept


def _apart(cuts: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The cuts in order, those that overlap as one: a name may stand in an address."""
    apart: list[tuple[int, int, str]] = []
    for start, end, instead in sorted(cuts):
        if apart and start < apart[-1][1]:
            first, last, known = apart[-1]
            apart[-1] = first, max(last, end), known or instead
        else:
            apart.append((start, end, instead))
    return apart


def _pattern(project: Project) -> re.Pattern[str] | None:
    if project not in _patterns:
        _patterns[project] = pattern_of(site.name for site in confidential_sites(project))
    return _patterns[project]


def _of_layer(layer: Layer) -> list[Site]:
    rows = np.flatnonzero(confidential_rows(layer)).tolist()
    if not rows:
        return []
    names = layer.texts("name")
    keys = [c for c in layer.table.column_names if c.strip().casefold() in _ID_COLUMNS]
    ids = [layer.table[key].to_pylist() for key in keys]
    found = []
    for row in rows:
        if isinstance(layer.geometry, Points):
            at = float(layer.geometry.lon[row]), float(layer.geometry.lat[row])
        else:
            middle = shapely.centroid(layer.geometry.geoms[row])
            at = float(middle.x), float(middle.y)
        called = {names[row], *(str(values[row]) for values in ids if values[row] is not None)}
        known = frozenset(folded(text) for text in called) - {""}
        found.append(Site(layer.id, row, names[row].strip(), known, *at))
    return found


def _nearest_m(sites: tuple[Site, ...], lon: float, lat: float) -> float:
    away = geodesy.distances_m(
        np.array([site.lon for site in sites]), np.array([site.lat for site in sites]), lon, lat
    )
    return float(away.min())


def _middles(zone: Zone) -> list[tuple[float, float]]:
    """The points that a reader would take for the middle of an outline, in degrees."""
    west, south, east, north = zone.shape.bounds
    around = shapely.minimum_bounding_circle(zone.shape).centroid
    weight = zone.shape.centroid
    middle = ((west + east) / 2, (south + north) / 2)
    return [middle, (weight.x, weight.y), (around.x, around.y)]
