"""The map as one HTML file: what is in it, and the page that shows it."""
