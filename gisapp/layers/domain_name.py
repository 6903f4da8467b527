"""The domain name by which systems for emergency calls know an agency. Standard library only."""

from __future__ import annotations

import re

#: As wide as the columns that it goes to (NENA-STA-006, DiscrpAgID).
_LONGEST = 100


def is_domain_name(text: str) -> bool:
    """Whether a text is a domain name such as police.example.org."""
    labels = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
    return len(text) <= _LONGEST and re.fullmatch(labels, text.lower()) is not None
