"""Publications whose columns are known by heart, for `--preset`.

The automatic proposal finds the same; a preset says it for certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gisapp.errors import DataError
from gisapp.layers.layer import FIELDS
from gisapp.layers.vocabulary import LayerKind

#: By name of the preset: field → column.
PRESETS: Mapping[str, Mapping[str, str]] = {
    "police-uk-stops": {
        "time": "Date",
        "activity": "Object of search",
        "group": "Self-defined ethnicity",
        "outcome": "Outcome",
    },
    "police-uk-crimes": {
        "time": "Month",
        "activity": "Crime type",
        "outcome": "Last outcome category",
    },
    "open-policing": {
        "time": "date",
        "activity": "reason_for_stop",
        "group": "subject_race",
        "outcome": "outcome",
    },
    "samhsa": {"name": "name1", "address": "street1"},
}


def preset_fields(preset: str, kind: LayerKind, names: Sequence[str]) -> dict[str, str]:
    """The fields of the kind that a preset knows and the file has.

    DataError for an unknown preset, and where the file has none of its columns.
    """
    if preset not in PRESETS:
        raise DataError(f"There is no preset “{preset}”.", f"Presets: {', '.join(PRESETS)}.")
    known = {field.name for field in FIELDS[kind]}
    found = {f: c for f, c in PRESETS[preset].items() if f in known and c in names}
    if not found:
        raise DataError(
            f"The columns are not those of the preset “{preset}”.",
            "Leave the preset out: columns are then proposed by their names and values.",
        )
    return found
