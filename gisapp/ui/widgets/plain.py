"""Text from files for tool tips, which Qt would otherwise read as markup where it looks like it."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt


def tip(text: str) -> str:
    """The text as a tool tip that shows every character of it as it is."""
    if not Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>'
