"""Words that would name a confidential service, taken out of what leaves."""

from __future__ import annotations

import hashlib
import re

from gisapp.layers.confidential import confidential_sites, is_confidential, names_a_site
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone

#: What stands where a text had the name of a confidential service.
INSTEAD = "a service"
_MADE_UP = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def without_sites(project: Project, text: str) -> str:
    """The text with `a service` for each name of a confidential one.

    Where a name is written in a way that cannot be found and cut out, nothing of the text is left.
    """
    if not text:
        return text
    for site in sorted(confidential_sites(project), key=lambda site: -len(site.name)):
        words = [re.escape(word) for word in site.name.split()]
        if words:
            text = re.sub(r"\s+".join(words), INSTEAD, text, flags=re.IGNORECASE)
    return INSTEAD if names_a_site(project, text) else text


def code_of(project: Project, zone: Zone) -> str:
    """The id under which a zone goes out: its own, or one that says nothing.

    Ids that people made up (`shelter-1`) may tell what a confidential zone is about. The other is
    made with the id of the project, which never leaves it, and is the same each time.
    """
    if not is_confidential(project, zone) or _MADE_UP.fullmatch(zone.id):
        return zone.id
    return hashlib.sha256(f"zone {project.id} {zone.id}".encode()).hexdigest()[:32]
