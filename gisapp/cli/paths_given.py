"""The paths that a command was given: which are read, and which are written.

Every option that takes a path says so by its type: `Path` is read, `output` is written, and
`layer_or_file` may be the name of a layer. Standard library only: `--help` must be quick.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from gisapp.io.output_paths import Given, check_apart


def output(text: str) -> Path:
    """The type of an option that names what is written."""
    return Path(text)


def layer_or_file(text: str) -> str:
    """The type of an option that names a layer or, where there is no such layer, a file."""
    return text


def check_paths(command: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Raise ExportError where what is written would take the place of anything that is needed."""
    given = list(_given(command, args))
    outputs = [one for kind, one in given if kind is output]
    inputs = [one for kind, one in given if kind is not output]
    check_apart(outputs, inputs, getattr(args, "project", None))


def _given(
    command: argparse.ArgumentParser, args: argparse.Namespace
) -> Iterator[tuple[object, Given]]:
    for option in command._actions:  # argparse has no other way to ask what it was told
        if option.type not in (Path, output, layer_or_file):
            continue
        value = getattr(args, option.dest)
        name = option.option_strings[0] if option.option_strings else str(option.metavar)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield option.type, Given(name, Path(one))
