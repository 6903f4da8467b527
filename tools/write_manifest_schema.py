"""Write docs/patrol-manifest.schema.json anew, after a change to what a manifest holds."""

from __future__ import annotations

import json
from pathlib import Path

from gisapp.io.patrol import manifest_keys

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "patrol-manifest.schema.json"


def text() -> str:
    return json.dumps(manifest_keys.schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
    print(f"wrote {SCHEMA}")
