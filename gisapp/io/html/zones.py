"""The zones of an HTML map, as they stand at the day and hour that are asked for."""

from __future__ import annotations

from collections import Counter
from datetime import date

from gisapp.analysis.zones import overlaps as zone_overlaps
from gisapp.io.html.question import Question, moment_in_words
from gisapp.io.html.shapes import Json, area_swatch, css_style, rings
from gisapp.layers import geodesy, terms_words
from gisapp.layers.overlap import place_in
from gisapp.layers.project import Project
from gisapp.layers.style import VERMILLION
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone
from gisapp.layers.zone_look import zone_looks


def zone_group(question: Question) -> Json:
    project = question.project
    looks = [
        (project.zones[key], *look)
        for key, look in zone_looks(project, question.day, question.at).items()
    ]
    # What is quiet lies lowest, as on the printed map.
    looks.sort(key=lambda look: (look[2].width, look[2].fill_opacity))
    seen = Counter((label, style) for _, label, style in looks)
    legend = [
        area_swatch(style, label, f"{count:,}") for (label, style), count in reversed(seen.items())
    ]
    return _to_settle(question, legend) | {
        "kind": "zones",
        "title": "Zones",
        "count": f"{len(looks):,}",
        "note": f"As they stand {moment_in_words(question)}. A zone smaller than the symbol of "
        "its service is drawn as a ring round it.",
        "on": True,
        "list": True,
        "items": [
            {
                "rings": rings(zone.shape),
                "name": zone.name,
                "style": css_style(style),
                "rows": zone_rows(project, zone, question.day, label),
            }
            for zone, label, style in looks
        ],
    }


def _to_settle(question: Question, legend: list[Json]) -> Json:
    """The legend, and signs where zones of opposite effect overlap and nobody decided yet."""
    found = zone_overlaps.unsettled(question.project, question.day)
    places = [place_in(pair.common) for pair in found if pair.common is not None]
    if not places:
        return {"legend": legend}
    sign = {
        "symbol": "alert",
        "color": VERMILLION,
        "label": "Overlap to settle",
        "count": f"{len(places):,}",
    }
    signs = [[round(lat, 6), round(lon, 6)] for lon, lat in places]
    return {"alerts": signs, "alert": VERMILLION, "legend": [*legend, sign]}


def zone_rows(project: Project, zone: Zone, day: date, stands: str) -> list[tuple[str, str]]:
    """What a reader may know of a zone; internal notes are not among it."""
    rows = [("Stands", stands)]
    agreement = project.terms_on(zone, day)
    if agreement is not None:
        rows += [
            ("Agreement", agreement.title),
            ("Valid", agreement.validity_in_words()),
            ("Hours", agreement.hours_in_words()),
            ("Suspended", terms_words.suspended(agreement)),
            ("Offences", terms_words.offences(agreement)),
            ("Counts as personal", terms_words.thresholds(agreement)),
            ("For", terms_words.persons(agreement)),
            ("On the way", agreement.covers_transit.label if agreement.covers_transit else ""),
            ("Does not bind", terms_words.exceptions(agreement)),
            ("Units not bound", agreement.units_not_bound),
            ("Referral", agreement.referral_contact),
        ]
    if zone.polarity is not Polarity.NO_ENFORCEMENT:
        rows.insert(1, ("Effect", zone.polarity.label))
    outline = zone.basis.label
    if zone.radius_m:
        outline += f", {zone.radius_text or geodesy.in_words(zone.radius_m)}"
    rows += [("Outline", outline), ("Basis", zone.basis_text)]
    rows.append(("Area", geodesy.area_in_words(zone.area_m2)))
    return [(label, text) for label, text in rows if text]
