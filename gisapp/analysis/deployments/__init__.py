"""Deployments against zones, streets, services and hotspots, and what to say of it."""
