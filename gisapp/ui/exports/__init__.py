"""What leaves the program, seen before it is written: maps, packages, and the log of both."""
