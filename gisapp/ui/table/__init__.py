"""The attribute table, and the filter that it shares with map and charts."""
