"""Tiles of base maps: in files, on this machine, and from the one server that was agreed to."""
