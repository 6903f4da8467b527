"""The command line: one module a subcommand, found through the table in `parser`.

Progress and messages go to standard error; with `--json` standard output holds one JSON object
and nothing else. Modules of subcommands are loaded by name once the arguments are understood,
so that `gisapp --help` answers at once.
"""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from gisapp.cli.parser import COMMANDS, build_parser
from gisapp.cli.paths_given import check_paths
from gisapp.errors import DataError, ExportError, GisappError
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
    _write_any_character()
    progress = Progress(_progress_line if _is_watched() and not args.quiet else None)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        _check_texts(args)
        check_paths(args.options, args)
        with _interruptible(progress):
            module = importlib.import_module(f"gisapp.cli.{COMMANDS[command]}")
            answer = module.run(args, progress)
        _clear_line()
        print_answer(answer.json if args.json else answer.text)
    except KeyboardInterrupt:
        _say("Cancelled. Nothing was changed.")
        return 130
    except GisappError as error:
        _say(f"gisapp: {error}")
        return error.exit_code
    except Exception:
        _say(traceback.format_exc())
        _say(
            "gisapp: this is a mistake in gisapp, not in your data. Please report the lines above."
        )
        return BUG
    return int(answer.exit_code)


@contextmanager
def _interruptible(progress: Progress) -> Iterator[None]:
    """Ctrl-C ends the work, even where a library that is being loaded swallows the interruption."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        progress.cancel()
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _write_any_character() -> None:
    """A terminal that knows few characters, or a name that is no text, must not end the work.

    Backslash escapes are also what JSON calls such characters.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _check_texts(args: Any) -> None:
    """Raise DataError for a text from the command line that holds bytes of no character."""
    for name, value in vars(args).items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not _is_text(text):
                raise DataError(
                    f"The text given for {name} holds bytes that are no characters.",
                    "Type it again, or set the terminal to UTF-8.",
                )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def print_answer(answer: dict[str, Any] | str) -> None:
    """Write the one thing that belongs on standard output; ExportError where it cannot be."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=2)
    if sys.stdout is None:  # closed by whoever started us: nobody wants to read it
        return
    try:
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer would be tried again, and fail again, at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return  # Whoever read our output has gone; that is no failure of the work.
        raise ExportError(
            f"The answer could not be written: {(error.strerror or str(error)).lower()}.",
            "The work itself is done; send the answer somewhere else.",
        ) from error


def _say(text: str) -> None:
    if sys.stderr is None:
        return
    _clear_line()
    try:
        sys.stderr.write(text.rstrip("\n") + "\n")
        sys.stderr.flush()
    except OSError:
        # Nobody can be told any more; the exit code still tells.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _progress_line(fraction: float | None, text: str) -> None:
    share = "" if fraction is None else f" {fraction:4.0%}"
    sys.stderr.write(f"\r\x1b[K{text}{share}")
    sys.stderr.flush()


def _clear_line() -> None:
    if _is_watched():
        sys.stderr.write("\r\x1b[K")
