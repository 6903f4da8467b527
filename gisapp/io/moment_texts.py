"""Many moments as ISO 8601 with the offset of a place's clocks, quickly."""

from __future__ import annotations

from datetime import timedelta, timezone

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.analysis.points.distinct_numbers import distinct
from gisapp.layers.moments import Moments

_DAY_S = 86_400


def iso_texts(at: NDArray[np.datetime64], zone: str) -> pa.Array:
    """`2026-11-27T21:00:00-05:00` for each moment (datetime64[us], UTC) on the clocks of a zone.

    Null where the moment is NaT; parts of a second are dropped. As `datetime.isoformat` writes it.
    """
    known = ~np.isnat(at)
    told = at[known]
    local = Moments.of(told).local(zone).astype("datetime64[s]").astype(np.int64)
    offset = local - told.astype("datetime64[s]").astype(np.int64)
    # Arrow writes moments without a zone many times quicker than those with one.
    clock = pa.array((local % _DAY_S).astype(np.int32), pa.time32("s")).cast(pa.string())
    # Each day and offset is put in words once: there are few of each.
    days, day = distinct(local // _DAY_S)
    offsets, shift = distinct(offset)
    texts = pc.binary_join_element_wise(
        _array([f"{one}T" for one in days.astype("datetime64[D]")]).take(pa.array(day)),
        clock,
        _array([_offset(one) for one in offsets.tolist()]).take(pa.array(shift)),
        "",
    )
    if known.all():
        return texts
    where = np.cumsum(known) - 1
    return texts.take(pa.array(where, mask=~known))


def _array(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def _offset(seconds: int) -> str:
    """`-05:00`; with seconds where clocks of former times had them."""
    text = str(timezone(timedelta(seconds=seconds))).removeprefix("UTC")
    return text or "+00:00"
