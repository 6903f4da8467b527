"""The look of layers as QGIS writes it."""
