"""Text for files that are XML, which holds fewer characters than texts have."""

from __future__ import annotations

import re

#: All but the characters of XML 1.0, section 2.2.
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def characters(text: str) -> str:
    """The text with a replacement sign for each code point that is no character of XML."""
    return _NO_CHARACTER.sub("\ufffd", text)
