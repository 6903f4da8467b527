"""Write docs/agreement.schema.json anew, after a change to what an agreement file may hold."""

from __future__ import annotations

import json
from pathlib import Path

from gisapp.io.agreements import agreement_keys

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "agreement.schema.json"


def text() -> str:
    return json.dumps(agreement_keys.schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
    print(f"wrote {SCHEMA}")
