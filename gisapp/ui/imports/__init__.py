"""Importing files: what is in them, what it means, and what became of it."""
