"""XML as bytes, with only the characters that it may hold."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

#: All but the characters of XML 1.0, section 2.2.
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def characters(text: str) -> str:
    """The text with a replacement sign for each code point that is no character of XML."""
    return _NO_CHARACTER.sub("\ufffd", text)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Add an element with a text and attributes, and return it."""
    element = SubElement(parent, tag, {key: characters(one) for key, one in attributes.items()})
    if text:
        element.text = characters(text)
    return element


def document(root: Element) -> bytes:
    """An XML file in UTF-8, an element a line."""
    indent(root, " ")
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
