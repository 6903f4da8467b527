"""Make the project file of the present format, once, when that format is released.

Files of older formats are never made again: they stand for what people have on their disks.
Run from the root of the repository: `python -m tests.files.make_project`.
"""

from __future__ import annotations

from pathlib import Path

from gisapp.io.project import project_file
from gisapp.io.project.gpkg_schema import FORMAT_VERSION
from tests.io.projects import whole_project

PATH = Path(__file__).parent / f"project-format-{FORMAT_VERSION}.gpkg"


def main() -> None:
    if PATH.exists():
        raise SystemExit(f"{PATH} is there already; it must stay as it was released.")
    project_file.save(whole_project(), PATH)


if __name__ == "__main__":
    main()
