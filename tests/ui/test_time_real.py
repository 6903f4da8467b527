"""The stops of a real city in bars: every one, in the zone of the place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from gisapp.analysis.points.time_bars import Step, TimeBars
from gisapp.layers.layer import local_times
from gisapp.ui.times.histogram import histogram
from gisapp.ui.times.walk import Walk

ZONE = "Europe/London"


def test_a_walk_over_a_month_of_london_shows_every_stop_once(shared_data: Path) -> None:
    files = sorted((shared_data / "london" / "met_stop_and_search").glob("*.csv.gz"))[:2]
    times = pa.concat_tables([pa.csv.read_csv(file).select(["Date"]) for file in files])["Date"]
    moments = times.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us", ZONE))
    bars = TimeBars.build(moments, ZONE)
    assert bars is not None
    assert bars.counts.sum() + bars.unknown == len(times)
    walk = Walk.over(bars, Step.DAY, Step.DAY, None, Step.HOUR)
    spans = [walk.at(position) for position in range(walk.last + 1)]
    assert sum(bars.count(span) for span in spans) == bars.counts.sum()
    local = local_times(moments, ZONE)
    for span in spans[:: max(len(spans) // 5, 1)]:
        day = bars.moments(span)[0].astype("datetime64[D]")
        assert (bars.mask(span) == (local.astype("datetime64[D]") == day)).all()
    assert histogram(bars).counts.sum() == bars.counts.sum()
    assert bars.weekday_hours().sum() == int(np.count_nonzero(pc.is_valid(moments).to_numpy()))
