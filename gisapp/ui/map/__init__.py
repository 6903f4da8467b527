"""The maps of the window: surfaces, tools that look and select, and finding one's way."""
