"""Points by grid cell: one index for drawing and counting, and what is read from it."""
