"""`gisapp zones`: circles round services, or the premises themselves."""

from __future__ import annotations

from argparse import Namespace

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.expressions import rows_where
from gisapp.cli.agree import record
from gisapp.cli.answer import Answer
from gisapp.cli.projects import keep, opened
from gisapp.errors import EditError
from gisapp.io import agreement_file
from gisapp.layers import edits, geodesy, zoning
from gisapp.layers.layer import Layer
from gisapp.layers.zone import Zone
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    document = opened(args.project, progress.part(0, 0.5))
    saved = document.project
    agreement = agreement_file.read(args.agreement) if args.agreement else None
    if agreement is not None:
        record(document, agreement)
    layer = document.project.layer_named(args.around)
    zones = _drawn(
        args,
        layer,
        np.arange(len(layer)) if args.where is None else rows_where(layer, args.where),
        agreement.id if agreement else None,
        [zone.name for zone in document.project.zones.values()],
    )
    document.apply(edits.add_zones(zones))
    keep(document, args.project, saved, progress.part(0.5, 1))
    total = zoning.summary(zones)
    answer = {
        "zones": total.zones,
        "area_m2": round(total.area_m2, 1),
        "overlaps": total.overlaps,
        "invalid": total.invalid,
    }
    text = (
        f"{total.zones:,} {'zone' if total.zones == 1 else 'zones'} drawn "
        f"{'from' if args.shape == 'footprint' else 'round'} “{layer.name}”: "
        f"{geodesy.area_in_words(total.area_m2)} of ground (counted once where zones overlap), "
        f"{total.overlaps:,} overlapping {'pair' if total.overlaps == 1 else 'pairs'}."
    )
    return Answer(answer, text)


def _drawn(
    args: Namespace,
    layer: Layer,
    rows: NDArray[np.int64],
    agreement_id: str | None,
    taken: list[str],
) -> tuple[Zone, ...]:
    if args.shape == "footprint":
        if args.radius:
            raise EditError("A footprint has no radius.", "Leave out --radius, or draw circles.")
        return zoning.footprints(
            layer, args.basis, rows=rows, agreement_id=agreement_id, taken=taken
        )
    if not args.radius:
        raise EditError("Circles need a radius.", "Add for instance --radius 200m.")
    return zoning.circles_round(
        layer,
        geodesy.parse_length(args.radius),
        args.basis,
        rows=rows,
        radius_text=args.radius,
        agreement_id=agreement_id,
        taken=taken,
    )
