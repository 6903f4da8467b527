"""How long it takes to say what applies at a million places, each at its own time.

    python -m benchmarks.bench_lookups

A made-up city with 2,000 zones of 100, 200 and 300 m. Their twenty agreements have hours by day and
by night, public holidays, chosen days, rules, and a former version each; one zone in ten follows
the opening hours of a service of its own. Processor time is given beside the clock: it says the
same when other work goes on. The whole command is `gisapp check` in a process of its own, from its
start to its end, with its modules compiled by a run before.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from datetime import time as clock
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from benchmarks import made_up
from gisapp.analysis.look_ups.checked_rows import CheckedRows, checked_rows
from gisapp.analysis.look_ups.help_near_many import nearest_many
from gisapp.analysis.look_ups.what_applies import applies_to
from gisapp.io import checked_csv, checked_file
from gisapp.io.project import project_file
from gisapp.io.reading import importing
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar, OnHolidays, SpecialDay
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole
from gisapp.layers.zone import Zone, circle_zone

PLACES, ZONES, AGREEMENTS, SERVICES = 1_000_000, 2_000, 20, 200
_OPEN = ("Mo-Fr 08:00-18:00", "Mo-Sa 10:00-22:00; PH off", "24/7", "by appointment")


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor, children too, of the quickest of three runs."""
    runs = []
    for _ in range(3):
        start, used = time.perf_counter(), sum(os.times()[:4])
        work()
        runs.append((time.perf_counter() - start, sum(os.times()[:4]) - used))
    return min(one for one, _ in runs), min(one for _, one in runs)


def agreement(number: int, **changes: object) -> Agreement:
    """An agreement with hours, of one of four kinds, and a version that held before it."""
    hours = (
        Hours((0, 1, 2, 3, 4), clock(7 + number % 4), clock(19)),
        Hours((4, 5), clock(21), clock(5)),
    )
    calendars = (
        Calendar(),
        Calendar(holidays="US-OH", on_holidays=OnHolidays.NOT),
        Calendar(rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,FR"),
        Calendar(
            special=(
                SpecialDay(date(2021, 7, 4)),
                SpecialDay(date(2021, 7, 5), clock(9), clock(12)),
            )
        ),
    )
    plain = Agreement(
        f"Agreement {number}",
        Status.AGREED,
        (Party("Police", PartyRole.POLICE, signed_on=date(2018, 12, 1)),),
        date(2019, 1, 1),
        suspended=(Activity.DRUG_SEARCH, Activity.ID_CHECK),
        hours=hours,
        calendar=calendars[number % 4],
        timezone=made_up.TIMEZONE,
        id=f"agreement-{number}",
    )
    return replace(plain, **changes)


def services() -> Layer:
    """Services with hours, some of them unknown."""
    names = [f"Service {number}" for number in range(SERVICES)]
    hours = [_OPEN[number % len(_OPEN)] for number in range(SERVICES)]
    table = pa.table({"name": names, "hours": hours})
    fields = {"name": "name", "opening_hours": "hours"}
    return new_layer("Services", LayerKind.SERVICES, table, made_up.places(SERVICES, 3), fields)


def project() -> Project:
    """2,000 zones under 20 agreements, a tenth of them at the hours of their own service."""
    rng = np.random.default_rng(5)
    where = made_up.places(ZONES, 6)
    follows = agreement(99, hours=(), calendar=Calendar(service_hours=True))
    made: list[Zone] = []
    for number in range(ZONES):
        follow = number % 10 == 0
        key = follows.id if follow else f"agreement-{number % AGREEMENTS}"
        radius = float(rng.choice([100.0, 200.0, 300.0]))
        zone = circle_zone(
            f"Zone {number}",
            where.lon[number],
            where.lat[number],
            radius,
            "made up",
            agreement_id=key,
        )
        made.append(replace(zone, service=f"Service {number // 10}") if follow else zone)
    current = [
        agreement(number, version=2, effective=date(2022, 1, 1)) for number in range(AGREEMENTS)
    ]
    return Project(
        title="Made up",
        timezone=made_up.TIMEZONE,
        layers=(services(),),
        zones={zone.id: zone for zone in made},
        agreements={one.id: one for one in (*current, follows)},
        former=tuple(agreement(number) for number in range(AGREEMENTS)),
    )


def whole_command(town: Project, given: Path, out: Path) -> None:
    """Say how long `gisapp check` of a file takes."""
    saved = out.with_name("town.gpkg")
    project_file.save(town, saved)
    command = [sys.executable, "-m", "gisapp", "check", str(saved), "--file", str(given)]
    command += ["--map", "time=when", "--out", str(out), "--quiet"]
    environment = {key: os.environ[key] for key in os.environ if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(out.with_name("compiled"))

    def run() -> None:
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)

    run()
    wall, used = measured(run)
    print(f"{'the whole command':22} {wall:6.2f} s, processor {used:6.2f} s")


def main() -> None:
    town, stops = project(), made_up.stops(PLACES)
    assert isinstance(stops.geometry, Points)
    lon, lat = stops.geometry.lon, stops.geometry.lat
    column = stops.table["stopped_at"].cast(pa.timestamp("us"))
    at = np.asarray(column.to_numpy()).astype("datetime64[us]")
    found = applies_to(town, lon, lat, at)
    inside = len(np.unique(np.concatenate([one.rows for one in found])))
    print(f"{PLACES:,} places, {ZONES:,} zones, {inside:,} places in a zone that holds")
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "places.csv", Path(folder) / "out.csv"
        texts = column.cast(pa.timestamp("s")).cast(pa.string())
        pacsv.write_csv(pa.table({"lat": lat, "lon": lon, "when": texts}), given)
        when = {"time": "when"}
        table = checked_file.read_places(
            importing.probe([given]), town.timezone, None, columns=when
        )
        who = Audience.POLICE

        def told_of() -> CheckedRows:
            places = table.lon, table.lat, table.at
            return checked_rows(town, *places, audience=who, exported=True)

        told = told_of()
        for name, work in {
            "which zones hold": lambda: applies_to(town, lon, lat, at),
            "nearest open service": lambda: nearest_many(town, lon, lat, at, audience=who),
            "both, in words": told_of,
            "read the CSV": lambda: checked_file.read_places(
                importing.probe([given]), town.timezone, None, columns=when
            ),
            "write the CSV": lambda: checked_csv.write_many(table, told, town.timezone, out),
        }.items():
            wall, used = measured(work)
            print(f"{name:22} {wall:6.2f} s, processor {used:6.2f} s")
        whole_command(town, given, out)


if __name__ == "__main__":
    main()
