"""The arguments of `package`, `verify` and `diff`. Standard library only."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from gisapp.cli.paths_given import output
from gisapp.layers.domain_name import is_domain_name


def package_options(command: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Which zones, as what, for whom."""
    command.add_argument("--day", type=day, required=True, help="zones in force on this day")
    command.add_argument("--out", type=output, required=True, metavar="ZIP")
    command.add_argument(
        "--formats",
        type=_names,
        metavar="A,B",
        help="such as geojson,gpkg,kml, or all (default: geojson,gpkg,csv)",
    )
    command.add_argument(
        "--since", type=Path, metavar="OLD.zip", help="only what changed since this package"
    )
    command.add_argument(
        "--strict",
        action="store_true",
        help="refuse all where any zone in force has a flaw and stays out",
    )
    said = command.add_argument_group("what the package says of itself")
    said.add_argument("--for", dest="recipient", default="", metavar="RECIPIENT", help="to whom")
    said.add_argument(
        "--by", dest="sent_by", default="", metavar="WHO", help="the office that exports it"
    )
    said.add_argument("--terms", default="", metavar="TEXT", help="on what terms it may be used")
    said.add_argument(
        "--agency",
        type=_domain,
        default=None,
        metavar="DOMAIN",
        help="the agency's domain name, such as police.example.org, for the nena format",
    )
    signature = command.add_argument_group("signature")
    signature.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="the private key (PEM) to sign with; your own, made at first use, unless given",
    )
    signature.add_argument(
        "--fingerprint",
        metavar="PRINT",
        help="with --since: the key that signed OLD.zip, where it was not this one",
    )


def verify_options(command: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Which package, whom it must be from, on which day it is to be used."""
    command.add_argument("package", type=Path, metavar="ZIP", help="the package")
    command.add_argument("--day", type=day, help="the day it is to be used on (default: today)")
    trusted = command.add_mutually_exclusive_group()
    trusted.add_argument(
        "--key", type=Path, metavar="FILE", help="the sender's public_key.pem, as you were given it"
    )
    trusted.add_argument(
        "--fingerprint", metavar="PRINT", help="the sender's fingerprint, as you were told it"
    )


def diff_options(command: argparse.ArgumentParser) -> None:
    """Two of one kind."""
    command.add_argument("old", type=Path, metavar="OLD", help="a project or a package")
    command.add_argument("new", type=Path, metavar="NEW", help="another of the same kind")


def _domain(text: str) -> str:
    if not is_domain_name(text):
        raise argparse.ArgumentTypeError("write a domain name such as police.example.org")
    return text.lower()


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("name at least one format, such as geojson")
    return names
