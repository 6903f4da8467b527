"""Look-ups on real calls and real sites: a check of the file says what the counts say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.conftest import Run
from tests.journeys.test_cincinnati import AGREEMENT


def test_a_file_of_calls_is_checked_as_it_is_counted(
    shared_data: Path, tmp_path: Path, run: Run
) -> None:
    data, project = shared_data / "cincinnati", tmp_path / "city.gpkg"
    calls = data / "overdose_police_calls_heroin_2015-2018.csv"
    run("import", project, "overdoses", calls, "--name", "Calls")
    run("import", project, "services", data / "naloxone_distribution_sites.csv", "--name", "Sites")
    (tmp_path / "terms.json").write_text(json.dumps(AGREEMENT))
    run(
        "zones", project, "--around", "Sites", "--radius", "500ft", "--basis", "a test",
        "--agreement", tmp_path / "terms.json",
    )  # fmt: skip
    counted = run("count", project, "Calls")
    out = tmp_path / "checked.csv"
    answer = run(
        "check", project, "--file", calls, "--at-column", "create_time_incident", "--out", out
    )
    assert (answer["read"], answer["checked"], answer["rejected"]) == (6960, 6060, 900)
    assert answer["in_zone"] == counted["inside"] > 0
    assert len(answer["not_read"]) == 900
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 6060
    assert sum(bool(row["zones"]) for row in rows) == counted["inside"]
    first = next(row for row in rows if row["zones"])
    assert float(first["distance_m"]) <= 152.5, "a circle of 500 ft round a site"
    # The list says no hours, so nobody is told that a site is open.
    assert {row["service_hours"] for row in rows} == {"hours not known: call first"}
