"""Briefing sheets and instructions set on pages."""
