"""Deployments in the window, and the papers for those who are deployed."""
