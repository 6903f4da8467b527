"""gisapp: a desktop GIS for partnerships of police and health services."""

__version__ = "0.1.0"
