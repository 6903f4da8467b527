"""`gisapp`: a subcommand goes to the command line, anything else opens the window."""

from __future__ import annotations

import importlib
import sys

from gisapp import cli


def main(argv: list[str] | None = None) -> int:
    """Run gisapp with these arguments; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if cli.is_command(arguments):
        return cli.main(arguments)
    # By name, so that the command line never pays for loading the window.
    window = importlib.import_module("gisapp.ui.app")
    return int(window.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
