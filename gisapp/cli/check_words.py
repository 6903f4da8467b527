"""What `gisapp check` says of many places, whatever the form of their file."""

from __future__ import annotations

from collections.abc import Sequence

from gisapp.analysis.look_ups.what_applies import OUTLINE_CROSSES

#: So many zones are named in a note.
_MOST_ZONES = 5


def crossing(names: Sequence[str]) -> str:
    """What to say of zones whose outline crosses itself; empty where there are none."""
    if not names:
        return ""
    named = ", ".join(f"“{name}”" for name in names[:_MOST_ZONES])
    more = " and more" if len(names) > _MOST_ZONES else ""
    return f"{named}{more}: the outline {OUTLINE_CROSSES}."
