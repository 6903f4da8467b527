"""The part of a project that rows out of core are judged by, which goes to other machines too."""

from __future__ import annotations

from dataclasses import replace

from gisapp.layers.export_log import ExportLog
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind


def for_judging(project: Project) -> Project:
    """The project with its zones, agreements and lists of services, and nothing else.

    Zones may hold at the hours of a service, and what is kept confidential is known by the lists.
    The log of possible breaches never leaves the program, and other layers are not asked for.
    """
    return replace(
        project,
        layers=project.layers_of(LayerKind.SERVICES),
        hotspots=(),
        views=(),
        base_map=None,
        breaches=(),
        scenarios=(),
        exports=ExportLog(),
    )
