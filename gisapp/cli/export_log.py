"""`gisapp log`: what has left a project, and whether its log is whole."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from gisapp.cli.answer import Answer, one_line
from gisapp.cli.projects import opened
from gisapp.errors import DataError
from gisapp.layers.export_log import Export
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    project = opened(args.project, progress).project
    log = project.exports
    problems = log.problems()
    lines = [_in_words(line) for line in log.lines] or ["Nothing has left this project yet."]
    lines += [f"THE LOG IS NOT WHOLE. {problem}" for problem in problems]
    answer = {
        "exports": [
            {**asdict(line), "at": line.at.isoformat(), "hash": line.hash()} for line in log.lines
        ],
        "problems": list(problems),
        "whole": not problems,
    }
    return Answer(answer, "\n".join(lines), DataError.exit_code if problems else 0)


def _in_words(line: Export) -> str:
    whom = f"{line.audience}, {line.recipient}" if line.recipient else line.audience
    words = f"{line.number:>4}  {line.at:%Y-%m-%d %H:%M} UTC  {line.who}: {line.what} {line.file}"
    note = f"  ({line.note})" if line.note else ""
    # A recipient is any text: with line ends in it, it could look like further lines.
    return one_line(f"{words} for {whom}  {line.sha256[:12]}{note}")
