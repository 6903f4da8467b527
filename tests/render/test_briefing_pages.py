"""Briefing sheets and instructions as pages: one where it fits, nothing lost, the same bytes."""

from __future__ import annotations

import contextlib
import itertools
import re
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from shutil import which

import docx
import pytest
import shapely
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gisapp.analysis.briefing.area import WHOLE, Area, deployments_of
from gisapp.analysis.briefing.briefing import Briefing, briefing
from gisapp.analysis.briefing.order import Order, order
from gisapp.analysis.briefing.parts import Box, Grid, Heading, Items, Paper, Signing, Words
from gisapp.analysis.briefing.sheet import sheet
from gisapp.analysis.briefing.shift import Shift
from gisapp.errors import Cancelled, ExportError
from gisapp.journeys import sample_project
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, LayerKind
from gisapp.layers.zone import circle_zone
from gisapp.progress import Progress
from gisapp.render.briefing import map as briefing_map
from gisapp.render.briefing.atoms import atoms_of, stacked
from gisapp.render.briefing.export import Printed, map_of, paper_of, preview, print_task
from gisapp.render.briefing.map import briefing_image, not_on_the_map, paint_briefing_map
from gisapp.render.briefing.pages import LARGE, foot_set, set_paper
from gisapp.render.cache import Cache
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.paper.sheet import Sheet
from tests.render.conftest import DAY, LAT, LON, agreement, town

MADE = date(2025, 11, 20)
SCRIPTS = "Ελληνικά العربية 中文 हिन्दी"


def shift() -> Shift:
    return Shift.of(DAY, time(19), time(3), "America/New_York")


def subject(project: Project | None = None, area: Area = WHOLE) -> Briefing:
    return briefing(project or replace(town(), timezone="America/New_York"), area, shift())


def many(count: int) -> Project:
    pact = agreement()
    zones = [
        replace(
            circle_zone(f"Zone {n} {SCRIPTS}", LON + n * 0.002, LAT, 90, "partners"),
            agreement_id=pact.id,
        )
        for n in range(count)
    ]
    return town().with_agreement(pact).with_zones(zones)


def printed(what: Briefing | Order, path: Path, **more: object) -> Printed:
    return print_task(what, path, made_on=MADE, **more).work(Progress())


def text_of(path: Path) -> str:
    if which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    # Some fonts write fi and ffi as one sign.
    return unicodedata.normalize("NFKC", " ".join(done.stdout.decode().split()))


@pytest.mark.parametrize("paper", list(Sheet))
def test_a_sheet_is_one_page_of_text_one_can_read(tmp_path: Path, paper: Sheet) -> None:
    found = printed(subject(), tmp_path / "sheet.pdf", paper=paper)
    assert found.pages == 1 and found.points >= 10
    data = found.path.read_bytes()
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", data)
    assert box is not None
    width, height = (float(side) * 25.4 / 72 for side in box.groups())
    assert (width, height) == pytest.approx(paper.size_mm, abs=0.5)


def test_large_print_has_18_points_and_says_how_many_pages(tmp_path: Path) -> None:
    found = printed(subject(), tmp_path / "sheet.pdf", large=True)
    assert found.points == pytest.approx(18)
    assert found.in_words() == f"{found.pages} pages, text of 18 points"


def test_the_words_of_the_paper_are_in_the_pdf(tmp_path: Path) -> None:
    found = printed(subject(), tmp_path / "sheet.pdf")
    words = text_of(found.path)
    for part in ("Do instead", "Talk. Ask if everybody is safe.", "Circle", "Page 1 of 1"):
        assert part in words, part


def test_no_overdose_is_on_the_map_or_in_the_words(tmp_path: Path) -> None:
    with_calls = printed(subject(), tmp_path / "a.pdf").path.read_bytes()
    bare = replace(town(events=1), timezone="America/New_York")
    assert printed(subject(bare), tmp_path / "b.pdf").path.read_bytes() == with_calls


@pytest.fixture(scope="module")
def city() -> Project:
    return sample_project(Progress())


def deployed(city: Project) -> list[Briefing]:
    """The deployments of the sample city in which a zone holds."""
    found = []
    for layer in city.layers_of(LayerKind.DEPLOYMENTS):
        for area in deployments_of(layer):
            assert area.start is not None and area.end is not None
            hours = (one.astimezone(city.tzinfo) for one in (area.start, area.end))
            with contextlib.suppress(ExportError):
                found.append(briefing(city, area, Shift(*hours)))
    return found


@pytest.mark.parametrize("size", list(Sheet))
def test_large_print_of_a_deployment_is_two_pages(city: Project, size: Sheet) -> None:
    found = deployed(city)
    assert len(found) >= 4
    for one in found:
        setting = set_paper(sheet(one, MADE, large=True), size, large=True)
        assert (setting.count, setting.points) == (2, pytest.approx(18)), one.area.name


def test_no_entry_of_the_legend_of_a_sheet_is_cut(city: Project, tmp_path: Path) -> None:
    whole_day = Shift.of(date(2026, 3, 27), time(0), time(0), city.timezone)
    path = tmp_path / "city.pdf"
    assert printed(briefing(city, WHOLE, whole_day), path).pages == 1
    words = " ".join(text_of(path).split())
    assert "…" not in words and "In force, but not at" in words


def test_a_sheet_with_every_act_is_one_page(city: Project) -> None:
    pacts = {key: replace(one, suspended=tuple(Activity)) for key, one in city.agreements.items()}
    day = Shift.of(date(2026, 3, 27), time(8), time(16), city.timezone)
    found = briefing(replace(city, agreements=pacts), WHOLE, day)
    assert len(found.rules) == 2
    setting = set_paper(sheet(found, MADE), Sheet.A4)
    assert setting.count == 1 and setting.points >= 10


def test_numbers_without_room_are_said_under_the_map(tmp_path: Path) -> None:
    pact = agreement()
    heap = [
        replace(circle_zone(f"Heap {n}", LON, LAT, 30, "partners"), agreement_id=pact.id)
        for n in range(60)
    ]
    wide = replace(circle_zone("Wide", LON, LAT, 4000, "partners"), agreement_id=pact.id)
    project = replace(town(), zones={}).with_agreement(pact).with_zones([*heap, wide])
    image, left = briefing_image(map_of(subject(project)), 640, 400, 96, Cache(), Progress())
    assert image.width() == 640 and left
    assert set(left) < set(range(1, 62))
    words = text_of(printed(subject(project), tmp_path / "a.pdf").path)
    assert "not on the map: see the list." in words
    document = docx.Document(str(printed(subject(project), tmp_path / "a.docx").path))
    (told,) = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert "not on the map: see the list." in told


def test_numbers_that_are_not_on_the_map_are_named_in_few_words() -> None:
    assert not_on_the_map(()) == ""
    assert not_on_the_map((7,)) == "Number 7 is not on the map: see the list."
    run = tuple(range(31, 41))
    assert not_on_the_map(run) == "Numbers 31–40 are not on the map: see the list."
    odd = tuple(range(1, 99, 2))
    assert not_on_the_map(odd) == "49 numbers are not on the map: see the list."


def test_no_number_stands_over_a_name_a_service_or_another_number(
    city: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[QRectF] = []

    class Kept(Taken):
        def add(self, box: QRectF) -> None:
            kept.append(box)
            super().add(box)

    monkeypatch.setattr(briefing_map, "Taken", Kept)
    for one in deployed(city):
        kept.clear()
        what = map_of(one)
        briefing_image(what, 340, 250, 96, Cache(), Progress())
        # Scale bar and north arrow come first, then the number, then services and names.
        number, others = kept[2], [*kept[:2], *kept[3:]]
        assert len(others) > 3
        assert not [box for box in others if box.intersects(number)], one.area.name


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_same_question_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    # How Qt fits letters for their halos depends a little on what it has drawn before.
    printed(subject(), tmp_path / f"before.{ending}")
    first = printed(subject(), tmp_path / f"a.{ending}").path.read_bytes()
    assert printed(subject(), tmp_path / f"b.{ending}").path.read_bytes() == first
    year = re.compile(rb"\(D:(\d{8})|Date=\"(\d{4}-\d\d-\d\d)")
    days = {one or other for one, other in year.findall(first)}
    assert days <= {b"20251120", b"2025-11-20"}


@pytest.mark.parametrize("count", [1, 30])
def test_many_zones_and_every_script_are_all_named(tmp_path: Path, count: int) -> None:
    found = printed(subject(many(count)), tmp_path / "sheet.pdf")
    words = text_of(found.path)
    assert all(f"Zone {number} " in words for number in range(count))
    assert (found.pages > 1) is (count > 12)


def test_an_instruction_has_numbered_pages_and_a_place_to_sign(tmp_path: Path) -> None:
    found = printed(order(many(60), DAY), tmp_path / "instruction.pdf")
    words = text_of(found.path)
    assert found.pages > 1
    assert all(f"Page {number + 1} of {found.pages}" in words for number in range(found.pages))
    for part in ("12. Signature", "Office", "Town · Operational instruction · 21 November 2025"):
        assert part in words


def grid(count: int) -> Order:
    """An order with circles in rows of twelve."""
    pact = agreement()
    zones = [
        replace(
            circle_zone(f"Site {n}", LON + n % 12 * 0.015, LAT + n // 12 * 0.009, 150, "partners"),
            agreement_id=pact.id,
            radius_text="150m",
        )
        for n in range(count)
    ]
    return order(replace(town(), zones={}).with_agreement(pact).with_zones(zones), DAY)


@pytest.mark.parametrize("large", [False, True])
def test_what_officers_do_not_do_comes_first_where_areas_are_many(
    large: bool, tmp_path: Path
) -> None:
    setting = set_paper(paper_of(grid(143), MADE, large=large), Sheet.A4, large=large)
    told = [one.laid.text for page in setting.pages[:2] for one in page if one.laid is not None]
    assert "4. What officers do not do, and for whom" in told
    made = printed(grid(143), tmp_path / "a.pdf", large=large)
    assert "not on the map" not in text_of(made.path)
    assert made.pages <= (16 if large else 8)


@pytest.mark.parametrize("large", [False, True])
def test_maps_of_an_instruction_are_high_enough_to_read(large: bool) -> None:
    for count in (5, 143):
        subject = grid(count)
        setting = set_paper(paper_of(subject, MADE, large=large), Sheet.LETTER, large=large)
        maps = [one for page in setting.pages for one in page if one.laid is None]
        assert [one.part for one in maps] == ["", *(one.letter for one in map_of(subject).parts)]
        assert all(one.box.height() >= setting.inner.height() * 0.4 for one in maps)
        for page in setting.pages:
            assert all(one.box.bottom() <= setting.inner.bottom() for one in page)
            # No map is parted from its heading.
            assert not page[0].part


def test_every_number_stands_on_one_of_the_maps() -> None:
    subject = grid(143)
    what = map_of(subject)
    for size, zoom in (((640, 400), 1.0), ((450, 540), 1.5)):
        for part in what.parts:
            shown = replace(what, part=part.letter)
            _, left = briefing_image(shown, *size, 96, Cache(), Progress(), zoom)
            assert not left


def test_a_word_processor_gets_every_map(tmp_path: Path) -> None:
    document = docx.Document(str(printed(grid(60), tmp_path / "a.docx").path))
    told = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert [one[:6] for one in told] == ["Map of", "Map A.", "Map B."]
    (annex,) = [one for one in document.paragraphs if one.text == "Annex 1. The areas"]
    assert annex.paragraph_format.page_break_before


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"cannot be written as “\.txt”"):
        print_task(subject(), tmp_path / "a.txt", made_on=MADE)


def test_a_stopped_print_leaves_no_file(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        print_task(subject(), tmp_path / "a.pdf", made_on=MADE).work(progress)
    assert not list(tmp_path.iterdir())


def test_the_preview_is_drawn_in_the_room_there_is() -> None:
    found = subject(area=Area("Middle", shapely.box(LON - 0.01, LAT - 0.01, LON, LAT)))
    paper = Paper("Title", "Line", "Foot", left=(Words("a"),), right=(Words("b"),))
    setting = set_paper(paper, Sheet.A4)
    image = preview(setting, 0, map_of(found), (300, 400, 1.0), Cache(), Progress())
    assert image.width() <= 300 and image.height() <= 400
    dark = sum(image.pixelColor(x, y).lightness() < 90 for x in range(280) for y in range(80))
    assert dark > 50


# Pages


def blocks() -> tuple[Words | Heading | Items | Grid | Box | Signing, ...]:
    rows = tuple((str(n), f"Row {n} " + "long words " * (n % 9), "All day") for n in range(60))
    texts = [(Heading(f"Section {n}"), Words("Words " * 40)) for n in range(12)]
    return (
        *(one for pair in texts for one in pair),
        Grid(("No.", "Zone", "When"), rows, (10, 60, 30)),
        Items(tuple(f"Item {n}" for n in range(40))),
        Words("Sign here."),
        Signing(("Signature", "Date")),
    )


@pytest.mark.parametrize("size", [13.0, LARGE])
def test_nothing_is_parted_lost_or_over_the_edge(size: float) -> None:
    atoms = atoms_of(blocks(), 700, 1000, size, 300)
    pages = stacked(atoms, 1000)
    placed = [atom for page in pages for atom, _ in page]
    assert list(dict.fromkeys(placed)) == atoms
    for page in pages:
        assert page
        assert not page[-1][0].keep, "a heading stands alone at the foot of a page"
        for (atom, y), (_, below) in itertools.pairwise(page):
            assert y + atom.height <= below + 0.01
        assert page[-1][1] + page[-1][0].height <= 1000


def test_a_table_that_goes_on_has_its_header_again() -> None:
    pages = stacked(atoms_of(blocks(), 700, 1000, 13.0, 300), 1000)
    goes_on = [page for page in pages[1:] if page[0][0].header or page[0][0].keep]
    firsts = [page[0][0] for page in goes_on if len(page) > 1 and page[1][0].header]
    assert firsts and all(
        page[1][0].header is first
        for page, first in zip(
            [p for p in goes_on if len(p) > 1 and p[1][0].header], firsts, strict=True
        )
    )


def test_no_table_begins_with_one_row_at_the_foot_of_a_page() -> None:
    table = Grid(("No.", "Name"), tuple((str(n), f"Zone {n}") for n in range(9)), (20, 80))
    text = Words("above " * 40)
    for high in range(150, 300, 7):
        pages = stacked(atoms_of((text, table), 300, high, 13.0, 100), high)
        first = next(page for page in pages if any(atom.header for atom, _ in page))
        assert sum(atom.header is not None for atom, _ in first) >= 2


@pytest.mark.parametrize(
    ("foot", "lines", "points"),
    [("Town · 6 July 2018", 1, (18, 18)), ("Town " * 10, 1, (14, 17)), ("Town " * 18, 2, (14, 15))],
)
def test_the_foot_of_large_print_is_as_large_as_its_line_has_room_for(
    foot: str, lines: int, points: tuple[int, int]
) -> None:
    made = foot_set(foot, 720.0, large=True)
    assert len(made.lines) == lines and " ".join(made.lines) == foot.strip()
    assert points[0] <= made.written.pixelSize() * 72 / 96 <= points[1]
    assert made.height > foot_set(foot, 720.0, large=False).height


def test_a_foot_without_room_ends_its_lines_between_its_parts() -> None:
    made = foot_set(
        "Harbourton (sample city) · Operational instruction · 24 May 2026", 640, large=True
    )
    assert made.lines == ("Harbourton (sample city) · Operational instruction", "24 May 2026")


def test_large_print_for_a_word_processor_has_no_narrow_columns(
    city: Project, tmp_path: Path
) -> None:
    """In narrow columns telephone numbers and addresses were broken within."""
    made = printed(order(city, date(2026, 3, 24)), tmp_path / "large.docx", large=True)
    document = docx.Document(str(made.path))
    assert max(len(table.columns) for table in document.tables) <= 3
    headings = [
        one.text for one in document.paragraphs if one.style and one.style.name == "Heading 3"
    ]
    assert "Harbour House" in headings
    assert any("Contact: 01632\N{NO-BREAK SPACE}960152" in one.text for one in document.paragraphs)


def test_the_legend_of_large_print_is_larger_than_its_map(
    monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    drawn: list[tuple[float, float]] = []

    def record(painter: QPainter, box: QRectF, *rest: object) -> int:
        placed = painter.worldTransform().mapRect(box)
        drawn.append((painter.worldTransform().m11(), placed.bottom()))
        return 0

    monkeypatch.setattr(briefing_map, "paint_legend", record)
    image = QImage(480, 300, QImage.Format.Format_RGB32)
    for zoom in (1.0, 1.5):
        painter = QPainter(image)
        box = QRectF(0, 0, 480, 300)
        paint_briefing_map(painter, map_of(subject()), box, Cache(), Progress(), 1.0, zoom)
        painter.end()
    (plain, foot), (large, large_foot) = drawn
    assert plain == 1.0 and 1.25 <= large <= 1.6
    assert foot <= 300.01 and large_foot <= 300.01


def test_no_word_of_large_print_is_smaller_than_14_points(city: Project, tmp_path: Path) -> None:
    """Words of map, scale, legend and foot, as high as they stand on the page."""
    if which("pdftohtml") is None:
        pytest.skip("poppler-utils is not installed")
    whole = Shift.of(date(2026, 3, 27), time(0), time(0), city.timezone)
    path = tmp_path / "large.pdf"
    for what in (*deployed(city), briefing(city, WHOLE, whole)):
        printed(what, path, large=True)
        command = ["pdftohtml", "-xml", "-i", "-stdout", "-zoom", "3", str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        sizes = dict(re.findall(r'<fontspec id="(\d+)" size="(\d+)"', told))
        found = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(.*?)</text>', told)
        points = {re.sub("<.*?>", "", text): int(sizes[one]) / 3 for one, text in found}
        assert {"N", "Service"} <= points.keys()
        assert not {text: size for text, size in points.items() if size < 14}


def test_in_large_print_only_the_name_of_a_row_is_bold_and_rows_stand_apart() -> None:
    rows = (("Open House\n4 Quay", "Drop-in", "24/7", "555"), ("Clinic", "Clinic", "24/7", "556"))
    table = Grid(("Service", "Kind", "Open", "Contact"), rows, (25, 25, 25, 25))
    setting = set_paper(Paper("Order", "", "", body=(table,)), Sheet.LETTER, large=True)
    pieces = [one for one in setting.pages[0] if one.laid is not None][1:]
    texts = [one.laid.text.replace("\u2028", "") for one in pieces if one.laid]
    assert texts == [
        "Open House",
        "4 Quay\nKind: Drop-in\nOpen: 24/7\nContact: 555",
        "Clinic",
        "Kind: Clinic\nOpen: 24/7\nContact: 556",
    ]
    gaps = [lower.box.top() - upper.box.bottom() for upper, lower in itertools.pairwise(pieces)]
    assert gaps[1] > 2 * max(gaps[0], gaps[2])


def test_a_text_longer_than_a_page_goes_on_the_next() -> None:
    pages = stacked(atoms_of((Words("word " * 4000),), 700, 1000, 13.0, 300), 1000)
    assert len(pages) > 1
    assert all(y + atom.height <= 1000 for page in pages for atom, y in page)
