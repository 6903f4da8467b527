"""Densities and hotspots of events on a grid of metres."""
