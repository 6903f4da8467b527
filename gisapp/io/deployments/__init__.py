"""Plans of deployments read, and checked deployments written."""
