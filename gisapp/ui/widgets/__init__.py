"""Parts that forms and panels share."""
