"""Checked deployments as files, each read back by something that did not write it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.deployments.check import Checked, DeploymentCheck, check
from gisapp.errors import ExportError
from gisapp.io.deployments.calendar import calendar
from gisapp.io.deployments.files import write
from gisapp.layers.agreement import Agreement
from gisapp.layers.project import Project
from tests.analysis.test_deployments import SHIFT, agreement, deployments, project_of, square

MADE = datetime(2025, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def found() -> DeploymentCheck:
    terms: Agreement = agreement(referral_contact="Street Links; 555, 0100")
    layer = deployments(
        (square(100, 0), *SHIFT), (square(900, 0), *SHIFT), (square(0, 0), None, None)
    )
    return check(project_of(terms), layer, exported=True)


def test_the_table_has_a_row_for_each_meeting_and_each_that_meets_none(
    found: DeploymentCheck, tmp_path: Path
) -> None:
    write(found, tmp_path / "plan.csv", MADE)
    with (tmp_path / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["deployment"], row["zone"]) for row in rows] == [
        ("Box 1", "Harbour"), ("Box 2", ""), ("Box 3", ""),
    ]  # fmt: skip
    assert rows[0]["not_here"] == "drug_search; arrest"
    assert rows[0]["start"] == "2025-03-07T18:00:00-05:00"
    assert rows[2]["advice"].startswith("Not checked.")


def test_gdal_reads_the_areas_the_overlaps_and_the_proposal(
    found: DeploymentCheck, tmp_path: Path
) -> None:
    path = tmp_path / "plan.geojson"
    write(found, path, MADE)
    frame = pyogrio.read_dataframe(path)
    assert frame["feature"].tolist() == [
        "deployment",
        "overlap",
        "proposed",
        "deployment",
        "deployment",
    ]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    whole, common, left = frame.geometry.iloc[:3]
    assert shapely.area(common) + shapely.area(left) == pytest.approx(shapely.area(whole), rel=2e-3)
    data = json.loads(path.read_text("utf-8"))
    assert len(data["bbox"]) == 4
    assert shapely.is_ccw(shapely.get_exterior_ring(whole))


def test_another_program_reads_the_calendar(found: DeploymentCheck, tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    write(found, path, MADE)
    read = icalendar.Calendar.from_ical(path.read_bytes())
    first, second = read.walk("VEVENT")  # of the third nobody knows the day
    assert str(first["SUMMARY"]) == "Box 1 (Unit 7), meets 1 zone"
    assert first["DTSTART"].dt == datetime(2025, 3, 7, 23, tzinfo=UTC)
    assert first["DTEND"].dt == datetime(2025, 3, 8, 7, tzinfo=UTC)
    assert "Link people to help instead: Street Links; 555, 0100." in str(first["DESCRIPTION"])
    assert "Not done there: Search for drugs; Arrest for personal possession." in str(
        first["DESCRIPTION"]
    )
    assert first["UID"] != second["UID"]


def test_the_calendar_holds_or_names_what_could_not_be_checked(found: DeploymentCheck) -> None:
    assert found.deployments[0].end is not None
    half = replace(
        found.deployments[1], end=None, met=(), problem="Its start or end is missing."
    )  # fmt: skip
    of_three = replace(found, deployments=(found.deployments[0], half, found.deployments[2]))
    read = icalendar.Calendar.from_ical(calendar(of_three, MADE).encode("utf-8"))
    _, flagged = read.walk("VEVENT")
    assert str(flagged["SUMMARY"]) == "Not checked: Box 2 (Unit 7)"
    assert flagged["DTSTART"].dt == date(2025, 3, 7)
    assert flagged["DTEND"].dt == date(2025, 3, 8)
    assert "Not checked. Its start or end is missing." in str(flagged["DESCRIPTION"])
    assert str(flagged["DESCRIPTION"]).startswith(
        "from Friday 7 March 2025, 18:00 (EST); end not known"
    )
    for field in ("DESCRIPTION", "X-WR-CALDESC"):
        # The reader leaves names that it does not know escaped.
        note = str(read[field]).replace("\\,", ",").replace("\\;", ";")
        assert "The one checked deployment meets a zone" in note
        assert "Not checked, for their hours are missing or wrong: Box 2, Box 3" in note
        assert "without a day it is not in this calendar: Box 3" in note


def test_a_deployment_keeps_its_identity_when_its_hours_change(found: DeploymentCheck) -> None:
    moved = replace(
        found,
        deployments=tuple(
            replace(one, start=one.start + timedelta(hours=1)) if one.start else one
            for one in found.deployments
        ),
    )
    ids = [
        [line for line in calendar(each, MADE).splitlines() if line.startswith("UID:")]
        for each in (found, moved)
    ]
    assert ids[0] == ids[1]


#: Halves of signs, control characters, and separators of lines and paragraphs.
_NO_TEXT = ("Cs", "Cc", "Zl", "Zp")


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\u2029", "\r\n"])
def test_no_word_begins_a_line_of_the_calendar(sign: str) -> None:
    """Some readers end lines at more signs than the standard does."""
    name = f"Quay{sign}ATTENDEE:mailto:x"
    one = Checked(
        0, name, name, name, shapely.Point(1, 2), 0.0, MADE, MADE + timedelta(hours=1)
    )  # fmt: skip
    layer = deployments((square(0, 0), *SHIFT))
    text = calendar(DeploymentCheck(Project(), layer, (one,), "UTC"), MADE)
    assert len(text.splitlines()) == text.count("\r\n")
    assert not [line for line in text.splitlines() if line.startswith("ATTENDEE")]


@settings(max_examples=60)
@given(
    name=st.text(st.characters(exclude_categories=_NO_TEXT), min_size=1, max_size=120),
    purpose=st.text(st.characters(exclude_categories=_NO_TEXT), max_size=200),
)
def test_any_words_come_back_from_the_calendar(name: str, purpose: str) -> None:
    one = Checked(
        0, name, "", purpose, shapely.Point(1, 2), 0.0, MADE, MADE + timedelta(hours=1)
    )  # fmt: skip
    layer = deployments((square(0, 0), *SHIFT))
    text = calendar(DeploymentCheck(Project(), layer, (one,), "UTC"), MADE)
    lines = text.split("\r\n")
    assert all(len(line.encode("utf-8")) <= 75 for line in lines)
    (event,) = icalendar.Calendar.from_ical(text.encode("utf-8")).walk("VEVENT")
    assert str(event["SUMMARY"]) == name
    if purpose:
        assert f"Purpose: {purpose}" in str(event["DESCRIPTION"])


def test_the_summary_is_plain_text_and_another_ending_is_refused(
    found: DeploymentCheck, tmp_path: Path
) -> None:
    write(found, tmp_path / "plan.txt", MADE)
    assert "1 of 2 checked deployments meets a zone" in (tmp_path / "plan.txt").read_text("utf-8")
    with pytest.raises(ExportError, match=r"\.csv, \.geojson, \.ics"):
        write(found, tmp_path / "plan.docx", MADE)
