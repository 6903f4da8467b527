"""`gisapp verify`: whether a package is as it was sent, by whom, and still to be used."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from gisapp.cli.answer import Answer, one_line
from gisapp.errors import DataError
from gisapp.io.patrol import signing
from gisapp.io.patrol.verifying import Finding, Verified, told_of, verify
from gisapp.io.patrol.words import still_open
from gisapp.progress import Progress

#: Of what is wrong in the same way so many are told in words.
_MOST_ALIKE = 10


def run(args: Namespace, progress: Progress) -> Answer:
    progress.report(None, "Checking the package")
    trusted = ""
    if args.fingerprint:
        trusted = signing.plain_fingerprint(args.fingerprint)
    elif args.key:
        trusted = signing.fingerprint_of_file(args.key)
    found = verify(args.package, fingerprint=trusted)
    found = found.on(args.day or found.day_at(datetime.now(UTC)))
    code = 0 if found.is_good else DataError.exit_code
    return Answer(_answer(found, str(args.package)), _in_words(found, str(args.package)), code)


def _answer(found: Verified, path: str) -> dict[str, object]:
    told = found.manifest or {}
    return {
        "package": path,
        "good": found.is_good,
        "signed_by": found.fingerprint or None,
        "problems": [
            {"code": one.code, "file": one.file, "message": one.message}
            for one in found.findings
            if one.is_problem
        ],
        "notes": [one.in_words() for one in found.findings if not one.is_problem],
        "manifest": {
            key: told[key]
            for key in ("project", "day", "kind", "sent_by", "recipient", "revision", "counts")
            if key in told
        },
    }


def _in_words(found: Verified, path: str) -> str:
    problems = [one for one in found.findings if one.is_problem]
    told = found.manifest
    lines = [f"{path}: {'good' if found.is_good else 'NOT GOOD'}"]
    lines += _wrong(problems)
    lines += [f"  {one.in_words()}" for one in found.findings if not one.is_problem]
    if told is not None:
        counts = told["counts"]
        lines.append(f"  {told_of(told)}")
        if counts["flawed"]:
            lines.append(f"  Not complete: {still_open(counts['flawed'])}. Ask the sender.")
    return "\n".join(map(one_line, lines))


def _wrong(problems: Sequence[Finding]) -> list[str]:
    """A line for each, but of those of one kind only the first; JSON has them all."""
    lines: list[str] = []
    kinds = Counter(one.code for one in problems)
    told: Counter[str] = Counter()
    for one in problems:
        told[one.code] += 1
        if told[one.code] <= _MOST_ALIKE:
            lines.append(f"  wrong: {one.in_words()}")
        elif told[one.code] == _MOST_ALIKE + 1:
            lines.append(f"  wrong: {kinds[one.code] - _MOST_ALIKE:,} more of this kind")
    return lines
