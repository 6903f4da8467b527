"""The log of exports: whatever is changed or taken out of it shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.export_log import Export, ExportLog

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
TEXTS = st.text(max_size=12)
LINES = st.builds(
    Export,
    at=st.integers(0, 10**6).map(lambda minutes: AT + timedelta(minutes=minutes)),
    who=TEXTS,
    what=TEXTS,
    file=TEXTS,
    sha256=st.just("0" * 64),
    audience=TEXTS,
    recipient=TEXTS,
    note=TEXTS,
)
LOGS = st.lists(LINES, min_size=1, max_size=6)


def log_of(lines: list[Export]) -> ExportLog:
    log = ExportLog()
    for line in lines:
        log = log.with_line(line)
    return log


@given(LOGS)
def test_a_log_as_it_was_written_has_no_problems(lines: list[Export]) -> None:
    log = log_of(lines)
    assert log.problems() == ()
    assert [line.number for line in log.lines] == list(range(1, len(lines) + 1))


@given(LOGS, st.data())
def test_any_line_that_is_taken_out_shows(lines: list[Export], data: st.DataObject) -> None:
    log = log_of(lines)
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    less = replace(log, lines=(*log.lines[:start], *log.lines[end:]))
    [problem] = less.problems()
    gone = end - start
    assert problem.startswith("1 line " if gone == 1 else f"{gone} lines ")
    assert ("at the end" in problem) is (end == len(lines))


@given(LOGS, st.data())
def test_any_line_that_is_changed_shows(lines: list[Export], data: st.DataObject) -> None:
    log = log_of(lines)
    at = data.draw(st.integers(0, len(lines) - 1))
    name = data.draw(st.sampled_from(["who", "what", "file", "audience", "recipient", "note"]))
    changed = replace(log.lines[at], **{name: getattr(log.lines[at], name) + "x"})
    log = replace(log, lines=(*log.lines[:at], changed, *log.lines[at + 1 :]))
    assert log.problems() == (f"Line {at + 1} was changed after it was written.",)


@given(LOGS, LINES)
def test_a_gap_stays_visible_when_more_is_written(lines: list[Export], next_one: Export) -> None:
    log = log_of(lines)
    cut = replace(log, lines=log.lines[:-1]).with_line(next_one)
    assert cut.lines[-1].number == len(lines) + 1
    [problem] = cut.problems()
    assert problem == f"1 line before line {len(lines) + 1} is missing."


def test_lines_that_changed_places_show() -> None:
    log = log_of([Export(AT, "a", "map", f"{n}.pdf", "", "public") for n in range(3)])
    one, two, three = log.lines
    assert replace(log, lines=(two, one, three)).problems()


def test_a_line_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ExportLog().with_line(Export(datetime(2026, 3, 1), "", "", "", "", ""))  # noqa: DTZ001


NAMES = st.lists(st.sampled_from(("a.pdf", "b.pdf", "c.html")), max_size=6)


def files(names: list[str]) -> list[Export]:
    return [Export(AT, "ana", "map", name, "0" * 64, "public") for name in names]


@given(NAMES, NAMES, NAMES)
def test_logs_that_two_programs_wrote_are_joined_without_loss(
    common: list[str], here: list[str], there: list[str]
) -> None:
    ours, theirs = log_of(files(common + here)), log_of(files(common + there))
    joined = theirs.joined(ours)
    assert joined.problems() == ()
    held = Counter(line.file for line in joined.lines)
    assert held == Counter(common) + (Counter(here) | Counter(there))
    assert ours.joined(joined) == joined


def test_a_gap_stays_to_be_seen_in_a_joined_log() -> None:
    whole = log_of(files(["a.pdf", "b.pdf", "c.html"]))
    cut = replace(whole, lines=(whole.lines[0], whole.lines[2]))
    assert cut.joined(log_of(files(["d.pdf"]))).problems() == ("1 line before line 3 is missing.",)
