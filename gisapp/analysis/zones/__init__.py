"""Zones ordered, made again, compared, and looked over for problems."""
