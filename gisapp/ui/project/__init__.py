"""The project and its file: open, save, locks, recovery copies and the cache."""
