"""`gisapp`: a subcommand goes to the command line, anything else opens the window."""

from __future__ import annotations

import gc
import importlib
import sys

from gisapp import cli


def main(argv: list[str] | None = None) -> int:
    """Run gisapp with these arguments; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if cli.is_command(arguments):
        # What a command loads and makes lasts until it ends: looking for garbage after every 700
        # objects, as Python does, is a tenth of its time.
        gc.set_threshold(50_000, 20, 20)
        code = cli.main(arguments)
        # Nor does Python, on its way out, have to look through all of it once more.
        gc.freeze()
        return code
    # By name, so that the command line never pays for loading the window.
    window = importlib.import_module("gisapp.ui.app")
    return int(window.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
