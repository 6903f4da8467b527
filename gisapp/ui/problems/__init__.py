"""What does not fit in a project: listed, shown on the map, and settled."""
