"""Folders of GeoParquet, counted and checked a batch at a time, here or on a cluster."""
