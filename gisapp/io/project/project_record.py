"""What a project keeps beside its zones: breaches, scenarios, settled overlaps, what left it.

Possible breaches are kept here and nowhere else: no export reads them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

from gisapp.io.project import gpkg_schema, project_zones
from gisapp.io.project.project_damage import UNREADABLE, damaged
from gisapp.layers.breach import Breach
from gisapp.layers.export_log import Export, ExportLog
from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario, Settled, Settlement
from gisapp.layers.vocabulary import Activity, BreachSource
from gisapp.layers.zone import Zone


def write_record(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    """Bring what the file keeps beside its zones from that of `saved` to that of `project`."""
    _write_breaches(connection, project, saved)
    _write_scenarios(connection, project, saved)
    _write_settlements(connection, project, saved)
    _write_exports(connection, project, saved)


# Possible breaches


def _write_breaches(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    if project.breaches is saved.breaches:
        return
    connection.execute(f"DELETE FROM {gpkg_schema.BREACHES}")
    columns = ("breach_id", "zone_id", "at", "source", "activity", "unit", "outcome", "position")
    rows = (
        (
            breach.id,
            breach.zone_id,
            breach.at.isoformat(),
            breach.source.value,
            breach.activity.value,
            breach.unit,
            breach.outcome,
            place,
        )
        for place, breach in enumerate(project.breaches)
    )
    gpkg_schema.insert(connection, gpkg_schema.BREACHES, columns, rows)


def read_breaches(connection: sqlite3.Connection) -> tuple[Breach, ...]:
    """The log of possible breaches, in its order; ProjectFileError where it is damaged."""
    try:
        return tuple(
            Breach(
                zone_id=row["zone_id"],
                at=datetime.fromisoformat(row["at"]),
                source=BreachSource(row["source"]),
                activity=Activity(row["activity"]),
                unit=row["unit"],
                outcome=row["outcome"],
                id=row["breach_id"],
            )
            for row in _rows(connection, gpkg_schema.BREACHES)
        )
    except UNREADABLE as error:
        raise damaged(gpkg_schema.BREACHES, "a possible breach cannot be read") from error


# Scenarios


def _write_scenarios(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    if project.scenarios is saved.scenarios:
        return
    before = {scenario.id: scenario for scenario in saved.scenarios}
    kept = {
        one.id
        for one in project.scenarios
        if one.id in before and before[one.id].zones is one.zones
    }
    gone = [(key,) for key in before.keys() - kept]
    connection.executemany(f"DELETE FROM {gpkg_schema.SCENARIO_ZONES} WHERE scenario_id = ?", gone)
    connection.execute(f"DELETE FROM {gpkg_schema.SCENARIOS}")
    for place, scenario in enumerate(project.scenarios):
        row = (scenario.id, scenario.name, scenario.note, place)
        columns = ("scenario_id", "name", "note", "position")
        gpkg_schema.insert(connection, gpkg_schema.SCENARIOS, columns, [row])
        if scenario.id not in kept:
            _insert_zones(connection, scenario)
    everywhere = [zone for one in project.scenarios for zone in one.zones.values()]
    project_zones.register(connection, gpkg_schema.SCENARIO_ZONES, everywhere)


def _insert_zones(connection: sqlite3.Connection, scenario: Scenario) -> None:
    rows = [
        {"scenario_id": scenario.id, **project_zones.zone_row(zone, place)}
        for place, zone in enumerate(scenario.zones.values())
    ]
    if rows:
        values = [tuple(row.values()) for row in rows]
        gpkg_schema.insert(connection, gpkg_schema.SCENARIO_ZONES, tuple(rows[0]), values)


def read_scenarios(connection: sqlite3.Connection) -> tuple[Scenario, ...]:
    """The scenarios in their order, with their zones; ProjectFileError where one is damaged."""
    by_scenario: dict[str, dict[str, Zone]] = {}
    rows = _rows(connection, gpkg_schema.SCENARIO_ZONES)
    for row, zone in zip(
        rows, project_zones.zones_of(rows, gpkg_schema.SCENARIO_ZONES), strict=True
    ):
        by_scenario.setdefault(row["scenario_id"], {})[zone.id] = zone
    return tuple(
        Scenario(
            row["name"], by_scenario.get(row["scenario_id"], {}), row["note"], row["scenario_id"]
        )
        for row in _rows(connection, gpkg_schema.SCENARIOS)
    )


# Settled overlaps


def _write_settlements(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    if project.settlements is saved.settlements:
        return
    connection.execute(f"DELETE FROM {gpkg_schema.SETTLEMENTS}")
    columns = ("zone_id", "other_zone_id", "settled", "settled_on", "who", "why")
    rows = (
        (*one.zone_ids, one.settled.value, one.on.isoformat(), one.who, one.why)
        for one in project.settlements
    )
    gpkg_schema.insert(connection, gpkg_schema.SETTLEMENTS, columns, rows)


def read_settlements(connection: sqlite3.Connection) -> tuple[Settlement, ...]:
    """What was settled of overlaps, in its order; ProjectFileError where it is damaged."""
    try:
        return tuple(
            Settlement(
                (row["zone_id"], row["other_zone_id"]),
                Settled(row["settled"]),
                date.fromisoformat(row["settled_on"]),
                row["who"],
                row["why"],
            )
            for row in _rows(connection, gpkg_schema.SETTLEMENTS, order="fid")
        )
    except UNREADABLE as error:
        raise damaged(gpkg_schema.SETTLEMENTS, "a decision cannot be read") from error


# What has left the program

_EXPORT = tuple(field.name for field in fields(Export))


def _write_exports(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    """Add the lines that are new to those that the file has by now, whoever wrote them there."""
    if project.exports is not saved.exports:
        _write_log(connection, exports_of(connection).joined(project.exports))


def exports_of(connection: sqlite3.Connection) -> ExportLog:
    """The log of exports that an open file holds by now."""
    query = "SELECT value FROM gisapp_project WHERE key = 'export_log'"
    head = connection.execute(query).fetchone()
    return read_exports(connection, str(head[0]) if head else "")


def _write_log(connection: sqlite3.Connection, log: ExportLog) -> None:
    """Write the lines that the file lacks; all of them where it holds others."""
    known = exports_of(connection).lines
    if log.lines[: len(known)] != known:
        connection.execute(f"DELETE FROM {gpkg_schema.EXPORTS}")
        known = ()
    _insert_exports(connection, log.lines[len(known) :])
    last = {"key": "export_log", "value": f"{log.count} {log.head}"}
    gpkg_schema.upsert(connection, gpkg_schema.PROJECT, "key", last)


def _insert_exports(connection: sqlite3.Connection, lines: Sequence[Export]) -> None:
    rows = [
        tuple(line.at.isoformat() if name == "at" else getattr(line, name) for name in _EXPORT)
        for line in lines
    ]
    gpkg_schema.insert(connection, gpkg_schema.EXPORTS, _EXPORT, rows)


def add_exports(connection: sqlite3.Connection, lines: Sequence[Export]) -> None:
    """Add lines to the log that the file has by now."""
    log = exports_of(connection)
    for line in lines:
        log = log.with_line(line)
    _write_log(connection, log)


def read_exports(connection: sqlite3.Connection, head: str) -> ExportLog:
    """The log of exports. `head` is "COUNT HASH" of its last line as the project remembers it.

    Lines that were changed or taken out are no damage: `ExportLog.problems` tells of them.
    """
    count, _, last = head.partition(" ")
    try:
        lines = tuple(
            Export(
                **{name: str(row[name]) for name in _EXPORT if name not in ("at", "number")},
                at=datetime.fromisoformat(row["at"]),
                number=int(row["number"]),
            )
            for row in _rows(connection, gpkg_schema.EXPORTS, order="fid")
        )
        return ExportLog(lines, last, int(count or 0))
    except UNREADABLE as error:
        raise damaged(gpkg_schema.EXPORTS, "a line of the log cannot be read") from error


def _rows(
    connection: sqlite3.Connection, table: str, order: str = "position, fid"
) -> list[sqlite3.Row]:
    """The rows of a table that files of format 1 do not have."""
    known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    if known is None:
        return []
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    rows: list[sqlite3.Row] = cursor.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()
    return rows
