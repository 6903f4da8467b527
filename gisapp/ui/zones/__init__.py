"""Zones in the window: made from services, listed, described, and asked what applies in them."""
