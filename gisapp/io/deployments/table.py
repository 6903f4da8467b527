"""Checked deployments as a table: one row for each zone that one meets."""

from __future__ import annotations

from pathlib import Path

from gisapp.analysis.deployments.advice import (
    advice_of,
    hotspot_words,
    meeting_words,
    service_words,
)
from gisapp.analysis.deployments.check import Checked, DeploymentCheck, Meeting
from gisapp.io.table_text import write_records

HEADER = (
    "deployment", "unit", "zone", "overlap_m2", "share", "hours", "not_here",
    "start", "end", "purpose", "in_force", "binds", "binds_in_words", "streets", "exceptions",
    "services", "hotspots", "advice",
)  # fmt: skip


def records(check: DeploymentCheck) -> list[tuple[str, ...]]:
    """The table below its header; a deployment that meets no zone has one row without a zone.

    `hours` is how many the zone is in force during it. `not_here` is in the codes of the
    vocabulary, times are ISO 8601 with their offset, `advice` is in sentences.
    """
    rows = []
    for one in check.deployments:
        rows += [_record(check, one, meeting) for meeting in one.met or (None,)]
    return rows


def write_table(check: DeploymentCheck, path: Path) -> None:
    """Write the table as CSV, safe to open in a spreadsheet; ExportError if it cannot be."""
    write_records([HEADER, *records(check)], path)


def _record(check: DeploymentCheck, one: Checked, meeting: Meeting | None) -> tuple[str, ...]:
    zone = ("", "", "", "", "")
    told = ("", "", "", "", "")
    if meeting is not None:
        conflict = meeting.conflict
        codes = [activity.value for activity in conflict.suspended]
        others = [v.suspended_other.strip() for v in conflict.versions if v.suspended_other.strip()]
        zone = (
            conflict.zone,
            f"{conflict.overlap_m2:.1f}",
            f"{conflict.share:.4f}",
            f"{conflict.minutes / 60:.2f}",
            "; ".join(dict.fromkeys([*codes, *others])),
        )
        words = meeting_words(check, one, meeting)
        told = (words.when, conflict.binds.value, words.binds, words.streets, words.exceptions)
    when = ("" if at is None else at.isoformat() for at in (one.start, one.end))
    return (
        one.name,
        one.unit,
        *zone,
        *when,
        one.purpose,
        *told,
        "; ".join(service_words(check, each) for each in one.services),
        " ".join(hotspot_words(check, each) for each in one.hotspots),
        " ".join(advice_of(check, one)),
    )
