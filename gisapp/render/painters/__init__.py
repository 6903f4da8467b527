"""One painter for each kind of thing on the map."""
