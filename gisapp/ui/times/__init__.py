"""When events happened: bars, a span of time that limits the map, and the player."""
