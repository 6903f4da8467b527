"""Write the glyphs of services as SVG paths, from which HTML maps draw them.

`gisapp/render/glyphs.py` draws them on screen and paper; run this when one of them changes. A test
compares the two.
"""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtGui import QPainterPath

from gisapp.layers.vocabulary import ServiceType
from gisapp.render.glyphs import glyph

TARGET = Path(__file__).resolve().parents[1] / "gisapp" / "io" / "html" / "service_glyphs.json"
_SIGNS = {
    QPainterPath.ElementType.MoveToElement: "M",
    QPainterPath.ElementType.LineToElement: "L",
    QPainterPath.ElementType.CurveToElement: "C",
    QPainterPath.ElementType.CurveToDataElement: " ",
}


def svg_path(path: QPainterPath) -> str:
    """A path in the words of SVG, to a hundredth of the disc's radius."""
    parts = []
    for place in range(path.elementCount()):
        one = path.elementAt(place)
        parts.append(f"{_SIGNS[one.type]}{one.x:.2f} {one.y:.2f}")
    return "".join(parts)


def paths() -> dict[str, str]:
    """The paths by the kind of service."""
    return {kind.value: svg_path(glyph(kind)) for kind in ServiceType}


def main() -> None:
    TARGET.write_text(json.dumps(paths(), indent=1) + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
