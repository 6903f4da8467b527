"""`gisapp briefing` and `gisapp instruction`: what a shift is told, and what a chief signs."""

from __future__ import annotations

import re
from argparse import Namespace
from datetime import date, datetime, time

from gisapp.analysis.briefing.area import (
    WHOLE,
    Area,
    area_named,
    deployment_named,
    view_named,
)
from gisapp.analysis.briefing.briefing import Briefing, briefing
from gisapp.analysis.briefing.order import Order, order
from gisapp.analysis.briefing.shift import Shift
from gisapp.cli.answer import Answer
from gisapp.cli.projects import log_exports, opened
from gisapp.document import Document
from gisapp.errors import DataError
from gisapp.io.exported_files import line_for
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.briefing.export import Printed, print_task
from gisapp.render.headless import drawing
from gisapp.render.paper.sheet import Sheet

_HOURS = re.compile(r"(\d{1,2}):?(\d{2})?\s*[-–]\s*(\d{1,2}):?(\d{2})?")


def run(args: Namespace, progress: Progress) -> Answer:
    """Do whichever of the two was asked for."""
    document = opened(args.project, progress.part(0, 0.3))
    project = document.project
    if args.command == "instruction":
        return _instruction(document, args, progress)
    area = area_of(project, args)
    found = briefing(project, area, shift_of(project, area, args), title=args.title or "")
    printed = _printed(project, found, args, progress)
    warnings = _log(document, printed, "briefing sheet", args, progress)
    text = (
        f"Briefing for {found.area.name}, {found.shift.in_words()}: {printed.path} "
        f"({printed.in_words()})"
    )
    return Answer(
        _briefing_json(found, printed) | {"logged": not warnings},
        "\n".join((text, *_left_out(found), *warnings)),
    )


def _instruction(document: Document, args: Namespace, progress: Progress) -> Answer:
    project = document.project
    day = args.day or datetime.now(project.tzinfo).date()
    found = order(project, day, title=args.title or "")
    printed = _printed(project, found, args, progress)
    warnings = _log(document, printed, "operational instruction", args, progress)
    text = (
        f"Instruction on the agreements in force on {day_in_words(day)}: {printed.path} "
        f"({printed.in_words()})"
    )
    answer: dict[str, object] = {
        "day": day.isoformat(),
        "agreements": [one.title for one in found.agreements],
        "areas": [line.zone.name for line, _ in found.lines],
        "unsettled": [f"{one.zone} / {one.other}" for one in found.disputes],
        "left_out": _unfit_json(found),
        **_file(printed),
        "logged": not warnings,
    }
    return Answer(answer, "\n".join((text, *_left_out(found), *warnings)))


def _log(
    document: Document, printed: Printed, what: str, args: Namespace, progress: Progress
) -> tuple[str, ...]:
    """Note the file in the export log; returns what to say where that was not possible."""
    now = datetime.now(document.project.tzinfo)
    line = line_for(printed.path, what, at=now, audience=Audience.PATROL.value)
    return log_exports(document, args.project, [line], progress.part(0.95, 1))


def _printed(
    project: Project, subject: Briefing | Order, args: Namespace, progress: Progress
) -> Printed:
    american = project.timezone.startswith("America/")
    paper = Sheet(args.paper) if args.paper else Sheet.LETTER if american else Sheet.A4
    made_on = datetime.now(project.tzinfo).date()
    with drawing():
        task = print_task(subject, args.out, made_on=made_on, paper=paper, large=args.large_print)
        return task.work(progress.part(0.3, 0.95))


def _briefing_json(found: Briefing, printed: Printed) -> dict[str, object]:
    return {
        "area": found.area.name,
        "unit": found.area.unit,
        "start": found.shift.start.isoformat(),
        "end": found.shift.end.isoformat(),
        "zones": [line.zone.name for line in found.lines],
        "taken_away": [line.zone.name for line in found.opposite_lines],
        "unsettled": [f"{one.zone} / {one.other}" for one in found.disputes],
        "other_hours": [name for name, _ in found.waiting],
        "hours_unknown": [name for name, _ in found.unknown],
        "left_out": _unfit_json(found),
        **_file(printed),
    }


def _file(printed: Printed) -> dict[str, object]:
    return {
        "out": str(printed.path),
        "pages": printed.pages or None,
        "points": printed.points,
        "bytes": printed.path.stat().st_size,
    }


def _left_out(found: Briefing | Order) -> list[str]:
    return [f"  left out: {one.name}: {one.why}" for one in found.left_out]


def _unfit_json(found: Briefing | Order) -> list[dict[str, str]]:
    return [{"zone": one.name, "why": one.why} for one in found.left_out]


# The area and the shift


def area_of(project: Project, args: Namespace) -> Area:
    """The area that the arguments name; the whole jurisdiction without any."""
    if args.deployment:
        return deployment_named(project, args.deployment)
    if args.view:
        return view_named(project, args.view)
    return area_named(project, args.area) if args.area else WHOLE


def shift_of(project: Project, area: Area, args: Namespace) -> Shift:
    """The hours of the arguments; without any those of the deployment, else the whole day."""
    day: date | None = args.day
    if area.start is not None and area.end is not None and not args.hours:
        start = area.start.astimezone(project.tzinfo)
        end = area.end.astimezone(project.tzinfo)
        if day in (None, start.date()) and end > start:
            return Shift(start, end)
    if day is None:
        day = area.start.astimezone(project.tzinfo).date() if area.start is not None else None
    if day is None:
        raise DataError("Which day is the briefing for?", "Give it as --day 2026-03-27.")
    first, last = hours_in(args.hours) if args.hours else (time(0), time(0))
    return Shift.of(day, first, last, project.timezone)


def hours_in(text: str) -> tuple[time, time]:
    """Start and end of `19:00-03:00`; DataError for anything else. 24:00 is midnight."""
    found = _HOURS.fullmatch(text.strip())
    if found is not None:
        numbers = [int(one or 0) for one in found.groups()]
        if all(hour <= 24 for hour in numbers[::2]) and all(m < 60 for m in numbers[1::2]):
            start, end = (time(hour % 24, minute) for hour, minute in (numbers[:2], numbers[2:]))
            if max(numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]) <= 1440:
                return start, end
    raise DataError(f"“{text}” are no hours of a shift.", "Write them such as 19:00-03:00.")
