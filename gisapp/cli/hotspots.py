"""`gisapp hotspots`: kernel density or Getis-Ord Gi* of a point layer, as cells in a file."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime

from gisapp.analysis.hotspots.hotspots import highest_seen
from gisapp.cli.answer import Answer
from gisapp.cli.projects import keep, log_exports, opened
from gisapp.io import cells_file
from gisapp.io.exported_files import line_for
from gisapp.journeys import hotspot_surface
from gisapp.layers import edits, geodesy
from gisapp.layers.audience import Audience, suppressed, threshold
from gisapp.layers.confidential import without_sites
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots, Project
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    document = opened(args.project, progress.part(0, 0.4))
    saved = document.project
    layer = saved.layer_named(args.layer)
    hotspots = replace(
        _kept(saved, layer),
        method=args.method,
        cell_m=geodesy.parse_length(args.cell),
        bandwidth_m=geodesy.parse_length(args.bandwidth),
    )
    reader = cells_file.reader_of(layer, Audience(args.audience) if args.audience else None)
    surface = hotspot_surface(saved, hotspots, progress.part(0.4, 0.7))
    name = f"{without_sites(saved, layer.name)} {args.method}"
    cells = cells_file.write(surface, args.out, name=name, audience=reader)
    document.apply(edits.set_hotspots(hotspots))
    keep(document, args.project, saved, progress.part(0.7, 0.9))
    line = line_for(args.out, "hotspots", at=datetime.now(UTC), audience=reader.value)
    warnings = log_exports(document, args.project, [line], progress.part(0.9, 1))
    everything = reader is Audience.POLICE
    density = surface.classes is None
    hot = None
    if surface.classes is not None:
        hot = int((surface.classes[surface.shown(reader)] > 0).sum())
    answer = {
        "layer": without_sites(saved, layer.name),
        "method": args.method,
        "cell_m": hotspots.cell_m,
        "bandwidth_m": hotspots.bandwidth_m,
        # Not told beside classes of Gi*, for with the total more could be worked out from them.
        "events": suppressed(int(surface.counts.sum()), reader) if density or everything else None,
        "cells": cells,
        "hot_cells": hot,
        "small_counts": everything,
        "unit": surface.unit if density or everything else "class",
        "maximum": highest_seen(surface, reader),
        "notes": [*surface.notes, *surface.advice],
        "out": str(args.out),
        "logged": not warnings,
    }
    text = f"{cells:,} cells of {geodesy.in_words(hotspots.cell_m)} written to {args.out}."
    if not everything:
        text += (
            f" Only where {threshold(reader)} or more events lie within "
            f"{geodesy.in_words(hotspots.bandwidth_m)}, and without small counts; for police "
            "analysts add --audience police."
        )
    return Answer(answer, "\n".join([text, *surface.notes, *surface.advice, *warnings]))


def _kept(project: Project, layer: Layer) -> Hotspots:
    """The hotspots that the project keeps of a layer, to be changed; new ones if there are none."""
    for one in project.hotspots:
        if one.layer_id == layer.id:
            return one
    return Hotspots(layer.id)
