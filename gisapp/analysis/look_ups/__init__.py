"""What applies at a place and moment, and where help is."""
