"""Agreements as JSON that people can write by hand."""
