"""The arguments of every subcommand. Standard library only: `--help` must be quick.

Option names are a contract with the scripts of others; see docs/command-line.md.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from gisapp import __version__
from gisapp.cli.package_options import diff_options, package_options, verify_options
from gisapp.cli.paths_given import layer_or_file, output

#: Subcommand → the module of this package that does it.
COMMANDS = {
    "demo": "demo",
    "import": "importing",
    "zones": "zones",
    "agree": "agree",
    "check": "check",
    "count": "counting",
    "hotspots": "hotspots",
    "deploy": "deploy",
    "map": "mapping",
    "package": "packaging",
    "verify": "verifying",
    "diff": "diff",
    "log": "export_log",
    "briefing": "briefing",
    "instruction": "briefing",
    "info": "info",
}

KINDS = (
    "services",
    "overdoses",
    "stops",
    "referrals",
    "deployments",
    "boundaries",
    "streets",
    "population",
    "other",
)
ZONE_SHAPES = (
    "circle",
    "walk",
    "footprint",
    "parcel",
    "streets",
    "corridor",
    "district",
    "jurisdiction",
    "scene",
)
AUDIENCES = ("public", "partners", "police", "patrol")

_EXITS = """exit codes: 0 done, 2 wrong arguments, 20 data, 22 coordinate reference system, 23 edit,
24 project file, 25 export refused, 130 cancelled, 70 a mistake in gisapp"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="gisapp",
        description="Desktop GIS for partnerships of police and health services. "
        "`gisapp` alone opens the window; `gisapp PROJECT.gpkg` opens a project.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"gisapp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _demo(_add(commands, "demo", "make the sample project and do the main job on it"))
    _import(_add(commands, "import", "add a layer from files"))
    _zones(_add(commands, "zones", "draw zones round services"))
    _agree(_add(commands, "agree", "add or supersede agreements from JSON, or write them"))
    _check(_add(commands, "check", "say which zones hold at a place and time"))
    _count(_add(commands, "count", "count inside, round and outside the zones"))
    _hotspots(_add(commands, "hotspots", "find hotspots of a point layer"))
    _deploy(_add(commands, "deploy", "check deployments against zones in force"))
    _map(_add(commands, "map", "make a map for a meeting"))
    _package(_add(commands, "package", "write zone definitions for patrol systems"))
    verify_options(_add(commands, "verify", "check a package that was sent"), _day)
    diff_options(_add(commands, "diff", "say what differs between two projects or packages"))
    _project(_add(commands, "log", "list what has left a project"))
    _briefing(_add(commands, "briefing", "print what a shift has to know of an area"))
    _instruction(_add(commands, "instruction", "print an instruction for all officers to sign"))
    _info(_add(commands, "info", "say what a project holds"))
    return parser


def _add(commands: argparse._SubParsersAction, name: str, what: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=what[0].upper() + what[1:] + ".", epilog=_EXITS
    )
    command.add_argument("--json", action="store_true", help="answer with one JSON object")
    command.add_argument("--quiet", action="store_true", help="show no progress")
    command.set_defaults(options=command)
    return command


def _project(command: argparse.ArgumentParser) -> None:
    command.add_argument("project", type=Path, metavar="PROJECT", help="the project file (.gpkg)")


def _audience(command: argparse.ArgumentParser, default: str | None) -> None:
    command.add_argument(
        "--audience",
        choices=AUDIENCES,
        default=default,
        required=default is None,
        help="who will see it" + (f" (default: {default})" if default else ""),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day; write it 2026-03-31") from None


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=output, nargs="?", metavar="DIR", help="where outputs go")
    command.add_argument("--no-window", action="store_true", help="do not open the window")


def _import(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help="files or folders")
    command.add_argument("--name", help="name of the layer")
    command.add_argument("--crs", help="the CRS of the coordinates, such as EPSG:27700")
    command.add_argument(
        "--timezone", help="the zone of times that carry none, such as Europe/London"
    )
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="take a field (time, name, lon, lat …) from a column",
    )
    command.add_argument("--preset", help="read as a known source (automatic unless given)")
    command.add_argument(
        "--rejected", type=output, metavar="FILE", help="write rejected rows (CSV)"
    )


def _zones(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument(
        "--around", metavar="LAYER", help="the services, areas or lines that zones are drawn from"
    )
    command.add_argument("--radius", help="with its unit: 200m, 500ft, 0.25mi, 2 blocks, 5min")
    command.add_argument("--basis", default="", metavar="TEXT", help="who settled on it, and how")
    command.add_argument("--agreement", type=Path, metavar="FILE.json", help="put them under it")
    command.add_argument("--where", metavar="EXPR", help="only rows for which this holds")
    command.add_argument("--shape", choices=ZONE_SHAPES, default="circle")
    command.add_argument(
        "--measured-from",
        choices=("point", "entrance", "building_edge", "parcel_edge"),
        default="point",
        help="what the radius starts at (default: point)",
    )
    command.add_argument(
        "--premises", metavar="LAYER", help="the buildings or parcels whose edge is meant"
    )
    command.add_argument("--block", default="", metavar="LENGTH", help="how long a block is here")
    command.add_argument(
        "--block-basis", default="", metavar="TEXT", help="who says how long a block is"
    )
    _streets(command.add_argument_group("walks, streets and corridors"))
    again = command.add_argument_group("zones that are there")
    again.add_argument(
        "--remake", action="store_true", help="make zones again where a site or a street moved"
    )
    again.add_argument(
        "--zone", action="append", default=[], metavar="NAME", help="only this one (repeat it)"
    )


def _streets(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--along", metavar="LAYER", help="the streets to walk along")
    group.add_argument(
        "--outline",
        choices=("streets", "hull"),
        default="streets",
        help="the streets reached with a width, or one outline about them",
    )
    group.add_argument(
        "--width", default="30m", metavar="LENGTH", help="from side to side (default: 30m)"
    )
    group.add_argument(
        "--pace", default="80m", metavar="SPEED", help="a minute, or as 4.8km/h (default: 80m)"
    )
    group.add_argument(
        "--far",
        default="100m",
        metavar="LENGTH",
        help="tell of services farther than this from a street (default: 100m)",
    )
    group.add_argument(
        "--street",
        action="append",
        default=[],
        metavar="NAME",
        help="“Vine St”, or “Vine St from 12th St to Liberty St” (repeat it)",
    )
    group.add_argument(
        "--lasting", default="", metavar="SPAN", help="how long a scene holds: 6h, 2 days"
    )


def _agree(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument(
        "files", type=Path, nargs="*", metavar="FILE.json", help="agreements, with their zones"
    )
    command.add_argument(
        "--write",
        type=output,
        metavar="FOLDER",
        help="write every agreement of the project as such a file, with its zones",
    )


def _check(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument("--lat", type=float, metavar="Y")
    command.add_argument("--lon", type=float, metavar="X")
    command.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="many places: a CSV, workbook or map file, or a folder of GeoParquet",
    )
    command.add_argument(
        "--at",
        metavar="TIME",
        help="such as 2026-03-31T22:00; rows of a file are judged at their own unless given",
    )
    command.add_argument(
        "--at-column", metavar="COLUMN", help="the times of a file; the same as --map time=…"
    )
    command.add_argument(
        "--out", type=output, metavar="OUT", help="a CSV; for GeoParquet a folder or file like it"
    )
    command.add_argument(
        "--rejected", type=output, metavar="FILE", help="write rows that could not be read (CSV)"
    )
    _audience(command, "police")
    _folder(command)


def _workers(text: str) -> int:
    if not (text.isdigit() and 0 < int(text) <= 256):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of workers")
    return int(text)


def _folder(command: argparse.ArgumentParser) -> None:
    """Options for what is larger than memory."""
    folder = command.add_argument_group(
        "for a folder of GeoParquet, which may be larger than memory"
    )
    folder.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="take a field (time, activity, group …) from a column",
    )
    folder.add_argument(
        "--kind",
        choices=KINDS,
        default="stops",
        metavar="KIND",
        help="what the rows are (default: stops)",
    )
    folder.add_argument("--timezone", help="the zone of times without one (default: the project's)")
    folder.add_argument("--crs", help="the CRS, where the files declare none")
    folder.add_argument(
        "--engine",
        metavar="ADDRESS",
        help="work on a Dask cluster: dask://HOST:PORT, or dask://local for one on this machine "
        "(needs the extra `cluster`)",
    )
    folder.add_argument(
        "--workers", type=_workers, metavar="N", help="of dask://local (default: 2)"
    )


def _count(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument(
        "layer",
        type=layer_or_file,
        metavar="LAYER",
        help="a layer of the project, or the path of a folder (or file) of GeoParquet",
    )
    command.add_argument("--by", choices=("month", "activity", "group"))
    command.add_argument("--ring", metavar="LENGTH", help="count a ring round the zones too: 200m")
    when = command.add_mutually_exclusive_group()
    when.add_argument("--day", type=_day, help="judge all incidents by the zones of this day")
    when.add_argument("--ignore-dates", action="store_true", help="every zone counts always")
    _audience(command, "police")
    _folder(command)


def _hotspots(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument("layer", metavar="LAYER")
    command.add_argument("--method", choices=("kde", "gistar"), required=True)
    command.add_argument("--cell", default="150m", metavar="LENGTH")
    command.add_argument("--bandwidth", default="400m", metavar="LENGTH")
    command.add_argument("--seed", type=int, default=0, help="for methods that draw lots")
    command.add_argument(
        "--out", type=output, required=True, metavar="FILE", help=".gpkg or .geojson"
    )
    command.add_argument(
        "--audience",
        choices=AUDIENCES,
        help="who will see the file (default: partners, for layers of events)",
    )


def _deploy(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument(
        "deployments", type=layer_or_file, metavar="DEPLOYMENTS", help="the layer, or a file"
    )
    command.add_argument(
        "--out",
        type=output,
        metavar="FILE.{csv,geojson,ics,pdf,txt}",
        help="the table, the areas, a calendar, pages with maps, or a summary",
    )
    _audience(command, "police")


def _map(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument("--out", type=output, required=True, metavar="FILE.{pdf,png,svg,html}")
    _audience(command, None)
    command.add_argument("--view", metavar="NAME", help="a saved view (default: everything)")
    command.add_argument("--title", metavar="T")
    command.add_argument(
        "--day", type=_day, help="the day the zones are judged at (default: today)"
    )


def _package(command: argparse.ArgumentParser) -> None:
    _project(command)
    package_options(command, _day)
    _audience(command, "patrol")


def _paper(command: argparse.ArgumentParser) -> None:
    """Options of what is printed."""
    command.add_argument("--out", type=output, required=True, metavar="FILE.{pdf,docx}")
    command.add_argument("--title", metavar="T")
    command.add_argument("--large-print", action="store_true", help="text of 18 points")
    command.add_argument(
        "--paper", choices=("A4", "Letter"), help="(default: Letter in America, else A4)"
    )


def _briefing(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument("--day", type=_day, help="when the shift starts (or the deployment's day)")
    command.add_argument(
        "--hours",
        metavar="19:00-03:00",
        help="local time, over midnight too (default: the deployment's, or the whole day)",
    )
    where = command.add_mutually_exclusive_group()
    where.add_argument("--area", metavar="NAME", help="a zone or a district (default: everything)")
    where.add_argument("--deployment", metavar="NAME", help="the area of a deployment")
    where.add_argument("--view", metavar="NAME", help="what a saved view shows")
    _paper(command)


def _instruction(command: argparse.ArgumentParser) -> None:
    _project(command)
    command.add_argument("--day", type=_day, help="agreements in force then (default: today)")
    _paper(command)


def _info(command: argparse.ArgumentParser) -> None:
    _project(command)
