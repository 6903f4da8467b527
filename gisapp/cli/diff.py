"""`gisapp diff`: what differs between two projects, or between two packages."""

from __future__ import annotations

import zipfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from gisapp.cli.answer import Answer, one_line
from gisapp.cli.projects import opened
from gisapp.errors import DataError
from gisapp.io.difference import Difference
from gisapp.io.patrol import difference
from gisapp.io.project import project_difference
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    kinds = [_is_package(path) for path in (args.old, args.new)]
    if kinds[0] != kinds[1]:
        raise DataError(
            "One of these is a package and the other is a project.",
            "Compare two projects, or two packages.",
        )
    problems: list[str] = []
    if kinds[0]:
        old, new = (difference.package_at(path) for path in (args.old, args.new))
        found = difference.differences(old, new)
        for path, package in ((args.old, old), (args.new, new)):
            wrong = [one.in_words() for one in package.findings if one.is_problem]
            problems += [f"{path}: {words}" for words in wrong]
    else:
        before = opened(args.old, progress.part(0, 0.5)).project
        after = opened(args.new, progress.part(0.5, 1)).project
        found = project_difference.differences(before, after)
    return Answer(_answer(found, problems, packages=kinds[0]), _in_words(found, problems))


def _is_package(path: Path) -> bool:
    if not path.is_file():
        raise DataError(f"There is no file at {path}.", "Check its path.")
    return zipfile.is_zipfile(path)


def _answer(
    found: Sequence[Difference], problems: Sequence[str], *, packages: bool
) -> dict[str, object]:
    listed: dict[str, list[dict[str, object]]] = {}
    for what in ("project", "zone", "agreement", "layer"):
        listed[f"{what}s"] = [
            {"id": one.id, "name": one.name, "change": one.change, "details": list(one.details)}
            for one in found
            if one.what == what
        ]
    return {
        "of": "packages" if packages else "projects",
        "same": not found,
        **listed,
        "problems": list(problems),
    }


def _in_words(found: Sequence[Difference], problems: Sequence[str]) -> str:
    lines = [f"Beware: {words}" for words in problems]
    for one in found:
        lines.append(f"{one.what.capitalize()} “{one.name}” {one.change}")
        lines += [f"  {words}" for words in one.details]
    return "\n".join(map(one_line, lines if found else [*lines, "Nothing differs."]))
