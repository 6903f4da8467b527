"""The page to read in a package: one page whatever it holds, and the same bytes each time."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QRectF

from gisapp.io.patrol.content import Content, Earlier, Note, Withdrawn
from gisapp.io.patrol.package import prepare
from gisapp.layers.geodesy import circle
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Exemption
from gisapp.layers.zone import Zone
from gisapp.render.headless import drawing
from gisapp.render.paper import package_page
from gisapp.render.paper.package_list import listed
from gisapp.render.paper.package_map import number_plates
from gisapp.render.paper.pdf_settled import settled
from gisapp.render.view import MapView
from tests.conftest import ROOT
from tests.io.packages import DAY, KEY, project, zone

NOTE = Note("Dispatch", "Partnership office", "For duty only", fingerprint=KEY.fingerprint)


@pytest.fixture(scope="module", autouse=True)
def _drawing() -> Iterator[None]:
    with drawing():
        yield


def content(of: Project, note: Note = NOTE) -> Content:
    return prepare(of, DAY, note=note).content


def page(of: Project, note: Note = NOTE) -> bytes:
    return package_page.files(content(of, note))["zones.pdf"]


def text_of(data: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    assert done.stderr == b""
    # Letters set together (ffi) are taken apart again.
    return unicodedata.normalize("NFKC", done.stdout.decode())


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\n", data))


def test_it_says_what_holds_where_and_who_signed_it() -> None:
    data = page(project("Quay", "Market"))
    assert pages(data) == 1
    said = text_of(data)
    for words in (
        "Zones in force on 2 June 2025",
        "From: Partnership office · For: Dispatch · Terms: For duty only",
        "Quay",
        "until 31 December 2026",
        "Not done here: Search for drugs",
        "Not a 9-1-1 routing boundary",
        KEY.fingerprint[:4],
    ):
        assert words in said


def test_few_zones_are_told_with_their_exceptions_in_larger_letters() -> None:
    terms = {"exceptions": (Exemption.VIOLENCE,)}
    few, many = (content(project(*(f"Z{n}" for n in range(count)), **terms)) for count in (1, 12))
    room = QRectF(0, 0, 700, 0)
    one, dozen = listed(few, room, 450), listed(many, room, 450)
    assert one.size > dozen.size
    [entry] = one.columns[0]
    assert any(line.startswith("Except: ") for line in entry.lines)
    assert not any("Except: " in line for line in dozen.columns[0][0].lines)


def test_many_zones_stay_on_one_page() -> None:
    data = page(project(*(f"Zone {number}" for number in range(143))))
    assert pages(data) == 1
    assert re.search(r"and \d+ more: see README.txt", text_of(data))


@pytest.mark.parametrize("count", [1, 7, 8, 30, 143])
def test_every_zone_is_listed_or_counted(count: int) -> None:
    made = content(project(*(f"Zone {number}" for number in range(count))))
    listing = listed(made, QRectF(0, 0, 700, 0), 450)
    more = int(re.findall(r"\d+", listing.more)[0]) if listing.more else 0
    assert listing.count + more == count
    assert listing.count > 0


def test_the_same_content_gives_the_same_bytes_in_another_process_and_time_zone() -> None:
    script = (
        "import sys; from tests.render.test_package_page import *\n"
        "with drawing(): sys.stdout.buffer.write(page(project('Quay', 'Марка', 'Îles'), Note()))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True,
            env={"TZ": zone, "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen"},
        ).stdout
        for zone in ("UTC", "Asia/Tokyo")
    ]  # fmt: skip
    assert len(set(made)) == 1
    assert b"D:20250602000000Z" in made[0]


def test_zones_across_the_antimeridian_lie_side_by_side() -> None:
    shape = circle(180.0, 10.0, 500)
    across = Zone("Across", shape, basis_text="x", agreement_id="quay", id="across")
    assert isinstance(shape, shapely.MultiPolygon)
    assert pages(page(project("Quay").without_zones(["zone-quay"]).with_zone(across))) == 1


def test_only_withdrawn_zones_are_a_page_too() -> None:
    made = replace(
        content(project("Quay")), zones=(), withdrawn=(Withdrawn("x", "Market", "gone"),),
        earlier=Earlier(date(2025, 5, 1), "0" * 64, "0" * 64),
    )  # fmt: skip
    said = text_of(package_page.files(made)["zones.pdf"])
    assert "Withdrawn, so it no longer holds: “Market”." in said


@pytest.mark.parametrize("count", [1, 3, 40])
def test_withdrawn_zones_are_named_beside_those_that_changed(count: int) -> None:
    gone = tuple(Withdrawn(f"{number}", f"Market {number}", "gone") for number in range(count))
    earlier = Earlier(date(2025, 5, 1), "0" * 64, "0" * 64)
    made = replace(content(project("Quay")), withdrawn=gone, earlier=earlier)
    data = package_page.files(made)["zones.pdf"]
    said = " ".join(text_of(data).split())
    assert pages(data) == 1 and "Quay" in said
    assert "“Market 0”" in said
    named = said.count("“Market")
    assert named == count or f"and {count - named} more: see README.txt" in said


def test_zones_on_one_another_have_a_number_each() -> None:
    door = circle(-84.5, 39.1, 20)
    shapes = [door, door, circle(-84.5, 39.1, 400), circle(-84.51, 39.1, 30)]
    view = MapView.fit((-84.52, 39.09, -84.49, 39.11), 700, 300)
    plates = number_plates(view, shapes)
    assert sorted(plates) == [1, 2, 3, 4]
    for one, other in itertools.combinations(plates.values(), 2):
        assert not one.intersects(other)
    assert all(QRectF(0, 0, 700, 300).contains(one) for one in plates.values())


def test_small_zones_have_their_numbers_beside_them(tmp_path: Path) -> None:
    small = [zone(f"Z{number}", number * 10) for number in range(3)]
    assert pages(page(project("Quay").with_zones(small))) == 1


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\nstartxref\n3\n", b"%PDF-1.7 startxref 0"])
def test_only_a_pdf_of_qt_is_settled(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a PDF as Qt writes it"):
        settled(data, DAY)
