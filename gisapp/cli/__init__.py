"""The command line: one module a subcommand, found through the table in `parser`.

Progress and messages go to standard error; with `--json` standard output holds one JSON object
and nothing else. Modules of subcommands are loaded by name once the arguments are understood,
so that `gisapp --help` answers at once.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import traceback
from typing import Any

from gisapp.cli.parser import COMMANDS, build_parser
from gisapp.errors import GisappError
from gisapp.progress import Progress

BUG = 70


def is_command(arguments: list[str]) -> bool:
    """Whether arguments are for the command line rather than for the window."""
    return bool(arguments) and (arguments[0].startswith("-") or arguments[0] in COMMANDS)


def main(arguments: list[str]) -> int:
    """Run one subcommand; returns its exit code and never raises."""
    args = build_parser().parse_args(arguments)
    if args.command is None:
        build_parser().print_help()
        return 0
    return _run(args.command, args)


def _run(command: str, args: Any) -> int:
    progress = Progress(_progress_line if sys.stderr.isatty() and not args.quiet else None)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        module = importlib.import_module(f"gisapp.cli.{COMMANDS[command]}")
        answer = module.run(args, progress)
    except KeyboardInterrupt:
        _say("Cancelled. Nothing was changed.")
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; that is no failure of the work.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except GisappError as error:
        _say(f"gisapp: {error}")
        return error.exit_code
    except Exception:
        _say(traceback.format_exc())
        _say(
            "gisapp: this is a mistake in gisapp, not in your data. Please report the lines above."
        )
        return BUG
    _clear_line()
    print_answer(answer.json if args.json else answer.text)
    return int(answer.exit_code)


def print_answer(answer: dict[str, Any] | str) -> None:
    """Write the one thing that belongs on standard output."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=2)
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    _clear_line()
    sys.stderr.write(text.rstrip("\n") + "\n")


def _progress_line(fraction: float | None, text: str) -> None:
    share = "" if fraction is None else f" {fraction:4.0%}"
    sys.stderr.write(f"\r\x1b[K{text}{share}")
    sys.stderr.flush()


def _clear_line() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
