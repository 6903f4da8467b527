"""The project file, its cache and its recovery copies."""
