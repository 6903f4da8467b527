"""The printed pages of maps, packages and deployments."""
