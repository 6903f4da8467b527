"""XML as bytes, with only the characters that it may hold."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from gisapp.io.xml_text import characters


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
