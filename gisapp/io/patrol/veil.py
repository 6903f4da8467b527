"""Words that would name a confidential service, taken out of what leaves."""

from __future__ import annotations

import re

from gisapp.layers.confidential import confidential_sites, names_a_site
from gisapp.layers.project import Project

#: What stands where a text had the name of a confidential service.
INSTEAD = "a service"


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
